//! The name of a request, by which what the log, the client and other services say of it is brought together.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use once_cell::sync::Lazy;

use super::Request;

/// The field in which clients and proxies name a request.
const FIELD: &str = "x-request-id";

/// Bytes of the longest name that is taken over.
const LONGEST: usize = 128;

/// Tells this process from others.
static PROCESS: Lazy<u64> = Lazy::new(|| RandomState::new().hash_one(std::process::id()));

/// How many names this process has made.
static COUNT: AtomicU64 = AtomicU64::new(0);

impl Request {
    /// The name of this request: what the client or a proxy has sent as `X-Request-Id`, else a new one, which
    /// is made when it is asked for first and which no other request has.
    ///
    /// A name that is sent has 1 to 128 letters, digits and `-._~:+/=`; any other is passed over, so that it
    /// can stand in a log as it is. Whoever can send requests can choose it: it is no secret, and unique
    /// only where a proxy makes it. Errors from 500 on tell it, in the document of the problem as
    /// `request_id` and in the header field `X-Request-Id`, and so do all other problems of a request that has
    /// one already; so does the log.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let request = Request::get("/").header("X-Request-Id", "f81d4fae-7dec").build()?;
    /// assert_eq!(request.id(), "f81d4fae-7dec");
    ///
    /// let request = Request::get("/").build()?;
    /// assert_eq!(request.id(), request.id());
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn id(&self) -> &str {
        self.sent_id().unwrap_or_else(|| self.scratch.id(made))
    }

    /// The name, if one was sent or somebody has asked for it.
    pub(crate) fn known_id(&self) -> Option<&str> {
        self.sent_id().or_else(|| self.scratch.made_id())
    }

    fn sent_id(&self) -> Option<&str> {
        let value = self.header(FIELD)?;
        let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:+/=".contains(&byte);
        ((1..=LONGEST).contains(&value.len()) && value.bytes().all(is_fit)).then_some(value)
    }
}

fn made() -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}-{count:x}", *PROCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(id: &str) -> Request {
        Request::get("/")
            .header("x-request-id", id)
            .build()
            .unwrap()
    }

    #[test]
    fn names_that_are_sent_are_taken_over_if_they_are_fit() {
        for id in ["7", "a-b_c", &"x".repeat(LONGEST), "aZ0-._~:+/="] {
            assert_eq!(with(id).id(), id);
        }
        for id in [
            "",
            &"x".repeat(LONGEST + 1),
            "a b",
            "a,b",
            "<b>",
            "\"a\"",
            "é",
            "a;b",
        ] {
            let request = with(id);
            assert_eq!(request.known_id(), None, "{id}");
            assert_ne!(request.id(), id);
        }
    }

    #[test]
    fn names_are_made_once_and_for_one_request() {
        let mut request = Request::get("/").build().unwrap();
        assert_eq!(request.known_id(), None);
        let id = request.id().to_owned();
        assert_eq!(id, request.id());
        assert_eq!(request.known_id(), Some(id.as_str()));
        // They are as fit as those that are sent.
        assert_eq!(with(&id).id(), id);
        request.reset();
        assert_eq!(request.known_id(), None);
        assert_ne!(request.id(), id);
    }
}

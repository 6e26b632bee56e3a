//! What stands behind an error: its sources, one after the other. Knows nothing of what they are.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::{fmt, io};

use http::StatusCode;

use crate::one_line::one_line;

/// An error whose sources have no end is looked at so far.
const DEPTH: usize = 64;

/// An error, then what caused it, and so on. An `io::Error` hides what is in it from its sources; here it
/// follows as the cause that it is.
pub(crate) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let causes = std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
            Some(Some(inner)) => Some(inner),
            _ => error.source(),
        }
    });
    causes.take(DEPTH)
}

/// What a client did wrong while its request was being answered: no error of the program, though a handler
/// can only pass it on as one. A problem with one behind it is answered as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientFault {
    pub(crate) status: StatusCode,
    pub(crate) detail: Cow<'static, str>,
}

impl ClientFault {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        ClientFault { status, detail }
    }

    /// The first of these errors that is one.
    pub(crate) fn behind<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        causes(error).find_map(|cause| cause.downcast_ref())
    }
}

impl fmt::Display for ClientFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl StdError for ClientFault {}

/// An error and its causes: `first: second: third`.
pub(crate) struct Chain<'e>(pub(crate) &'e (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said: Option<String> = None;
        for error in causes(self.0) {
            let text = error.to_string();
            match &said {
                // Some errors only say what their cause says, or end with it.
                Some(before) if says(before, &text) => {}
                Some(_) => write!(formatter, ": {text}")?,
                None => formatter.write_str(&text)?,
            }
            said = Some(text);
        }
        Ok(())
    }
}

/// Whether the text of an error has that of its cause at its end: `disk: it is full` and `it is full`.
fn says(text: &str, cause: &str) -> bool {
    let begin = text.strip_suffix(cause);
    begin.is_some_and(|begin| begin.is_empty() || begin.ends_with(": "))
}

/// The same on one line, for the log.
pub(crate) struct Line<'e>(pub(crate) &'e (dyn StdError + 'static));

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&one_line(&Chain(self.0).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It is its own cause.
    #[derive(Debug)]
    struct Endless;

    impl fmt::Display for Endless {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("again")
        }
    }

    impl StdError for Endless {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(self)
        }
    }

    #[test]
    fn faults_of_the_client_are_found() {
        let slow = ClientFault::new(StatusCode::REQUEST_TIMEOUT, "too slow");
        let in_io = || io::Error::new(io::ErrorKind::TimedOut, slow.clone());
        let wrapped =
            io::Error::other(crate::Problem::new(StatusCode::CONFLICT).with_cause(in_io()));
        assert_eq!(ClientFault::behind(&slow), Some(&slow));
        assert_eq!(ClientFault::behind(&in_io()), Some(&slow));
        assert_eq!(ClientFault::behind(&wrapped), Some(&slow));
        assert_eq!(ClientFault::behind(&io::Error::other("full")), None);
    }

    #[test]
    fn a_chain_without_end_is_cut_off() {
        assert_eq!(causes(&Endless).count(), DEPTH);
        assert_eq!(Chain(&Endless).to_string(), "again");
    }

    #[test]
    fn what_an_io_error_holds_is_a_cause_and_said_once() {
        let error = io::Error::other(io::Error::other("gone"));
        assert_eq!(causes(&error).count(), 3);
        assert_eq!(Chain(&error).to_string(), "gone");
    }

    /// What it says, and perhaps its cause.
    #[derive(Debug)]
    struct Said(&'static str, Option<Box<Said>>);

    impl fmt::Display for Said {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl StdError for Said {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_ref().map(|cause| &**cause as _)
        }
    }

    #[test]
    fn a_cause_that_was_told_is_told_once() {
        let check = |texts: [&'static str; 3], expected: &str| {
            let [first, second, third] = texts;
            let third = Box::new(Said(third, None));
            let error = Said(first, Some(Box::new(Said(second, Some(third)))));
            assert_eq!(Chain(&error).to_string(), expected);
        };
        check(["store", "disk", "full"], "store: disk: full");
        check(
            ["store: disk: full", "disk: full", "full"],
            "store: disk: full",
        );
        check(["store", "disk: full", "full"], "store: disk: full");
        check(["store: disk", "disk", "full"], "store: disk: full");
        check(["too full", "full", "full"], "too full: full");
        check(["store: full", "disk", "full"], "store: full: disk: full");
    }
}

//! A cookie that the server sets (RFC 6265, section 4.1).
//!
//! ```text
//! set-cookie-string = cookie-pair *( ";" SP cookie-av )
//! cookie-octet      = %x21 / %x23-2B / %x2D-3A / %x3C-5B / %x5D-7E
//! ```
//!
//! Written here because the crates for it bring a calendar, for `Expires`, which no client needs beside
//! `Max-Age` (section 5.3). Knows nothing of the cookies that a client sends.

use std::fmt::{self, Write};
use std::time::Duration;

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::http::is_token;

/// A cookie that an answer sets: it stands in front of the content, `(SetCookie, T)`, several as `([SetCookie; 2], T)`, and behind
/// a status. It is also the value of a header field `Set-Cookie`, for [`Response::header`](crate::Response::header).
///
/// Unless told otherwise it is for all paths of this host, can't be read by scripts (`HttpOnly`), isn't
/// sent with requests that other sites make (`SameSite=Lax`), and lives as long as the browser. What
/// is secret should be [`secure`](SetCookie::secure) as well. The value may be any text: what can't stand in a
/// cookie is percent-encoded, and an argument with `#[cookie(..)]` gets it back as it was.
///
/// ```
/// use mini_spring::{SetCookie, TestApp, route, routes};
/// use std::time::Duration;
///
/// #[route(POST, "/login")]
/// fn login() -> (SetCookie, &'static str) {
///     let session = SetCookie::new("session", "x7Fz").max_age(Duration::from_secs(3600));
///     (session, "welcome")
/// }
///
/// let app = TestApp::of(routes![login]);
/// let expected = "session=x7Fz; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax";
/// app.post("/login").send().assert_header("Set-Cookie", expected);
/// ```
///
/// # Errors
///
/// A name, path or domain that can't stand in a cookie makes the answer 500, and the log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    name: String,
    value: String,
    path: String,
    domain: Option<String>,
    max_age: Option<Duration>,
    is_secure: bool,
    is_for_scripts: bool,
    same_site: SameSite,
}

/// Which requests that other sites make a cookie is sent with.
///
/// ```
/// use mini_spring::{SameSite, SetCookie};
///
/// let embedded = SetCookie::new("id", "7").same_site(SameSite::None);
/// assert_eq!(embedded.to_string(), "id=7; Path=/; Secure; HttpOnly; SameSite=None");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameSite {
    /// None.
    Strict,
    /// Only those that follow a link.
    #[default]
    Lax,
    /// All. Browsers want such a cookie to be secure, so it is.
    None,
}

impl SetCookie {
    /// A cookie of this name and value.
    ///
    /// ```
    /// use mini_spring::SetCookie;
    ///
    /// let cookie = SetCookie::new("theme", "dark").path("/shop").domain("example.org");
    /// let cookie = cookie.secure().for_scripts();
    /// assert_eq!(cookie.to_string(), "theme=dark; Path=/shop; Domain=example.org; Secure; SameSite=Lax");
    /// ```
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        SetCookie {
            name: name.into(),
            value: value.into(),
            path: "/".to_owned(),
            domain: None,
            max_age: None,
            is_secure: false,
            is_for_scripts: false,
            same_site: SameSite::Lax,
        }
    }

    /// Has the client forget the cookie of this name. Path and domain must be those that it was set with.
    ///
    /// ```
    /// use mini_spring::SetCookie;
    ///
    /// let forget = SetCookie::removed("session").to_string();
    /// assert_eq!(forget, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    /// ```
    pub fn removed(name: impl Into<String>) -> Self {
        SetCookie::new(name, "").max_age(Duration::ZERO)
    }

    /// It is sent for this path and those below it; `/` by default.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// It is sent to this host and those below it; by default to this host only.
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// How long it lives, rounded up to seconds; by default as long as the browser.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// It is sent over HTTPS only, and to this machine.
    pub fn secure(mut self) -> Self {
        self.is_secure = true;
        self
    }

    /// Scripts of the page can read it.
    pub fn for_scripts(mut self) -> Self {
        self.is_for_scripts = true;
        self
    }

    /// Which requests of other sites it is sent with; those that follow a link by default.
    ///
    /// ```
    /// use mini_spring::{SameSite, SetCookie};
    ///
    /// let session = SetCookie::new("id", "7").same_site(SameSite::Strict);
    /// assert!(session.to_string().ends_with("; SameSite=Strict"));
    /// ```
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    fn check(&self) -> Result<(), InvalidCookie> {
        let attribute = |byte: u8| matches!(byte, b' '..=b':' | b'<'..=b'~');
        let all = |text: &str, is: fn(u8) -> bool| text.bytes().all(is);
        let part = if self.name.is_empty() || !all(&self.name, is_token) {
            "name"
        } else if !self.path.bytes().all(attribute) {
            "path"
        } else if !self
            .domain
            .iter()
            .flat_map(|text| text.bytes())
            .all(attribute)
        {
            "domain"
        } else {
            return Ok(());
        };
        Err(InvalidCookie {
            name: self.name.clone(),
            part,
        })
    }
}

/// What is no cookie-octet (section 4.1.1), and what begins an escape.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%');

/// A value as it stands in a cookie.
pub(crate) fn encoded_value(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}

impl fmt::Display for SetCookie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = encoded_value(&self.value);
        write!(formatter, "{}={value}; Path={}", self.name, self.path)?;
        if let Some(domain) = &self.domain {
            write!(formatter, "; Domain={domain}")?;
        }
        if let Some(max_age) = self.max_age {
            let rest = u64::from(max_age.subsec_nanos() > 0);
            write!(formatter, "; Max-Age={}", max_age.as_secs() + rest)?;
        }
        if self.is_secure || self.same_site == SameSite::None {
            formatter.write_str("; Secure")?;
        }
        if !self.is_for_scripts {
            formatter.write_str("; HttpOnly")?;
        }
        write!(formatter, "; SameSite={:?}", self.same_site)
    }
}

impl TryFrom<SetCookie> for HeaderValue {
    type Error = InvalidCookie;

    fn try_from(cookie: SetCookie) -> Result<Self, InvalidCookie> {
        cookie.check()?;
        let mut text = String::new();
        // Writing to a string doesn't fail.
        let _ = write!(text, "{cookie}");
        let name = cookie.name;
        HeaderValue::try_from(text).map_err(|_| InvalidCookie { name, part: "text" })
    }
}

/// How much of a name an error quotes.
const QUOTED: usize = 64;

/// Why a cookie can't be set.
///
/// ```
/// use mini_spring::SetCookie;
/// use mini_spring::http::HeaderValue;
///
/// let error = HeaderValue::try_from(SetCookie::new("a name", "7")).unwrap_err();
/// assert!(error.to_string().contains("a name"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCookie {
    name: String,
    part: &'static str,
}

impl fmt::Display for InvalidCookie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidCookie { name, part } = self;
        let name: String = name.chars().take(QUOTED).collect();
        write!(
            formatter,
            "the {part} of the cookie {name:?} holds a byte that can't be in it"
        )
    }
}

impl std::error::Error for InvalidCookie {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cookie: SetCookie, expected: &str) {
        let value = HeaderValue::try_from(cookie).unwrap();
        assert_eq!(value.to_str().unwrap(), expected);
    }

    #[track_caller]
    fn refuse(cookie: SetCookie, part: &str) {
        let error = HeaderValue::try_from(cookie).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("the {part} of the cookie ")),
            "{message}"
        );
    }

    #[test]
    fn attributes() {
        let cookie = || SetCookie::new("a", "b");
        check(cookie(), "a=b; Path=/; HttpOnly; SameSite=Lax");
        check(cookie().for_scripts(), "a=b; Path=/; SameSite=Lax");
        let all = cookie()
            .path("/c")
            .domain("d.example")
            .max_age(Duration::from_millis(2500))
            .secure()
            .same_site(SameSite::Strict);
        let expected =
            "a=b; Path=/c; Domain=d.example; Max-Age=3; Secure; HttpOnly; SameSite=Strict";
        check(all, expected);
        let everywhere = cookie().same_site(SameSite::None);
        check(everywhere, "a=b; Path=/; Secure; HttpOnly; SameSite=None");
    }

    #[test]
    fn values_are_encoded() {
        let value = "b;c, \"d\\%\r\n\u{e9}=/";
        let expected = "a=b%3Bc%2C%20%22d%5C%25%0D%0A%C3%A9=/; Path=/; HttpOnly; SameSite=Lax";
        check(SetCookie::new("a", value), expected);
    }

    #[test]
    fn what_cannot_be_in_a_cookie() {
        refuse(SetCookie::new("", "b"), "name");
        refuse(SetCookie::new("a b", "b"), "name");
        refuse(SetCookie::new("a", "b").path("/;x"), "path");
        refuse(SetCookie::new("a", "b").domain("x\n"), "domain");
    }
}

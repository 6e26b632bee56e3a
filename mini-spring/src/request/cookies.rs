//! The cookies that a client sends (RFC 6265, section 4.2).
//!
//! ```text
//! cookie-string = cookie-pair *( ";" SP cookie-pair )
//! cookie-pair   = cookie-name "=" cookie-value
//! cookie-value  = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE )
//! ```
//!
//! Read as leniently as section 5.4 has clients send them: what is no pair is passed over. Values are
//! percent-decoded, as `SetCookie` encodes them; one that can't be is taken as it is. Knows nothing of
//! the cookies that a server sets.

use super::Request;
use crate::http::percent::Plus;

impl Request {
    /// The value of the first cookie of this name, if it is UTF-8. Names are told apart by case. The value is
    /// percent-decoded, and quotes around it are left out.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let request = Request::get("/").header("Cookie", "theme=dark; name=Ada%20L.").build()?;
    /// assert_eq!(request.cookie("name"), Some("Ada L."));
    /// assert_eq!(request.cookie("Name"), None);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut cookies = self.cookies();
        let (_, value) = cookies.find(|(found, _)| *found == name.as_bytes())?;
        self.cookie_text(value)
    }

    /// Name and value of all cookies, from all Cookie fields.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.headers()
            .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, value)| value.split(|&byte| byte == b';'))
            .filter_map(pair)
    }

    /// The value of a cookie, decoded if it is percent-encoded text, and else as it is; `None` where that
    /// is no text.
    pub(crate) fn cookie_text<'r>(&'r self, raw: &'r [u8]) -> Option<&'r str> {
        let decoded = self.decode(raw, Plus::Literal).ok();
        decoded.or_else(|| std::str::from_utf8(raw).ok())
    }
}

fn pair(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = text.iter().position(|&byte| byte == b'=')?;
    let name = text[..equals].trim_ascii();
    let value = match text[equals + 1..].trim_ascii() {
        [b'"', value @ .., b'"'] => value,
        value => value,
    };
    (!name.is_empty()).then_some((name, value))
}

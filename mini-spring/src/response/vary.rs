//! The field `Vary`: which fields of the request had a say in the answer (RFC 9110, section 12.5.5).

use http::header::VARY;
use http::{HeaderName, HeaderValue};

use super::Response;

impl Response {
    /// Tells caches that a request with another value of this field may be answered with something else. The name
    /// must be in lower case.
    pub(crate) fn varies_by(&mut self, field: &'static str) {
        let names = |value: &[u8]| {
            let mut members = value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
            members.any(|member| member == b"*" || member.eq_ignore_ascii_case(field.as_bytes()))
        };
        let is_vary = |name: &str| name.eq_ignore_ascii_case(VARY.as_str());
        let is_told = |(name, value)| is_vary(name) && names(value);
        if !self.fields.iter().any(is_told) {
            let value = HeaderValue::from_static(field);
            self.fields.append(VARY, &value);
        }
    }

    /// Adds a field unless there is one of its name.
    pub(crate) fn default_field(&mut self, name: &HeaderName, value: &HeaderValue) {
        if self.fields.get(name).is_none() {
            self.fields.append(name.clone(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_once() {
        let mut response = Response::ok("").header("Vary", "Cookie, ACCEPT");
        response.varies_by("accept");
        response.varies_by("origin");
        response.varies_by("origin");
        let vary = |response: &Response| {
            let fields = response.fields.iter().filter(|(name, _)| *name == "vary");
            let values = fields.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
            values.collect::<Vec<_>>()
        };
        assert_eq!(vary(&response), ["Cookie, ACCEPT", "origin"]);
        let mut response = Response::ok("").header("Vary", "*");
        response.varies_by("origin");
        assert_eq!(vary(&response), ["*"]);
    }
}

//! [`SecurityHeaders`]: fields that tell browsers to be careful.

use std::time::Duration;

use http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue};

use super::{Middleware, Next, Provides};
use crate::extract::Needs;
use crate::request::Request;
use crate::response::Response;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const PERMITTED_CROSS_DOMAIN_POLICIES: HeaderName =
    HeaderName::from_static("x-permitted-cross-domain-policies");

/// Header fields that tell browsers to be careful, as the OWASP Secure Headers Project recommends them.
///
/// | field | value |
/// |---|---|
/// | `X-Content-Type-Options` | `nosniff`: the content type is what the answer says |
/// | `X-Frame-Options` | `DENY`: no other page may frame this one |
/// | `Referrer-Policy` | `no-referrer`: other sites don't learn the address |
/// | `Cross-Origin-Opener-Policy` | `same-origin`: other windows have no hold on this one |
/// | `Cross-Origin-Resource-Policy` | `same-origin`: other sites can't embed it; what [`Cors`](crate::Cors) allows isn't embedded |
/// | `X-Permitted-Cross-Domain-Policies` | `none` |
///
/// What a handler or a middleware further inside has set stays. `Content-Security-Policy` depends on the pages, and
/// `Strict-Transport-Security` on how the server is reached: both are sent when they are asked for.
///
/// ```
/// use std::time::Duration;
/// use mini_spring::{App, Request, SecurityHeaders, TestApp};
///
/// let headers = SecurityHeaders::new()
///     .content_security_policy("default-src 'self'; frame-ancestors 'none'")
///     .hsts(Duration::from_secs(2 * 365 * 24 * 60 * 60))
///     .with("Permissions-Policy", "geolocation=()")
///     .without("Cross-Origin-Resource-Policy");
/// let app = App::empty().route("GET", "/", |_: &Request| "hello").layer(headers);
/// let response = TestApp::from_app(app).get("/").send();
/// response.assert_header("X-Content-Type-Options", "nosniff");
/// response.assert_header("Permissions-Policy", "geolocation=()");
/// assert_eq!(response.header("Cross-Origin-Resource-Policy"), None);
/// // The request came over plain HTTP.
/// assert_eq!(response.header("Strict-Transport-Security"), None);
/// ```
#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    fields: Vec<(HeaderName, HeaderValue)>,
    /// Sent over TLS only (RFC 6797, section 7.2).
    hsts: Option<HeaderValue>,
    faults: Vec<String>,
}

impl SecurityHeaders {
    /// The fields of the table.
    pub fn new() -> Self {
        let fields = [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (X_FRAME_OPTIONS, "DENY"),
            (REFERRER_POLICY, "no-referrer"),
            (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
            (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
            (PERMITTED_CROSS_DOMAIN_POLICIES, "none"),
        ];
        let fields = fields.map(|(name, value)| (name, HeaderValue::from_static(value)));
        SecurityHeaders {
            fields: fields.into(),
            hsts: None,
            faults: Vec::new(),
        }
    }

    /// Adds a field, or replaces the one of this name. A name or a value that is none stops the start.
    pub fn with(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.fields.retain(|(known, _)| *known != name);
                self.fields.push((name, value));
            }
            _ => self.faults.push(format!(
                "`{name}: {value}` is no header field; correct name or value"
            )),
        }
        self
    }

    /// Leaves a field out.
    pub fn without(mut self, name: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        self.fields
            .retain(|(known, _)| !known.as_str().eq_ignore_ascii_case(name));
        self
    }

    /// What pages may load, and who may frame them: `Content-Security-Policy` (CSP level 3).
    pub fn content_security_policy(self, policy: impl AsRef<str>) -> Self {
        self.with(CONTENT_SECURITY_POLICY.as_str(), policy)
    }

    /// Tells browsers to come over TLS only, for so long, also to subdomains: `Strict-Transport-Security`. It is
    /// sent in answers to requests that came over TLS, as far as [`Request::scheme`] knows: the proxy in front of
    /// the server must be in `server.trusted_proxies`. Two years is what is recommended; it can't be taken back.
    pub fn hsts(mut self, max_age: Duration) -> Self {
        let value = format!("max-age={}; includeSubDomains", max_age.as_secs());
        self.hsts = HeaderValue::try_from(value).ok();
        self
    }
}

impl Default for SecurityHeaders {
    fn default() -> Self {
        SecurityHeaders::new()
    }
}

impl Middleware for SecurityHeaders {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        let mut response = next.run(request);
        for (name, value) in &self.fields {
            response.default_field(name, value);
        }
        if let Some(hsts) = &self.hsts
            && request.scheme() == "https"
        {
            response.default_field(&STRICT_TRANSPORT_SECURITY, hsts);
        }
        response
    }

    fn requires(&self, needs: &mut Needs) {
        for fault in &self.faults {
            needs.fault(fault.clone());
        }
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }

    fn always_provides() -> Provides {
        Provides::nothing()
    }
}

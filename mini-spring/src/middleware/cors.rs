//! [`Cors`]: which pages of other origins may use the answers (Fetch, section 3.2).
//!
//! `origins` decides whom to trust; this file, what is told to browsers. Preflights are answered here, and reach no
//! handler.

mod origins;

use std::time::Duration;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};

use self::origins::Origins;
use super::{Middleware, Next, Provides};
use crate::extract::Needs;
use crate::request::Request;
use crate::response::Response;

/// The methods that are allowed by default.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";

/// Lets pages of other origins use the answers: cross-origin resource sharing, as the
/// [Fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol) has it.
///
/// Without it, browsers keep answers from pages of other origins. It says to whom they may give them, and
/// answers *preflights*, the requests by which browsers ask in advance, with 204; handlers don't see these.
/// It is no protection of the server: requests come to the handlers whoever sends them.
///
/// ```
/// use std::time::Duration;
/// use mini_spring::{App, Cors, Request, TestApp};
///
/// let cors = Cors::new()
///     .origin("https://shop.example")
///     .methods(["GET", "PUT"])
///     .headers(["Content-Type", "X-Basket"])
///     .expose(["X-Request-Id"])
///     .credentials()
///     .max_age(Duration::from_secs(3600));
/// let app = App::empty().route("PUT", "/basket", |_: &Request| "full").layer(cors);
/// let app = TestApp::from_app(app);
///
/// let preflight = app
///     .request("OPTIONS", "/basket")
///     .header("Origin", "https://shop.example")
///     .header("Access-Control-Request-Method", "PUT")
///     .send();
/// preflight.assert_status(204).assert_header("Access-Control-Allow-Methods", "GET, PUT");
///
/// let response = app.put("/basket").header("Origin", "https://shop.example").send();
/// response.assert_header("Access-Control-Allow-Origin", "https://shop.example");
/// let response = app.put("/basket").header("Origin", "https://evil.example").send();
/// assert_eq!(response.header("Access-Control-Allow-Origin"), None);
/// ```
///
/// It belongs outside of what refuses requests, so that pages can read the refusal, and so that a preflight, which
/// carries no credentials, isn't refused. Around one route, or a group, it answers the preflights of that.
#[derive(Debug, Clone)]
pub struct Cors {
    origins: Origins,
    methods: HeaderValue,
    /// All that a request wants to send, if `None`.
    headers: Option<HeaderValue>,
    exposed: Option<HeaderValue>,
    has_credentials: bool,
    max_age: Option<HeaderValue>,
    faults: Vec<String>,
}

impl Cors {
    /// Nobody yet, who may use the methods `GET`, `HEAD`, `POST`, `PUT`, `PATCH` and `DELETE` with all header fields.
    /// To say whom is on you: without an origin the program doesn't start.
    pub fn new() -> Self {
        Cors {
            origins: Origins::default(),
            methods: HeaderValue::from_static(METHODS),
            headers: None,
            exposed: None,
            has_credentials: false,
            max_age: None,
            faults: Vec::new(),
        }
    }

    /// Pages of all origins, without their cookies: for what everybody may read.
    ///
    /// ```
    /// use mini_spring::{App, Cors, Request, TestApp};
    ///
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello").layer(Cors::permissive());
    /// let response = TestApp::from_app(app).get("/").header("Origin", "https://a.example").send();
    /// response.assert_header("Access-Control-Allow-Origin", "*");
    /// ```
    pub fn permissive() -> Self {
        Cors::new().any_origin()
    }

    /// Pages of this origin as well: scheme, host, and a port that isn't the scheme's, as in `https://shop.example` or
    /// `http://localhost:3000`. `null` is that of files and sandboxed frames, which anybody can make.
    pub fn origin(mut self, origin: impl AsRef<str>) -> Self {
        if let Err(fault) = self.origins.add(origin.as_ref()) {
            self.faults.push(fault);
        }
        self
    }

    /// Pages of these origins as well, as those of settings: [`Cors::origin`] for each.
    ///
    /// ```
    /// use mini_spring::Cors;
    ///
    /// let cors = Cors::new().origins(["https://shop.example", "https://www.shop.example"]);
    /// ```
    pub fn origins(self, origins: impl IntoIterator<Item: AsRef<str>>) -> Self {
        origins
            .into_iter()
            .fold(self, |cors, origin| cors.origin(origin))
    }

    /// Pages of all origins. Not together with [`Cors::credentials`], which would open the sessions of all users to
    /// all pages: that stops the start.
    ///
    /// ```
    /// use mini_spring::Cors;
    ///
    /// let cors = Cors::new().any_origin().methods(["GET"]);
    /// ```
    pub fn any_origin(mut self) -> Self {
        self.origins.is_any = true;
        self
    }

    /// Pages of those origins as well for which this is true.
    ///
    /// ```
    /// use mini_spring::Cors;
    ///
    /// let cors = Cors::new().origin_if(|origin| {
    ///     let host = origin.strip_prefix("https://").unwrap_or_default();
    ///     host == "example.org" || host.ends_with(".example.org")
    /// });
    /// ```
    pub fn origin_if(mut self, is_allowed: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.origins.add_rule(is_allowed);
        self
    }

    /// Only these methods. `GET`, `HEAD` and `POST` can't be forbidden by it: browsers send those without asking.
    pub fn methods(mut self, methods: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let is_method = |text: &str| Method::from_bytes(text.as_bytes()).is_ok();
        if let Some(methods) = self.list("method", methods, is_method) {
            self.methods = methods;
        }
        self
    }

    /// Only these header fields, besides those that need no permission, such as `Accept`.
    pub fn headers(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.headers = self.list("header field", names, is_name);
        self
    }

    /// Lets pages read these header fields of answers, besides those that need no permission, such as
    /// `Content-Type`.
    pub fn expose(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.exposed = self.list("header field", names, is_name);
        self
    }

    /// Lets pages send cookies and other credentials of their users, and read what is answered to them.
    pub fn credentials(mut self) -> Self {
        self.has_credentials = true;
        self
    }

    /// How long a browser may keep the answer to a preflight. By default it is five seconds; browsers cut it at two hours or
    /// a day.
    pub fn max_age(mut self, time: Duration) -> Self {
        self.max_age = Some(time.as_secs().into());
        self
    }

    fn list<T: AsRef<str>>(
        &mut self,
        what: &str,
        texts: impl IntoIterator<Item = T>,
        is_one: impl Fn(&str) -> bool,
    ) -> Option<HeaderValue> {
        let mut list = String::new();
        for text in texts {
            let text = text.as_ref();
            if !is_one(text) {
                self.faults
                    .push(format!("`{text}` is no {what}; correct it"));
            }
            if !list.is_empty() {
                list.push_str(", ");
            }
            list.push_str(text);
        }
        HeaderValue::try_from(list).ok()
    }

    /// Whom the answer may be given to.
    fn allowed(&self, request: &Request) -> Option<HeaderValue> {
        if self.is_for_all() {
            return Some(HeaderValue::from_static("*"));
        }
        // As browsers write it; whatever a rule thinks of others, they don't go back.
        let origin = request.header("origin")?;
        if !origin.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let is_allowed = self.origins.has(origin);
        is_allowed
            .then(|| HeaderValue::try_from(origin).ok())
            .flatten()
    }

    /// Whether the answer is the same for all origins.
    fn is_for_all(&self) -> bool {
        self.origins.is_any && !self.has_credentials
    }

    /// The fields that both kinds of answers have.
    fn allow(&self, request: &Request, response: &mut Response) -> bool {
        if !self.is_for_all() {
            response.varies_by("origin");
        }
        let Some(origin) = self.allowed(request) else {
            return false;
        };
        let fields = response.fields_mut();
        fields.set(ACCESS_CONTROL_ALLOW_ORIGIN, &origin);
        if self.has_credentials {
            let credentials = HeaderValue::from_static("true");
            fields.set(ACCESS_CONTROL_ALLOW_CREDENTIALS, &credentials);
        }
        true
    }

    /// The answer to a preflight. One that isn't allowed lacks the fields that would.
    fn preflight(&self, request: &Request) -> Response {
        let mut response = Response::new(StatusCode::NO_CONTENT);
        let is_allowed = self.allow(request, &mut response);
        let wanted = request.header_bytes(ACCESS_CONTROL_REQUEST_HEADERS.as_str());
        if self.headers.is_none() {
            response.varies_by("access-control-request-headers");
        }
        if !is_allowed {
            return response;
        }
        let fields = response.fields_mut();
        fields.set(ACCESS_CONTROL_ALLOW_METHODS, &self.methods);
        let wanted = wanted.and_then(|names| HeaderValue::from_bytes(names).ok());
        if let Some(headers) = self.headers.as_ref().or(wanted.as_ref()) {
            fields.set(ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        if let Some(max_age) = &self.max_age {
            fields.set(ACCESS_CONTROL_MAX_AGE, max_age);
        }
        response
    }
}

fn is_name(text: &str) -> bool {
    HeaderName::try_from(text).is_ok()
}

/// Whether a browser asks in advance (Fetch, section 3.2.2).
fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.header_bytes("origin").is_some()
        && request
            .header_bytes(ACCESS_CONTROL_REQUEST_METHOD.as_str())
            .is_some()
}

impl Default for Cors {
    fn default() -> Self {
        Cors::new()
    }
}

impl Middleware for Cors {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        if is_preflight(request) {
            return self.preflight(request);
        }
        let mut response = next.run(request);
        if self.allow(request, &mut response)
            && let Some(exposed) = &self.exposed
        {
            let fields = response.fields_mut();
            fields.set(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        response
    }

    fn requires(&self, needs: &mut Needs) {
        for fault in &self.faults {
            needs.fault(fault.clone());
        }
        if self.origins.is_empty() && self.faults.is_empty() {
            needs.fault("no origin is allowed; add one with `origin`".to_owned());
        }
        if self.origins.is_any && self.has_credentials {
            let fault = "with credentials any origin could act as its user; \
                         name the origins with `origin`, or choose them with `origin_if`";
            needs.fault(fault.to_owned());
        }
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }

    fn always_provides() -> Provides {
        Provides::nothing()
    }
}

//! [`TestRequest`]: a request to a [`TestApp`] while it is composed.

use std::borrow::Cow;
use std::fmt::Display;
use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::redirect::{self, MOST_REDIRECTS};
use super::{TestApp, TestEvents, TestForm, TestResponse};
use crate::request::RequestBuilder;
use crate::respond::encoded_value;

/// A request to a [`TestApp`]; start with [`TestApp::get`] or [`TestApp::post`].
///
/// `Host: localhost` and, with a body, `Content-Length` and its type are added by themselves, unless they
/// are set with [`header`](TestRequest::header).
///
/// ```
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(PUT, "/notes/<id>")]
/// fn put(id: u32, #[header("Content-Language")] language: &str, text: &str) -> String {
///     format!("{id} in {language}: {text}")
/// }
///
/// let app = TestApp::of(routes![put]);
/// let response = app.put("/notes/7").header("Content-Language", "fr").text("salut").send();
/// response.assert_text("7 in fr: salut");
/// ```
#[must_use = "a request does nothing until it is sent"]
#[derive(Debug, Clone)]
pub struct TestRequest<'a> {
    app: &'a TestApp,
    builder: RequestBuilder,
    /// What the body is, unless a header field says otherwise.
    content_type: Option<Cow<'static, str>>,
    /// Cookies of this request only.
    cookies: Vec<(String, String)>,
    redirects: Redirects,
}

/// What becomes of an answer that leads to another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redirects {
    Shown,
    Followed,
}

impl<'a> TestRequest<'a> {
    pub(super) fn new(app: &'a TestApp, builder: RequestBuilder) -> Self {
        TestRequest {
            app,
            builder,
            content_type: None,
            cookies: Vec::new(),
            redirects: Redirects::Shown,
        }
    }

    /// Adds a header field.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// Adds a parameter to the query of the target, percent-encoded.
    ///
    /// ```
    /// use mini_spring::{TestApp, route, routes};
    ///
    /// #[route(GET, "/search?<words>&<page=1>")]
    /// fn search(words: &str, page: u32) -> String {
    ///     format!("{words}, page {page}")
    /// }
    ///
    /// let app = TestApp::of(routes![search]);
    /// let request = app.get("/search").query("words", "salt & pepper").query("page", 2);
    /// request.send().assert_text("salt & pepper, page 2");
    /// ```
    pub fn query(mut self, name: impl Display, value: impl Display) -> Self {
        let target = self.builder.target();
        let separator = if target.contains('?') { '&' } else { '?' };
        let target = format!("{target}{separator}{}", encoded_pair(&name, &value));
        self.builder = self.builder.at(target);
        self
    }

    /// Adds the field `Authorization: Bearer` with this token (RFC 6750, section 2.1).
    ///
    /// ```
    /// use mini_spring::{TestApp, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn secret(#[header("Authorization")] who: &str) -> String {
    ///     who.to_owned()
    /// }
    ///
    /// let app = TestApp::of(routes![secret]);
    /// app.get("/").bearer("x7Fz").send().assert_text("Bearer x7Fz");
    /// ```
    pub fn bearer(self, token: impl Display) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Adds a cookie to this request only, beside those that the [`TestApp`] keeps, or instead of the one of this name.
    /// The value may be any text: it is percent-encoded as [`SetCookie`](crate::SetCookie) does it.
    ///
    /// ```
    /// use mini_spring::{TestApp, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn greet(#[cookie("name")] name: &str) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// let app = TestApp::of(routes![greet]);
    /// app.get("/").cookie("name", "Ada L.").send().assert_text("Hello, Ada L.!");
    /// ```
    pub fn cookie(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.cookies
            .push((name.into(), encoded_value(value.as_ref())));
        self
    }

    /// Goes where an answer leads, if that is on the same host, and up to 20 times: with GET behind 303, and behind 301
    /// and 302 to a POST, and else with the same method and body (RFC 9110, section 15.4).
    ///
    /// ```
    /// use mini_spring::{Redirect, TestApp, route, routes};
    ///
    /// #[route(POST, "/notes")]
    /// fn add(text: &str) -> Redirect {
    ///     Redirect::to(format!("/notes/{text}"))
    /// }
    ///
    /// #[route(GET, "/notes/<name>")]
    /// fn note(name: &str) -> String {
    ///     format!("the note {name}")
    /// }
    ///
    /// let app = TestApp::of(routes![add, note]);
    /// app.post("/notes").text("a").send().assert_status(303).assert_header("Location", "/notes/a");
    /// app.post("/notes").text("a").follow_redirects().send().assert_text("the note a");
    /// ```
    pub fn follow_redirects(mut self) -> Self {
        self.redirects = Redirects::Followed;
        self
    }

    /// Sets the address that the request comes from; by default it is port 0 of 127.0.0.1. Over
    /// TCP it can't be set.
    ///
    /// ```
    /// use mini_spring::{ClientIp, TestApp, route, routes};
    ///
    /// #[route(GET, "/ip")]
    /// fn ip(ClientIp(ip): ClientIp) -> String {
    ///     ip.to_string()
    /// }
    ///
    /// let app = TestApp::of(routes![ip]);
    /// app.get("/ip").peer(([192, 0, 2, 7], 4711).into()).send().assert_text("192.0.2.7");
    /// ```
    pub fn peer(mut self, peer: SocketAddr) -> Self {
        self.builder = self.builder.peer(peer);
        self
    }

    /// Sets the body to this value as JSON, and the content type `application/json`.
    ///
    /// ```
    /// use mini_spring::{Json, TestApp, route, routes};
    ///
    /// #[route(POST, "/sum")]
    /// fn sum(Json(numbers): Json<Vec<i64>>) -> Json<i64> {
    ///     Json(numbers.iter().sum())
    /// }
    ///
    /// let app = TestApp::of(routes![sum]);
    /// app.post("/sum").json(&[1, 2]).send().assert_json(3);
    /// // Without its type it isn't JSON.
    /// app.post("/sum").body("[1, 2]").send().assert_status(415);
    /// ```
    ///
    /// # Panics
    ///
    /// The value can't be serialised.
    #[track_caller]
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.typed("application/json", json),
            Err(error) => panic!("the value can't be serialised: {error}"),
        }
    }

    /// Sets the body to a form of these names and values, percent-encoded, and the content type
    /// `application/x-www-form-urlencoded`.
    ///
    /// ```
    /// use mini_spring::{Form, TestApp, route, routes};
    ///
    /// #[route(POST, "/login")]
    /// fn login(Form(fields): Form<Vec<(String, String)>>) -> String {
    ///     format!("{fields:?}")
    /// }
    ///
    /// let app = TestApp::of(routes![login]);
    /// let response = app.post("/login").form([("name", "Ada & Co"), ("stay", "on")]).send();
    /// response.assert_text(r#"[("name", "Ada & Co"), ("stay", "on")]"#);
    /// ```
    pub fn form<N: Display, V: Display>(self, fields: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = fields.into_iter();
        let pairs = pairs.map(|(name, value)| encoded_pair(&name, &value));
        let form = pairs.collect::<Vec<_>>().join("&");
        self.typed("application/x-www-form-urlencoded", form)
    }

    /// Sets the body to a form with files, and the content type `multipart/form-data`.
    ///
    /// ```
    /// use mini_spring::{MultipartForm, Problem, TestApp, route, routes};
    ///
    /// #[route(POST, "/upload")]
    /// fn upload(form: MultipartForm) -> Result<String, Problem> {
    ///     let file = form.file("file").ok_or(Problem::bad_request("no file"))?;
    ///     Ok(format!("{}: {}", form.text("note").unwrap_or_default(), file.file().length()))
    /// }
    ///
    /// let app = TestApp::of(routes![upload]);
    /// let request = app.post("/upload").multipart(|form| {
    ///     form.text("note", "a picture").file("file", "dot.png", [0x89, b'P', b'N', b'G'])
    /// });
    /// request.send().assert_text("a picture: 4");
    /// ```
    pub fn multipart(self, compose: impl FnOnce(TestForm) -> TestForm) -> Self {
        let (content_type, body) = compose(TestForm::default()).encode();
        self.typed(content_type, body)
    }

    /// Sets the body to this text, and the content type `text/plain; charset=utf-8`.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.typed("text/plain; charset=utf-8", text.into())
    }

    /// Sets the body, without a content type.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.builder = self.builder.body(body);
        self
    }

    /// Sends it.
    ///
    /// # Panics
    ///
    /// It isn't whole, as by a Content-Length that is too large, or its answer isn't, or is larger
    /// than 64 MiB; or it was led on more than 20 times.
    #[track_caller]
    pub fn send(self) -> TestResponse {
        let (app, cookies) = (self.app, self.cookies.clone());
        let redirects = self.redirects;
        let mut request = self.finish();
        let mut response = app.answer(&request, &cookies);
        for _ in 0..MOST_REDIRECTS {
            let next = redirect::next(&request, &response);
            match next.filter(|_| redirects == Redirects::Followed) {
                Some(next) => request = next,
                None => return response,
            }
            response = app.answer(&request, &cookies);
        }
        match redirect::next(&request, &response) {
            Some(_) => response.fail(format_args!(
                "expected an end within {MOST_REDIRECTS} redirects"
            )),
            None => response,
        }
    }

    /// Sends it, and reads the answer as server-sent events, while it comes. Redirects aren't followed.
    ///
    /// ```
    /// use mini_spring::{Event, Sse, TestApp, route, routes};
    ///
    /// #[route(GET, "/news")]
    /// fn news() -> Sse {
    ///     let (sender, sse) = Sse::channel(1);
    ///     let _ = sender.try_send(Event::data("it rains"));
    ///     sse
    /// }
    ///
    /// let mut events = TestApp::of(routes![news]).get("/news").events();
    /// assert_eq!(events.next().unwrap().data, "it rains");
    /// assert_eq!(events.next(), None);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`TestRequest::send`], and if the answer isn't `200 OK` with the type `text/event-stream`.
    #[track_caller]
    pub fn events(self) -> TestEvents {
        let (app, cookies) = (self.app, self.cookies.clone());
        app.events(&self.finish(), &cookies)
    }

    fn finish(self) -> RequestBuilder {
        let TestRequest { builder, .. } = self;
        match self.content_type {
            Some(content_type) if !builder.has("content-type") => {
                builder.header("Content-Type", content_type)
            }
            _ => builder,
        }
    }

    fn typed(
        mut self,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        self.content_type = Some(content_type.into());
        self.body(body)
    }
}

/// A pair as it stands in a form and in a query.
fn encoded_pair(name: &impl Display, value: &impl Display) -> String {
    let encoded = |text: String| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
    format!(
        "{}={}",
        encoded(name.to_string()),
        encoded(value.to_string())
    )
}

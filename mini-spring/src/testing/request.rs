//! [`TestRequest`]: a request to a [`TestApp`] while it is composed.

use std::fmt::Display;
use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{TestApp, TestResponse};
use crate::request::RequestBuilder;

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
    content_type: Option<&'static str>,
}

impl<'a> TestRequest<'a> {
    pub(super) fn new(app: &'a TestApp, builder: RequestBuilder) -> Self {
        TestRequest {
            app,
            builder,
            content_type: None,
        }
    }

    /// Adds a header field.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// Sets the address that the request comes from; by default it is port 0 of 127.0.0.1.
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
        let pairs = fields.into_iter().map(|(name, value)| {
            let (name, value) = (name.to_string(), value.to_string());
            let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            format!("{}={}", encoded(&name), encoded(&value))
        });
        let form = pairs.collect::<Vec<_>>().join("&");
        self.typed("application/x-www-form-urlencoded", form)
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
    /// than 64 MiB.
    #[track_caller]
    pub fn send(self) -> TestResponse {
        let TestRequest { app, builder, .. } = self;
        let content_type = self.content_type.filter(|_| !builder.has("content-type"));
        app.send(match content_type {
            Some(content_type) => builder.header("Content-Type", content_type),
            None => builder,
        })
    }

    fn typed(mut self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        self.content_type = Some(content_type);
        self.body(body)
    }
}

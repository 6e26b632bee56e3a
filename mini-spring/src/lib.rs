//! A web framework without async: a handler is a plain function, and may call whatever blocks.
//!
#![doc = include_str!("tour.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs)]

// Generated code names `::mini_spring`, also inside this crate.
extern crate self as mini_spring;

mod app;
mod beneath;
mod channel;
mod component;
mod config;
mod content;
mod error;
mod error_handler;
mod extract;
mod handler;
#[cfg(test)]
mod handler_tests;
pub mod http;
mod inject;
mod logger;
mod middleware;
mod mistakes;
mod one_line;
mod probe;
mod problem;
mod process;
mod request;
mod respond;
mod response;
mod routing;
mod run;
mod server;
mod service;
mod spool;
mod sync;
mod testing;
mod trace;
mod unwind;

#[cfg(feature = "__inside")]
#[doc(hidden)]
pub mod __inside;
#[doc(hidden)]
pub mod __private;

pub use self::app::App;
pub use self::config::{ByteSize, Secret, ServerConfig, config};
pub use self::error::{Error, Result};
pub use self::error_handler::error_handler;
pub use self::extract::{
    Bearer, Body, BodyUse, ClientIp, Cookies, Deadline, Extension, Form, FromParam, FromRequest,
    Host, MatchedRoute, Multipart, MultipartError, MultipartForm, Needs, OptionalFromRequest,
    ParamError, Part, PeerAddr, Preconditions, Query, TempFile, UploadedFile, safe_file_name,
};
#[cfg(feature = "validation")]
pub use self::extract::{Valid, Validatable};
pub use self::handler::route;
pub use self::http::etag::ETag;
pub use self::http::{ForwardedField, InvalidNetworks, Networks};
pub use self::inject::{Inject, component, on_start, on_stop, profile};
#[cfg(feature = "compression")]
pub use self::middleware::Compression;
#[cfg(feature = "rate-limit")]
pub use self::middleware::RateLimit;
pub use self::middleware::{
    Cors, Middleware, Next, Provides, RequestId, SecurityHeaders, group, middleware,
    with_components,
};
pub use self::problem::Problem;
pub use self::request::{Request, RequestBuilder};
pub use self::respond::{
    Broadcast, Created, Dir, Event, EventSender, Gone, Html, IntoResponse, InvalidCookie, Json,
    NamedFile, NoContent, Redirect, SameSite, SetCookie, Sse, Stream, TrySendError,
};
pub use self::response::Response;
pub use self::routing::{Allow, Match, Router, Routes, Unmatched};
pub use self::run::run;
pub use self::server::{Running, Server, blocking};
pub use self::service::{IntoService, RouteList, Service};
pub use self::testing::{TestApp, TestEvent, TestEvents, TestForm, TestRequest, TestResponse};

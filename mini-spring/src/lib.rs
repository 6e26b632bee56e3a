//! mini-spring: a macro-based micro web framework without async.

#![deny(missing_docs)]

// Generated code names `::mini_spring`, also inside this crate.
extern crate self as mini_spring;

mod app;
mod config;
mod extract;
mod handler;
#[cfg(test)]
mod handler_tests;
pub mod http;
mod logger;
mod middleware;
mod mistakes;
mod probe;
mod request;
mod respond;
mod response;
mod routing;
mod run;
mod server;
mod service;

#[doc(hidden)]
pub mod __private;

pub use self::app::App;
pub use self::config::ServerConfig;
pub use self::extract::{BodyUse, FromParam, FromRequest, Needs, ParamError};
pub use self::middleware::Next;
pub use self::request::{Request, RequestBuilder};
pub use self::respond::{Error, IntoResponse, Json, Problem, Result};
pub use self::response::Response;
pub use self::routing::{Allow, Match, Router, Routes, Unmatched};
pub use self::run::run;
pub use self::server::{Running, Server};
pub use self::service::{IntoService, RouteList, Service};
/// ```
/// use mini_spring::{Json, Problem, route};
///
/// #[route(GET, "/users/<id>?<full>")]
/// fn get_user(id: u64, full: Option<bool>) -> Result<Json<String>, Problem> {
///     match id {
///         7 => Ok(Json(format!("user 7, {full:?}"))),
///         _ => Err(Problem::not_found(format!("no user {id}"))),
///     }
/// }
///
/// assert_eq!(get_user::url(7), "/users/7");
/// ```
///
pub use mini_spring_macros::route;

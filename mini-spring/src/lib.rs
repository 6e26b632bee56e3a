//! mini-spring: a macro-based micro web framework without async.

#![deny(missing_docs)]

// Generated code names `::mini_spring`, also inside this crate.
extern crate self as mini_spring;

mod extract;
mod handler;
pub mod http;
mod probe;
mod request;
mod respond;
mod response;
mod routing;

#[doc(hidden)]
pub mod __private;

pub use self::extract::{BodyUse, FromParam, FromRequest, Needs, ParamError};
pub use self::request::{Request, RequestBuilder};
pub use self::respond::{Error, IntoResponse, Json, Problem, Result};
pub use self::response::Response;
pub use self::routing::Routes;
pub use mini_spring_macros::route;

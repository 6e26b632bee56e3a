//! Results: what a handler may return, and how it becomes an answer.
//!
//! Knows responses and problems; knows no request, route or socket.

pub(crate) mod dispatch;
mod into_response;
mod json;
mod set_cookie;
mod shapes;
mod shortcuts;

pub(crate) use crate::problem::Fault;
pub use crate::problem::{ErrorMapping, Problem, ProblemShape};

pub use self::into_response::IntoResponse;
pub use self::json::Json;
pub use self::set_cookie::{InvalidCookie, SameSite, SetCookie};
pub use self::shapes::{Created, Html, NoContent, Redirect};

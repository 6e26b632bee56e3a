//! Results: what a handler may return, and how it becomes an answer.
//!
//! Knows responses and problems; knows no request, route or socket.

pub(crate) mod dispatch;
mod into_response;
mod json;
mod problem;
mod shortcuts;

pub use self::into_response::IntoResponse;
pub use self::json::Json;
pub(crate) use self::problem::Fault;
pub use self::problem::Problem;

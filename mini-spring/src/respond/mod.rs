//! Results: what a handler may return, and how it becomes an answer.
//!
//! Knows responses and problems; knows no request, route or socket.

mod broadcast;
mod dir;
pub(crate) mod dispatch;
mod into_response;
mod json;
mod named_file;
mod set_cookie;
mod shapes;
mod shortcuts;
mod sse;
mod stream;

// What handlers and extractors fail with: answers like the others.
pub(crate) use crate::problem::{Fault, Problem};

pub use self::broadcast::Broadcast;
pub use self::dir::Dir;
pub use self::dispatch::Produced;
pub use self::into_response::IntoResponse;
pub use self::json::Json;
pub use self::named_file::NamedFile;
pub(crate) use self::set_cookie::encoded_value;
pub use self::set_cookie::{InvalidCookie, SameSite, SetCookie};
pub use self::shapes::{Created, Html, NoContent, Redirect};
pub use self::sse::{Event, EventSender, Gone, Sse, TrySendError};
pub use self::stream::Stream;

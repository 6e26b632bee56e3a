//! Routing: patterns, the router and the table of the program's routes.
//!
//! Knows paths, methods and handlers as plain functions; knows no socket.

mod table;

mod route;
mod router;
mod tree;

pub(crate) use self::route::{Handler, Origin, Route};
pub use self::router::{Allow, Match, Router, Unmatched};
pub use self::table::RouteRecord;
pub(crate) use self::table::table;

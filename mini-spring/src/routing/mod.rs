//! Routing: patterns, the router and the table of the program's routes.
//!
//! Knows paths, methods and handlers as plain functions; knows no socket.

mod table;

mod found;
mod group;
mod media;
mod route;
mod router;
mod segment;
mod tree;

pub use self::found::{Allow, Match, Unmatched};
pub use self::group::GroupRecord;
pub(crate) use self::group::groups_of;
pub(crate) use self::route::{Handler, Origin, Route};
pub use self::router::Router;
pub(crate) use self::table::table;
pub use self::table::{RouteOptions, RouteRecord, Routes, routes};

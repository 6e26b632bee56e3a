//! Routing: patterns, the router and the table of the program's routes.
//!
//! Knows paths, methods and handlers as plain functions; knows no socket.

mod table;

pub use self::table::{RouteRecord, Routes, routes};

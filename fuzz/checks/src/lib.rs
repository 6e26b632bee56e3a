//! What must hold whatever clients send: one function for each fuzz target, of bytes.
//!
//! They panic where it doesn't hold. The fuzzers call them with bytes that they make up; the test `corpus` calls them
//! with those that have been kept. Knows no fuzzer.

mod chunked;
mod client;
mod connection;
mod cuts;
mod head;
mod model;
mod percent;
mod routing;
mod session;

pub use self::chunked::check as chunked;
pub use self::connection::check as connection;
pub use self::head::check as head;
pub use self::percent::check as percent;
pub use self::routing::check as routing;

/// A check of bytes: it panics where they are handled in another way than they should be.
pub type Check = fn(&[u8]);

/// All checks by the names of their targets.
pub const CHECKS: &[(&str, Check)] = &[
    ("chunked", chunked),
    ("connection", connection),
    ("head", head),
    ("percent", percent),
    ("routing", routing),
];

//! What must hold whatever clients send: one function for each fuzz target, of bytes.
//!
//! They panic where it doesn't hold. The fuzzers call them with bytes that they make up; the test `corpus` calls them
//! with those that have been kept. Knows no fuzzer.

mod application;
mod chunked;
mod client;
mod connection;
mod cookies;
mod cuts;
mod forwarded;
mod head;
mod json;
mod model;
mod multipart;
mod percent;
mod proxy;
mod ranges;
mod routing;
mod session;

pub use self::chunked::check as chunked;
pub use self::client::{Answer, answers};
pub use self::connection::check as connection;
pub use self::cookies::check as cookies;
pub use self::forwarded::check as forwarded;
pub use self::head::check as head;
pub use self::json::check as json;
pub use self::multipart::check as multipart;
pub use self::percent::check as percent;
pub use self::proxy::check as proxy;
pub use self::routing::check as routing;

/// A check of bytes: it panics where they are handled in another way than they should be.
pub type Check = fn(&[u8]);

/// All checks by the names of their targets.
pub const CHECKS: &[(&str, Check)] = &[
    ("chunked", chunked),
    ("connection", connection),
    ("cookies", cookies),
    ("forwarded", forwarded),
    ("head", head),
    ("json", json),
    ("multipart", multipart),
    ("percent", percent),
    ("proxy", proxy),
    ("routing", routing),
];

//! What generated code may name, and nothing else.

pub use inventory::submit;

pub use crate::extract::Slot;
pub use crate::routing::RouteRecord;

//! Input that is meant to do harm: one file for each kind of attack, with what becomes of it.
//!
//! What it does to the log is in `tests/log_injection.rs`, and how much memory it takes in `tests/flood_memory.rs`:
//! both look at the whole process.
#![allow(missing_docs, unreachable_pub)]

mod answers;
mod bodies;
mod forms;
mod json;
mod many;
mod pages;
mod paths;
mod splitting;
#[path = "../support/mod.rs"]
mod support;

//! Middleware from outside: where it stands, in which order it runs, and what it may do.

mod components;
mod compression;
mod cors;
mod example;
mod functions;
mod groups;
mod headers;
mod order;
mod rate_limit;
mod refusals;
mod settings;
mod start;
#[path = "../support/mod.rs"]
mod support;

//! Middleware from outside: where it stands, in which order it runs, and what it may do.

mod functions;
mod groups;
mod order;
mod start;

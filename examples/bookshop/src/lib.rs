//! A bookshop: accounts, books and orders over SQLite.
//!
//! Each feature has its `model` (what it is about, and what can be wrong), its `repository` (SQL behind a trait),
//! its `service` (what the shop does, in one transaction) and its `routes` (HTTP). What they share stands above
//! them. A module names only those above it.

use mini_spring::{App, RequestId, SecurityHeaders};

pub mod settings;

pub mod database;
pub mod errors;
pub mod money;
pub mod paging;

pub mod accounts;
pub mod books;
pub mod orders;

pub mod health;
pub mod seed;

/// The whole shop, with what is around all of its answers. Tests have the same.
pub fn app() -> App {
    App::new().layer(RequestId).layer(SecurityHeaders::new())
}

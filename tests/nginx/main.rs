//! The server behind a real nginx, as `docs/nginx.md` shows it.
//!
//! Where there is no nginx, each of them says that it was left out.
#![allow(missing_docs)]
#![cfg(target_os = "linux")]

mod front;
mod requests;
mod restarts;
#[path = "../support/mod.rs"]
mod support;
mod uploads;

use mini_spring::{IntoService, ServerConfig};
use support::TestServer;

use crate::front::Front;

/// The page's settings.
fn settings(config: &mut ServerConfig) {
    config.trusted_proxies = "127.0.0.1".parse().unwrap();
    config.shutdown_idle = std::time::Duration::from_secs(3);
}

/// A server with the page's settings, and nginx in front of it.
fn behind_nginx(app: impl IntoService) -> Option<(Front, TestServer)> {
    let server = TestServer::with(app, settings);
    let front = Front::start(server.addr())?;
    Some((front, server))
}

//! Facts about a request that are always there, or that can't be.

use std::cell::Cell;
use std::net::IpAddr;

use mini_spring::{ClientIp, Extension, route};

/// It is always there.
#[route(GET, "/a")]
fn always_there(_client: Option<ClientIp>) {}

/// A parameter that was forgotten in the pattern, or the client's address? That is `ClientIp`.
#[route(GET, "/b")]
fn bare_address(_address: IpAddr) {}

/// Middleware can't have put it there.
#[route(GET, "/c")]
fn not_shared(_value: Extension<Cell<u8>>) {}

fn main() {}

//! HTTP/1.1 by the letter: what RFC 9110 and RFC 9112 demand of an origin server, each rule with its section.
//!
//! Nearly everything is a row of a table: bytes in, answers out (`case`). Each row is tried in every way that
//! its bytes can come (`ways`), alone and behind another request, and what comes is taken apart as strictly as a client
//! may (`answers`). docs/http.md lists the rules with the names of the rows, which `page` compares.
#![allow(missing_docs, unreachable_pub)]

mod answers;
mod app;
mod case;
mod chunks;
mod connections;
mod content_length;
mod expect;
mod fields;
mod host;
mod lingering;
mod methods;
mod page;
mod request_line;
mod responses;
mod smuggling;
#[path = "../support/mod.rs"]
mod support;
mod targets;
mod transfer_coding;
mod upgrade;
mod ways;

//! Prefixes that are none.

use mini_spring::config;

#[config]
struct Missing {
    value: u8,
}

#[config()]
struct Nothing {
    value: u8,
}

#[config("database")]
struct NoName {
    value: u8,
}

#[config(prefx = "database")]
struct Slip {
    value: u8,
}

#[config(prefix)]
struct NoText {
    value: u8,
}

#[config(prefix = database)]
struct NoQuotes {
    value: u8,
}

#[config(prefix = "database", default = 7)]
struct More {
    value: u8,
}

#[config(prefix = "")]
struct EmptyText {
    value: u8,
}

#[config(prefix = "Data Base")]
struct Letters {
    value: u8,
}

#[config(prefix = "database.")]
struct Dot {
    value: u8,
}

#[config(prefix = "server")]
struct Server {
    value: u8,
}

#[config(prefix = "server.more")]
struct BelowServer {
    value: u8,
}

fn main() {}

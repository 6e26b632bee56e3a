//! Types that can't be read, and one without a default.

use mini_spring::config;

struct Opaque;

#[config(prefix = "a")]
struct Types {
    opaque: Opaque,
}

#[derive(serde::Deserialize)]
struct NoDefault;

#[config(prefix = "b")]
struct Default {
    #[config(default)]
    value: NoDefault,
}

fn main() {}

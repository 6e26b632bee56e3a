//! A `FromStr` type whose error can't be told to the client.

use std::str::FromStr;

use mini_spring::route;

struct Even(u64);

struct Odd;

impl FromStr for Even {
    type Err = Odd;

    fn from_str(text: &str) -> Result<Self, Odd> {
        text.parse().map(Even).map_err(|_| Odd)
    }
}

#[route(GET, "/even/<number>")]
fn even(number: Even) -> String {
    number.0.to_string()
}

fn main() {}

//! `cargo run -p bookshop`; README.md says what to try.

// Naming the library links its routes and components.
use bookshop as _;

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

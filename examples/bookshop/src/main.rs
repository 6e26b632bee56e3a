//! `cargo run -p bookshop`; README.md says what to try.

fn main() -> mini_spring::Result<()> {
    bookshop::app().run()
}

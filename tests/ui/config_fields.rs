//! What is said wrongly at a field.

use mini_spring::config;

#[config(prefix = "a")]
struct Fields {
    #[config(default = 7, default = 8)]
    twice: u8,
    #[config(default = 7)]
    #[config(unit = "rows")]
    two_attributes: u8,
    #[config(defualt = 7)]
    slip: u8,
    #[config(description = "what it is")]
    unknown: u8,
    #[config]
    nothing: u8,
    #[config(default = Vec::new())]
    code: Vec<u8>,
    #[config(default = ["a", "b"])]
    list: Vec<String>,
    borrowed: &'static str,
    #[config(unit)]
    no_unit: u8,
    #[config(unit = 7)]
    number: u8,
}

fn main() {}

//! What can't be settings.

use mini_spring::config;

#[config(prefix = "a")]
enum Enum {
    A,
}

#[config(prefix = "a")]
union Union {
    a: u8,
}

#[config(prefix = "a")]
fn function() {}

#[config(prefix = "a")]
struct Tuple(u8);

#[config(prefix = "a")]
struct Unit;

#[config(prefix = "a")]
struct Empty {}

#[config(prefix = "a")]
struct Generic<T> {
    value: T,
}

#[config(prefix = "a")]
struct Borrowed<'a> {
    value: std::marker::PhantomData<&'a u8>,
}

fn main() {}

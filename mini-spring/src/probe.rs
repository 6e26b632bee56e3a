//! Choosing by what a type implements, at the call site, on stable Rust.
//!
//! What [`probe`] returns dereferences through four levels. Method resolution takes the first level whose
//! inherent method applies to the type, so a method that is written on `First<T>` for
//! `T: FromParam`, on `Second<T>` for `T: FromStr` and on `Third<T>` for every `T` tries them in this
//! order. It only works where the type is known: in generated code, never in a generic function.
//!
//! The methods stand with what they are about, in `extract` and `respond`; this file knows neither.

use std::marker::PhantomData;
use std::ops::Deref;

/// What is tried first.
pub struct First<T>(Second<T>);

/// What is tried when nothing of [`First`] applies.
pub struct Second<T>(Third<T>);

/// What is tried when nothing of [`Second`] applies.
pub struct Third<T>(Fourth<T>);

/// What is left.
pub struct Fourth<T>(PhantomData<fn() -> T>);

/// Starts the choice for a type that is named.
pub const fn probe<T>() -> First<T> {
    First(Second(Third(Fourth(PhantomData))))
}

/// Starts the choice for the type of a value.
pub const fn probe_of<T>(_: &T) -> First<T> {
    probe()
}

impl<T> Deref for First<T> {
    type Target = Second<T>;

    fn deref(&self) -> &Second<T> {
        &self.0
    }
}

impl<T> Deref for Second<T> {
    type Target = Third<T>;

    fn deref(&self) -> &Third<T> {
        &self.0
    }
}

impl<T> Deref for Third<T> {
    type Target = Fourth<T>;

    fn deref(&self) -> &Fourth<T> {
        &self.0
    }
}

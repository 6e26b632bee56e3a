//! Values to types: by serde, as the type asks for them, or by `FromStr`.
//!
//! `de` reads one value, `shape` finds out which values a type takes, without one. Neither knows a key that is not
//! given to it.

mod access;
mod de;
mod error;
mod shape;

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;

pub(super) use self::de::{Path, Spot};
pub(super) use self::error::ReadError;
pub(super) use self::shape::{Kind, Shape};
use super::value::Value;
use crate::probe::{First, Fourth, Second, Third};

/// The name by which [`Secret`](crate::Secret) is known to what reads settings.
pub(super) const SECRET: &str = "mini_spring::Secret";
/// The name by which [`ByteSize`](crate::ByteSize) is.
pub(super) const BYTE_SIZE: &str = "mini_spring::ByteSize";

/// How a type is read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Reader<T> {
    pub(super) read: fn(Spot<'_>) -> Result<T, ReadError>,
    /// The value where nothing is written, for a type that needs nothing.
    pub(super) absent: fn() -> Option<T>,
    /// Which values it takes.
    pub(super) shape: fn() -> Shape,
}

impl<T: DeserializeOwned> First<T> {
    /// By serde.
    pub fn setting(&self) -> Reader<T> {
        Reader {
            read: |spot| T::deserialize(spot),
            absent: || T::deserialize(de::Absent).ok(),
            shape: shape::shape::<T>,
        }
    }
}

impl<T: FromStr<Err: Display>> Second<T> {
    /// By `FromStr`, where serde doesn't know the type.
    pub fn setting(&self) -> Reader<T> {
        Reader {
            read: parse,
            absent: || None,
            shape: || Shape::of(Kind::Text),
        }
    }
}

impl<T: FromStr<Err: Display>> Third<Option<T>> {
    /// The same for a value that may be absent.
    pub fn setting(&self) -> Reader<Option<T>> {
        Reader {
            read: |spot| match spot.is_empty() {
                true => Ok(None),
                false => parse(spot).map(Some),
            },
            absent: || Some(None),
            shape: || Shape {
                is_optional: true,
                ..Shape::of(Kind::Text)
            },
        }
    }
}

impl<T> Fourth<T> {
    /// What can't be read: the bound is the error message.
    pub fn setting(&self) -> Reader<T>
    where
        T: Setting,
    {
        Reader {
            read: |spot| Err(spot.expected("a type that can be read")),
            absent: || None,
            shape: Shape::default,
        }
    }
}

/// A type that a setting can have. Nothing implements it: it is there to say what is missing.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the type of a setting",
    label = "this type can't be read from a file or a text",
    note = "derive `serde::Deserialize`, or implement `std::str::FromStr` with an error that is `Display`"
)]
pub trait Setting {}

fn parse<T: FromStr<Err: Display>>(spot: Spot<'_>) -> Result<T, ReadError> {
    let text = match &spot.node.value {
        Value::Table(_) | Value::List(_) => None,
        _ => spot.node.text(),
    };
    let text = text.ok_or_else(|| spot.expected("a text"))?;
    text.parse()
        .map_err(|error: T::Err| ReadError::told(error).at(spot))
}

//! A value as serde reads it: text becomes what the type asks for, for the environment has nothing else.
//!
//! Durations and sizes are understood where a type asks for them; commas part the items of a list in a text.

use std::fmt::{self, Display};

use mini_spring_pattern::units;
use serde::de::value::SeqDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::super::spelling::switch;
use super::super::value::{Entry, Node, Table, Value};
use super::access::{Fields, Items, Variant};
use super::error::{ReadError, one_of};
use super::{BYTE_SIZE, SECRET};

/// How a value is called, from the prefix down.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'p> {
    Key(&'p str),
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Key(key) => formatter.write_str(key),
            Path::Field(above, name) => write!(formatter, "{above}.{name}"),
            Path::Item(above, index) => write!(formatter, "{above}[{index}]"),
        }
    }
}

/// A value, and how it is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(in super::super) node: &'s Node,
    pub(in super::super) path: &'s Path<'s>,
    /// It is never shown.
    pub(in super::super) is_secret: bool,
}

/// A password that is empty lets everybody in who sends none.
const NO_SECRET: &str = "expected a secret, found an empty text; the type `Option<Secret<..>>` is of one that may be absent";

impl Spot<'_> {
    /// The error of another value than was expected.
    pub(super) fn expected(self, expected: impl Display) -> ReadError {
        let found = match self.is_secret {
            true => "one that isn't shown".to_owned(),
            false => self.node.found(),
        };
        let about = self.node.origin.about(&self.path.to_string());
        ReadError::whole(format!("{about}: expected {expected}, found {found}"))
    }

    pub(super) fn is_empty(self) -> bool {
        matches!(&self.node.value, Value::Text(text) if text.is_empty())
    }

    /// A number that is written as such or as text.
    fn whole<T: std::str::FromStr + TryFrom<i64>>(self, expected: &str) -> Result<T, ReadError> {
        let number = match &self.node.value {
            Value::Text(text) => text.trim().parse().ok(),
            Value::Whole(number) => T::try_from(*number).ok(),
            _ => None,
        };
        number.ok_or_else(|| self.expected(expected))
    }

    fn number(self) -> Result<f64, ReadError> {
        let number = match &self.node.value {
            Value::Text(text) => text.trim().parse().ok(),
            Value::Number(number) => Some(*number),
            Value::Whole(number) => Some(*number as f64),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite());
        number.ok_or_else(|| self.expected("a number"))
    }

    fn str(self) -> Result<String, ReadError> {
        match &self.node.value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(self.expected("a text in quotes")),
        }
    }

    fn items<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let parted: Vec<Node>;
        let items = match &self.node.value {
            Value::List(items) => items,
            Value::Text(text) => {
                let items = text.split(',').map(str::trim);
                let items = items.filter(|_| !text.trim().is_empty());
                let node = |item: &str| Node {
                    value: Value::Text(item.to_owned()),
                    origin: self.node.origin.clone(),
                };
                parted = items.map(node).collect();
                &parted
            }
            _ => return Err(self.expected("a list")),
        };
        visitor.visit_seq(Items::new(items, self))
    }

    fn fields<'de, V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match &self.node.value {
            Value::Table(table) => visitor.visit_map(Fields::new(table, names, self)),
            _ => Err(self.expected("a table")),
        }
    }

    /// `30s` for the two numbers that a `Duration` is for serde.
    fn duration<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.node.text().unwrap_or_default();
        let duration = units::duration(text.trim()).map_err(|expected| self.expected(expected))?;
        let parts = [duration.as_secs(), u64::from(duration.subsec_nanos())];
        visitor.visit_seq(SeqDeserializer::new(parts.into_iter()))
    }

    fn size<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = match &self.node.value {
            Value::Text(_) | Value::Whole(_) => self.node.text().unwrap_or_default(),
            _ => String::new(),
        };
        let bytes = units::size(text.trim()).map_err(|expected| self.expected(expected))?;
        visitor.visit_u64(bytes)
    }
}

/// The methods for whole numbers, each with what it says of a value that is none.
macro_rules! whole {
    ($($method:ident $visit:ident $expected:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            let number = self.whole($expected)?;
            visitor.$visit(number).map_err(|error: ReadError| error.at(self))
        }
    )*};
}

impl<'de> Deserializer<'de> for Spot<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let read = match &self.node.value {
            Value::Text(text) => visitor.visit_str(text),
            Value::Whole(number) => visitor.visit_i64(*number),
            Value::Number(number) => visitor.visit_f64(*number),
            Value::Switch(switch) => visitor.visit_bool(*switch),
            Value::List(_) => self.items(visitor),
            Value::Table(_) => self.fields(&[], visitor),
        };
        read.map_err(|error| error.at(self))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let read = match &self.node.value {
            Value::Text(text) => switch(text.trim()).ok(),
            Value::Switch(switch) => Some(*switch),
            _ => None,
        };
        let switch = read.ok_or_else(|| self.expected("`true` or `false`"))?;
        visitor.visit_bool(switch)
    }

    whole! {
        deserialize_i8 visit_i8 "a whole number from -128 to 127";
        deserialize_i16 visit_i16 "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 "a whole number from -2147483648 to 2147483647";
        deserialize_i64 visit_i64 "a whole number";
        deserialize_i128 visit_i128 "a whole number";
        deserialize_u8 visit_u8 "a whole number from 0 to 255";
        deserialize_u16 visit_u16 "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 "a whole number from 0 on";
        deserialize_u128 visit_u128 "a whole number from 0 on";
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let read = visitor.visit_f64(self.number()?);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.str()?;
        let read = visitor.visit_str(&text);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let read = visitor.visit_string(self.str()?);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.is_empty() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == BYTE_SIZE {
            return self.size(visitor);
        }
        if name == SECRET && self.is_empty() {
            let about = self.node.origin.about(&self.path.to_string());
            return Err(ReadError::whole(format!("{about}: {NO_SECRET}")));
        }
        self.is_secret |= name == SECRET;
        let read = visitor.visit_newtype_struct(self);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let read = self.items(visitor);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if is_duration(name, names) {
            return self.duration(visitor);
        }
        let read = self.fields(names, visitor);
        read.map_err(|error: ReadError| error.at(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let read = match &self.node.value {
            Value::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Table(Table { entries }) => match &entries[..] {
                [Entry { name, node }] => visitor.visit_enum(Variant::new(name, node, self)),
                _ => Err(ReadError::expected(
                    format!("one of {}", one_of(variants)),
                    format!("{} keys", entries.len()),
                )),
            },
            _ => Err(self.expected(one_of(variants))),
        };
        read.map_err(|error: ReadError| error.at(self))
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct ignored_any }
}

/// Whether a struct is what serde makes of a `std::time::Duration`.
pub(super) fn is_duration(name: &str, fields: &[&str]) -> bool {
    name == "Duration" && fields == ["secs", "nanos"]
}

/// Nothing: what may be absent is read from it.
pub(super) struct Absent;

impl<'de> Deserializer<'de> for Absent {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::told("expected a value"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

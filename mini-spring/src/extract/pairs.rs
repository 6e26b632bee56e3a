//! Names and values as a data format of serde: `application/x-www-form-urlencoded` (WHATWG URL, section
//! 5.1), in a query or in a body.
//!
//! Values of one name stand together, whatever stood between them. They are read by the same rules as
//! parameters of a pattern, by [`FromParam`]; text is lent from the request, decoded, which is why this
//! isn't done by a crate: those have only what was sent to lend. Knows no media type.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::{FromParam, ParamError};
use crate::http::percent::Malformed;
use crate::request::{FormPair as Pair, Request};

/// The most values of one document: enough for any form, and little memory for a hostile one.
const MOST: usize = 1_000;

/// Reads a value from names and values.
///
/// # Errors
///
/// What can't be decoded, or isn't what the value's type expects.
pub(super) fn read<'r, T: Deserialize<'r>>(
    request: &'r Request,
    raw: &'r [u8],
) -> Result<T, Error> {
    from_sorted(&sorted(request, raw)?)
}

/// Names and values, decoded and ordered by name.
///
/// # Errors
///
/// What can't be decoded, or that there are too many.
pub(super) fn sorted<'r>(request: &'r Request, raw: &'r [u8]) -> Result<Vec<Pair<'r>>, Error> {
    let mut pairs: Vec<Pair<'r>> = Vec::new();
    for pair in request.form_pairs(raw) {
        if pairs.len() == MOST {
            let detail = format!("expected at most {MOST} values, found more");
            return Err(Error { name: None, detail });
        }
        pairs.push(pair?);
    }
    sort(&mut pairs);
    Ok(pairs)
}

/// Reads a value from names and values that are decoded.
///
/// # Errors
///
/// What isn't what the value's type expects.
pub(super) fn from_pairs<'r, T: Deserialize<'r>>(mut pairs: Vec<Pair<'r>>) -> Result<T, Error> {
    sort(&mut pairs);
    from_sorted(&pairs)
}

/// Stable: what has one name stays in order.
fn sort(pairs: &mut [Pair<'_>]) {
    pairs.sort_by_key(|(name, _)| *name);
}

fn from_sorted<'r, T: Deserialize<'r>>(pairs: &[Pair<'r>]) -> Result<T, Error> {
    T::deserialize(Pairs::of(pairs))
}

/// What is wrong, and with the value of which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    pub(super) name: Option<String>,
    pub(super) detail: String,
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        de::Error::custom(malformed.reason())
    }
}

impl From<ParamError> for Error {
    fn from(error: ParamError) -> Self {
        de::Error::custom(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error {
            name: None,
            detail: message.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Error {
            name: Some(field.to_owned()),
            detail: "expected a value, found none".to_owned(),
        }
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Error {
            name: Some(field.to_owned()),
            detail: "there is no such parameter".to_owned(),
        }
    }
}

/// All that is left of the document, ordered by name.
pub(super) struct Pairs<'p, 'r> {
    left: &'p [Pair<'r>],
}

impl<'p, 'r> Pairs<'p, 'r> {
    /// Of pairs that are sorted.
    pub(super) fn of(pairs: &'p [Pair<'r>]) -> Self {
        Pairs { left: pairs }
    }

    /// The next name with all its values.
    fn next(&mut self) -> Option<(&'r str, &'p [Pair<'r>])> {
        let (name, _) = *self.left.first()?;
        let count = self.left.iter().take_while(|pair| pair.0 == name).count();
        let (values, left) = self.left.split_at(count);
        self.left = left;
        Some((name, values))
    }
}

impl<'r> de::Deserializer<'r> for Pairs<'_, 'r> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries {
            pairs: self,
            current: None,
        })
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// A list of names and values, as tuples.
    fn deserialize_seq<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.left.iter().map(Entry)))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// The document as a map.
struct Entries<'p, 'r> {
    pairs: Pairs<'p, 'r>,
    current: Option<(&'r str, &'p [Pair<'r>])>,
}

impl<'r> MapAccess<'r> for Entries<'_, 'r> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'r>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.current = self.pairs.next();
        match self.current {
            Some((name, _)) => seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'r>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (name, values) = self.current.take().unwrap_or_default();
        seed.deserialize(Values(values)).map_err(|error| Error {
            name: error.name.or_else(|| Some(name.to_owned())),
            ..error
        })
    }
}

/// One name and its value, as a tuple.
struct Entry<'p, 'r>(&'p Pair<'r>);

impl<'r> de::Deserializer<'r> for Entry<'_, 'r> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        let (name, value) = self.0;
        let value = (*name, *value);
        let both = [(*name, Ok(Some(*name))), value];
        visitor.visit_seq(one_by_one(&both))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// All values of one name, of which there is one at least.
struct Values<'p, 'r>(&'p [Pair<'r>]);

impl<'r> Values<'_, 'r> {
    fn one(&self) -> Result<Option<&'r str>, Error> {
        match self.0 {
            [(_, value)] => Ok((*value)?),
            _ => Err(ParamError::new("expected one value, found several").into()),
        }
    }

    fn text(&self) -> Result<&'r str, Error> {
        Ok(self.one()?.unwrap_or_default())
    }

    /// Reads it as a parameter.
    fn parse<T: FromParam<'r>>(&self) -> Result<T, Error> {
        let value = self.one()?;
        match value.map_or_else(T::from_flag, |_| None) {
            Some(flag) => Ok(flag),
            None => Ok(T::from_param(value.unwrap_or_default())?),
        }
    }
}

/// Values, one after the other.
fn one_by_one<'r>(pairs: &[Pair<'r>]) -> impl SeqAccess<'r, Error = Error> {
    SeqDeserializer::new(pairs.iter().map(|pair| Values(std::slice::from_ref(pair))))
}

impl<'r> IntoDeserializer<'r, Error> for Values<'_, 'r> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'r> IntoDeserializer<'r, Error> for Entry<'_, 'r> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Methods for types that are read as parameters are.
macro_rules! parse {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse()?)
        }
    )*};
}

impl<'r> de::Deserializer<'r> for Values<'_, 'r> {
    type Error = Error;

    parse! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
        deserialize_char visit_char
    }

    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.text()?)
    }

    /// An empty value is none; a flag, which goes without, is one.
    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            [(_, Ok(Some("")))] => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(one_by_one(self.0))
    }

    fn deserialize_tuple<V: Visitor<'r>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    /// A variant without fields, by its name.
    fn deserialize_enum<V: Visitor<'r>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text: StrDeserializer<'_, Error> = self.text()?.into_deserializer();
        visitor.visit_enum(text)
    }

    fn deserialize_ignored_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'r>>
        str string bytes byte_buf map struct identifier
    }
}

#[cfg(test)]
mod tests;

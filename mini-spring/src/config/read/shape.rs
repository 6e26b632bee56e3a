//! [`Shape`]: which values a type takes, found out without a value.
//!
//! The type is asked to read from a deserializer that notes what is asked for, and then fails. For a struct that is
//! the names of its fields; for what is in each of them it is asked once more, with that field alone.

use std::fmt::{self, Display};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor,
};

use super::de::is_duration;
use super::{BYTE_SIZE, SECRET};

/// How deep structs are looked into; what is deeper takes anything.
const DEEPEST: usize = 4;
/// How many fields of one setting are looked at.
const MOST_FIELDS: usize = 256;

/// Which values a type takes.
#[doc(hidden)]
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shape {
    pub(in super::super) kind: Kind,
    /// It is never shown.
    pub(in super::super) is_secret: bool,
    /// It may be absent.
    pub(in super::super) is_optional: bool,
    /// What is inside of a struct.
    pub(in super::super) fields: Vec<(&'static str, Shape)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in super::super) enum Kind {
    /// Nobody knows but the type.
    #[default]
    Any,
    Switch,
    Number,
    Text,
    Duration,
    Size,
    Choice(&'static [&'static str]),
    List,
    Map,
    /// A struct: each field is a setting.
    Fields,
}

impl Shape {
    pub(super) fn of(kind: Kind) -> Self {
        Shape {
            kind,
            ..Shape::default()
        }
    }
}

/// The shape of a type.
pub(super) fn shape<T: DeserializeOwned>() -> Shape {
    explore::<T>(&mut Vec::new(), &mut 0)
}

/// The shape of what is found behind these fields.
fn explore<T: DeserializeOwned>(path: &mut Vec<usize>, seen: &mut usize) -> Shape {
    let mut shape = Shape::default();
    let mut names: &[&str] = &[];
    // It always fails, unless nothing was asked for.
    let _ = T::deserialize(Tracer {
        path,
        shape: &mut shape,
        names: &mut names,
    });
    if shape.kind != Kind::Fields {
        return shape;
    }
    *seen += names.len();
    if path.len() == DEEPEST || *seen > MOST_FIELDS {
        shape.kind = Kind::Any;
        return shape;
    }
    for (index, name) in names.iter().enumerate() {
        path.push(index);
        shape.fields.push((name, explore::<T>(path, seen)));
        path.pop();
    }
    shape
}

struct Tracer<'t> {
    /// The fields to go through.
    path: &'t [usize],
    shape: &'t mut Shape,
    names: &'t mut &'static [&'static str],
}

impl Tracer<'_> {
    fn found<T>(self, kind: Kind) -> Result<T, Stop> {
        if self.path.is_empty() {
            self.shape.kind = kind;
        }
        Err(Stop)
    }
}

/// The methods for types that take one kind of values.
macro_rules! simple {
    ($($method:ident $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
            self.found(Kind::$kind)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Stop;

    simple! {
        deserialize_any Any;
        deserialize_bool Switch;
        deserialize_i8 Number;
        deserialize_i16 Number;
        deserialize_i32 Number;
        deserialize_i64 Number;
        deserialize_i128 Number;
        deserialize_u8 Number;
        deserialize_u16 Number;
        deserialize_u32 Number;
        deserialize_u64 Number;
        deserialize_u128 Number;
        deserialize_f32 Number;
        deserialize_f64 Number;
        deserialize_char Text;
        deserialize_str Text;
        deserialize_string Text;
        deserialize_bytes Text;
        deserialize_byte_buf Text;
        deserialize_unit Any;
        deserialize_seq List;
        deserialize_map Map;
        deserialize_identifier Text;
        deserialize_ignored_any Any;
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Stop> {
        self.found(Kind::Any)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Stop> {
        self.found(Kind::List)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Stop> {
        self.found(Kind::List)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Stop> {
        self.found(Kind::Choice(variants))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.shape.is_optional |= self.path.is_empty();
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        match name {
            BYTE_SIZE => return self.found(Kind::Size),
            // All that is in a secret is one.
            SECRET => self.shape.is_secret = true,
            _ => {}
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if is_duration(name, names) {
            return self.found(Kind::Duration);
        }
        match self.path.split_first() {
            None => {
                *self.names = names;
                self.found(Kind::Fields)
            }
            Some((first, path)) => visitor.visit_map(One {
                name: names.get(*first).copied(),
                inside: Tracer { path, ..self },
            }),
        }
    }
}

/// A struct with one field.
struct One<'t> {
    name: Option<&'static str>,
    inside: Tracer<'t>,
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        match self.name.take() {
            Some(name) => seed
                .deserialize(IntoDeserializer::<Stop>::into_deserializer(name))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        let Tracer { path, shape, names } = &mut self.inside;
        seed.deserialize(Tracer { path, shape, names })
    }
}

/// Enough is known.
#[derive(Debug)]
struct Stop;

impl Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("enough is known")
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: Display>(_: T) -> Self {
        Stop
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::net::IpAddr;
    use std::time::Duration;

    use serde::Deserialize;

    use super::*;
    use crate::config::{ByteSize, Secret};

    #[track_caller]
    fn check<T: DeserializeOwned>(kind: Kind) {
        assert_eq!(shape::<T>(), Shape::of(kind));
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    enum Level {
        Low,
        High,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Pool {
        size: u32,
        key: Option<Secret<String>>,
        inner: Option<Box<Pool>>,
    }

    #[test]
    fn kinds() {
        check::<bool>(Kind::Switch);
        check::<u16>(Kind::Number);
        check::<std::num::NonZeroU8>(Kind::Number);
        check::<f32>(Kind::Number);
        check::<String>(Kind::Text);
        check::<IpAddr>(Kind::Text);
        check::<Duration>(Kind::Duration);
        check::<ByteSize>(Kind::Size);
        check::<Vec<u8>>(Kind::List);
        check::<(u8, u8)>(Kind::List);
        check::<HashMap<String, u8>>(Kind::Map);
        check::<Level>(Kind::Choice(&["Low", "High"]));
        check::<serde_json::Value>(Kind::Any);
        let optional = shape::<Option<Duration>>();
        assert!(optional.is_optional && optional.kind == Kind::Duration);
        let secret = shape::<Secret<Vec<u8>>>();
        assert!(secret.is_secret && secret.kind == Kind::List);
    }

    #[test]
    fn structs_are_looked_into_but_not_for_ever() {
        let pool = shape::<Pool>();
        assert_eq!(pool.kind, Kind::Fields);
        let [size, key, inner] = &pool.fields[..] else {
            panic!("{pool:?}");
        };
        assert_eq!(size, &("size", Shape::of(Kind::Number)));
        assert!(key.1.is_secret && key.1.is_optional);
        let mut deepest = &inner.1;
        let mut depth = 1;
        while let Some((_, inner)) = deepest.fields.last() {
            deepest = inner;
            depth += 1;
        }
        assert_eq!((deepest.kind, depth), (Kind::Any, DEEPEST));
    }
}

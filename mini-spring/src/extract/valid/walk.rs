//! A deserializer that looks on while another one reads, and tells [`Names`] where it is.
//!
//! Each part of serde's data model stands in a [`Walk`], which hands everything through and knows which of the
//! fields that are looked for lie in it. What none of them lies in is read without it. Knows no format.

mod access;

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use self::access::{Elements, Members};
use super::names::{Names, Step, Ways};

/// A place in a document, and the fields that lie in it.
pub(crate) struct At<'s> {
    names: &'s RefCell<Names>,
    ways: Ways,
    shape: Shape,
}

/// What is being read.
#[derive(Clone, Copy)]
enum Shape {
    Value,
    /// Something with members that serde doesn't tell.
    Map,
    /// A struct of these fields.
    Struct(&'static [&'static str]),
    /// The key of a member, or the name of a variant.
    Key,
}

/// A part of serde's data model at a place.
pub(crate) struct Walk<'s, X> {
    inner: X,
    at: At<'s>,
}

impl<'s> At<'s> {
    /// The document as a whole.
    pub(super) fn root(names: &'s RefCell<Names>, ways: Ways) -> Self {
        At {
            names,
            ways,
            shape: Shape::Value,
        }
    }

    /// Looks on while this reads.
    pub(crate) fn watch<X>(self, inner: X) -> Walk<'s, X> {
        Walk { inner, at: self }
    }

    fn shaped(self, shape: Shape) -> Self {
        At { shape, ..self }
    }

    fn key(&self) -> At<'s> {
        At::root(self.names, Ways::new()).shaped(Shape::Key)
    }

    /// The place where the names are, to which these ways lead, unless they were found to lead elsewhere.
    fn reached(names: &'s RefCell<Names>, mut ways: Ways) -> Self {
        ways.retain(|way| names.borrow_mut().reach(*way, None));
        At::root(names, ways)
    }

    /// The value of a newtype, which is the newtype in a document; garde has it as its element 0.
    fn unwrapped(mut self) -> Self {
        let names = &mut *self.names.borrow_mut();
        for way in &mut self.ways {
            let (field, done) = *way;
            if names.step(*way) == Some(&Step::Element(0)) && names.reach((field, done + 1), None) {
                *way = (field, done + 1);
            }
        }
        self
    }

    /// Reads what is called so with the place being there.
    fn inside<T>(&self, name: &str, read: impl FnOnce() -> T) -> T {
        self.names.borrow_mut().here.push(name.to_owned());
        let value = read();
        self.names.borrow_mut().here.pop();
        value
    }

    /// A key has been read.
    fn saw(&self, key: &dyn fmt::Display) {
        if let Shape::Key = self.shape {
            self.names.borrow_mut().key = Some(key.to_string());
        }
    }
}

/// Methods of a deserializer that only have a visitor.
macro_rules! hand_through {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(self.at.watch(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Walk<'_, D> {
    type Error = D::Error;

    hand_through! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let at = self.at.shaped(Shape::Map);
        self.inner.deserialize_map(at.watch(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .deserialize_unit_struct(name, self.at.watch(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.at.watch(visitor);
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(length, self.at.watch(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.at.watch(visitor);
        self.inner.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let at = self.at.shaped(Shape::Struct(fields));
        self.inner
            .deserialize_struct(name, fields, at.watch(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.at.watch(visitor);
        self.inner.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Methods of a visitor for values with nothing in them, but which may be a key.
macro_rules! visit {
    ($($method:ident $type:ty)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.at.saw(&value);
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Walk<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    visit! {
        visit_bool bool visit_i8 i8 visit_i16 i16 visit_i32 i32 visit_i64 i64 visit_i128 i128
        visit_u8 u8 visit_u16 u16 visit_u32 u32 visit_u64 u64 visit_u128 u128 visit_f32 f32
        visit_f64 f64 visit_char char visit_str &str visit_borrowed_str &'de str
        visit_string String
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<V::Value, E> {
        self.inner.visit_bytes(value)
    }

    fn visit_borrowed_bytes<E: Error>(self, value: &'de [u8]) -> Result<V::Value, E> {
        self.inner.visit_borrowed_bytes(value)
    }

    fn visit_byte_buf<E: Error>(self, value: Vec<u8>) -> Result<V::Value, E> {
        self.inner.visit_byte_buf(value)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(self.at.watch(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = self.at.unwrapped().watch(value);
        self.inner.visit_newtype_struct(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Elements::of(elements, self.at))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Members::of(members, self.at))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(self.at.watch(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Walk<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(self.at.watch(deserializer))
    }
}

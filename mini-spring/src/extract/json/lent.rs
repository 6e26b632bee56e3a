//! A deserializer that lends every text: one with an escape in it, too.
//!
//! serde_json lends what stands in the document as it is meant. A string with an escape, `"a \"b\""`, stands nowhere
//! like that, and a `&str` refuses what isn't lent. Here such a text is kept with the request, and lent from there.
//! Each part of serde's data model stands in a [`Lent`], which hands everything else through. Knows no format.

mod access;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use crate::request::Request;

/// A part of serde's data model, whose texts are kept with a request.
pub(crate) struct Lent<'r, X> {
    inner: X,
    request: &'r Request,
}

impl<'r, X> Lent<'r, X> {
    pub(crate) fn of(inner: X, request: &'r Request) -> Self {
        Lent { inner, request }
    }
}

/// Methods of a deserializer, with what they take before the visitor.
macro_rules! hand_through {
    ($($method:ident($($name:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'r>>(
            self,
            $($name: $type,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            self.inner.$method($($name,)* Lent::of(visitor, self.request))
        }
    )*};
}

impl<'r, D: Deserializer<'r>> Deserializer<'r> for Lent<'r, D> {
    type Error = D::Error;

    hand_through! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32()
        deserialize_i64() deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32()
        deserialize_u64() deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Methods of a visitor for values with nothing in them.
macro_rules! visit {
    ($($method:ident $type:ty)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'r, V: Visitor<'r>> Visitor<'r> for Lent<'r, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    visit! {
        visit_bool bool visit_i8 i8 visit_i16 i16 visit_i32 i32 visit_i64 i64 visit_i128 i128
        visit_u8 u8 visit_u16 u16 visit_u32 u32 visit_u64 u64 visit_u128 u128 visit_f32 f32
        visit_f64 f64 visit_char char visit_borrowed_str &'r str visit_string String
        visit_bytes &[u8] visit_borrowed_bytes &'r [u8] visit_byte_buf Vec<u8>
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        let text = self.request.keep(text.to_owned());
        self.inner.visit_borrowed_str(text)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'r>>(self, value: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Lent::of(value, self.request))
    }

    fn visit_newtype_struct<D: Deserializer<'r>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = Lent::of(value, self.request);
        self.inner.visit_newtype_struct(value)
    }

    fn visit_seq<A: SeqAccess<'r>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Lent::of(elements, self.request))
    }

    fn visit_map<A: MapAccess<'r>>(self, members: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Lent::of(members, self.request))
    }

    fn visit_enum<A: EnumAccess<'r>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Lent::of(variant, self.request))
    }
}

impl<'r, S: DeserializeSeed<'r>> DeserializeSeed<'r> for Lent<'r, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = Lent::of(deserializer, self.request);
        self.inner.deserialize(deserializer)
    }
}

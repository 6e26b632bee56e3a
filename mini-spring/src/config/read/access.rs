//! What is inside a value, one after the other: the items of a list, the fields of a table, a variant.

use std::slice;

use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::super::value::{Entry, Node, Table, is_same};
use super::de::{Path, Spot};
use super::error::ReadError;

/// The items of a list.
pub(super) struct Items<'s> {
    items: std::iter::Enumerate<slice::Iter<'s, Node>>,
    list: Spot<'s>,
}

impl<'s> Items<'s> {
    pub(super) fn new(items: &'s [Node], list: Spot<'s>) -> Self {
        Items {
            items: items.iter().enumerate(),
            list,
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some((index, node)) = self.items.next() else {
            return Ok(None);
        };
        let spot = Spot {
            node,
            path: &Path::Item(self.list.path, index),
            ..self.list
        };
        seed.deserialize(spot).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The fields of a table.
pub(super) struct Fields<'s> {
    entries: slice::Iter<'s, Entry>,
    current: Option<(&'s str, &'s Node)>,
    /// What the struct calls its fields.
    names: &'static [&'static str],
    table: Spot<'s>,
}

impl<'s> Fields<'s> {
    pub(super) fn new(table: &'s Table, names: &'static [&'static str], spot: Spot<'s>) -> Self {
        Fields {
            entries: table.entries.iter(),
            current: None,
            names,
            table: spot,
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let Some(Entry { name, node }) = self.entries.next() else {
            return Ok(None);
        };
        let mut names = self.names.iter();
        let known = names.find(|known| is_same(known, name));
        let name = known.copied().unwrap_or(name);
        self.current = Some((name, node));
        // A key may be a number, which only its type knows.
        let key = Node {
            value: super::Value::Text(name.to_owned()),
            origin: node.origin.clone(),
        };
        let spot = Spot {
            node: &key,
            path: &Path::Field(self.table.path, name),
            ..self.table
        };
        seed.deserialize(spot).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let Some((name, node)) = self.current.take() else {
            return Err(ReadError::told("expected a key before a value"));
        };
        let spot = Spot {
            node,
            path: &Path::Field(self.table.path, name),
            ..self.table
        };
        seed.deserialize(spot)
    }
}

/// A variant with what is in it: `kind = { file = { path = "a" } }`.
pub(super) struct Variant<'s> {
    name: &'s str,
    node: &'s Node,
    table: Spot<'s>,
}

impl<'s> Variant<'s> {
    pub(super) fn new(name: &'s str, node: &'s Node, table: Spot<'s>) -> Self {
        Variant { name, node, table }
    }

    fn inside<T>(
        self,
        read: impl FnOnce(Spot<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        read(Spot {
            node: self.node,
            path: &Path::Field(self.table.path, self.name),
            ..self.table
        })
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ReadError> {
        let name = IntoDeserializer::<ReadError>::into_deserializer(self.name);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        let message = format!("the text `{}`", self.name);
        self.inside(|spot| Err(spot.expected(message)))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        self.inside(|spot| seed.deserialize(spot))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.inside(|spot| serde::Deserializer::deserialize_seq(spot, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.inside(|spot| serde::Deserializer::deserialize_struct(spot, "", names, visitor))
    }
}

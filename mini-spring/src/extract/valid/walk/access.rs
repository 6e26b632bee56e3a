//! What has others in it: lists, objects and variants of enums. Each tells which of the ways lead where.

use std::collections::HashMap;
use std::iter::Peekable;
use std::vec;

use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{At, Shape, Walk};
use crate::extract::valid::names::{Step, Ways};

/// The elements of a list.
pub(super) struct Elements<'s, A> {
    inner: A,
    at: At<'s>,
    next: usize,
    /// Which of them ways lead to, in their order, and those ways.
    sought: Peekable<vec::IntoIter<(usize, (usize, usize))>>,
}

impl<'s, A> Elements<'s, A> {
    pub(super) fn of(inner: A, at: At<'s>) -> Self {
        let names = at.names.borrow();
        let element = |&way: &(usize, usize)| match names.step(way) {
            Some(&Step::Element(index)) => Some((index, (way.0, way.1 + 1))),
            _ => None,
        };
        let mut sought: Vec<_> = at.ways.iter().filter_map(element).collect();
        sought.sort();
        drop(names);
        Elements {
            inner,
            at,
            next: 0,
            sought: sought.into_iter().peekable(),
        }
    }

    /// The ways that lead to the element of this index.
    fn ways(&mut self, index: usize) -> Ways {
        let mut ways = Ways::new();
        while let Some((_, way)) = self.sought.next_if(|(sought, _)| *sought == index) {
            ways.push(way);
        }
        ways
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let index = self.next;
        self.next += 1;
        let ways = self.ways(index);
        if ways.is_empty() {
            return self.inner.next_element_seed(seed);
        }
        let (inner, names) = (&mut self.inner, self.at.names);
        self.at.inside(&index.to_string(), || {
            inner.next_element_seed(At::reached(names, ways).watch(seed))
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object.
pub(super) struct Members<'s, A> {
    inner: A,
    at: At<'s>,
    /// Which of them ways lead to, and those ways.
    sought: HashMap<String, Ways>,
}

impl<'s, A> Members<'s, A> {
    pub(super) fn of(inner: A, at: At<'s>) -> Self {
        let names = &mut *at.names.borrow_mut();
        let sought = match at.shape {
            Shape::Struct(fields) => names.members(&at.ways, Some(fields)),
            _ => names.members(&at.ways, None),
        };
        if let Shape::Map = at.shape {
            names.open(&at.ways);
        }
        Members { inner, at, sought }
    }

    /// The member whose key was read, if ways lead to it.
    fn member(&self) -> Option<(String, Ways)> {
        let names = &mut *self.at.names.borrow_mut();
        let key = names.key.take()?;
        let ways = match self.at.shape {
            Shape::Struct(_) => self.sought.get(&key)?,
            _ => self.sought.get(&names.folded(&key))?,
        };
        Some((key, ways.clone()))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        match self.sought.is_empty() {
            true => self.inner.next_key_seed(seed),
            false => self.inner.next_key_seed(self.at.key().watch(seed)),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Some((key, ways)) = self.member() else {
            return self.inner.next_value_seed(seed);
        };
        let (inner, names) = (&mut self.inner, self.at.names);
        self.at.inside(&key, || {
            inner.next_value_seed(At::reached(names, ways).watch(seed))
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, 's, A: EnumAccess<'de>> EnumAccess<'de> for Walk<'s, A> {
    type Error = A::Error;
    type Variant = Variant<'s, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, inner) = self.inner.variant_seed(self.at.key().watch(seed))?;
        let name = self.at.names.borrow_mut().key.take().unwrap_or_default();
        let at = self.at;
        Ok((value, Variant { inner, at, name }))
    }
}

/// The content of a variant, which is a member of its name; garde doesn't tell that name.
pub(crate) struct Variant<'s, A> {
    inner: A,
    at: At<'s>,
    name: String,
}

impl<'s, A> Variant<'s, A> {
    /// Reads the content at its place.
    fn read<T>(self, read: impl FnOnce(A, At<'s>) -> T) -> T {
        let Variant { inner, at, name } = self;
        let names = at.names;
        At::root(names, Ways::new()).inside(&name, || read(inner, at))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Variant<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.read(|inner, at| inner.newtype_variant_seed(at.unwrapped().watch(seed)))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.read(|inner, at| inner.tuple_variant(length, at.watch(visitor)))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.read(|inner, at| {
            let at = at.shaped(Shape::Struct(fields));
            inner.struct_variant(fields, at.watch(visitor))
        })
    }
}

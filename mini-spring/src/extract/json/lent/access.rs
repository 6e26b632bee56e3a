//! What has others in it: lists, objects and variants of enums.

use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::Lent;

impl<'r, A: SeqAccess<'r>> SeqAccess<'r> for Lent<'r, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'r>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(Lent::of(seed, self.request))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'r, A: MapAccess<'r>> MapAccess<'r> for Lent<'r, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'r>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(Lent::of(seed, self.request))
    }

    fn next_value_seed<S: DeserializeSeed<'r>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(Lent::of(seed, self.request))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'r, A: EnumAccess<'r>> EnumAccess<'r> for Lent<'r, A> {
    type Error = A::Error;
    type Variant = Lent<'r, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'r>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let request = self.request;
        let (name, content) = self.inner.variant_seed(Lent::of(seed, request))?;
        Ok((name, Lent::of(content, request)))
    }
}

impl<'r, A: VariantAccess<'r>> VariantAccess<'r> for Lent<'r, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'r>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner
            .newtype_variant_seed(Lent::of(seed, self.request))
    }

    fn tuple_variant<V: Visitor<'r>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Lent::of(visitor, self.request);
        self.inner.tuple_variant(length, visitor)
    }

    fn struct_variant<V: Visitor<'r>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Lent::of(visitor, self.request);
        self.inner.struct_variant(fields, visitor)
    }
}

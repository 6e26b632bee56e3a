//! The extractors of this crate that [`Valid`](super::Valid) can stand around.

use garde::Validate;
use serde::Deserialize;

use super::{Names, Validatable};
use crate::extract::json::Lent;
use crate::extract::pairs::{self, Pairs};
use crate::extract::{Form, Query};
use crate::request::Request;
use crate::respond::Json;

impl<'r, T> Validatable<'r> for Json<T>
where
    T: Deserialize<'r> + Validate<Context: Default>,
{
    type Value = T;

    fn value(&self) -> &T {
        &self.0
    }

    fn name(request: &'r Request, names: &mut Names) {
        names.search(|at| {
            let mut json = serde_json::Deserializer::from_slice(request.body());
            // It has been read before, so it can be read.
            let _ = T::deserialize(at.watch(Lent::of(&mut json, request)));
        });
    }
}

impl<'r, T> Validatable<'r> for Query<T>
where
    T: Deserialize<'r> + Validate<Context: Default>,
{
    type Value = T;
    const PLACE: &'static str = "query";

    fn value(&self) -> &T {
        &self.0
    }

    fn name(request: &'r Request, names: &mut Names) {
        search::<T>(
            request,
            request.query().unwrap_or_default().as_bytes(),
            names,
        );
    }
}

impl<'r, T> Validatable<'r> for Form<T>
where
    T: Deserialize<'r> + Validate<Context: Default>,
{
    type Value = T;

    fn value(&self) -> &T {
        &self.0
    }

    fn name(request: &'r Request, names: &mut Names) {
        names.is_form = true;
        search::<T>(request, request.body(), names);
    }
}

/// Searches a query or a form.
fn search<'r, T: Deserialize<'r>>(request: &'r Request, raw: &'r [u8], names: &mut Names) {
    if let Ok(pairs) = pairs::sorted(request, raw) {
        names.search(|at| {
            let _ = T::deserialize(at.watch(Pairs::of(&pairs)));
        });
    }
}

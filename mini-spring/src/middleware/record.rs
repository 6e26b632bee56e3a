//! What `#[middleware]` leaves behind of a function, and the table of all of them.
//!
//! The function itself is a `fn(&mut Request, Next) -> Response` that can be named like any other. What it
//! needs is found by its type: that of a function's name is its alone.

use std::any::TypeId;
use std::collections::HashMap;

use once_cell::sync::Lazy;

use super::Provides;
use crate::extract::Needs;

/// What `#[middleware]` leaves behind of a function. Function pointers only, so that it can be a constant.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct MiddlewareRecord {
    /// The type of the function's name.
    pub kind: fn() -> TypeId,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// Adds what its further arguments need.
    pub requires: fn(&mut Needs),
    /// What it puts on requests.
    pub provides: fn() -> Provides,
}

inventory::collect!(MiddlewareRecord);

static TABLE: Lazy<HashMap<TypeId, &'static MiddlewareRecord>> = Lazy::new(|| {
    let records = inventory::iter::<MiddlewareRecord>.into_iter();
    records.map(|record| ((record.kind)(), record)).collect()
});

/// The record of a function, if it has the attribute.
pub(super) fn of<F: 'static>() -> Option<&'static MiddlewareRecord> {
    TABLE.get(&TypeId::of::<F>()).copied()
}

/// The type of a function's name, which can't be written.
#[doc(hidden)]
pub fn kind_of<F: 'static>(_: &F) -> TypeId {
    TypeId::of::<F>()
}

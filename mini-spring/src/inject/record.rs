//! What `#[component]` leaves behind of a function, a struct or an `impl`, and what generated code tells of it.

use std::any::{Any, TypeId};
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::sharing::Provided;
use super::supply::Supply;
use crate::component::{Key, Part};
use crate::error::Error;
use crate::extract::Needs;
use crate::request::Request;
use crate::respond::Problem;

/// A component, as the macro writes it down: plain data and function pointers, so that it can be a constant.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ComponentRecord {
    /// The function or the type.
    pub name: &'static str,
    /// `module_path!()`.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// The name that arguments ask for, if it has one.
    pub label: Option<&'static str>,
    /// It is meant where several could be.
    pub is_primary: bool,
    /// The profiles that have it; empty: all.
    pub profiles: &'static [&'static str],
    /// What it provides and needs.
    pub describe: fn(&mut Description),
    /// How it is made.
    pub build: Build,
}

/// How a component is made.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Build {
    /// Once, before the server starts.
    Once(fn(&mut Supply<'_>) -> Result<Made, Error>),
    /// Once for each request that needs it.
    PerRequest(fn(&Request) -> Result<MadeHere, Problem>),
}

inventory::collect!(ComponentRecord);

/// All records of the program, in a fixed order.
static TABLE: Lazy<Vec<&'static ComponentRecord>> = Lazy::new(|| {
    let mut records: Vec<_> = inventory::iter::<ComponentRecord>.into_iter().collect();
    records.sort_by_key(|record| (record.file, record.line, record.name));
    records
});

/// The table of all components of the program.
pub(super) fn table() -> &'static [&'static ComponentRecord] {
    &TABLE
}

/// What a component provides and needs.
#[derive(Default)]
pub struct Description {
    pub(super) keys: Vec<Key>,
    pub(super) needs: Needs,
    label: Option<&'static str>,
}

impl Description {
    pub(super) fn of(record: &ComponentRecord) -> Self {
        let mut description = Description {
            label: record.label,
            ..Description::default()
        };
        (record.describe)(&mut description);
        description
    }

    /// Adds a type under which it is found.
    pub fn provides<T: ?Sized + 'static>(&mut self, _: Provided<T>) {
        self.keys.push(Key::of::<T>(self.label));
    }

    /// What its arguments need.
    pub fn needs(&mut self) -> &mut Needs {
        &mut self.needs
    }
}

/// What a component that is made once must be, and so what one is made with: `Send + Sync`, said in our words.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be shared between threads, and a component is used by many at a time",
    label = "this isn't `Send + Sync`",
    note = "put what changes into a `Mutex` or an atomic, connections into a `Mutex` or a pool, and use `Arc` for `Rc`; of a trait say `trait Clock: Send + Sync`",
    note = "what is made for each request need not be `Send`: `#[component(scope = request)]`"
)]
pub trait Shareable: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + Send + Sync + 'static> Shareable for T {}

/// The same of a trait by which it is known as well.
#[diagnostic::on_unimplemented(
    message = "a component that is made once can't be known as `{Self}`, which doesn't say that it is `Send + Sync`",
    label = "this isn't `Send + Sync`",
    note = "say it of the trait: `trait Clock: Send + Sync`"
)]
pub trait KnownAs: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + Send + Sync + 'static> KnownAs for T {}

/// A component that was made, under each of its types.
pub struct Made(pub(super) Vec<Part>);

impl Made {
    /// Under its own type.
    pub fn of<T: ?Sized + Shareable>(shared: Arc<T>) -> Self {
        Made(vec![Part::of(shared)])
    }

    /// Under another one as well.
    pub fn and<T: ?Sized + KnownAs>(mut self, shared: Arc<T>) -> Self {
        self.0.push(Part::of(shared));
        self
    }
}

/// A component that was made for a request, under each of its types. It stays on its thread.
pub struct MadeHere(Vec<(TypeId, Box<dyn Any>)>);

impl MadeHere {
    /// Under its own type.
    pub fn of<T: ?Sized + 'static>(shared: Arc<T>) -> Self {
        MadeHere(Vec::new()).and(shared)
    }

    /// Under another one as well.
    pub fn and<T: ?Sized + 'static>(mut self, shared: Arc<T>) -> Self {
        self.0.push((TypeId::of::<T>(), Box::new(shared)));
        self
    }

    /// The component under this type.
    pub(super) fn shared<T: ?Sized + 'static>(&self) -> Option<Arc<T>> {
        let (_, shared) = self.0.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        shared.downcast_ref::<Arc<T>>().cloned()
    }
}

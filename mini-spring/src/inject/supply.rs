//! What a component is made with: its arguments, in the order in which it said that it needs them.

use std::sync::Arc;

use crate::component::Part;
use crate::error::{Error, Result};
use crate::extract::Needs;

/// An argument of a component that is made once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be injected into a component",
    label = "this is no component",
    note = "a component is made with `Inject<T>`, which shares it as `Arc<T>` would, `Option<Inject<T>>` and `Vec<Inject<T>>`; settings are a struct with `#[config]`, taken as `Inject<T>`",
    note = "what a request tells is for `#[component(scope = request)]`"
)]
pub trait Injectable: Sized {
    /// Says what it needs: exactly one thing.
    fn want(needs: &mut Needs);

    /// Takes it.
    ///
    /// # Errors
    ///
    /// It isn't there.
    fn take(supply: &mut Supply<'_>) -> Result<Self>;
}

/// How an argument is taken: all that generated code asks of [`Injectable`], in one place, so that a type that
/// is none is reported once.
pub struct Taking<T> {
    /// Says what it needs.
    pub want: fn(&mut Needs),
    /// Takes it.
    pub take: fn(&mut Supply<'_>) -> Result<T>,
}

/// How an argument of a type is taken.
pub const fn injectable<T: Injectable>() -> Taking<T> {
    Taking {
        want: T::want,
        take: T::take,
    }
}

/// Which components stand for a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    /// This one.
    One(usize),
    /// None, and that is no mistake.
    Nothing,
    /// All of these.
    All(Vec<usize>),
}

impl Resolved {
    /// The components.
    pub(super) fn targets(&self) -> impl Iterator<Item = usize> {
        let (one, all) = match self {
            Resolved::One(index) => (Some(*index), &[][..]),
            Resolved::Nothing => (None, &[][..]),
            Resolved::All(all) => (None, &all[..]),
        };
        one.into_iter().chain(all.iter().copied())
    }
}

/// The arguments of one component.
pub struct Supply<'m> {
    /// What the needs were found to mean, in their order.
    resolved: std::slice::Iter<'m, Resolved>,
    /// What has been made, by the numbers of its providers.
    made: &'m [Option<Vec<Part>>],
}

impl<'m> Supply<'m> {
    pub(super) fn new(resolved: &'m [Resolved], made: &'m [Option<Vec<Part>>]) -> Self {
        let resolved = resolved.iter();
        Supply { resolved, made }
    }

    /// The next argument, one component.
    pub(super) fn one<T: ?Sized + 'static>(&mut self) -> Result<Arc<T>> {
        self.perhaps()?.ok_or_else(out_of_step)
    }

    /// The next argument, a component if there is one.
    pub(super) fn perhaps<T: ?Sized + 'static>(&mut self) -> Result<Option<Arc<T>>> {
        match self.resolved.next() {
            Some(Resolved::One(provider)) => self.part(*provider).map(Some),
            Some(Resolved::Nothing) => Ok(None),
            _ => Err(out_of_step()),
        }
    }

    /// The next argument, all components of a type.
    pub(super) fn all<T: ?Sized + 'static>(&mut self) -> Result<Vec<Arc<T>>> {
        match self.resolved.next() {
            Some(Resolved::All(providers)) => providers
                .iter()
                .map(|provider| self.part(*provider))
                .collect(),
            _ => Err(out_of_step()),
        }
    }

    fn part<T: ?Sized + 'static>(&self, provider: usize) -> Result<Arc<T>> {
        let parts = self.made.get(provider).and_then(Option::as_ref);
        let mut shared = parts.into_iter().flatten().map(Part::shared::<T>);
        shared.find_map(|shared| shared).ok_or_else(out_of_step)
    }
}

/// Needs and arguments come from the same signature, and a component is made behind all that it needs.
fn out_of_step() -> Error {
    Error::from("the needs of a component are out of step with its arguments")
}

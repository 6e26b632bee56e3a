//! What a component's function returns, step by step: split `Result`, then share what is in it.
//!
//! An `Arc<T>` is shared already, and a `Box<T>`, which may be of a trait, is made an `Arc`. The steps are
//! probes at the call site (see `probe`), of the type and of the value:
//!
//! ```text
//! probe::<Result<Box<dyn Orders>, E>>().fallible().shared()      // Provided<dyn Orders>
//! probe_of(&value).sharing().share(value)                        // Arc<dyn Orders>
//! ```

use std::marker::PhantomData;
use std::sync::Arc;

use crate::probe::{First, Second, Third, probe};

/// The type under which a component is found.
pub struct Provided<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T: ?Sized> Provided<T> {
    /// This one.
    pub const fn new() -> Self {
        Provided(PhantomData)
    }
}

impl<T: ?Sized> Default for Provided<T> {
    fn default() -> Self {
        Provided::new()
    }
}

impl<T, E> First<Result<T, E>> {
    /// What comes of it when it goes well.
    pub fn fallible(&self) -> First<T> {
        probe()
    }
}

impl<T> Second<T> {
    /// It can't fail.
    pub fn fallible(&self) -> First<T> {
        probe()
    }
}

impl<T: ?Sized> First<Arc<T>> {
    /// What is shared.
    pub fn shared(&self) -> Provided<T> {
        Provided::new()
    }

    /// It is shared already.
    pub fn sharing(&self) -> Shared {
        Shared
    }
}

impl<T: ?Sized> Second<Box<T>> {
    /// What is in the box.
    pub fn shared(&self) -> Provided<T> {
        Provided::new()
    }

    /// It is to be shared without its box.
    pub fn sharing(&self) -> Boxed {
        Boxed
    }
}

impl<T> Third<T> {
    /// The value itself.
    pub fn shared(&self) -> Provided<T> {
        Provided::new()
    }

    /// It is to be shared.
    pub fn sharing(&self) -> Plain {
        Plain
    }
}

/// An `Arc`.
pub struct Shared;

/// A `Box`.
pub struct Boxed;

/// Any other value.
pub struct Plain;

impl Shared {
    /// The same.
    pub fn share<T: ?Sized>(self, value: Arc<T>) -> Arc<T> {
        value
    }
}

impl Boxed {
    /// Out of its box.
    pub fn share<T: ?Sized>(self, value: Box<T>) -> Arc<T> {
        Arc::from(value)
    }
}

impl Plain {
    /// In an `Arc`.
    pub fn share<T>(self, value: T) -> Arc<T> {
        Arc::new(value)
    }
}

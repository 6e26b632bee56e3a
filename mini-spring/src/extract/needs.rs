//! What must exist before the server starts, collected from the arguments of the program, and what is known of
//! one argument when it is taken.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{BodyUse, Extended, FromRequest};
use crate::component::{Amount, Argument, Key, Requirement};

/// What the arguments of the program need before the server can start.
///
/// ```
/// use mini_spring::{FromRequest, Inject, Needs, Request};
///
/// struct Database;
///
/// /// An extractor that is made of a component: where there is none, the program doesn't start.
/// struct Connection(Inject<Database>);
///
/// impl<'r> FromRequest<'r> for Connection {
///     type Rejection = <Inject<Database> as FromRequest<'r>>::Rejection;
///
///     fn from_request(request: &'r Request) -> Result<Self, Self::Rejection> {
///         Inject::from_request(request).map(Connection)
///     }
///
///     fn requires(needs: &mut Needs) {
///         needs.of::<Inject<Database>>();
///     }
/// }
/// ```
#[derive(Debug, Default)]
pub struct Needs {
    body: BodyUse,
    faults: Vec<String>,
    extensions: Vec<Extended>,
    components: Vec<Requirement>,
    /// The argument whose needs are being added, and the name of the component that it asks for.
    argument: Argument,
    label: Option<&'static str>,
    /// What is needed need not be there.
    is_optional: bool,
}

impl Needs {
    /// Adds the needs of another extractor.
    ///
    /// ```
    /// use mini_spring::{FromRequest, Json, Needs, Problem, Request};
    ///
    /// struct Wrapped(Vec<String>);
    ///
    /// impl<'r> FromRequest<'r> for Wrapped {
    ///     type Rejection = Problem;
    ///     const BODY: mini_spring::BodyUse = <Json<Vec<String>> as FromRequest>::BODY;
    ///
    ///     fn from_request(request: &'r Request) -> Result<Self, Problem> {
    ///         let Json(list) = Json::from_request(request)?;
    ///         Ok(Wrapped(list))
    ///     }
    ///
    ///     fn requires(needs: &mut Needs) {
    ///         needs.of::<Json<Vec<String>>>();
    ///     }
    /// }
    /// ```
    pub fn of<'r, T: FromRequest<'r>>(&mut self) {
        self.body = self.body.max(T::BODY);
        T::requires(self);
    }

    /// What is added from here on is needed by this argument; for generated code only.
    #[doc(hidden)]
    pub fn argument(
        &mut self,
        label: &'static str,
        file: &'static str,
        line: u32,
        name: Option<&'static str>,
    ) -> &mut Self {
        self.argument = Argument { label, file, line };
        self.label = name;
        self
    }

    /// The needs of something that may be absent.
    pub(crate) fn optional(&mut self, add: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_optional, true);
        add(self);
        self.is_optional = before;
    }

    /// The needs of something that tells by itself when a value isn't on the request; its components must be there.
    pub(crate) fn optional_values(&mut self, add: impl FnOnce(&mut Self)) {
        let certain = self.extensions.len();
        add(self);
        self.extensions.truncate(certain);
    }

    /// Adds a component.
    pub(crate) fn component(
        &mut self,
        key: impl FnOnce(Option<&'static str>) -> Key,
        amount: Amount,
    ) {
        let amount = match amount {
            Amount::One if self.is_optional => Amount::Perhaps,
            amount => amount,
        };
        self.components.push(Requirement {
            key: key(self.label),
            amount,
            argument: self.argument,
        });
    }

    /// The name of the component that the argument asks for.
    pub(crate) fn label(&self) -> Option<&'static str> {
        self.label
    }

    /// Adds a value that a middleware must have put on the request.
    pub(crate) fn extension<T: 'static>(&mut self) {
        if !self.is_optional {
            self.extensions.push(Extended::of::<T>());
        }
    }

    /// The values that middleware must have put on the request.
    pub(crate) fn extensions(&self) -> &[Extended] {
        &self.extensions
    }

    /// Adds a mistake that must stop the start.
    pub(crate) fn fault(&mut self, message: String) {
        self.faults.push(message);
    }

    /// The mistakes that must stop the start, if there are any.
    pub(crate) fn faulty(&self) -> Option<String> {
        (!self.faults.is_empty()).then(|| self.faults.join("; "))
    }

    /// The greatest use of the body that was added.
    pub(crate) fn body(&self) -> BodyUse {
        self.body
    }

    /// The components that were added.
    pub(crate) fn into_components(self) -> Vec<Requirement> {
        self.components
    }
}

/// What is known of one argument of one handler. Every argument has its own, in static memory.
#[doc(hidden)]
#[derive(Debug)]
pub struct Slot {
    /// The name of the component that it asks for.
    label: Option<&'static str>,
    /// The place of that component, once somebody has looked it up.
    place: AtomicUsize,
}

/// No place has this number.
const UNKNOWN: usize = usize::MAX;

impl Slot {
    /// Of an argument that asks for no name.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Slot::named(None)
    }

    /// Of an argument that asks for this name, if it asks for one.
    #[doc(hidden)]
    pub const fn named(label: Option<&'static str>) -> Self {
        Slot {
            label,
            place: AtomicUsize::new(UNKNOWN),
        }
    }

    /// The name that it asks for.
    pub(crate) fn label(&self) -> Option<&'static str> {
        self.label
    }

    /// The place of components of this type, which is the argument's.
    #[inline]
    pub(crate) fn place<T: ?Sized + 'static>(&self) -> usize {
        // A place never changes, and stands for nothing else.
        match self.place.load(Ordering::Relaxed) {
            UNKNOWN => self.look_up::<T>(),
            place => place,
        }
    }

    #[cold]
    fn look_up<T: ?Sized + 'static>(&self) -> usize {
        let place = Key::of::<T>(self.label).place();
        self.place.store(place, Ordering::Relaxed);
        place
    }
}

impl Default for Slot {
    fn default() -> Self {
        Slot::new()
    }
}

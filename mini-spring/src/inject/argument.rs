//! [`Inject`]: a component as an argument of a handler, a middleware or another component.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::provider::PerRequest;
use super::record::Shareable;
use super::scope;
use super::supply::{Injectable, Supply};
use crate::component::{Amount, Instances, Key};
use crate::error::Result;
use crate::extract::{FromRequest, Needs, OptionalFromRequest, Slot};
use crate::request::Request;
use crate::respond::Problem;

/// A component, shared.
///
/// A component is what a function with [`#[component]`](macro@crate::component) makes, once before the server starts
/// or, with `scope = request`, once for each request that needs it. `T` may be a trait: `Inject<dyn Orders>`. Before
/// the port opens it is checked that there is one for every argument of the program, so nothing is missing later.
/// `Option<Inject<T>>` is one that the program need not have, and `Vec<Inject<T>>` are all. One that is made for a request
/// and fails is its error, also in an `Option`; `Result<Inject<T>, Problem>` has the handler see it.
///
/// Handlers stay plain functions, which a unit test calls with `Inject::new(..)`.
///
/// ```
/// use mini_spring::{Inject, TestApp, component, route, routes};
///
/// struct Greeter {
///     greeting: String,
/// }
///
/// #[component]
/// fn greeter() -> Greeter {
///     Greeter { greeting: "Hello".to_owned() }
/// }
///
/// #[route(GET, "/hello/<name>")]
/// fn hello(name: &str, greeter: Inject<Greeter>) -> String {
///     format!("{}, {name}!", greeter.greeting)
/// }
///
/// let app = TestApp::of(routes![hello]);
/// app.get("/hello/Ada").send().assert_text("Hello, Ada!");
///
/// let greeter = Inject::new(Greeter { greeting: "Salut".to_owned() });
/// assert_eq!(hello("Ada", greeter), "Salut, Ada!");
/// ```
pub struct Inject<T: ?Sized> {
    // Neither public nor without a name: what is public of a component, such as the `0` of `struct Hits(AtomicU64)`,
    // is reached through it.
    shared: Arc<T>,
}

impl<T> Inject<T> {
    /// Of a value, for a call of a handler by hand.
    pub fn new(value: T) -> Self {
        Inject {
            shared: Arc::new(value),
        }
    }
}

impl<T: ?Sized> Inject<T> {
    /// What it shares with all others who have this component. It is a function and no method, so that it hides none
    /// of the component's.
    ///
    /// ```
    /// use mini_spring::Inject;
    ///
    /// let names = Inject::new(vec!["Ada"]);
    /// let shared = Inject::into_arc(names.clone());
    /// let there = std::thread::spawn(move || shared.len());
    /// assert_eq!(there.join().unwrap(), names.len());
    /// ```
    pub fn into_arc(inject: Self) -> Arc<T> {
        inject.shared
    }
}

impl<T: ?Sized + 'static> Inject<T> {
    /// The one that was made once, where no request asks for it: in a test.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn without_request(components: &Instances) -> std::result::Result<Self, String> {
        let key = Key::of::<T>(None);
        let name = key.type_name;
        let Some(instance) = components.get(key.place()) else {
            return Err(format!(
                "there is no component `{name}` here: nothing provides it, or nothing that was built needs it"
            ));
        };
        let shared = instance.downcast_ref::<Arc<T>>();
        shared.cloned().map(Inject::from).ok_or_else(|| {
            format!("`{name}` is made for each request, and there is none here; look at what it is made of")
        })
    }
}

impl<T: ?Sized> Deref for Inject<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shared
    }
}

impl<T: ?Sized> Clone for Inject<T> {
    fn clone(&self) -> Self {
        Inject {
            shared: self.shared.clone(),
        }
    }
}

impl<T: ?Sized> From<Arc<T>> for Inject<T> {
    fn from(shared: Arc<T>) -> Self {
        Inject { shared }
    }
}

/// A component may be the answer, or a part of it.
impl<T: ?Sized + Serialize> Serialize for Inject<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Inject<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shared, formatter)
    }
}

impl<'r, T: ?Sized + 'static> FromRequest<'r> for Inject<T> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        find(request, Key::of::<T>(None).place(), None)
    }

    fn requires(needs: &mut Needs) {
        needs.component(|label| Key::of::<T>(label), Amount::One);
    }

    fn from_slot(request: &'r Request, slot: &'static Slot) -> Result<Self, Problem> {
        find(request, slot.place::<T>(), slot.label())
    }
}

impl<'r, T: ?Sized + 'static> OptionalFromRequest<'r> for Inject<T> {
    fn is_absent(request: &'r Request) -> bool {
        let place = Key::of::<T>(None).place();
        request.directory.components.get(place).is_none()
    }

    fn is_absent_in(request: &'r Request, slot: &'static Slot) -> bool {
        let place = slot.place::<T>();
        request.directory.components.get(place).is_none()
    }
}

#[inline]
fn find<T: ?Sized + 'static>(
    request: &Request,
    place: usize,
    label: Option<&'static str>,
) -> Result<Inject<T>, Problem> {
    let instance = request.directory.components.get(place);
    let shared = instance.and_then(|instance| instance.downcast_ref::<Arc<T>>());
    match shared {
        Some(shared) => Ok(Inject {
            shared: shared.clone(),
        }),
        None => find_here(request, place, label),
    }
}

/// One that is made for this request, or else none.
#[cold]
fn find_here<T: ?Sized + 'static>(
    request: &Request,
    place: usize,
    label: Option<&'static str>,
) -> Result<Inject<T>, Problem> {
    let instance = request.directory.components.get(place);
    match instance.and_then(|instance| instance.downcast_ref::<PerRequest>()) {
        Some(component) => scope::find(component, request).map(Inject::from),
        None => Err(missing(Key::of::<T>(label))),
    }
}

/// Only what didn't say before the start that it needs a component can miss it.
fn missing(key: Key) -> Problem {
    Problem::internal(format!(
        "there is no component `{}`; an extractor that takes one says so in `FromRequest::requires`",
        key.type_name
    ))
}

impl<'r, T: ?Sized + Send + Sync + 'static> FromRequest<'r> for Vec<Inject<T>> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        Ok(list(request, all::<T>(None).place()))
    }

    fn requires(needs: &mut Needs) {
        want_all::<T>(needs);
    }

    fn from_slot(request: &'r Request, slot: &'static Slot) -> Result<Self, Problem> {
        Ok(list(request, slot.place::<Vec<Inject<T>>>()))
    }
}

/// All components of a type, in the order in which they were made.
fn list<T: ?Sized + 'static>(request: &Request, place: usize) -> Vec<Inject<T>> {
    let instance = request.directory.components.get(place);
    let list = instance.and_then(|instance| instance.downcast_ref::<Vec<Inject<T>>>());
    list.cloned().unwrap_or_default()
}

/// The key under which the list of all components of a type is found.
fn all<T: ?Sized + 'static>(label: Option<&'static str>) -> Key {
    Key::of::<Vec<Inject<T>>>(label)
}

fn want_all<T: ?Sized + Send + Sync + 'static>(needs: &mut Needs) {
    let label = needs.label();
    let amount = Amount::All(all::<T>(label), |parts| {
        let shared = parts
            .iter()
            .map(|part| part.shared::<T>().map(Inject::from));
        let list: Option<Vec<Inject<T>>> = shared.collect();
        Some(Box::new(list?))
    });
    needs.component(|label| Key::of::<T>(label), amount);
}

impl<T: ?Sized + Shareable> Injectable for Inject<T> {
    fn want(needs: &mut Needs) {
        Self::requires(needs);
    }

    fn take(supply: &mut Supply<'_>) -> Result<Self> {
        supply.one().map(Inject::from)
    }
}

impl<T: ?Sized + Shareable> Injectable for Option<Inject<T>> {
    fn want(needs: &mut Needs) {
        Self::requires(needs);
    }

    fn take(supply: &mut Supply<'_>) -> Result<Self> {
        Ok(supply.perhaps()?.map(Inject::from))
    }
}

impl<T: ?Sized + Shareable> Injectable for Vec<Inject<T>> {
    fn want(needs: &mut Needs) {
        Self::requires(needs);
    }

    fn take(supply: &mut Supply<'_>) -> Result<Self> {
        Ok(supply.all()?.into_iter().map(Inject::from).collect())
    }
}

//! [`Valid`]: arguments that were validated by the crate garde.
//!
//! garde rather than validator, which takes the same attributes: it brings a quarter of the crates and of the
//! time to build them, reports every fault with its path through lists and maps, hands a context to
//! checks, and its messages can be had in other languages. Neither knows serde's names; `names` finds
//! them. Knows no query and no JSON: where its value stands, an extractor says itself.

mod faults;
mod names;
mod standard;
mod walk;

use std::ops::Deref;

use garde::Validate;

use self::names::Names;
use super::{BodyUse, FromRequest, Needs, OptionalFromRequest, Slot};
use crate::request::Request;
use crate::respond::Problem;

/// An argument whose value is valid, as the crate [`garde`] checks it; with the feature `validation`.
///
/// It stands around [`Json`](crate::Json), [`Form`](crate::Form), [`Query`](crate::Query), or any extractor that
/// is [`Validatable`]. What fails is 422, and its `errors` list every fault of the request: those of a JSON body
/// with a pointer (RFC 6901), the others by name, under the names that the client knows, `#[serde(rename_all)]`
/// included. Where another part of the request can't even be read, the answer is 400 with all of them.
///
/// `#[derive(Validate)]` is garde's own, so the program names it as a dependency:
/// `garde = { version = "0.23", features = ["derive"] }`, with the features of the rules that it uses.
///
/// ```
/// use garde::Validate;
/// use mini_spring::{Json, TestApp, Valid, route, routes};
/// use serde::Deserialize;
/// use serde_json::{Value, json};
///
/// #[derive(Deserialize, Validate)]
/// #[serde(rename_all = "camelCase")]
/// struct Order<'r> {
///     #[garde(length(min = 1, max = 40))]
///     customer: &'r str,
///     #[garde(length(min = 1, max = 100), dive)]
///     lines: Vec<Line>,
/// }
///
/// #[derive(Deserialize, Validate)]
/// #[serde(rename_all = "camelCase")]
/// struct Line {
///     #[garde(skip)]
///     title: String,
///     #[garde(range(min = 1))]
///     unit_price: u32,
/// }
///
/// #[route(POST, "/orders", status = 201)]
/// fn order(Valid(Json(order)): Valid<Json<Order<'_>>>) -> String {
///     format!("{} lines for {}", order.lines.len(), order.customer)
/// }
///
/// let app = TestApp::of(routes![order]);
/// let lines = json!([{"title": "tea", "unitPrice": 0}]);
/// let refused = app.post("/orders").json(&json!({"customer": "", "lines": lines})).send();
/// refused.assert_status(422);
/// assert_eq!(
///     refused.json::<Value>()["errors"],
///     json!([
///         {"in": "body", "pointer": "/customer", "detail": "length is lower than 1"},
///         {"in": "body", "pointer": "/lines/0/unitPrice", "detail": "lower than 1"},
///     ])
/// );
/// ```
///
/// A path or a single parameter needs no wrapper: a type of yours that is [`FromParam`](crate::FromParam) says what it takes,
/// and answers 400.
///
/// # Names
///
/// serde's derive doesn't tell garde how fields are called on the wire, so when something has failed the request is read
/// once more, to see where the fields stand: renaming by rule, `flatten`, enums, newtypes and maps are followed. A
/// field with another name altogether, `#[serde(rename = "zip")] postal_code`, can't be found: the pointer is that of
/// the object that it is in, or the name is left out, and the message begins with `postal_code:`. In a
/// `HashSet` an index counts in the order of the set. 1,000 faults are listed at most.
///
/// # Languages
///
/// A handler runs on the thread of its middleware, so a middleware chooses the language of garde's messages:
/// `garde::i18n::with_i18n(French, || next.run(request))`, where `French` is a `garde::i18n::I18n` of yours.
///
/// # In the handler
///
/// A check that needs more than the value, such as a database, is made in the handler: `validate_with` takes a
/// context, and a [`garde::Report`] is a [`Problem`](struct@crate::Problem) that is answered in the same way,
/// but under the names of the fields in Rust.
///
/// # Errors
///
/// What the extractor itself refuses, and 422.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Valid<E>(pub E);

/// An extractor with a value that [`Valid`] can check.
///
/// ```
/// use garde::Validate;
/// use mini_spring::{FromRequest, Problem, Request, TestApp, Valid, Validatable, route, routes};
///
/// #[derive(Validate)]
/// struct Version {
///     #[garde(range(min = 2))]
///     major: u32,
/// }
///
/// impl<'r> FromRequest<'r> for Version {
///     type Rejection = Problem;
///
///     fn from_request(request: &'r Request) -> Result<Self, Problem> {
///         let version = request.header("X-Api-Version").and_then(|version| version.parse().ok());
///         let major = version.ok_or_else(|| Problem::bad_request("send a number as X-Api-Version"))?;
///         Ok(Version { major })
///     }
/// }
///
/// impl<'r> Validatable<'r> for Version {
///     type Value = Version;
///     const PLACE: &'static str = "header";
///
///     fn value(&self) -> &Version {
///         self
///     }
/// }
///
/// #[route(GET, "/")]
/// fn index(Valid(version): Valid<Version>) -> String {
///     format!("version {}", version.major)
/// }
///
/// let app = TestApp::of(routes![index]);
/// app.get("/").header("X-Api-Version", "2").send().assert_text("version 2");
/// let refused = app.get("/").header("X-Api-Version", "1").send();
/// refused.assert_status(422);
/// assert!(refused.text().contains(r#""in":"header","name":"major","detail":"lower than 2""#));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no value that can be validated",
    label = "`Valid` stands around an extractor whose value is `garde::Validate`",
    note = "`Valid<Json<T>>`, `Valid<Form<T>>` and `Valid<Query<T>>` need `#[derive(garde::Validate)]` on `T`",
    note = "for an extractor of yours implement `mini_spring::Validatable`"
)]
pub trait Validatable<'r>: FromRequest<'r> {
    /// What is checked.
    type Value: Validate<Context: Default>;

    /// What it is taken from, as faults tell it: `path`, `query`, `header`, `cookie` or `body`.
    const PLACE: &'static str = "body";

    /// The value that is checked.
    fn value(&self) -> &Self::Value;

    /// Finds out how the fields that have failed are named on the wire.
    #[doc(hidden)]
    fn name(_request: &'r Request, names: &mut Names) {
        names.take_as_they_are();
    }
}

impl<'r, E: Validatable<'r>> FromRequest<'r> for Valid<E> {
    type Rejection = Problem;
    const BODY: BodyUse = E::BODY;
    const TAKES_BODY: bool = E::TAKES_BODY;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        checked(request, E::from_request(request))
    }

    fn requires(needs: &mut Needs) {
        needs.of::<E>();
    }

    fn from_slot(request: &'r Request, slot: &'static Slot) -> Result<Self, Problem> {
        checked(request, E::from_slot(request, slot))
    }
}

/// Absent where what it stands around is.
impl<'r, E: Validatable<'r> + OptionalFromRequest<'r>> OptionalFromRequest<'r> for Valid<E> {
    fn is_absent(request: &'r Request) -> bool {
        E::is_absent(request)
    }
}

impl<E> Deref for Valid<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

fn checked<'r, E: Validatable<'r>>(
    request: &'r Request,
    extracted: Result<E, E::Rejection>,
) -> Result<Valid<E>, Problem> {
    let extracted = extracted.map_err(Into::into)?;
    match extracted.value().validate() {
        Ok(()) => Ok(Valid(extracted)),
        Err(report) => Err(faults::problem::<E>(request, &report)),
    }
}

#[cfg(test)]
mod tests;

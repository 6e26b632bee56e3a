//! Dependency injection: components, made once or for each request, and [`Inject`], which is how they are
//! taken.
//!
//! [`record`](self::record) is what `#[component]` leaves behind, [`graph`](self::graph) checks that all that
//! is needed is there, [`container`](self::container) makes it in the right order, [`scope`](self::scope) keeps
//! what is made for one request. Knows requests and extractors; knows no route and no server.

mod argument;
mod attributes;
mod container;
mod graph;
mod hooks;
mod provider;
mod record;
mod replacement;
mod report;
mod scope;
mod sharing;
mod supply;
#[cfg(test)]
mod tests;

pub use self::argument::Inject;
pub use self::attributes::{component, on_start, on_stop, profile};
pub(crate) use self::container::{Call, Container, Demand};
pub(crate) use self::graph::{Graph, Reach, Root};
pub use self::hooks::{HookRecord, Prepared, When};
pub(crate) use self::hooks::{Hooks, table as hooks_of_program};
pub(crate) use self::provider::{Provider, of_program as providers_of_program};
pub use self::record::{Build, ComponentRecord, Description, Made, MadeHere};
pub(crate) use self::replacement::replace;
pub(crate) use self::scope::Scope;
pub use self::sharing::Provided;
pub(crate) use self::supply::Injectable;
pub use self::supply::{Supply, injectable};

//! What generated code may name, and nothing else.

pub use inventory::submit;
pub use mini_spring_macros::Beside;

pub use crate::app::verify;
pub use crate::config::{Bound, ConfigRecord, Fields, KeyRecord, bound};
pub use crate::error::Error;
pub use crate::error_handler::{ErrorRecord, HandleError, HandlesErrors, Role, errors};
pub use crate::extract::{Field, Inputs, Needs, Slot, extractor};
pub use crate::handler::{Endpoint, Handle, Piece, answered, call, handled, url};
pub use crate::inject::{
    Build, ComponentRecord, Description, HookRecord, Made, MadeHere, Prepared, Provided, Supply,
    When, injectable,
};
pub use crate::middleware::{
    Layer, LayerList, MiddlewareRecord, Next, Provides, kind_of, layer, layer_of_closure,
};
pub use crate::probe::{probe, probe_of};
pub use crate::problem::{ErrorMapping, Problem, ProblemShape};
pub use crate::request::Request;
pub use crate::respond::Produced;
pub use crate::respond::dispatch::{finish, with_default_status, with_produced_type};
pub use crate::response::Response;
pub use crate::routing::{GroupRecord, RouteOptions, RouteRecord, routes};

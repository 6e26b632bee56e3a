//! An application whose parts have been checked, and whose components are still to be made.

use super::chains::Around;
use crate::error_handler::ErrorHandlers;
use crate::inject::{Container, Graph, HookRecord};
use crate::mistakes::Mistakes;
use crate::routing::Router;
use crate::service::Service;

/// All parts of an application, checked.
pub(crate) struct Resolved {
    pub(super) router: Router,
    pub(super) errors: ErrorHandlers,
    pub(super) graph: Graph,
    pub(super) around: Around,
    /// The number of the first middleware among the roots of the graph.
    pub(super) first_layer: usize,
    pub(super) hooks: &'static [&'static HookRecord],
}

impl Resolved {
    /// Makes the components, and the middleware that is made of them.
    pub(crate) fn make(self) -> Result<Service, Mistakes> {
        let Resolved {
            mut router,
            errors,
            graph,
            mut around,
            first_layer,
            hooks,
        } = self;
        let mut awaited = around.awaited();
        let calls = around.calls(&mut awaited, first_layer);
        let mut container = Container::make(&graph, hooks, calls)?;
        let mut mistakes = Mistakes::default();
        around.settle(awaited, &router, &mut mistakes);
        around.spread(&mut container.demands, first_layer);
        for (index, demand) in container.demands.iter().enumerate() {
            router.demand(index, demand.is_scoped, demand.body);
        }
        mistakes.or(Service::new(router, around.chains, errors, container))
    }
}

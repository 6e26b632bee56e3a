//! Making all components of a graph that has no fault, in its order.

use super::graph::Graph;
use super::hooks::{HookRecord, Hooks};
use super::provider::{Make, PerRequest, Provider};
use super::supply::{Resolved, Supply};
use crate::component::{Amount, Instance, Instances, Key, Part, Requirement};
use crate::error::Error;
use crate::extract::BodyUse;
use crate::mistakes::Mistakes;
use crate::unwind::told;

/// Everything that was made for an application.
#[derive(Debug, Default)]
pub(crate) struct Container {
    pub(crate) instances: Instances,
    pub(crate) hooks: Hooks,
    /// What the roots demand of a request, by their numbers.
    pub(crate) demands: Vec<Demand>,
}

/// What comes of needing components that are made for each request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Demand {
    /// There is one.
    pub(crate) is_scoped: bool,
    /// What they do with its body.
    pub(crate) body: BodyUse,
}

/// A function of components whose result is left where it belongs.
type Called<'c> = dyn FnOnce(&mut Supply<'_>) -> Result<(), Error> + 'c;

/// What is called once with the components that a root of the graph needs.
pub(crate) struct Call<'c> {
    /// The number of the root.
    pub(crate) root: usize,
    pub(crate) call: Box<Called<'c>>,
}

impl Call<'_> {
    fn run(self, graph: &Graph, made: &[Option<Vec<Part>>], mistakes: &mut Mistakes) {
        let resolved = &graph.roots_resolved[self.root];
        if needed(resolved).any(|index| made[index].is_none()) {
            return;
        }
        let origin = &graph.roots[self.root].origin;
        match told(|| (self.call)(&mut Supply::new(resolved, made))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => mistakes.add(format!("{origin} has failed: {error:?}")),
            Err(panicked) => mistakes.add(format!("{origin} {panicked}")),
        }
    }
}

impl Container {
    /// Makes all components, or says which of them failed. What needs one of those is left out.
    ///
    /// The hooks are the last roots of the graph. `calls` are made of other roots, when all components are there.
    pub(crate) fn make(
        graph: &Graph,
        hooks: &[&'static HookRecord],
        calls: Vec<Call<'_>>,
    ) -> Result<Self, Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut made: Vec<Option<Vec<Part>>> = Vec::new();
        made.resize_with(graph.providers.len(), || None);
        for &index in &graph.order {
            if needed(&graph.resolved[index]).any(|other| !is_there(graph, &made, other)) {
                continue;
            }
            let supply = Supply::new(&graph.resolved[index], &made);
            match make(&graph.providers[index], supply) {
                Ok(parts) => made[index] = parts,
                Err(message) => mistakes.add(message),
            }
        }
        let mut mistakes = mistakes.or(()).err().unwrap_or_default();
        for call in calls {
            call.run(graph, &made, &mut mistakes);
        }
        let prepared = prepare(graph, hooks, &made, &mut mistakes);
        let places = places(graph, &made);
        let demands = graph.roots_resolved.iter();
        let demands = demands.map(|resolved| demand(graph, resolved)).collect();
        let order = graph.order.iter();
        let in_order = order.filter_map(|&index| made[index].take()).collect();
        mistakes.or(Container {
            instances: Instances::new(in_order, places),
            hooks: prepared,
            demands,
        })
    }
}

/// Follows what is made for each request to what that needs.
fn demand(graph: &Graph, resolved: &[Resolved]) -> Demand {
    let mut demand = Demand::default();
    let mut seen = Vec::new();
    let mut next: Vec<usize> = needed(resolved).collect();
    while let Some(index) = next.pop() {
        let provider = &graph.providers[index];
        if provider.is_per_request() && !seen.contains(&index) {
            seen.push(index);
            demand.is_scoped = true;
            demand.body = demand.body.max(provider.body);
            next.extend(needed(&graph.resolved[index]));
        }
    }
    demand
}

/// `None`: it is made for each request.
fn make(provider: &Provider, mut supply: Supply<'_>) -> Result<Option<Vec<Part>>, String> {
    let made = match &provider.make {
        Make::Given(share) => return Ok(Some(share())),
        // Settings have been bound, or there would have been a mistake.
        Make::PerRequest(_) | Make::Settings(_) => return Ok(None),
        Make::Once(build) => told(|| build(&mut supply)),
    };
    match made {
        Ok(Ok(made)) => Ok(Some(made.0)),
        Ok(Err(error)) => Err(format!("{} has failed: {error:?}", provider.origin)),
        Err(panicked) => Err(format!("{} {panicked}", provider.origin)),
    }
}

fn prepare(
    graph: &Graph,
    hooks: &[&'static HookRecord],
    made: &[Option<Vec<Part>>],
    mistakes: &mut Mistakes,
) -> Hooks {
    let mut prepared = Hooks::default();
    let resolved = &graph.roots_resolved[graph.roots.len() - hooks.len()..];
    for (record, resolved) in hooks.iter().zip(resolved) {
        if needed(resolved).any(|index| made[index].is_none()) {
            continue;
        }
        match (record.prepare)(&mut Supply::new(resolved, made)) {
            Ok(call) => prepared.add(record, call),
            Err(error) => mistakes.add(format!("{record}: {error}")),
        }
    }
    prepared
}

/// What stands in the places of all keys that somebody may ask for.
fn places(graph: &Graph, made: &[Option<Vec<Part>>]) -> Vec<(usize, Instance)> {
    let users = graph
        .providers
        .iter()
        .map(|provider| &provider.needs)
        .zip(&graph.resolved);
    let roots = graph
        .roots
        .iter()
        .map(|root| &root.needs)
        .zip(&graph.roots_resolved);
    let asked = users
        .chain(roots)
        .flat_map(|(needs, resolved)| needs.iter().zip(resolved));
    let asked = asked.filter_map(|(need, resolved)| instance(graph, made, need, resolved));
    let provided = graph.providers.iter().flat_map(|provider| &provider.keys);
    let provided = provided.filter_map(|&key| {
        let mut of_key = graph
            .of(key)
            .filter(|&index| graph.providers[index].label() == key.label);
        let index = of_key.next()?;
        Some((key.place(), under(graph, made, index, key)?))
    });
    // What is asked for is meant more than what is only there.
    provided.chain(asked).collect()
}

fn instance(
    graph: &Graph,
    made: &[Option<Vec<Part>>],
    need: &Requirement,
    resolved: &Resolved,
) -> Option<(usize, Instance)> {
    match (need.amount, resolved) {
        (Amount::All(list, collect), Resolved::All(all)) => {
            let parts = all.iter().map(|&index| part(made, index, need.key));
            let parts: Vec<&Part> = parts.collect::<Option<_>>()?;
            Some((list.place(), collect(&parts)?))
        }
        (_, Resolved::One(index)) => {
            Some((need.key.place(), under(graph, made, *index, need.key)?))
        }
        _ => None,
    }
}

/// What is found of a provider under this type.
fn under(graph: &Graph, made: &[Option<Vec<Part>>], index: usize, key: Key) -> Option<Instance> {
    match graph.providers[index].make {
        Make::PerRequest(build) => Some(Box::new(PerRequest {
            provider: index,
            build,
        })),
        _ => part(made, index, key)?.copy(),
    }
}

fn part(made: &[Option<Vec<Part>>], index: usize, key: Key) -> Option<&Part> {
    made[index].as_ref()?.iter().find(|part| part.id == key.id)
}

fn needed(resolved: &[Resolved]) -> impl Iterator<Item = usize> {
    resolved.iter().flat_map(Resolved::targets)
}

fn is_there(graph: &Graph, made: &[Option<Vec<Part>>], index: usize) -> bool {
    made[index].is_some() || graph.providers[index].is_per_request()
}

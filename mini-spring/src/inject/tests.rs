//! Graphs that nobody writes: long ones, and wide ones.

use std::any::TypeId;
use std::panic::Location;
use std::sync::Arc;

use super::graph::Fault;
use super::provider::Make;
use super::*;
use crate::component::{Amount, Argument, Key, Requirement};
use crate::extract::BodyUse;

struct Any;

/// Names stand for types here: there are more of them.
fn key(number: usize) -> Key {
    Key {
        id: TypeId::of::<Any>(),
        type_name: "Any",
        label: Some(Box::leak(format!("{number}").into_boxed_str())),
    }
}

fn provider(number: usize, needs: impl IntoIterator<Item = usize>) -> Provider {
    let argument = Argument::default();
    let needs = needs.into_iter().map(|other| Requirement {
        key: key(other),
        amount: Amount::One,
        argument,
    });
    Provider {
        origin: format!("component {number}"),
        keys: vec![key(number)],
        is_primary: false,
        needs: needs.collect(),
        body: BodyUse::None,
        make: Make::Given(Arc::new(Vec::new)),
    }
}

#[test]
fn a_chain_is_made_from_its_end_and_is_no_deep_stack() {
    const LENGTH: usize = 10_000;
    let providers =
        (0..LENGTH).map(|number| provider(number, (number + 1 < LENGTH).then_some(number + 1)));
    let graph = Graph::new(providers.collect(), Vec::new(), Reach::All);
    assert!(graph.faults.is_empty());
    assert!(graph.order.iter().copied().eq((0..LENGTH).rev()));
    assert!(Container::make(&graph, &[], Vec::new()).is_ok());
}

#[test]
fn a_circle_is_found_however_long() {
    const LENGTH: usize = 1_000;
    let providers = (0..LENGTH).map(|number| provider(number, [(number + 1) % LENGTH]));
    let graph = Graph::new(providers.collect(), Vec::new(), Reach::All);
    let [Fault::Cycle(needs)] = &graph.faults[..] else {
        panic!("expected one circle, found {:?}", graph.faults);
    };
    assert_eq!(needs.len(), LENGTH);
}

#[test]
fn only_what_is_needed_is_looked_at() {
    let lonely = provider(3, [99]);
    let providers = vec![provider(0, [1]), provider(1, []), provider(2, []), lonely];
    let root = Root {
        origin: "root".to_owned(),
        needs: provider(9, [0]).needs,
        has_request: true,
    };
    let graph = Graph::new(providers, vec![root], Reach::Needed);
    assert!(graph.faults.is_empty());
    assert_eq!(graph.order, [1, 0]);
}

#[test]
fn the_same_name_and_two_primary_ones_are_faults_though_nobody_asks() {
    let mut primary = provider(1, []);
    primary.is_primary = true;
    let providers = vec![
        provider(0, []),
        provider(0, []),
        primary.clone(),
        Provider {
            keys: vec![key(2)],
            ..primary
        },
    ];
    let graph = Graph::new(providers, Vec::new(), Reach::All);
    let report: Vec<String> = graph.report("dev").collect();
    assert_eq!(
        report,
        [
            "component 0 and component 0 both provide `Any` of the name `0`; give them different names",
            "component 1 and component 1 both provide `Any` of the name `2`; give them different names",
        ]
    );
}

#[test]
fn what_is_given_says_where() {
    let provider = Provider::given(Arc::new(Any), Location::caller());
    assert!(
        provider
            .origin
            .starts_with("the one at mini-spring/src/inject/tests.rs:"),
        "{}",
        provider.origin
    );
}

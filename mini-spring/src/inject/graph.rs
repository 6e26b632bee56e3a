//! The graph of what needs what, checked as a whole before anything is made.
//!
//! A need is resolved by type and name: if there are several components of a type, the one that is primary is
//! meant, or else the only one without a name. Every fault is found, not only the first: what is missing, what is
//! ambiguous, what goes round in a circle, and what is made once but would need something of a request. There is
//! no recursion, so that a long chain is no deep stack. Knows nothing of how faults are told.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::Arc;

use super::provider::{Make, Provider};
use super::supply::Resolved;
use crate::component::{Amount, Key, Requirement};
use crate::config::Settings;
use crate::mistakes::Mistakes;

/// Something that needs components and is none itself: a handler, a middleware, a hook.
#[derive(Debug)]
pub(crate) struct Root {
    /// Name and place, as messages say it.
    pub(crate) origin: String,
    pub(crate) needs: Vec<Requirement>,
    /// It is called for requests, so it may need what is made for each.
    pub(crate) has_request: bool,
}

/// Which components are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    All,
    /// Those that something needs, or that those need.
    Needed,
}

/// Who needs something: a provider or a root, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    Provider(usize),
    Root(usize),
}

/// A need, and whose it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    pub(super) user: User,
    pub(super) requirement: Requirement,
}

/// What is wrong with a graph.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nothing provides this.
    Missing(Key, Vec<Need>),
    /// Each of these could be meant.
    Ambiguous(Key, Vec<usize>, Vec<Need>),
    /// Each needs the next, and the last the first.
    Cycle(Vec<Need>),
    /// This is made once, or called without a request, and needs what is made for each request.
    OutOfScope(Need, usize),
    /// These have the same type and the same name, or are both primary.
    Same(Key, [usize; 2]),
}

/// Providers and roots, and what their needs were found to mean.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(super) providers: Vec<Provider>,
    pub(super) roots: Vec<Root>,
    by_type: HashMap<TypeId, Vec<usize>>,
    /// Those that have a name.
    by_name: HashMap<Key, Vec<usize>>,
    /// Of each provider.
    pub(super) resolved: Vec<Vec<Resolved>>,
    pub(super) roots_resolved: Vec<Vec<Resolved>>,
    /// The components to be made, each behind what it needs.
    pub(super) order: Vec<usize>,
    pub(super) faults: Vec<Fault>,
}

impl Graph {
    pub(crate) fn new(providers: Vec<Provider>, roots: Vec<Root>, reach: Reach) -> Self {
        let mut by_type: HashMap<TypeId, Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<Key, Vec<usize>> = HashMap::new();
        for (index, provider) in providers.iter().enumerate() {
            for key in &provider.keys {
                by_type.entry(key.id).or_default().push(index);
                if key.label.is_some() {
                    by_name.entry(*key).or_default().push(index);
                }
            }
        }
        let mut graph = Graph {
            resolved: vec![Vec::new(); providers.len()],
            roots_resolved: vec![Vec::new(); roots.len()],
            providers,
            roots,
            by_type,
            by_name,
            order: Vec::new(),
            faults: Vec::new(),
        };
        graph.check(reach);
        graph
    }

    /// Makes the structs of settings that something needs, which can be done whatever else is wrong.
    pub(crate) fn bind(&mut self, settings: &Settings, mistakes: &mut Mistakes) {
        for &index in &self.order {
            let provider = &mut self.providers[index];
            if let Make::Settings(record) = provider.make {
                match record.bind(settings) {
                    Ok(share) => provider.make = Make::Given(Arc::new(move || vec![share()])),
                    Err(more) => mistakes.extend(more),
                }
            }
        }
    }

    fn check(&mut self, reach: Reach) {
        let mut faults = Faults::default();
        for root in 0..self.roots.len() {
            self.roots_resolved[root] = self.resolve_all(User::Root(root), &mut faults);
        }
        let starts: Vec<usize> = match reach {
            Reach::All => (0..self.providers.len()).collect(),
            Reach::Needed => self
                .roots_resolved
                .iter()
                .flatten()
                .flat_map(Resolved::targets)
                .collect(),
        };
        self.walk(&starts, &mut faults);
        if reach == Reach::All {
            self.find_same(&mut faults);
        }
        self.faults = faults.list;
    }

    /// Visits all that can be reached, depth first, and notes the order in which it is left.
    fn walk(&mut self, starts: &[usize], faults: &mut Faults) {
        let mut state = vec![State::New; self.providers.len()];
        // Providers that were entered, each with the targets that are still to be visited.
        let mut path: Vec<(usize, Vec<(Need, usize)>)> = Vec::new();
        for &start in starts {
            if state[start] == State::New {
                state[start] = State::Entered;
                path.push((start, self.edges(start, faults)));
            }
            while let Some((index, edges)) = path.last_mut() {
                let Some((need, target)) = edges.pop() else {
                    state[*index] = State::Left;
                    self.order.push(*index);
                    path.pop();
                    continue;
                };
                match state[target] {
                    State::New => {
                        state[target] = State::Entered;
                        let edges = self.edges(target, faults);
                        path.push((target, edges));
                    }
                    State::Entered => faults.list.push(self.round(&path, need, target)),
                    State::Left => {}
                }
            }
        }
    }

    /// What a provider needs, the last first.
    fn edges(&mut self, index: usize, faults: &mut Faults) -> Vec<(Need, usize)> {
        let user = User::Provider(index);
        self.resolved[index] = self.resolve_all(user, faults);
        let needs = self.providers[index]
            .needs
            .iter()
            .zip(&self.resolved[index]);
        let edges = needs.flat_map(|(&requirement, resolved)| {
            resolved
                .targets()
                .map(move |target| (Need { user, requirement }, target))
        });
        let mut edges: Vec<_> = edges.collect();
        edges.reverse();
        edges
    }

    /// The needs from the first time that the path came by to the one that comes by again.
    fn round(&self, path: &[(usize, Vec<(Need, usize)>)], last: Need, target: usize) -> Fault {
        let from = path.iter().position(|(index, _)| *index == target);
        let round = &path[from.unwrap_or_default()..];
        let steps = round.windows(2).filter_map(|pair| {
            let (user, next) = (pair[0].0, pair[1].0);
            let mut needs = self.providers[user].needs.iter().zip(&self.resolved[user]);
            let (requirement, _) =
                needs.find(|(_, resolved)| resolved.targets().any(|target| target == next))?;
            Some(Need {
                user: User::Provider(user),
                requirement: *requirement,
            })
        });
        Fault::Cycle(steps.chain([last]).collect())
    }

    fn resolve_all(&self, user: User, faults: &mut Faults) -> Vec<Resolved> {
        let needs = match user {
            User::Provider(index) => &self.providers[index].needs,
            User::Root(index) => &self.roots[index].needs,
        };
        let needs = needs.iter().map(|&requirement| Need { user, requirement });
        needs.map(|need| self.resolve(need, faults)).collect()
    }

    fn resolve(&self, need: Need, faults: &mut Faults) -> Resolved {
        let key = need.requirement.key;
        let found = match need.requirement.amount {
            Amount::All(..) => Resolved::All(self.of(key).collect()),
            Amount::One | Amount::Perhaps => match self.one(key) {
                Ok(Some(provider)) => Resolved::One(provider),
                Ok(None) => Resolved::Nothing,
                Err(candidates) => {
                    faults.ambiguous(key, candidates, need);
                    return Resolved::Nothing;
                }
            },
        };
        // What would always be absent, although something in an `Option` is made, is a mistake as well.
        if found == Resolved::Nothing
            && (matches!(need.requirement.amount, Amount::One) || self.in_option(key).is_some())
        {
            faults.missing(key, need);
        }
        // A list is made once, whoever asks for it.
        let is_list = matches!(found, Resolved::All(_));
        for target in found.targets() {
            if self.providers[target].is_per_request() && (is_list || !self.has_request(need.user))
            {
                faults.list.push(Fault::OutOfScope(need, target));
            }
        }
        found
    }

    fn has_request(&self, user: User) -> bool {
        match user {
            User::Provider(index) => self.providers[index].is_per_request(),
            User::Root(index) => self.roots[index].has_request,
        }
    }

    /// The provider of this type in an `Option`, which is a type of its own.
    pub(super) fn in_option(&self, key: Key) -> Option<&Provider> {
        let perhaps = format!("core::option::Option<{}>", key.type_name);
        let is_it = |other: &&Provider| other.keys.iter().any(|key| key.type_name == perhaps);
        self.providers.iter().find(is_it)
    }

    /// The providers of a type, and of a name if one is asked for.
    pub(super) fn of(&self, key: Key) -> impl Iterator<Item = usize> {
        let found = match key.label {
            Some(_) => self.by_name.get(&key),
            None => self.by_type.get(&key.id),
        };
        found.into_iter().flatten().copied()
    }

    /// The one that is meant; an error are all that could be.
    fn one(&self, key: Key) -> Result<Option<usize>, Vec<usize>> {
        let candidates: Vec<usize> = self.of(key).collect();
        let only = |is_meant: fn(&Provider) -> bool| {
            let mut meant = candidates.iter().copied();
            let mut meant = meant
                .by_ref()
                .filter(|&index| is_meant(&self.providers[index]));
            meant.next().filter(|_| meant.next().is_none())
        };
        match candidates[..] {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            _ => only(|provider| provider.is_primary)
                .or_else(|| only(|provider| provider.label().is_none()))
                .map(Some)
                .ok_or(candidates),
        }
    }

    /// What nobody can tell apart, whether somebody asks or not.
    fn find_same(&self, faults: &mut Faults) {
        let mut named: HashMap<Key, usize> = HashMap::new();
        let mut primary: HashMap<TypeId, usize> = HashMap::new();
        for (index, provider) in self.providers.iter().enumerate() {
            for &key in &provider.keys {
                let same_name = key.label.and_then(|_| named.insert(key, index));
                let is_primary = provider.is_primary.then_some(key.id);
                let both_primary = is_primary.and_then(|id| primary.insert(id, index));
                if let Some(other) = same_name.or(both_primary) {
                    faults.list.push(Fault::Same(key, [other, index]));
                }
            }
        }
    }
}

/// How far the walk is with a provider.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Entered,
    Left,
}

/// Faults that are being found. What many need and nobody provides is one of them.
#[derive(Default)]
struct Faults {
    list: Vec<Fault>,
    /// Where in the list the fault of a key is.
    known: HashMap<Key, usize>,
}

impl Faults {
    fn missing(&mut self, key: Key, need: Need) {
        if let Some(Fault::Missing(_, needs)) = self.known(key) {
            return needs.push(need);
        }
        self.add(key, Fault::Missing(key, vec![need]));
    }

    fn ambiguous(&mut self, key: Key, candidates: Vec<usize>, need: Need) {
        if let Some(Fault::Ambiguous(_, _, needs)) = self.known(key) {
            return needs.push(need);
        }
        self.add(key, Fault::Ambiguous(key, candidates, vec![need]));
    }

    fn known(&mut self, key: Key) -> Option<&mut Fault> {
        self.list.get_mut(*self.known.get(&key)?)
    }

    fn add(&mut self, key: Key, fault: Fault) {
        self.known.insert(key, self.list.len());
        self.list.push(fault);
    }
}

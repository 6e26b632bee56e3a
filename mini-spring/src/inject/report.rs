//! The faults of a graph as sentences: what is wrong, where it was written, and what to do.

use super::graph::{Fault, Graph, Need, User};
use super::provider::of_other_profiles;
use crate::component::Key;

/// How many places of one fault are told.
const PLACES: usize = 5;

impl Graph {
    /// What is wrong, one message for each fault.
    pub(crate) fn report<'g>(&'g self, profile: &'g str) -> impl Iterator<Item = String> {
        self.faults.iter().map(|fault| self.tell(fault, profile))
    }

    fn tell(&self, fault: &Fault, profile: &str) -> String {
        match fault {
            Fault::Missing(key, needs) => self.missing(*key, needs, profile),
            Fault::Ambiguous(key, candidates, needs) => self.ambiguous(*key, candidates, needs),
            Fault::Cycle(needs) => self.cycle(needs),
            Fault::OutOfScope(need, target) => self.out_of_scope(need, *target),
            Fault::Same(key, [one, other]) => format!(
                "{} and {} both provide {}; {}",
                self.providers[*one].origin,
                self.providers[*other].origin,
                named(*key),
                match key.label {
                    Some(_) => "give them different names",
                    None => "leave `primary` at one of them",
                }
            ),
        }
    }

    fn missing(&self, key: Key, needs: &[Need], profile: &str) -> String {
        let mut lines = vec![format!("there is no component {}", named(key))];
        lines.extend(self.places(needs));
        lines.push(self.remedy(key, profile));
        lines.join("\n      ")
    }

    /// What was probably meant, or else how a component is written.
    fn remedy(&self, key: Key, profile: &str) -> String {
        let same_type = |other: &Key| other.id == key.id;
        if let Some((_, other)) =
            of_other_profiles(profile).find(|(keys, _)| keys.iter().any(same_type))
        {
            return format!("{other}, and this one is `{profile}`");
        }
        let keys = || {
            self.providers
                .iter()
                .flat_map(|provider| provider.keys.iter())
        };
        let mut labels: Vec<&str> = keys()
            .filter(|other| same_type(other))
            .filter_map(|other| other.label)
            .collect();
        if !labels.is_empty() {
            labels.sort_unstable();
            labels.dedup();
            return format!(
                "there are some of other names: `{}`; write `#[named(\"{}\")]` before the argument",
                labels.join("`, `"),
                labels[0]
            );
        }
        if let Some(other) = self.in_option(key) {
            let name = short(key.type_name);
            return format!(
                "{} returns `Option<{name}>`; return `{name}`, or `Result<{name}, E>`",
                other.origin
            );
        }
        if let Some(other) = keys().find(|other| bare(other.type_name) == bare(key.type_name)) {
            return format!(
                "`{}` is another type, and there is one of that; say of the trait that it is `Send + Sync` \
                 and leave them out of `dyn`, and see that both name the same",
                other.type_name
            );
        }
        if let Some(inner) = pointed_at(key.type_name) {
            let is_there = keys().any(|other| other.type_name == inner);
            let name = short(inner);
            if is_there {
                return format!(
                    "there is a component `{inner}`; write `Inject<{name}>`, which shares it"
                );
            }
            // What a function returns in these is known by what is in them.
            if !key.type_name.starts_with('&') {
                return format!(
                    "write `Inject<{name}>`, which shares it; {}",
                    written(inner)
                );
            }
        }
        written(key.type_name)
    }

    fn ambiguous(&self, key: Key, candidates: &[usize], needs: &[Need]) -> String {
        let mut lines = vec![format!(
            "there are {} components {}, and none of them is meant more than the others",
            candidates.len(),
            named(key)
        )];
        let candidates = candidates
            .iter()
            .map(|&index| self.providers[index].origin.clone());
        lines.extend(candidates);
        lines.extend(self.places(needs));
        lines.push(
            "write `#[component(primary)]` at one of them, or give them names, \
             `#[component(name = \"..\")]`, and ask for one, `#[named(\"..\")]`"
                .to_owned(),
        );
        lines.join("\n      ")
    }

    fn cycle(&self, needs: &[Need]) -> String {
        let mut lines = vec!["these components need each other in a circle".to_owned()];
        lines.extend(needs.iter().map(|need| self.place(need)));
        lines.push(
            "take one of these arguments out: have the two share a third component, or hand it over when it is needed"
                .to_owned(),
        );
        lines.join("\n      ")
    }

    fn out_of_scope(&self, need: &Need, target: usize) -> String {
        let who = match need.user {
            User::Provider(_) => {
                "which is made once and would keep it; write `#[component(scope = request)]` for both"
            }
            User::Root(_) => "where there is no request; take something that is made once",
        };
        format!(
            "{} is made for each request\n      {}\n      {who}",
            self.providers[target].origin,
            self.place(need)
        )
    }

    fn places(&self, needs: &[Need]) -> Vec<String> {
        let mut places: Vec<String> = needs
            .iter()
            .take(PLACES)
            .map(|need| self.place(need))
            .collect();
        if needs.len() > PLACES {
            places.push(format!("and so do {} more", needs.len() - PLACES));
        }
        places
    }

    fn place(&self, need: &Need) -> String {
        let origin = match need.user {
            User::Provider(index) => &self.providers[index].origin,
            User::Root(index) => &self.roots[index].origin,
        };
        let argument = need.requirement.argument;
        match argument.label {
            "" => format!("{origin} needs it"),
            label => {
                let place = format!("{}:{}", argument.file, argument.line);
                match origin.ends_with(&format!("({place})")) {
                    true => format!("{origin} takes `{label}`"),
                    false => format!("{origin} takes `{label}` at {place}"),
                }
            }
        }
    }
}

/// How a component of this type is made.
fn written(type_name: &str) -> String {
    let name = short(type_name);
    match type_name.starts_with("dyn ") {
        true => format!(
            "write a `#[component(as {name})]`, or have a function with `#[component]` return it in a `Box`"
        ),
        false => format!(
            "write a function with `#[component]` that returns `{name}`, or add one with `App::provide`"
        ),
    }
}

/// What stands behind a pointer, which `Inject` is already.
fn pointed_at(type_name: &str) -> Option<&str> {
    if let Some(inner) = type_name.strip_prefix('&') {
        return Some(inner);
    }
    let pointers = ["alloc::sync::Arc<", "alloc::boxed::Box<", "alloc::rc::Rc<"];
    let inner = pointers
        .iter()
        .find_map(|pointer| type_name.strip_prefix(pointer))?;
    inner.strip_suffix('>')
}

fn named(key: Key) -> String {
    match key.label {
        Some(label) => format!("`{}` of the name `{label}`", key.type_name),
        None => format!("`{}`", key.type_name),
    }
}

/// A type's name without paths and without what a trait object promises besides.
fn bare(type_name: &str) -> String {
    short(type_name)
        .replace(" + Send", "")
        .replace(" + Sync", "")
}

/// A type's name without paths.
pub(super) fn short(type_name: &str) -> String {
    let mut short = String::new();
    let mut word = 0;
    for letter in type_name.chars() {
        short.push(letter);
        match letter {
            ':' => short.truncate(word),
            letter if letter.is_alphanumeric() || letter == '_' => {}
            _ => word = short.len(),
        }
    }
    short
}

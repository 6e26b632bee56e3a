//! Replacements: components that are put in the place of all others of a type, for tests.

use super::graph::Root;
use super::provider::{Provider, of_other_profiles};
use super::report::short;
use crate::component::{Key, Requirement};
use crate::mistakes::Mistakes;

/// How many types a message names.
const NAMED: usize = 5;

/// Puts each replacement in the place of those of its type. One that takes no place, as nothing provides nor needs its
/// type, is a mistake: what was to be replaced would be made after all. `elsewhere` tells of needs of what isn't
/// among the roots.
pub(crate) fn replace(
    providers: &mut Vec<Provider>,
    replacements: &[Provider],
    roots: &[Root],
    elsewhere: impl Fn(Key) -> bool,
    profile: &str,
    mistakes: &mut Mistakes,
) {
    let lost = replacements.iter().filter(|replacement| {
        let key = replacement.key();
        key.is_some_and(|key| {
            let mut known = keys(providers, roots);
            let is_other = || {
                of_other_profiles(profile)
                    .any(|(keys, _)| keys.iter().any(|other| other.id == key.id))
            };
            !known.any(|other| other.id == key.id) && !is_other() && !elsewhere(key)
        })
    });
    for replacement in lost {
        mistakes.add(nothing_takes(replacement, providers, roots));
    }
    for replacement in replacements {
        if let Some(key) = replacement.key() {
            providers.retain(|provider| !provider.is_of(key));
        }
        providers.push(replacement.clone());
    }
}

/// All that is provided or needed.
fn keys<'g>(providers: &'g [Provider], roots: &'g [Root]) -> impl Iterator<Item = Key> + 'g {
    let of_need = |need: &Requirement| need.key;
    providers
        .iter()
        .flat_map(move |provider| {
            let needs = provider.needs.iter().map(of_need);
            provider.keys.iter().copied().chain(needs)
        })
        .chain(
            roots
                .iter()
                .flat_map(move |root| root.needs.iter().map(of_need)),
        )
}

fn nothing_takes(replacement: &Provider, providers: &[Provider], roots: &[Root]) -> String {
    let name = replacement.key().map_or("", |key| key.type_name);
    let mut traits: Vec<&str> = keys(providers, roots)
        .map(|key| key.type_name)
        .filter(|name| name.starts_with("dyn "))
        .collect();
    traits.sort_unstable();
    traits.dedup();
    let remedy = match traits[..] {
        [] => "write the type that `Inject<..>` names, or add it with `App::provide`".to_owned(),
        [only] => format!(
            "is it for the place of `{only}`? write `.replace::<{}>(..)`",
            short(only)
        ),
        [first, ..] => {
            let more = match traits.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            traits.truncate(NAMED);
            format!(
                "write whose place it is for, such as `.replace::<{}>(..)`; there are `{}`{more}",
                short(first),
                traits.join("`, `")
            )
        }
    };
    format!(
        "nothing takes `{name}`, {}, which is to replace a component\n      {remedy}",
        replacement.origin
    )
}

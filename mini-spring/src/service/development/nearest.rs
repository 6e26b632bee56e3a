//! Which routes a path is like that has none.

use crate::routing::Route;

/// From this on somebody may have meant the route: nearly half of its path is right.
const ALIKE: f32 = 0.4;

/// How many are said to be near.
const MOST: usize = 3;

/// The routes that may be meant, the best first, and the others by their patterns.
pub(super) fn sorted<'r>(routes: &'r [Route], path: &str) -> (Vec<&'r Route>, Vec<&'r Route>) {
    let mut rated: Vec<(f32, &Route)> = routes
        .iter()
        .map(|route| (likeness(&route.text, path), route))
        .collect();
    rated.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then_with(|| one.1.text.cmp(&other.1.text))
    });
    let near = rated
        .iter()
        .take(MOST)
        .take_while(|(likeness, _)| *likeness >= ALIKE)
        .count();
    let mut others: Vec<&Route> = rated[near..].iter().map(|(_, route)| *route).collect();
    others.sort_by(|one, other| one.text.cmp(&other.text));
    (
        rated[..near].iter().map(|(_, route)| *route).collect(),
        others,
    )
}

/// From 0, nothing in common, to 1.
fn likeness(pattern: &str, path: &str) -> f32 {
    let segments = |text: &str| -> Vec<String> {
        let text = text.split('?').next().unwrap_or_default();
        text.split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (wanted, found) = (segments(pattern), segments(path));
    let most = wanted.len().max(found.len()).max(1);
    let pairs = wanted.iter().zip(&found);
    pairs
        .map(|(wanted, found)| same(wanted, found))
        .sum::<f32>()
        / most as f32
}

/// How much of a segment is right. A parameter takes anything, which says little.
fn same(wanted: &str, found: &str) -> f32 {
    if wanted.starts_with('<') {
        return 0.6;
    }
    let (wanted, found) = (wanted.to_lowercase(), found.to_lowercase());
    let equal = |(one, other): &(char, char)| one == other;
    let begin = wanted.chars().zip(found.chars()).take_while(equal).count();
    let most = wanted.chars().count().max(found.chars().count()).max(1);
    let least = wanted.chars().count().min(found.chars().count());
    let end = wanted
        .chars()
        .rev()
        .zip(found.chars().rev())
        .take_while(equal)
        .count();
    (begin + end).min(least) as f32 / most as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_meant_is_more_alike_than_the_rest() {
        let alike = |pattern: &str, path: &str| likeness(pattern, path) >= ALIKE;
        assert!(alike("/users/<id>", "/user/7"));
        assert!(alike("/users", "/Users"));
        assert!(alike("/users?<page>", "/user"));
        assert!(alike("/health", "/healthz"));
        assert!(alike("/baskets/<basket>", "/basket"));
        assert!(!alike("/users/<id>", "/health"));
        assert!(!alike("/users/<id>", "/"));
        assert!(!alike("/a/b/c", "/a"));
        assert!(likeness("/users/<id>", "/users/7") > likeness("/users", "/users/7"));
    }
}

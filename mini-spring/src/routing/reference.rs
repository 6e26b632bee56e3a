//! The router held against the rules, written down in the simplest way: of all routes that match,
//! the one whose segments are the most specific from the left.

use std::cmp::Reverse;

use http::Method;
use mini_spring_pattern::{Pattern, Segment};
use proptest::prelude::*;

use super::{Match, Router, Unmatched};
use crate::http::percent::{self, Plus};
use crate::request::Request;

const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "OPTIONS"];

/// The segments of a path, decoded.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let decoded = |raw: &str| percent::decode(raw.as_bytes(), Plus::Literal).map(String::from);
    path.split('/')
        .skip(1)
        .map(|raw| decoded(raw).unwrap_or_else(|_| raw.to_owned()))
        .collect()
}

fn matches(pattern: &[Segment], path: &[String]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        ([Segment::Tail(_)], _) => true,
        ([Segment::Static(text), pattern @ ..], [segment, path @ ..]) => {
            text == segment && matches(pattern, path)
        }
        ([Segment::Parameter(_), pattern @ ..], [segment, path @ ..]) => {
            !segment.is_empty() && matches(pattern, path)
        }
        _ => false,
    }
}

/// Smaller is more specific. The end of a pattern comes before a tail that takes nothing, and is
/// never compared with anything else, because both match the same path.
fn rank(pattern: &Pattern) -> Vec<u8> {
    let rank = |segment: &Segment| match segment {
        Segment::Static(_) => 1,
        Segment::Parameter(_) => 2,
        Segment::Tail(_) => 3,
    };
    pattern.path.iter().map(rank).collect()
}

fn expected<'t>(routes: &'t [(Method, Pattern, String)], method: &str, path: &str) -> Vec<&'t str> {
    let path = segments(path);
    let answers = |known: &Method| known == method || (method == "HEAD" && known == Method::GET);
    routes
        .iter()
        .filter(|(known, pattern, _)| answers(known) && matches(&pattern.path, &path))
        .min_by_key(|(known, pattern, _)| (rank(pattern), Reverse(known == method)))
        .map(|(.., text)| text.as_str())
        .into_iter()
        .collect()
}

fn allowed(routes: &[(Method, Pattern, String)], path: &str) -> Vec<Method> {
    let path = segments(path);
    let matching = routes
        .iter()
        .filter(|(_, pattern, _)| matches(&pattern.path, &path));
    let mut methods: Vec<Method> = matching.map(|(known, ..)| known.clone()).collect();
    if methods.contains(&Method::GET) {
        methods.push(Method::HEAD);
    }
    if !methods.is_empty() {
        methods.push(Method::OPTIONS);
    }
    methods.sort_by_key(Method::to_string);
    methods.dedup();
    methods
}

/// The decoded path without slashes at its end, of which an empty tail may make one more.
fn bare(path: &str) -> String {
    segments(path).join("/").trim_end_matches('/').to_owned()
}

/// The pattern with the values in it; `None` if one can't be decoded.
fn put_back(found: &Match<'_>) -> Option<String> {
    let pattern: Pattern = found.pattern().parse().ok()?;
    let part = |segment: &Segment| match segment {
        Segment::Static(text) => Some(text.clone()),
        Segment::Parameter(name) | Segment::Tail(name) => found.param(name).map(str::to_owned),
    };
    let parts: Option<Vec<String>> = pattern.path.iter().map(part).collect();
    Some(parts?.join("/").trim_end_matches('/').to_owned())
}

fn pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![4 => "a|b|ab|é", 3 => "<[p-r]>"];
    let tail = prop_oneof![3 => Just(""), 1 => Just("/<rest..>"), 1 => Just("/")];
    (prop::collection::vec(segment, 0..5), tail).prop_filter_map("a name twice", |(parts, tail)| {
        let text: String = parts.iter().map(|part| format!("/{part}")).collect();
        let text = match text + tail {
            empty if empty.is_empty() => "/".to_owned(),
            text => text,
        };
        text.parse::<Pattern>().is_ok().then_some(text)
    })
}

fn path() -> impl Strategy<Value = String> {
    let segment =
        prop_oneof![8 => "a|b|ab|x", 1 => "%61|%C3%A9|a%2Fb|%|", 1 => Just(String::new())];
    (prop::collection::vec(segment, 0..7), "/?").prop_map(|(parts, slash)| {
        let text: String = parts.iter().map(|part| format!("/{part}")).collect();
        text + &slash
    })
}

proptest! {
    #[test]
    fn lookup_does_what_the_rules_say(
        routes in prop::collection::vec((prop::sample::select(&METHODS), pattern()), 0..12),
        requests in prop::collection::vec((prop::sample::select(&METHODS), path()), 1..12),
    ) {
        let mut router = Router::new();
        let mut known = Vec::new();
        for (method, text) in routes {
            // What conflicts is left out on both sides.
            if router.register(method, &text, |_: &Request| ()).is_ok() {
                known.push((method.parse().unwrap(), text.parse().unwrap(), text));
            }
        }
        for (method, path) in requests {
            let expected = expected(&known, method, &path);
            match router.resolve(method, &path) {
                Ok(found) => {
                    prop_assert_eq!(vec![found.pattern()], expected, "{} {}", method, &path);
                    prop_assert!(put_back(&found).is_none_or(|whole| whole == bare(&path)));
                }
                Err(unmatched) => {
                    prop_assert!(expected.is_empty(), "{method} {path}: {expected:?}");
                    let allow = match &unmatched {
                        Unmatched::NotFound => &[][..],
                        Unmatched::MethodNotAllowed(allow) => allow.methods(),
                    };
                    prop_assert_eq!(allow, allowed(&known, &path), "{}", path);
                }
            }
        }
    }
}

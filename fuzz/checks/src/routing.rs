//! Patterns and the lookup of routes, held against the rules written down in the simplest way: of all routes that
//! match, the one whose segments are the most specific from the left.
//!
//! ```text
//! input = *( method SP pattern LF ) LF *( method SP path LF )
//! ```

use std::cmp::Reverse;

use http::Method;
use mini_spring::{Match, Request, Router, Unmatched};
use mini_spring_pattern::{Pattern, Segment};

use crate::percent::decoded;

/// The most routes, and the most requests.
const MOST: usize = 24;

struct Known {
    method: Method,
    pattern: Pattern,
    text: String,
}

/// Registers the routes of the first lines, and looks up those of the others.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (routes, requests) = text.split_once("\n\n").unwrap_or((&text, ""));
    let (mut router, mut known) = (Router::new(), Vec::new());
    for line in routes.lines().take(MOST) {
        register(&mut router, &mut known, line);
    }
    for line in requests.lines().take(MOST) {
        if let Some((method, path)) = line.split_once(' ') {
            look_up(&router, &known, method, path);
        }
    }
}

/// What is malformed, or has the shape of another, is refused.
fn register(router: &mut Router, known: &mut Vec<Known>, line: &str) {
    let Some((method, text)) = line.split_once(' ') else {
        return;
    };
    let is_registered = router.register(method, text, |_: &Request| ()).is_ok();
    let (Ok(method), Ok(pattern)) = (method.parse::<Method>(), text.parse::<Pattern>()) else {
        return assert!(!is_registered, "{line}");
    };
    let is_new = known
        .iter()
        .all(|other| other.method != method || shape(&other.pattern) != shape(&pattern));
    assert!(is_new || !is_registered, "{line}");
    if is_registered {
        let text = text.to_owned();
        known.push(Known {
            method,
            pattern,
            text,
        });
    }
}

/// A pattern without its names.
fn shape<'p>(pattern: &'p Pattern) -> Vec<(u8, &'p str)> {
    let shape = |segment: &'p Segment| match segment {
        Segment::Static(text) => (1, text.as_str()),
        Segment::Parameter(_) => (2, ""),
        Segment::Tail(_) => (3, ""),
    };
    pattern.path.iter().map(shape).collect()
}

fn look_up(router: &Router, known: &[Known], method: &str, path: &str) {
    if !path.starts_with('/')
        || !path.bytes().all(|byte| (0x21..0x7f).contains(&byte))
        || path.contains(['?', '#'])
    {
        return;
    }
    let segments = segments(path);
    let matching = || {
        known
            .iter()
            .filter(|route| matches(&route.pattern.path, &segments))
    };
    let answers = |route: &&Known| {
        route.method == method || (method == "HEAD" && route.method == Method::GET)
    };
    let expected = matching()
        .filter(answers)
        .min_by_key(|route| (rank(&route.pattern), Reverse(route.method == method)));
    match router.resolve(method, path) {
        Ok(found) => {
            let expected = expected.map(|route| route.text.as_str());
            assert_eq!(Some(found.pattern()), expected, "{method} {path}");
            check_values(&found, path);
        }
        Err(unmatched) => {
            let text = expected.map(|route| route.text.as_str());
            assert_eq!(text, None, "{method} {path}");
            let allow = match &unmatched {
                Unmatched::NotFound => &[][..],
                Unmatched::MethodNotAllowed(allow) => allow.methods(),
            };
            assert_eq!(allow, allowed(matching()), "{path}");
        }
    }
}

/// The segments of a path, decoded where they can be.
fn segments(path: &str) -> Vec<String> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments = path.split('/').skip(1);
    segments
        .map(|raw| decoded(raw.as_bytes()).unwrap_or_else(|| raw.to_owned()))
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

/// Smaller is more specific. The end of a pattern comes before a tail that takes nothing.
fn rank(pattern: &Pattern) -> Vec<u8> {
    shape(pattern).into_iter().map(|(kind, _)| kind).collect()
}

fn allowed<'k>(matching: impl Iterator<Item = &'k Known>) -> Vec<Method> {
    let mut methods: Vec<Method> = matching.map(|route| route.method.clone()).collect();
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

/// Put into the pattern, the values give the path again, as far as all of it can be decoded.
fn check_values(found: &Match<'_>, path: &str) {
    let pattern: Pattern = found.pattern().parse().expect("a pattern");
    let part = |segment: &Segment| match segment {
        Segment::Static(text) => Some(text.clone()),
        Segment::Parameter(name) | Segment::Tail(name) => found.param(name).map(str::to_owned),
    };
    let parts: Option<Vec<String>> = pattern.path.iter().map(part).collect();
    let bare = |text: String| text.trim_end_matches('/').to_owned();
    let is_decodable = path.split('/').all(|raw| decoded(raw.as_bytes()).is_some());
    assert!(parts.is_some() || !is_decodable, "{path}");
    if let Some(parts) = parts {
        assert_eq!(
            bare(parts.join("/")),
            bare(segments(path).join("/")),
            "{path}"
        );
        let values = pattern.parameters().filter_map(|name| found.param(name));
        assert!(values.into_iter().all(|value| !value.contains('\0')));
    }
}

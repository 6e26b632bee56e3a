//! Files as tokens: which there are, and which paths they spell out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A file, without what is for tests only.
pub(crate) struct Source {
    /// From the root of the repository: `mini-spring/src/app.rs`.
    pub(crate) path: String,
    /// From the root of the crate: `app`, `app::tests`; empty for `lib.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) tokens: Vec<TokenTree>,
    /// Its `mod name;` lines, and whether they are for tests only.
    declares: Vec<(String, bool)>,
}

impl Source {
    pub(crate) fn parse(path: &str, module: &[&str], text: &str) -> Self {
        let tokens: TokenStream = text.parse().expect("Rust");
        let mut source = Source {
            path: path.to_owned(),
            module: module.iter().map(|&name| name.to_owned()).collect(),
            tokens: Vec::new(),
            declares: Vec::new(),
        };
        let all: Vec<TokenTree> = tokens.into_iter().collect();
        source.declares = declared(&all);
        source.tokens = without_tests(all);
        source
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of a crate that its `mod` lines name and that aren't for tests only, and all others.
pub(crate) fn crate_sources(folder: &str) -> (Vec<Source>, BTreeSet<PathBuf>) {
    let src = root().join(folder).join("src");
    let mut unnamed = rust_files(&src);
    let mut sources = Vec::new();
    let mut open = vec![(src.join("lib.rs"), Vec::<String>::new(), false)];
    while let Some((file, module, for_tests)) = open.pop() {
        assert!(unnamed.remove(&file), "{} is missing", file.display());
        let text = fs::read_to_string(&file).unwrap();
        let names: Vec<&str> = module.iter().map(String::as_str).collect();
        let source = Source::parse(&relative(&file), &names, &text);
        let below = match file.file_stem().unwrap().to_str().unwrap() {
            "lib" | "mod" => file.with_file_name(""),
            _ => file.with_extension(""),
        };
        for (name, child_for_tests) in &source.declares {
            let beside = below.join(format!("{name}.rs"));
            let inside = below.join(name).join("mod.rs");
            let child = if beside.exists() { beside } else { inside };
            let module = module.iter().chain([name]).cloned().collect();
            open.push((child, module, for_tests || *child_for_tests));
        }
        if !for_tests {
            sources.push(source);
        }
    }
    (sources, unnamed)
}

pub(crate) fn relative(file: &Path) -> String {
    let file = file.strip_prefix(root()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// All `.rs` files below a folder.
pub(crate) fn rust_files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let paths = entries.map(|entry| entry.path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => BTreeSet::from([path]),
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// Whether `#[..]` at this place is a `cfg` that only holds in tests.
fn is_test_only(tokens: &[TokenTree], at: usize) -> bool {
    let attribute = group(tokens.get(at + 1), Delimiter::Bracket);
    let Some(attribute) = attribute.filter(|_| is_punct(tokens.get(at), '#')) else {
        return false;
    };
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    let all = text
        .strip_prefix("cfg(all(")
        .or(text.strip_prefix("cfg("))
        .unwrap_or_default();
    all.trim_end_matches(')')
        .split(',')
        .any(|one| one == "test")
}

/// The tokens without items that are for tests only.
fn without_tests(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_only(&tokens, at) {
            let is_end = |token| {
                is_punct(Some(token), ';') || group(Some(token), Delimiter::Brace).is_some()
            };
            let length = tokens[at..].iter().position(is_end);
            at += length.map_or(tokens.len(), |length| length + 1);
            continue;
        }
        kept.push(match &tokens[at] {
            TokenTree::Group(inner) => {
                let inside = without_tests(inner.stream().into_iter().collect());
                Group::new(inner.delimiter(), inside.into_iter().collect()).into()
            }
            token => token.clone(),
        });
        at += 1;
    }
    kept
}

/// The `mod name;` lines of a file. Inside a module in braces they aren't looked for.
fn declared(tokens: &[TokenTree]) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut for_tests = false;
    for at in 0..tokens.len() {
        for_tests |= is_test_only(tokens, at);
        if is_ident(tokens.get(at), "mod") && is_punct(tokens.get(at + 2), ';') {
            found.push((tokens[at + 1].to_string(), for_tests));
        }
        let ends = is_punct(tokens.get(at), ';');
        for_tests &= !ends && group(tokens.get(at), Delimiter::Brace).is_none();
    }
    found
}

pub(crate) type Names = Vec<String>;

/// All paths that are spelled out: `use a::{b, c::d}` is `a::b` and `a::c::d`. Paths of `$crate`
/// are left out: they are read where a macro is used.
pub(crate) fn paths(tokens: &[TokenTree]) -> Vec<Names> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(_) => {
                let foreign = at > 0 && is_punct(tokens.get(at - 1), '$');
                let (path, next) = path(tokens, at, &[]);
                found.extend(path.into_iter().filter(|_| !foreign));
                at = next;
            }
            TokenTree::Group(group) => {
                found.extend(paths(&group.stream().into_iter().collect::<Vec<_>>()));
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// The paths that begin at this place, and the place behind them.
fn path(tokens: &[TokenTree], mut at: usize, before: &[String]) -> (Vec<Names>, usize) {
    let mut names = before.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(ident)) => names.push(ident.to_string()),
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => names.push("*".to_owned()),
            Some(TokenTree::Group(tree)) if tree.delimiter() == Delimiter::Brace => {
                let inside: Vec<TokenTree> = tree.stream().into_iter().collect();
                let branches = inside
                    .split(|token| is_punct(Some(token), ','))
                    .filter(|branch| !branch.is_empty());
                let found = branches.flat_map(|branch| path(branch, 0, &names).0);
                return (found.collect(), at + 1);
            }
            // `Vec::<u8>` and the like: the path ends here.
            _ => return (vec![names], at),
        }
        at += 1;
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            return (vec![names], at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_trees_are_spelled_out() {
        let check = |text: &str, expected: &[&str]| {
            let source = Source::parse("a.rs", &["a"], text);
            let found = paths(&source.tokens);
            let found: Vec<String> = found.iter().map(|names| names.join("::")).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "a::b::{self, c as d, e::*};",
            &["a::b::self", "a::b::c", "a::b::e::*"],
        );
        check("a::b::<c::D>::e();", &["a::b", "c::D", "e"]);
        check("(a::b, [c], $d::e)", &["a::b", "c"]);
    }

    #[test]
    fn mod_lines_are_found() {
        let text = "mod a; #[cfg(test)] mod b; pub mod c; mod d { mod e; } #[cfg(loom)] mod f;";
        let source = Source::parse("lib.rs", &[], text);
        let expected = [("a", false), ("b", true), ("c", false), ("f", false)];
        let expected = expected.map(|(name, for_tests)| (name.to_owned(), for_tests));
        assert_eq!(source.declares, expected);
    }

    #[test]
    fn only_what_is_for_tests_alone_is_left_out() {
        let check = |text: &str, expected: &str| {
            let source = Source::parse("a.rs", &["a"], text);
            let kept: TokenStream = source.tokens.into_iter().collect();
            assert_eq!(kept.to_string(), expected, "{text}");
        };
        check("#[cfg(test)] mod tests { a } b", "b");
        check("#[cfg(all(loom, test))] use a::{b}; c", "; c");
        check("fn a() { #[cfg(test)] b(); c }", "fn a () { c }");
        check("#[cfg(not(test))] a", "# [cfg (not (test))] a");
        check("#[cfg(any(test, b))] a", "# [cfg (any (test , b))] a");
        check("#[test] a", "# [test] a");
    }
}

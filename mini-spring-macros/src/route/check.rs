//! What was written to what is meant: each argument bound to its place.
//!
//! Each mistake stands at the smallest token that it is about. Stable Rust can't point inside a
//! string literal, so messages about a pattern stand at the literal and quote the piece. Knows no
//! expansion.

use mini_spring_pattern::{Pattern, Segment};
use proc_macro2::Span;
use quote::ToTokens;
use syn::{GenericArgument, LitStr, PathArguments, Type};

use super::options::{self, Options};
use super::parse::{METHODS, Method, Route, USAGE};
use crate::function::argument::{Argument, Source};
use crate::function::parse::Function;
use crate::function::signature::{self, Input};
use crate::mistakes::{Mistakes, similar};

/// One route of a function that can answer.
pub(crate) struct Checked {
    pub(crate) methods: Vec<String>,
    pub(crate) options: Options,
    pub(crate) literal: LitStr,
    pub(crate) pattern: Pattern,
    pub(crate) line: Option<u32>,
    pub(crate) arguments: Vec<Argument>,
}

/// Checks the function and all its routes.
pub(crate) fn routes(
    function: &Function,
    routes: Vec<Route>,
    mistakes: &mut Mistakes,
) -> Vec<Checked> {
    let inputs = signature::inputs(function, mistakes);
    let checked: Vec<Checked> = routes
        .into_iter()
        .filter_map(|written| route(written, &inputs, mistakes))
        .collect();
    for (index, route) in checked.iter().enumerate() {
        check_once(route, &checked[..index], mistakes);
    }
    signature::check(&function.signature, mistakes);
    checked
}

/// The same route twice on one function is a slip; on two functions it is found at the start.
fn check_once(route: &Checked, others: &[Checked], mistakes: &mut Mistakes) {
    let same_shape = |other: &&Checked| shape(&other.pattern).eq(shape(&route.pattern));
    let mut others = others.iter().filter(same_shape);
    let again = |method: &&String| others.any(|other| other.methods.contains(method));
    if let Some(method) = route.methods.iter().find(again) {
        let message = format!("`{method}` of this path has a route already; remove one of them");
        mistakes.at(route.literal.span(), message);
    }
}

/// What the router tells patterns apart by: names mean nothing.
fn shape(pattern: &Pattern) -> impl Iterator<Item = (&'static str, &str)> {
    pattern.path.iter().map(|segment| match segment {
        Segment::Static(text) => ("static", text.as_str()),
        Segment::Parameter(_) => ("parameter", ""),
        Segment::Tail(_) => ("tail", ""),
    })
}

fn route(written: Route, inputs: &[Input], mistakes: &mut Mistakes) -> Option<Checked> {
    let methods = methods(&written, mistakes);
    let options = options::check(&written.options, &methods, mistakes);
    let literal = written.pattern;
    let pattern: Pattern = match literal.value().parse() {
        Ok(pattern) => pattern,
        Err(error) => {
            mistakes.at(literal.span(), error);
            return None;
        }
    };
    let arguments = bind(&pattern, literal.span(), inputs, mistakes);
    Some(Checked {
        methods,
        options,
        literal,
        pattern,
        line: written.line,
        arguments,
    })
}

fn methods(written: &Route, mistakes: &mut Mistakes) -> Vec<String> {
    if written.methods.is_empty() {
        let message = format!("a route has at least one method; {USAGE}");
        mistakes.at(written.methods_span, message);
    }
    let mut known: Vec<String> = Vec::new();
    for method in &written.methods {
        let text = method.text();
        if known.contains(&text) {
            let message = format!("the method `{text}` stands twice; write it once");
            mistakes.at(method.span(), message);
        } else {
            check_method(method, &text, mistakes);
            known.push(text);
        }
    }
    known
}

fn check_method(method: &Method, text: &str, mistakes: &mut Mistakes) {
    let is_known = match method {
        Method::Name(_) => METHODS.contains(&text),
        // Any other token is one (RFC 9110, section 9.1), but nobody means `"get"`.
        Method::Text(_) => {
            let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| is_upper(byte) || b"-_".contains(&byte))
        }
    };
    if is_known {
        return;
    }
    let remedy = match similar(text, METHODS) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!(
            "write one of {}, or another one as upper-case text, such as \"PURGE\"",
            METHODS.join(", ")
        ),
    };
    mistakes.at(method.span(), format!("unknown method `{text}`; {remedy}"));
}

/// Binds every argument, and notes every parameter that is left over.
fn bind(
    pattern: &Pattern,
    literal: Span,
    inputs: &[Input],
    mistakes: &mut Mistakes,
) -> Vec<Argument> {
    let places = places(pattern);
    let bound: Vec<Option<usize>> = places
        .iter()
        .map(|(name, _)| position(name, inputs))
        .collect();
    for ((name, _), input) in places.iter().zip(&bound) {
        if input.is_none() {
            let free = free_names(inputs, &bound);
            let message = wrapped_name(name, inputs).unwrap_or_else(|| missing(name, &free));
            mistakes.at(literal, message);
        }
    }
    let arguments = inputs.iter().enumerate().map(|(index, input)| {
        let place = bound.iter().position(|bound| *bound == Some(index));
        let unnamed = Argument::unnamed(input);
        let source = match (place, &input.source) {
            (None, _) => unnamed.source.clone(),
            (Some(place), None) => places[place].1.clone(),
            (Some(place), Some(_)) => {
                let name = &input.name;
                let message = format!(
                    "`{name}` is named in the pattern as well; \
                     rename the argument, or leave the attribute out"
                );
                mistakes.on(&input.written, message);
                places[place].1.clone()
            }
        };
        check_type(&source, input, mistakes);
        Argument { source, ..unnamed }
    });
    arguments.collect()
}

/// The names of the pattern, and what an argument of such a name is.
fn places(pattern: &Pattern) -> Vec<(&str, Source)> {
    let path = pattern.parameters().enumerate();
    let path = path.map(|(index, name)| (name, Source::Path(index)));
    let query = pattern.query.iter();
    let query = query.map(|field| (field.name.as_str(), Source::Query(field.clone())));
    path.chain(query).collect()
}

/// The argument of this name, or with an underscore before it.
fn position(name: &str, inputs: &[Input]) -> Option<usize> {
    let exact = inputs.iter().position(|input| input.name == name);
    exact.or_else(|| {
        let unused = |input: &Input| input.name.strip_prefix('_') == Some(name);
        inputs.iter().position(unused)
    })
}

fn free_names<'i>(inputs: &'i [Input], bound: &[Option<usize>]) -> Vec<&'i str> {
    let free = inputs
        .iter()
        .enumerate()
        .filter(|(index, _)| !bound.contains(&Some(*index)));
    free.map(|(_, input)| input.name.as_str()).collect()
}

/// A parameter that is taken out of something, as other frameworks have it: `Path(id): Path<u64>`.
fn wrapped_name(name: &str, inputs: &[Input]) -> Option<String> {
    inputs.iter().find_map(|input| {
        let (pattern, names) = input.taken_apart.as_ref()?;
        let kind = match names.iter().any(|taken| taken == name) {
            true => signature::compact(&only_argument(&input.written)?.to_token_stream()),
            false => return None,
        };
        Some(format!(
            "the function has no argument `{name}` for `<{name}>`: a parameter needs nothing around it; \
             write `{name}: {kind}` instead of `{pattern}`"
        ))
    })
}

/// The `T` of `Path<T>`.
fn only_argument(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = kind else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

fn missing(name: &str, free: &[&str]) -> String {
    let argument = match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => format!("add an argument `{name}: &str`"),
        Err(_) if ["self", "Self", "super", "crate"].contains(&name) => {
            "no argument can have this name, choose another".to_owned()
        }
        Err(_) => format!("add an argument `r#{name}: &str`"),
    };
    match similar(name, free.iter().copied()) {
        Some(meant) => format!(
            "the function has no argument `{name}` for `<{name}>`; \
             did you mean `<{meant}>`? Else {argument}"
        ),
        None => format!("the function has no argument `{name}` for `<{name}>`; {argument}"),
    }
}

/// How many values a parameter takes, as its type is written, is what its place can have.
fn check_type(source: &Source, input: &Input, mistakes: &mut Mistakes) {
    if let (Source::Extractor(_), Some(message)) = (source, valid_inside(&input.written)) {
        mistakes.on(&input.written, message);
    }
    let Some((outer, inner)) = wrapped(&input.written) else {
        return;
    };
    let name = &input.name;
    let message = match (source, outer.as_str(), wrapped(inner)) {
        (Source::Extractor(_), "Option", _) if is_result(inner) => {
            "a `Result` stands outside; write `Result<Option<T>, E>`".to_owned()
        }
        (Source::Extractor(_), _, _) => return,
        (Source::Path(_), "Option", _) => format!(
            "a segment of the path is always there; write the type without `Option`, \
             or declare it in the query: `?<{name}>`"
        ),
        (Source::Path(_), _, _) => format!(
            "a segment of the path is there once; write the type without `Vec`, \
             or declare it in the query: `?<{name}>`"
        ),
        (_, "Option", Some((inner, _))) if inner == "Vec" => {
            "a `Vec` is empty where there is no value; leave `Option` out".to_owned()
        }
        (_, outer, Some((inner, _))) => {
            format!("each value is one; write `{outer}<T>` without `{inner}` in it")
        }
        _ => return,
    };
    mistakes.on(&input.written, message);
}

/// What to write instead of `Json<Valid<T>>`, of which serde would ask for what `Valid` can't do.
fn valid_inside(kind: &Type) -> Option<String> {
    let (outer, valid) = (last_word(kind)?, only_argument(kind)?);
    let is_read_by_serde = ["Json", "Form", "Query"].contains(&outer.as_str());
    if !is_read_by_serde || last_word(valid)? != "Valid" {
        return None;
    }
    let value = signature::compact(&only_argument(valid)?.to_token_stream());
    Some(format!(
        "`Valid` stands around the extractor; write `Valid<{outer}<{value}>>`"
    ))
}

fn last_word(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// What stands in `Option<..>` or `Vec<..>`, as it is written.
fn wrapped(kind: &Type) -> Option<(String, &Type)> {
    let (outer, inner) = (last_word(kind)?, only_argument(kind)?);
    ["Option", "Vec"]
        .contains(&outer.as_str())
        .then_some((outer, inner))
}

fn is_result(kind: &Type) -> bool {
    last_word(kind).is_some_and(|last| last == "Result")
}

//! Tokens to a group. The prefix is read by the grammar of patterns.

use mini_spring_pattern::{Pattern, Segment};
use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Token, bracketed};

use crate::mistakes::{Mistakes, similar};

const USAGE: &str = "write `group! { prefix: \"/api\", middleware: [auth] }`";

/// What a group says.
#[derive(Default)]
pub(super) struct Group {
    /// The segments of the prefix.
    pub(super) segments: Vec<String>,
    /// The prefix as it was written, without a slash at its end.
    pub(super) prefix: String,
    pub(super) layers: Vec<Expr>,
}

impl Parse for Group {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut group = Group::default();
        let mut mistakes = Mistakes::default();
        let mut known: Vec<String> = Vec::new();
        if input.is_empty() {
            let message = format!("a group has a prefix, or middleware, or both; {USAGE}");
            return Err(syn::Error::new(Span::call_site(), message));
        }
        while !input.is_empty() {
            let name = name(input)?;
            if known.contains(&name.to_string()) {
                mistakes.at(name.span(), format!("`{name}` stands twice; write it once"));
            }
            match name.to_string().as_str() {
                "prefix" => {
                    let literal = input.parse::<LitStr>().map_err(|error| {
                        syn::Error::new(
                            error.span(),
                            format!("expected the prefix as text; {USAGE}"),
                        )
                    })?;
                    mistakes.keep(group.read_prefix(&literal));
                }
                _ => group.layers = layers(input)?,
            }
            known.push(name.to_string());
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        match mistakes.into_error() {
            None => Ok(group),
            Some(error) => Err(error),
        }
    }
}

/// A name and its colon.
fn name(input: ParseStream<'_>) -> syn::Result<Ident> {
    const NAMES: [&str; 2] = ["prefix", "middleware"];
    let name: Ident = input.parse().map_err(|error: syn::Error| {
        syn::Error::new(
            error.span(),
            format!("expected `prefix` or `middleware`; {USAGE}"),
        )
    })?;
    let text = name.to_string();
    if !NAMES.contains(&text.as_str()) {
        let message = match similar(&text, NAMES) {
            Some(meant) => format!("a group has no `{name}`; did you mean `{meant}`?"),
            None => format!("a group has no `{name}`; {USAGE}"),
        };
        return Err(syn::Error::new(name.span(), message));
    }
    input.parse::<Token![:]>().map_err(|error| {
        syn::Error::new(
            error.span(),
            format!("expected a colon behind `{name}`; {USAGE}"),
        )
    })?;
    Ok(name)
}

fn layers(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    if !input.peek(syn::token::Bracket) {
        return Err(input.error("middleware stands in brackets; write `middleware: [auth]`"));
    }
    let list;
    bracketed!(list in input);
    let layers = Punctuated::<Expr, Token![,]>::parse_terminated(&list)?;
    Ok(layers.into_iter().collect())
}

impl Group {
    fn read_prefix(&mut self, literal: &LitStr) -> syn::Result<()> {
        let fail = |message: String| Err(syn::Error::new(literal.span(), message));
        let text = literal.value();
        let pattern: Pattern = match text.parse() {
            Ok(pattern) => pattern,
            Err(error) => return fail(error.to_string()),
        };
        if text.contains('?') {
            return fail(
                "a prefix has no query; declare it in the patterns of the routes".to_owned(),
            );
        }
        for segment in pattern.path {
            match segment {
                Segment::Static(text) => self.segments.push(text),
                Segment::Parameter(name) | Segment::Tail(name) => {
                    return fail(format!(
                        "a prefix is static, found the parameter `{name}`; put it into the patterns of the routes"
                    ));
                }
            }
        }
        if self.segments.is_empty() {
            return fail("this prefix changes nothing; leave it out".to_owned());
        }
        self.prefix = text.strip_suffix('/').unwrap_or(&text).to_owned();
        Ok(())
    }
}

//! What a handler's signature must not be, and its arguments as later steps see them.
//!
//! Knows no pattern.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, GenericParam, Lifetime, LitStr, Pat, PatIdent, PatType, ReturnType, Safety,
    Signature, Type, TypePath,
};

use super::parse::{Function, PATTERNED, SOURCES, is_primitive};
use crate::mistakes::{Mistakes, similar};

/// An argument of the function.
pub(crate) struct Input {
    /// Its name, without `r#`; empty where it is taken apart by a pattern.
    pub(crate) name: String,
    pub(crate) written: Type,
    /// The pattern and the names in it, where it is taken apart by one.
    pub(crate) taken_apart: Option<(String, Vec<String>)>,
    /// Where it comes from, if an attribute says so.
    pub(crate) source: Option<Told>,
    /// Its type outside the signature: lifetimes that only the signature declares are inferred.
    pub(crate) kind: TokenStream,
}

impl Input {
    /// Name and type, for messages.
    pub(crate) fn label(&self) -> String {
        let kind = compact(&self.written.to_token_stream());
        match self.name.as_str() {
            "" => kind,
            name => format!("{name}: {kind}"),
        }
    }
}

/// What an attribute says of where an argument comes from.
pub(crate) enum Told {
    Head(Named),
    /// The component of this name.
    Component(String),
}

/// A part of the head that an attribute names.
#[derive(Clone)]
pub(crate) enum Named {
    Header(String),
    Cookie(String),
}

/// The arguments, without a `self`.
pub(crate) fn inputs(function: &Function, mistakes: &mut Mistakes) -> Vec<Input> {
    let signature = &function.signature;
    let arguments = signature.inputs.iter().zip(&function.sources);
    let typed = arguments.filter_map(|(input, sources)| match input {
        FnArg::Typed(typed) => Some((typed, sources)),
        FnArg::Receiver(_) => None,
    });
    typed
        .map(|(typed, sources)| input(signature, typed, sources, mistakes))
        .collect()
}

/// One argument.
pub(crate) fn input(
    signature: &Signature,
    typed: &PatType,
    sources: &[Attribute],
    mistakes: &mut Mistakes,
) -> Input {
    let lifetimes: Vec<String> = signature
        .generics
        .lifetimes()
        .map(|parameter| parameter.lifetime.ident.to_string())
        .collect();
    Input {
        name: name(&typed.pat).map_or(String::new(), |name| name.unraw().to_string()),
        written: (*typed.ty).clone(),
        taken_apart: taken_apart(&typed.pat),
        source: source(sources, mistakes),
        kind: inferred(typed.ty.to_token_stream(), &lifetimes),
    }
}

/// What the attributes of one argument say.
pub(crate) fn source(attributes: &[Attribute], mistakes: &mut Mistakes) -> Option<Told> {
    let [first, others @ ..] = attributes else {
        return None;
    };
    for other in others {
        let message = "an argument comes from one place; leave one of these attributes";
        mistakes.on(other, message);
    }
    mistakes.keep(named(first))
}

fn named(attribute: &Attribute) -> syn::Result<Told> {
    let fail = |message: String| Err(syn::Error::new_spanned(attribute, message));
    let kind = attribute.path().get_ident().map(Ident::to_string);
    let kind = kind.unwrap_or_default();
    let usage = match kind.as_str() {
        "header" => "write `#[header(\"X-Request-Id\")]`",
        "cookie" => "write `#[cookie(\"session\")]`",
        "named" => "write `#[named(\"replica\")]`",
        kind if PATTERNED.contains(&kind) => {
            return fail(format!(
                "there is no `#[{kind}]`; a parameter is named in the pattern: \
                 `<name>` in the path, `?<name>` behind it"
            ));
        }
        kind => {
            let meant = similar(kind, SOURCES).unwrap_or_default();
            return fail(format!(
                "there is no `#[{kind}]`; did you mean `#[{meant}(..)]`?"
            ));
        }
    };
    let Ok(name) = attribute.parse_args::<LitStr>() else {
        return fail(format!("expected a name as text; {usage}"));
    };
    let text = name.value();
    if text.is_empty() {
        let message = format!("the name is empty; {usage}");
        return Err(syn::Error::new_spanned(name, message));
    }
    if !text.bytes().all(is_token) {
        let message = format!("`{text}` can't be a name; it is of letters, digits and hyphens");
        return Err(syn::Error::new_spanned(name, message));
    }
    Ok(match kind.as_str() {
        "header" => Told::Head(Named::Header(text)),
        "named" => Told::Component(text),
        _ => Told::Head(Named::Cookie(text)),
    })
}

/// The bytes of names: RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(PatIdent { ident, .. }) => Some(ident),
        _ => None,
    }
}

/// A pattern as it is written, and the names in it: `Path(id)`. `None` for a name alone.
fn taken_apart(pattern: &Pat) -> Option<(String, Vec<String>)> {
    let Pat::TupleStruct(parts) = pattern else {
        return None;
    };
    let names = parts.elems.iter().filter_map(name);
    let names = names.map(|name| name.unraw().to_string());
    Some((compact(&pattern.to_token_stream()), names.collect()))
}

/// The same tokens with `'_` for each of these lifetimes.
fn inferred(tokens: TokenStream, lifetimes: &[String]) -> TokenStream {
    let mut behind_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let is_lifetime = std::mem::replace(
                &mut behind_quote,
                matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\''),
            );
            match token {
                TokenTree::Ident(name) if is_lifetime && lifetimes.contains(&name.to_string()) => {
                    TokenTree::Ident(Ident::new("_", name.span()))
                }
                TokenTree::Group(group) => {
                    let inner = inferred(group.stream(), lifetimes);
                    let mut changed = proc_macro2::Group::new(group.delimiter(), inner);
                    changed.set_span(group.span());
                    TokenTree::Group(changed)
                }
                other => other,
            }
        })
        .collect()
}

/// Tokens as they would be written: spaces between words and behind commas only.
pub(crate) fn compact(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let mut compact = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        compact.push_str(word);
        let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
        let next_is_word = words.peek().is_some_and(|next| next.starts_with(is_letter));
        if word.ends_with([',', ';', '+']) || (word.ends_with(is_letter) && next_is_word) {
            compact.push(' ');
        }
    }
    compact
}

/// Notes everything that a handler can't be.
pub(crate) fn check(signature: &Signature, mistakes: &mut Mistakes) {
    check_name(&signature.ident, mistakes);
    check_qualifiers(signature, mistakes);
    for parameter in &signature.generics.params {
        check_generic(parameter, mistakes);
    }
    for input in &signature.inputs {
        check_input(input, mistakes);
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.on(variadic, "a handler can't be variadic; name its arguments");
    }
    if let ReturnType::Type(_, kind) = &signature.output
        && let Type::Never(never) = &**kind
    {
        let message = "a handler comes back with an answer, and `!` never does; \
                       write the type of the answer that there would be, or none";
        mistakes.on(never, message);
    }
}

fn check_name(name: &Ident, mistakes: &mut Mistakes) {
    if is_primitive(name) {
        let message = format!(
            "a type of the handler's name stands beside it and would hide `{name}`; rename the function"
        );
        mistakes.at(name.span(), message);
    }
}

fn check_qualifiers(signature: &Signature, mistakes: &mut Mistakes) {
    if let Some(keyword) = &signature.asyncness {
        mistakes.on(
            keyword,
            "mini-spring handlers are plain functions; they may block: remove `async`",
        );
    }
    if let Safety::Unsafe(keyword) = &signature.safety {
        let message = "a handler can't be `unsafe`: requests come from anyone; \
                       write `unsafe { .. }` inside where it is sound";
        mistakes.on(keyword, message);
    }
    if let Some(abi) = &signature.abi {
        let message = "a handler is called by Rust only; remove `extern`";
        mistakes.on(abi, message);
    }
}

fn check_generic(parameter: &GenericParam, mistakes: &mut Mistakes) {
    let name = match parameter {
        GenericParam::Lifetime(_) => return,
        GenericParam::Type(parameter) => &parameter.ident,
        GenericParam::Const(parameter) => &parameter.ident,
    };
    let message = format!(
        "a handler can't be generic: a request doesn't say what `{name}` is; \
         write the type itself, and a handler for each"
    );
    mistakes.at(name.span(), message);
}

fn check_input(input: &FnArg, mistakes: &mut Mistakes) {
    match input {
        FnArg::Receiver(receiver) => mistakes.on(
            receiver,
            "a handler is a free function, without `self`; move it out of the `impl`",
        ),
        FnArg::Typed(typed) => {
            if let Some(keyword) = keyword_impl(typed.ty.to_token_stream()) {
                let message = "an argument can't be `impl Trait`: a request doesn't say which type it is; \
                               write the type itself";
                mistakes.at(keyword, message);
            }
            if is_mutable_request(&typed.ty) {
                let message = "a handler only reads its request: write `&Request`; \
                               what changes it is a middleware";
                mistakes.on(&typed.ty, message);
            }
            if let Some(lifetime) = static_reference(&typed.ty) {
                let message = "what an argument borrows ends with its request; \
                               leave `'static` out, or take an owned type such as `String`";
                mistakes.at(lifetime.span(), message);
            }
        }
    }
}

/// Whether it is `&mut Request`.
fn is_mutable_request(kind: &Type) -> bool {
    let Type::Reference(reference) = kind else {
        return false;
    };
    let is_request = |path: &TypePath| {
        let last = path.path.segments.last();
        last.is_some_and(|segment| segment.ident == "Request")
    };
    reference.mutability.is_some()
        && matches!(&*reference.elem, Type::Path(path) if is_request(path))
}

/// The `'static` of `&'static T`.
fn static_reference(kind: &Type) -> Option<&Lifetime> {
    match kind {
        Type::Reference(reference) => reference
            .lifetime
            .as_ref()
            .filter(|lifetime| lifetime.ident == "static"),
        _ => None,
    }
}

fn keyword_impl(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "impl" => Some(word.span()),
        TokenTree::Group(group) => keyword_impl(group.stream()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_they_are_written() {
        let check = |text: &str| {
            let tokens: TokenStream = text.parse().unwrap();
            assert_eq!(compact(&tokens), text);
        };
        check("Json<NewUser>");
        check("&'a str");
        check("&mut Vec<(u8, String)>");
        check("[u8; 4]");
        check("std::net::IpAddr");
    }

    #[test]
    fn only_the_lifetimes_of_the_signature_are_inferred() {
        let tokens: TokenStream = "(&'a str, Cow<'static, str>, fn(&'b u8))".parse().unwrap();
        let inferred = inferred(tokens, &["a".to_owned()]);
        let expected = "(&'_ str, Cow<'static, str>, fn(&'b u8))";
        assert_eq!(compact(&inferred), expected);
    }
}

//! `#[component(as dyn Orders, name = "main", primary, scope = request)]`, and what it stands on: a function, a
//! struct, or an `impl` with a function `new`. Knows no rules but those of syntax.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Fields, ImplItem, ImplItemFn, ItemImpl, ItemStruct, LitStr, Token, Type};

use crate::function::parse::{Function, all_sources, first_word, keyword, take_sources};

/// What to write, for messages.
pub(crate) const USAGE: &str = "write `#[component]` on a function that returns the component, on a struct whose \
                                fields are injected, or on an `impl` with a function `new`";

/// One option, where its name stands.
pub(crate) enum ComponentOption {
    As(Span, Box<Type>),
    Name(Span, LitStr),
    Primary(Span),
    Scope(Span, Ident),
}

/// All options, as they were written.
pub(crate) struct Options(pub(crate) Vec<ComponentOption>);

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Vec::new();
        while !input.is_empty() {
            options.push(option(input)?);
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>().map_err(|error| {
                syn::Error::new(error.span(), "expected a comma behind an option")
            })?;
        }
        Ok(Options(options))
    }
}

fn option(input: ParseStream<'_>) -> syn::Result<ComponentOption> {
    let word = input.call(Ident::parse_any)?;
    let span = word.span();
    Ok(match word.to_string().as_str() {
        "as" => {
            if let Some(text) = text(input)? {
                let usage = match text.value().strip_prefix("dyn ") {
                    Some(_) => format!("as {}", text.value()),
                    None => "as dyn Orders".to_owned(),
                };
                return Err(unquoted(&text, &usage));
            }
            ComponentOption::As(span, Box::new(input.parse()?))
        }
        "primary" => {
            if let Some(equals) = input.parse::<Option<Token![=]>>()? {
                return Err(syn::Error::new(
                    equals.span,
                    "`primary` has no value; write it alone",
                ));
            }
            ComponentOption::Primary(span)
        }
        "name" => {
            value(input, &word, "name = \"replica\"")?;
            if let Ok(name) = input.fork().parse::<Ident>() {
                let message = format!("a name is a text; write `name = \"{name}\"`, with quotes");
                return Err(syn::Error::new(name.span(), message));
            }
            ComponentOption::Name(span, input.parse()?)
        }
        "scope" => {
            value(input, &word, "scope = request")?;
            if let Some(text) = text(input)? {
                return Err(unquoted(&text, "scope = request"));
            }
            ComponentOption::Scope(span, input.call(Ident::parse_any)?)
        }
        "profile" | "profiles" => {
            let message =
                "a profile stands in an attribute of its own: write `#[profile(\"dev\")]`";
            return Err(syn::Error::new(span, message));
        }
        unknown => {
            let message = format!(
                "unknown option `{unknown}`; the options are `as dyn Trait`, `name = \"..\"`, `primary` and \
                 `scope = request`"
            );
            return Err(syn::Error::new(span, message));
        }
    })
}

/// A text, where one is a slip.
fn text(input: ParseStream<'_>) -> syn::Result<Option<LitStr>> {
    match input.peek(LitStr) {
        true => input.parse().map(Some),
        false => Ok(None),
    }
}

fn unquoted(text: &LitStr, usage: &str) -> syn::Error {
    syn::Error::new(text.span(), format!("write `{usage}`, without quotes"))
}

fn value(input: ParseStream<'_>, name: &Ident, usage: &str) -> syn::Result<()> {
    let equals = input.parse::<Token![=]>().map(drop);
    equals.map_err(|_| syn::Error::new(name.span(), format!("a value is missing; write `{usage}`")))
}

/// What the attribute stands on.
pub(crate) enum Item {
    Function(Box<Function>),
    Struct(Box<ItemStruct>, Vec<Vec<Attribute>>),
    Impl(Box<ItemImpl>, Vec<Vec<Attribute>>),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let first = first_word(&input.fork()).map(|first| first.to_string());
        match first.as_deref().ok() {
            Some("struct") => {
                let mut item: ItemStruct = input.parse()?;
                let sources = item
                    .fields
                    .iter_mut()
                    .map(|field| take_sources(&mut field.attrs));
                let sources = sources.collect();
                Ok(Item::Struct(Box::new(item), sources))
            }
            Some("impl") => {
                let mut item: ItemImpl = input.parse()?;
                let sources = new_of(&mut item).map(|new| all_sources(&mut new.sig));
                Ok(Item::Impl(Box::new(item), sources.unwrap_or_default()))
            }
            _ => input
                .parse()
                .map(|function| Item::Function(Box::new(function))),
        }
    }
}

/// That an item may be a component: whatever else is wrong, the parser says it better.
pub(crate) fn on_item(item: TokenStream) -> syn::Result<()> {
    let first = keyword(item)?;
    match first.to_string().as_str() {
        other
        @ ("enum" | "union" | "trait" | "mod" | "type" | "static" | "use" | "macro_rules") => {
            let message = format!("no component is made by `{other}`; {USAGE}");
            Err(syn::Error::new(first.span(), message))
        }
        _ => Ok(()),
    }
}

/// The function `new` of an `impl`.
pub(crate) fn new_of(item: &mut ItemImpl) -> Option<&mut ImplItemFn> {
    item.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "new" => Some(function),
        _ => None,
    })
}

impl Item {
    pub(crate) fn attributes(&mut self) -> &mut Vec<Attribute> {
        match self {
            Item::Function(function) => &mut function.attributes,
            Item::Struct(item, _) => &mut item.attrs,
            Item::Impl(item, _) => &mut item.attrs,
        }
    }

    /// The item without what only the macro reads.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Item::Function(function) => function.tokens(),
            Item::Struct(item, _) => item.to_token_stream(),
            Item::Impl(item, _) => item.to_token_stream(),
        }
    }
}

/// The profiles that attributes `#[profile("dev")]` name; they are taken off.
pub(crate) fn profiles(attributes: &mut Vec<Attribute>) -> syn::Result<Vec<LitStr>> {
    let (ours, others) = std::mem::take(attributes)
        .into_iter()
        .partition(|attribute| is_named(attribute, "profile"));
    *attributes = others;
    let mut profiles = Vec::new();
    for attribute in ours {
        profiles.extend(profile_names(&attribute)?);
    }
    Ok(profiles)
}

fn profile_names(attribute: &Attribute) -> syn::Result<Vec<LitStr>> {
    let usage = "write `#[profile(\"dev\")]`, or `#[profile(\"dev\", \"test\")]`";
    let tokens = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let parser = syn::punctuated::Punctuated::<LitStr, Token![,]>::parse_terminated;
    let names = parser.parse2(tokens);
    match names {
        Ok(names) if !names.is_empty() => Ok(names.into_iter().collect()),
        _ => Err(syn::Error::new_spanned(
            attribute,
            format!("expected the names of profiles as text; {usage}"),
        )),
    }
}

/// Whether it is the attribute of this name, however the path to it is written.
fn is_named(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == name)
}

/// How a struct is made of its fields, which are these variables.
pub(crate) fn literal(item: &ItemStruct, variables: &[Ident]) -> TokenStream {
    let name = &item.ident;
    match &item.fields {
        Fields::Named(fields) => {
            let names = fields.named.iter().map(|field| &field.ident);
            quote!(#name { #(#names: #variables),* })
        }
        Fields::Unnamed(_) => quote!(#name(#(#variables),*)),
        Fields::Unit => quote!(#name),
    }
}

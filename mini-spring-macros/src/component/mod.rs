//! `#[component]`.

mod check;
pub(crate) mod expand;
mod parse;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

pub(crate) use self::check::check_signature;
use self::parse::{Item, Options, USAGE};
use crate::mistakes::Mistakes;
use crate::tokens::{unreadable, with_error};

/// The item, and the record of the component beside it.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = parse::on_item(item.clone()) {
        return with_error(item, &error);
    }
    let mut parsed = match syn::parse2::<Item>(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => return unreadable(item, "#[component]", &error),
    };
    let mut mistakes = Mistakes::default();
    let options = mistakes.keep(syn::parse2::<Options>(arguments));
    let options = options.unwrap_or(Options(Vec::new()));
    let checked = check::component(&mut parsed, options, &mut mistakes);
    let item = parsed.tokens();
    match (mistakes.into_error(), checked) {
        (Some(error), _) => with_error(item, &error),
        (None, Some(checked)) => {
            let record = expand::component(&checked);
            quote!(#item #record)
        }
        (None, None) => item,
    }
}

/// `#[profile("dev")]` above `#[component]` moves below it, where that one reads it.
pub(crate) fn profile(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    let mut rest = item.clone().into_iter().peekable();
    let mut attributes = TokenStream::new();
    let mut is_component = false;
    while let Some(TokenTree::Punct(hash)) = rest.next_if(is_hash) {
        let body = rest.next();
        is_component |=
            matches!(&body, Some(TokenTree::Group(group)) if names_component(group.stream()));
        attributes.extend([Some(TokenTree::Punct(hash)), body].into_iter().flatten());
    }
    if !is_component {
        let message = format!("a profile is that of a component; {USAGE}");
        return with_error(item, &syn::Error::new(Span::call_site(), message));
    }
    let rest = rest.collect::<TokenStream>();
    quote!(#attributes #[profile(#arguments)] #rest)
}

fn is_hash(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

/// Whether the path that an attribute begins with ends with this name.
fn names_component(attribute: TokenStream) -> bool {
    let path = attribute
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)));
    let last = path
        .filter(|token| matches!(token, TokenTree::Ident(_)))
        .last();
    last.is_some_and(|name| name.to_string() == "component")
}

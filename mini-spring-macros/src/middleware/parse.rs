//! Tokens to what was written: what the attribute is for, and the order of those on one function.
//!
//! An attribute above `#[route]` would be expanded first, and know nothing of the route. So it moves all of its kind
//! below it, where the route takes them.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Meta, Token, Type, bracketed};

use super::USAGE;
use crate::function::parse::{Function, is_route};
use crate::mistakes::{Mistakes, similar};
use crate::tokens::with_error;

/// What stands in the parentheses.
pub(super) enum Arguments {
    /// It makes a function a middleware, which puts values of these types on requests.
    Definition { provides: Vec<Type> },
    /// It puts a middleware around a handler.
    Use,
}

pub(super) fn arguments(tokens: TokenStream) -> syn::Result<Arguments> {
    if tokens.is_empty() {
        let provides = Vec::new();
        return Ok(Arguments::Definition { provides });
    }
    let is_option = |input: ParseStream<'_>| {
        let is_option =
            input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        input.parse::<TokenStream>().map(|_| is_option)
    };
    if Parser::parse2(is_option, tokens.clone())? {
        let provides = provides.parse2(tokens)?;
        return Ok(Arguments::Definition { provides });
    }
    Ok(Arguments::Use)
}

/// `provides = User` or `provides = [User, Tenant]`.
fn provides(input: ParseStream<'_>) -> syn::Result<Vec<Type>> {
    let name: Ident = input.parse()?;
    if name != "provides" {
        let message = match similar(&name.to_string(), ["provides"]) {
            Some(meant) => format!("unknown option `{name}`; did you mean `{meant}`?"),
            None => format!("unknown option `{name}`; there is only `provides = User`"),
        };
        return Err(syn::Error::new(name.span(), message));
    }
    input.parse::<Token![=]>()?;
    let types = if input.peek(syn::token::Bracket) {
        let list;
        bracketed!(list in input);
        let types = Punctuated::<Type, Token![,]>::parse_terminated(&list)?;
        types.into_iter().collect()
    } else {
        vec![input.parse().map_err(|error: syn::Error| {
            let message = "expected the type of what it puts on requests; write `provides = User`";
            syn::Error::new(error.span(), message)
        })?]
    };
    input.parse::<Option<Token![,]>>()?;
    match input.is_empty() {
        true => Ok(types),
        false => {
            Err(input.error("several types stand in brackets; write `provides = [User, Tenant]`"))
        }
    }
}

/// Whether an attribute puts a middleware around a handler, or was meant to.
fn is_use(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "middleware")
}

/// Takes the middleware off a handler, from the top to the bottom.
pub(crate) fn take_uses(attributes: &mut Vec<Attribute>, mistakes: &mut Mistakes) -> Vec<Expr> {
    let (uses, others) = std::mem::take(attributes).into_iter().partition(is_use);
    *attributes = others;
    let uses: Vec<Attribute> = uses;
    let expressions = uses
        .iter()
        .filter_map(|attribute| mistakes.keep(expression(attribute)));
    expressions.collect()
}

fn expression(attribute: &Attribute) -> syn::Result<Expr> {
    let Meta::List(list) = &attribute.meta else {
        let message = "a handler is no middleware; name the one that is to be around it: \
                       `#[middleware(auth)]`";
        return Err(syn::Error::new_spanned(attribute, message));
    };
    if let Ok(Arguments::Definition { .. }) = arguments(list.tokens.clone()) {
        let message = "a handler is no middleware; name the one that is to be around it: \
                       `#[middleware(auth)]`";
        return Err(syn::Error::new_spanned(attribute, message));
    }
    let one = |input: ParseStream<'_>| {
        let expression = input.parse::<Expr>()?;
        if input.is_empty() {
            return Ok(expression);
        }
        let message = "each attribute has one middleware; write one below the other: \
                       `#[middleware(auth)]`, `#[middleware(limit)]`";
        Err(input.error(message))
    };
    one.parse2(list.tokens.clone())
}

/// An item: its attributes, and what stands behind them.
struct Item {
    attributes: Vec<Attribute>,
    rest: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Item {
            attributes: input.call(Attribute::parse_outer)?,
            rest: input.parse()?,
        })
    }
}

/// Whether there is a `#[route]` below.
pub(super) fn has_route(item: TokenStream) -> bool {
    let item = syn::parse2::<Item>(item);
    item.is_ok_and(|item| item.attributes.iter().any(is_route))
}

/// The item without attributes of this kind, for one that is no handler anyway.
pub(crate) fn without_uses(item: TokenStream) -> TokenStream {
    let Ok(Item {
        mut attributes,
        rest,
    }) = syn::parse2(item.clone())
    else {
        return item;
    };
    attributes.retain(|attribute| !is_use(attribute));
    quote!(#(#attributes)* #rest)
}

/// The item with this attribute, and those of its kind, below its routes.
pub(super) fn moved(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let Ok(Item { attributes, rest }) = syn::parse2(item.clone()) else {
        return item;
    };
    if !attributes.iter().any(is_route) {
        return without_route(&arguments, item);
    }
    // What can't be read, the route reports.
    let (routes, others): (Vec<_>, Vec<_>) = attributes.into_iter().partition(is_route);
    let (uses, others): (Vec<_>, Vec<_>) = others.into_iter().partition(is_use);
    quote! {
        #(#routes)*
        #[middleware(#arguments)]
        #(#uses)*
        #(#others)*
        #rest
    }
}

fn without_route(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    if syn::parse2::<Function>(item.clone()).is_err()
        && crate::function::parse::on_function(item.clone(), "").is_ok()
    {
        return item;
    }
    let message = format!(
        "there is no `#[route]` that `{}` could be around; {USAGE}",
        arguments.to_token_stream()
    );
    with_error(item, &syn::Error::new_spanned(arguments, message))
}

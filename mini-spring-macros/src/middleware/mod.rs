//! `#[middleware]`, which makes a function one, and `#[middleware(auth)]`, which puts one around a handler.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use self::parse::Arguments;
use crate::function::parse::{Function, on_function};
use crate::mistakes::Mistakes;
use crate::tokens::{unreadable, with_error};

pub(crate) use self::parse::{take_uses, without_uses};

/// What to write, for messages.
const USAGE: &str = "write `#[middleware]` on a function to make it one, and `#[middleware(auth)]` \
                     beside `#[route]` to put one around the handler";

/// By its arguments, what the attribute is.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    match parse::arguments(arguments.clone()) {
        Ok(Arguments::Definition { provides }) => define(item, &provides, Mistakes::default()),
        Ok(Arguments::Use) => parse::moved(arguments, item),
        Err(error) => {
            let mut mistakes = Mistakes::default();
            mistakes.keep::<()>(Err(error));
            match parse::has_route(item.clone()) {
                true => mistakes
                    .into_error()
                    .map_or(item.clone(), |error| with_error(item, &error)),
                false => define(item, &[], mistakes),
            }
        }
    }
}

/// The function with two arguments, and what it needs for the others; or why it is no middleware.
fn define(item: TokenStream, provides: &[syn::Type], mut mistakes: Mistakes) -> TokenStream {
    if let Err(error) = on_function(item.clone(), "#[middleware]") {
        return with_error(item, &error);
    }
    let mut function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return unreadable(item, "#[middleware]", &error),
    };
    let can_be = check::attributes(&mut function.attributes, &mut mistakes);
    if let (false, Some(error)) = (can_be, mistakes.error()) {
        return with_error(function.tokens(), &error);
    }
    let arguments = check::function(&function, &mut mistakes);
    match (mistakes.into_error(), arguments) {
        (None, Some(arguments)) => expand::middleware(&function, &arguments, provides),
        (None, None) => function.tokens(),
        (Some(error), _) if function.signature.receiver().is_some() => {
            with_error(function.tokens(), &error)
        }
        (Some(error), _) => {
            let item = expand::fallback(&function);
            let error = error.to_compile_error();
            quote!(#item #error)
        }
    }
}

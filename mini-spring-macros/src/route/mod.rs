//! `#[route(GET, "/path")]`.

mod check;
mod expand;
mod options;
mod parse;
mod record;
mod signature;

use proc_macro2::TokenStream;
use quote::quote;

use crate::mistakes::Mistakes;

/// The function, and what makes it a handler or says why it is none.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = match syn::parse2::<parse::Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return with_error(item, &error),
    };
    let mut mistakes = Mistakes::default();
    let written = parse::routes(arguments, &mut function, &mut mistakes);
    let routes = check::routes(&function, written, &mut mistakes);
    let item = function.tokens();
    match mistakes.into_error() {
        None => {
            let hidden = expand::handler(&function, &routes);
            quote!(#item #hidden)
        }
        Some(error) if !function.can_have_a_type() => with_error(item, &error),
        Some(error) => {
            let hidden = expand::fallback(&function);
            with_error(quote!(#item #hidden), &error)
        }
    }
}

/// The item as it was, beside the messages, so that one mistake is one error.
fn with_error(item: TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#item #error)
}

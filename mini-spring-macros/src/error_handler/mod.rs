//! `#[error_handler]`.

mod check;
mod expand;

use proc_macro2::TokenStream;
use quote::quote;

use crate::function::namesake::fallback;
use crate::function::parse::{Function, on_function};
use crate::mistakes::Mistakes;
use crate::tokens::{unreadable, with_error};

/// What to write, for messages.
const USAGE: &str = "write `#[error_handler]`, and the error as the function's first argument";

/// The function, and what makes it an error handler or says why it is none.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = on_function(item.clone(), "#[error_handler]") {
        return with_error(item, &error);
    }
    let mut function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return unreadable(item, "#[error_handler]", &error),
    };
    let mut mistakes = Mistakes::default();
    if !arguments.is_empty() {
        let message = format!("`#[error_handler]` takes nothing in parentheses; {USAGE}");
        mistakes.on(&arguments, message);
    }
    check::attributes(&mut function.attributes, &mut mistakes);
    let checked = check::handler(&function, &mut mistakes);
    let item = function.tokens();
    match (mistakes.into_error(), checked) {
        (None, Some(checked)) => {
            let hidden = expand::handler(&function, &checked);
            quote!(#item #hidden)
        }
        (None, None) => item,
        (Some(error), _) if !function.can_have_a_type() => with_error(item, &error),
        (Some(error), _) => {
            let hidden = fallback(&function, &quote!(HandlesErrors));
            with_error(quote!(#item #hidden), &error)
        }
    }
}

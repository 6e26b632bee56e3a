//! `#[route(GET, "/path")]`.

mod check;
mod expand;
mod options;
mod parse;
mod record;

use proc_macro2::TokenStream;
use quote::quote;

use crate::function::namesake;
use crate::function::parse::{Function, on_function};
use crate::middleware;
use crate::mistakes::Mistakes;
use crate::tokens::{unreadable, with_error};

/// The function, and what makes it a handler or says why it is none.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = on_function(item.clone(), "#[route]") {
        return with_error(middleware::without_uses(item), &error);
    }
    let mut function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return unreadable(item, "#[route]", &error),
    };
    let mut mistakes = Mistakes::default();
    let written = parse::routes(arguments, &mut function, &mut mistakes);
    let layers = middleware::take_uses(&mut function.attributes, &mut mistakes);
    let routes = check::routes(&function, written, &mut mistakes);
    let item = function.tokens();
    match mistakes.into_error() {
        None => {
            let hidden = expand::handler(&function, &routes, &layers);
            quote!(#item #hidden)
        }
        Some(error) if !function.can_have_a_type() => with_error(item, &error),
        Some(error) => {
            let hidden = namesake::fallback(&function, &quote!(Endpoint));
            with_error(quote!(#item #hidden), &error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_that_cannot_be_read_is_left_to_the_compiler() {
        let item: TokenStream = "fn user(id: ) {}".parse().unwrap();
        let expanded = expand(quote!(GET, "/<id>"), item.clone()).to_string();
        assert!(expanded.starts_with(&item.to_string()), "{expanded}");
        assert!(
            expanded.contains("`#[route]` can't read this signature: "),
            "{expanded}"
        );
        assert!(!expanded.contains("compile_error"), "{expanded}");
    }
}

//! `#[route(GET, "/path")]`.

pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod expand;
mod options;
pub(crate) mod parse;
mod record;
pub(crate) mod signature;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::middleware;
use crate::mistakes::Mistakes;

/// The function, and what makes it a handler or says why it is none.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = parse::on_function(item.clone(), "#[route]") {
        return with_error(middleware::without_uses(item), &error);
    }
    let mut function = match syn::parse2::<parse::Function>(item.clone()) {
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
            let hidden = expand::fallback(&function, &quote!(Endpoint));
            with_error(quote!(#item #hidden), &error)
        }
    }
}

/// A signature that can't be read. The compiler can't read it either, and says so better; should it be able
/// to after all, there is no program: the constant is evaluated when code is generated.
pub(crate) fn unreadable(item: TokenStream, attribute: &str, error: &syn::Error) -> TokenStream {
    let message = format!("`{attribute}` can't read this signature: {error}");
    let span = error.span();
    let guard = quote_spanned! {span=>
        const _: () = {
            fn guard<T>() {
                const { ::core::panic!(#message) }
            }
            #[used]
            static GUARD: fn() = guard::<()>;
        };
    };
    quote!(#item #guard)
}

/// The item as it was, beside the messages, so that one mistake is one error.
pub(crate) fn with_error(item: TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#item #error)
}

/// What the attribute `beside` of a type holds.
pub(crate) fn beside(item: TokenStream) -> TokenStream {
    let attributes = syn::parse2::<syn::DeriveInput>(item).map(|item| item.attrs);
    let attributes = attributes.unwrap_or_default();
    let of_ours = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("beside"));
    match of_ours.map(|attribute| &attribute.meta) {
        Some(syn::Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
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

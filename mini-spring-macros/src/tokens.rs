//! Places of tokens, and messages beside an item. Knows no attribute.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The same place, but for names that the function's don't meet.
pub(crate) fn hygienic(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

/// Where these tokens begin and end.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let spans = tokens
        .to_token_stream()
        .into_iter()
        .map(|token| token.span());
    let first = spans.clone().next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}

/// The line in which a token stands.
pub(crate) fn line(span: Span) -> u32 {
    let line = span.unwrap().line();
    u32::try_from(line).unwrap_or(u32::MAX)
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

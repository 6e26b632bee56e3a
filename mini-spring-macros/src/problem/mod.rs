//! `#[derive(Problem)]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::mistakes::Mistakes;

/// How the errors of a type are answered.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut mistakes = Mistakes::default();
    let shapes = check::shapes(&input, &mut mistakes);
    match mistakes.into_error() {
        None => expand::conversion(&input.ident, &shapes),
        Some(error) => {
            // Whoever uses the type as an error isn't told the same once more.
            let fallback = expand::fallback(&input);
            let error = error.to_compile_error();
            quote::quote!(#fallback #error)
        }
    }
}

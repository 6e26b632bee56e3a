//! `group! { prefix: "/api", middleware: [auth] }`.

mod expand;
mod parse;

use proc_macro2::TokenStream;

/// The record of the group, or what is wrong with it.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    match syn::parse2::<parse::Group>(tokens) {
        Ok(group) => expand::record(&group),
        Err(error) => error.to_compile_error(),
    }
}

//! The type that has a function's name, which says what the function is. Knows no attribute.

use proc_macro2::TokenStream;
use quote::quote;

use super::parse::Function;

/// What stands beside a function with a mistake: its type, which is that of a handler of this kind without anything.
pub(crate) fn fallback(function: &Function, kind: &TokenStream) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    endpoint(
        function,
        &quote! {
            #(#conditions)*
            impl ::mini_spring::__private::#kind for #name {}
        },
    )
}

/// The type of the function's name: with braces, so that it takes no place among the values. The rest comes
/// out of it by a derive: in an `impl`, where no type can stand, so one error is all that the compiler says.
pub(crate) fn endpoint(function: &Function, rest: &TokenStream) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let conditions = function.conditions();
    quote! {
        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #[derive(::mini_spring::__private::Beside)]
        #[beside(#rest)]
        #visibility struct #name {}
    }
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

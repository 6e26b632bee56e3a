//! Middleware as it is named: expressions to tokens that evaluate them.
//!
//! A closure is handed to a function that says what its arguments are; every other expression is a value. Knows
//! neither handlers nor groups.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Expr;

use crate::tokens::{ends, hygienic, line};

/// A static with this name that evaluates the expressions, and a pointer to it.
pub(crate) fn list(layers: &[Expr]) -> TokenStream {
    let layers = layers.iter().map(layer);
    quote! {{
        static __MINI_SPRING_LIST: ::mini_spring::__private::LayerList =
            ::mini_spring::__private::LayerList {
                make: || ::std::vec![#(#layers),*],
            };
        &__MINI_SPRING_LIST
    }}
}

fn layer(expression: &Expr) -> TokenStream {
    let start = ends(expression).0;
    let line = line(start);
    let function = match is_closure(expression) {
        true => quote!(layer_of_closure),
        false => quote!(layer),
    };
    quote_spanned! {hygienic(start)=>
        ::mini_spring::__private::#function(#expression, ::core::file!(), #line)
    }
}

fn is_closure(expression: &Expr) -> bool {
    match expression {
        Expr::Closure(_) => true,
        Expr::Paren(inner) => is_closure(&inner.expr),
        Expr::Group(inner) => is_closure(&inner.expr),
        _ => false,
    }
}

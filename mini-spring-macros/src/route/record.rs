//! A route's record as tokens: constants and function pointers.
//!
//! Never fails, and knows no argument.

use mini_spring_pattern::media;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::check::Checked;
use super::options::Options;

/// The record of one route of a handler, by its place among them.
pub(crate) fn record(name: &Ident, index: usize, route: &Checked) -> TokenStream {
    let methods = &route.methods;
    let pattern = &route.literal;
    let handler = name.unraw().to_string();
    let options = options(&route.options);
    let line = match route.line {
        Some(line) => quote!(#line),
        None => quote!(::core::line!()),
    };
    quote! {
        ::mini_spring::__private::RouteRecord {
            methods: &[#(#methods),*],
            pattern: #pattern,
            handler: #handler,
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: #line,
            options: #options,
            layers: __MINI_SPRING_LAYERS,
            call: ::mini_spring::__private::call::<#name, #index>,
            requires: <#name as ::mini_spring::__private::Handle<#index>>::requires,
        }
    }
}

fn options(options: &Options) -> TokenStream {
    let Options {
        blocking,
        timeout,
        body_limit,
        consumes,
        produces,
        // It is applied where the answer is made.
        status: _,
    } = options;
    let timeout = optional(timeout.map(|timeout| {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        quote!(::core::time::Duration::from_millis(#milliseconds))
    }));
    let body_limit = optional(body_limit.map(|bytes| quote!(#bytes)));
    let produces = optional(produces.as_deref().map(produced));
    quote! {
        ::mini_spring::__private::RouteOptions {
            blocking: #blocking,
            timeout: #timeout,
            body_limit: #body_limit,
            consumes: &[#(#consumes),*],
            produces: #produces,
        }
    }
}

/// The media type of answers.
pub(crate) fn produced(media_type: &str) -> TokenStream {
    let of_text = media::of_text(media_type);
    quote! {
        ::mini_spring::__private::Produced { media_type: #media_type, of_text: #of_text }
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

//! What is meant to tokens. Never fails, and decides nothing that a function of the runtime can.
//!
//! Beside the function stands a type of its name, whose implementations hold the routes. How the function is
//! called, `call` writes.

use mini_spring_pattern::Segment;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

use super::check::Checked;
use super::options::BODILESS;
use super::record::{produced, record};
use crate::function::argument::{Argument, Source};
use crate::function::call::{self, Errors, assertion, extractor};
use crate::function::namesake::endpoint;
use crate::function::parse::Function;
use crate::layers;

/// The function's type, and all that stands beside it.
pub(crate) fn handler(function: &Function, routes: &[Checked], layers: &[Expr]) -> TokenStream {
    let name = &function.signature.ident;
    let conditions: Vec<_> = function.conditions().collect();
    let records = routes
        .iter()
        .enumerate()
        .map(|(index, route)| record(name, index, route));
    let list = match layers {
        [] => quote!(::core::option::Option::None),
        layers => {
            let list = layers::list(layers);
            quote!(::core::option::Option::Some(#list))
        }
    };
    let url = routes.first().map(|route| url(function, route));
    let handles = routes
        .iter()
        .enumerate()
        .map(|(index, route)| handle(function, index, route));
    let submits = (0..routes.len()).map(|index| {
        quote! {
            #(#conditions)*
            ::mini_spring::__private::submit! {
                <#name as ::mini_spring::__private::Endpoint>::ROUTES[#index]
            }
        }
    });
    endpoint(
        function,
        &quote! {
            #(#conditions)*
            impl ::mini_spring::__private::Endpoint for #name {
                const ROUTES: &'static [::mini_spring::__private::RouteRecord] = {
                    const __MINI_SPRING_LAYERS: ::core::option::Option<
                        &'static ::mini_spring::__private::LayerList,
                    > = #list;
                    &[#(#records),*]
                };
            }

            #url
            #(#handles)*
            #(#submits)*
        },
    )
}

fn url(function: &Function, route: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let conditions = function.conditions();
    let documentation = format!("The path `{}` with these values.", route.literal.value());
    let parameters: Vec<Ident> = route.pattern.parameters().map(identifier).collect();
    let pieces = route.pattern.path.iter().map(|segment| match segment {
        Segment::Static(text) => quote!(::mini_spring::__private::Piece::Static(#text)),
        Segment::Parameter(name) => {
            let value = identifier(name);
            quote!(::mini_spring::__private::Piece::Parameter(&#value))
        }
        Segment::Tail(name) => {
            let value = identifier(name);
            quote!(::mini_spring::__private::Piece::Tail(&#value))
        }
    });
    quote! {
        #(#conditions)*
        impl #name {
            #[doc = #documentation]
            #[allow(dead_code)]
            #visibility fn url(#(#parameters: impl ::core::fmt::Display),*) -> ::std::string::String {
                ::mini_spring::__private::url(::core::module_path!(), &[#(#pieces),*])
            }
        }
    }
}

/// A parameter's name as an identifier; that it can be one was checked.
fn identifier(name: &str) -> Ident {
    let span = Span::mixed_site();
    syn::parse_str::<Ident>(name)
        .map_or_else(|_| Ident::new_raw(name, span), |_| Ident::new(name, span))
}

fn handle(function: &Function, index: usize, route: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    let assertions = assertions(route);
    let arguments = call::arguments(&route.arguments);
    let variables = (0..route.arguments.len()).map(call::variable);
    let value = quote_spanned!(Span::mixed_site()=> #name(#(#variables),*));
    let answer = call::answer(function, &value, Errors::Handled, &changes(route));
    let requirements = route.arguments.iter().map(call::requirement);
    quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        #[allow(deprecated)]
        impl ::mini_spring::__private::Handle<#index> for #name {
            fn handle(
                request: &::mini_spring::__private::Request,
            ) -> ::core::result::Result<
                ::mini_spring::__private::Response,
                ::mini_spring::__private::Problem,
            > {
                #assertions
                #arguments
                #answer
            }

            fn requires(needs: &mut ::mini_spring::__private::Needs) {
                #(#requirements)*
            }
        }
    }
}

/// Statements that change the answer as the options say.
fn changes(route: &Checked) -> TokenStream {
    let status = route.options.status.map(|code| {
        quote_spanned! {Span::mixed_site()=>
            let response = ::mini_spring::__private::with_default_status(response, #code);
        }
    });
    let media_type = route.options.produces.as_deref().map(|media_type| {
        let produced = produced(media_type);
        quote_spanned! {Span::mixed_site()=>
            let response = ::mini_spring::__private::with_produced_type(response, #produced);
        }
    });
    quote!(#status #media_type)
}

/// Constants that don't compile where the body can't be had. An alias hides nothing from them.
fn assertions(route: &Checked) -> TokenStream {
    let is_extractor = |argument: &&Argument| matches!(argument.source, Source::Extractor(_));
    let extractors: Vec<&Argument> = route.arguments.iter().filter(is_extractor).collect();
    let method = route
        .methods
        .iter()
        .find(|method| BODILESS.contains(&method.as_str()));
    let without = extractors
        .iter()
        .filter_map(|argument| Some(no_body(argument, method?)));
    let twice = extractors.iter().enumerate().flat_map(|(index, second)| {
        let pairs = (0..index).map(|first| (&extractors[..first], extractors[first]));
        pairs.map(move |(before, first)| one_body(before, first, second))
    });
    let twice = twice.filter(|_| method.is_none());
    without.chain(twice).collect()
}

fn no_body(argument: &Argument, method: &str) -> TokenStream {
    let Argument {
        kind, label, name, ..
    } = argument;
    let name = if name.is_empty() { "name" } else { name };
    let message = format!(
        "`{label}` takes the body, and a {method} request has none; \
         for a value of the query put `?<{name}>` into the pattern"
    );
    let extractor = extractor(kind);
    assertion(kind, &quote!(!#extractor.takes_body), &message)
}

/// Of several that take the body, each is told of the first only: `before` are those in front of it.
fn one_body(before: &[&Argument], first: &Argument, second: &Argument) -> TokenStream {
    let message = format!(
        "`{}` and `{}` both take the body; take it once, or see it through `&Request`",
        first.label, second.label
    );
    let (one, other) = (extractor(&first.kind), extractor(&second.kind));
    let before = before.iter().map(|argument| extractor(&argument.kind));
    let condition = quote!(#(#before.takes_body ||)* !(#one.takes_body && #other.takes_body));
    assertion(&second.kind, &condition, &message)
}

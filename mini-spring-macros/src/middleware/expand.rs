//! What is meant to tokens. Never fails, and decides nothing that a function of the runtime can.
//!
//! The function's name becomes a function of two arguments, so that it is a middleware wherever it is named; in it
//! stands the function as it was written. Beside it stands a record of what it needs, found by the type
//! of the name.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Type};

use crate::function::argument::{Argument, Source};
use crate::function::call::{self, Errors, assertion, extractor};
use crate::function::parse::Function;

/// The middleware, and what stands beside it.
pub(super) fn middleware(
    function: &Function,
    arguments: &[Argument],
    provides: &[Type],
) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    let body = body(function, arguments);
    let function = outer(function, &body);
    let requirements = arguments.iter().map(call::requirement);
    let assertions = arguments.iter().filter_map(no_body);
    quote_spanned! {Span::mixed_site()=>
        #function

        #(#conditions)*
        #[allow(deprecated)]
        const _: () = {
            ::mini_spring::__private::submit! {
                ::mini_spring::__private::MiddlewareRecord {
                    kind: || ::mini_spring::__private::kind_of(&#name),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    requires: |needs| {
                        let _ = &needs;
                        #(#assertions)*
                        #(#requirements)*
                    },
                    provides: || {
                        ::mini_spring::__private::Provides::nothing()
                            #(.and::<#provides>())*
                    },
                }
            }
        };
    }
}

/// A middleware that isn't called, for a function with a mistake.
pub(super) fn fallback(function: &Function) -> TokenStream {
    let inner = inner(function);
    outer(
        function,
        &quote_spanned! {Span::mixed_site()=>
            #[allow(dead_code)]
            #inner
            let _ = (request, next);
            ::core::panic!("the middleware didn't compile")
        },
    )
}

/// The function of two arguments.
fn outer(function: &Function, body: &TokenStream) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let attributes = function
        .attributes
        .iter()
        .filter(|attribute| is_outer(attribute));
    quote_spanned! {Span::mixed_site()=>
        #(#attributes)*
        #visibility fn #name(
            request: &mut ::mini_spring::__private::Request,
            next: ::mini_spring::__private::Next<'_>,
        ) -> ::mini_spring::__private::Response {
            #body
        }
    }
}

/// What is for those who use the function.
fn is_outer(attribute: &Attribute) -> bool {
    let names = ["cfg", "doc", "deprecated", "allow", "expect"];
    names.iter().any(|name| attribute.path().is_ident(name))
}

/// The function as it was written.
fn inner(function: &Function) -> TokenStream {
    let is_inner =
        |attribute: &&Attribute| !is_outer(attribute) || attribute.path().is_ident("allow");
    let attributes = function.attributes.iter().filter(is_inner);
    let (signature, body) = (&function.signature, function.body());
    quote!(#(#attributes)* #signature #body)
}

fn body(function: &Function, arguments: &[Argument]) -> TokenStream {
    let name = &function.signature.ident;
    let inner = inner(function);
    let kinds = arguments.iter().map(|argument| &argument.kind);
    let variables: Vec<_> = (0..arguments.len()).map(call::variable).collect();
    let taken = call::arguments(arguments);
    let value = quote_spanned!(Span::mixed_site()=> #name(request, next, #(#variables),*));
    let answer = call::answer(function, &value, Errors::Handled, &TokenStream::new());
    quote_spanned! {Span::mixed_site()=>
        #inner

        #[allow(deprecated)]
        fn __mini_spring_take(
            request: &::mini_spring::__private::Request,
            owned: &(),
        ) -> ::core::result::Result<(#(#kinds,)*), ::mini_spring::__private::Problem> {
            let _ = owned;
            #taken
            ::core::result::Result::Ok((#(#variables,)*))
        }

        #[allow(deprecated)]
        fn __mini_spring_answer(
            request: &mut ::mini_spring::__private::Request,
            next: ::mini_spring::__private::Next<'_>,
        ) -> ::core::result::Result<
            ::mini_spring::__private::Response,
            ::mini_spring::__private::Problem,
        > {
            let (#(#variables,)*) = __mini_spring_take(request, &())?;
            #answer
        }

        ::mini_spring::__private::answered(__mini_spring_answer(request, next))
    }
}

/// The body is the handler's.
fn no_body(argument: &Argument) -> Option<TokenStream> {
    let Source::Extractor(_) = argument.source else {
        return None;
    };
    let Argument { kind, label, .. } = argument;
    let message = format!(
        "`{label}` takes the body, which is the handler's; take it there, or see it through `request`"
    );
    let extractor = extractor(kind);
    Some(assertion(kind, &quote!(!#extractor.takes_body), &message))
}

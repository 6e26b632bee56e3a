//! What is meant to tokens. Never fails, and decides nothing that a function of the runtime can.
//!
//! Beside the function stands a type of its name, as beside a handler, with one record; and a function of the
//! same arguments for every error handler, which the record leads to: it takes the further arguments from the
//! request, calls the function and answers.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::check::Checked;
use crate::function::argument::{Argument, Source};
use crate::function::call::{self, Errors, assertion, extractor, probe};
use crate::function::namesake::endpoint;
use crate::function::parse::Function;
use crate::tokens::{ends, hygienic};

/// All that stands beside a function.
pub(crate) fn handler(function: &Function, checked: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let text = name.unraw().to_string();
    let conditions: Vec<_> = function.conditions().collect();
    let call = call_of(function, checked);
    let role = role(function, checked);
    let requirements = checked.arguments.iter().map(call::requirement);
    let assertions = checked.arguments.iter().filter_map(no_body);
    let rest = quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        impl ::mini_spring::__private::HandlesErrors for #name {
            const RECORDS: &'static [::mini_spring::__private::ErrorRecord] =
                &[::mini_spring::__private::ErrorRecord {
                    handler: #text,
                    module: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    role: <#name as ::mini_spring::__private::HandleError>::role,
                    requires: <#name as ::mini_spring::__private::HandleError>::requires,
                }];
        }

        #(#conditions)*
        impl #name {
            #call
        }

        #(#conditions)*
        impl ::mini_spring::__private::HandleError for #name {
            fn role() -> ::mini_spring::__private::Role {
                #(#assertions)*
                #role
            }

            fn requires(needs: &mut ::mini_spring::__private::Needs) {
                let _ = &needs;
                #(#requirements)*
            }
        }

        #(#conditions)*
        ::mini_spring::__private::submit! {
            <#name as ::mini_spring::__private::HandlesErrors>::RECORDS[0]
        }
    };
    endpoint(function, &rest)
}

/// The function that is called with every error: it takes the error once the other arguments are there.
fn call_of(function: &Function, checked: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let error = &checked.error;
    let arguments = call::arguments(&checked.arguments);
    let variables = (0..checked.arguments.len()).map(call::variable);
    let value = quote_spanned!(Span::mixed_site()=> #name(error, #(#variables),*));
    let changes = quote_spanned! {Span::mixed_site()=>
        let response = ::mini_spring::__private::with_default_status(response, status);
    };
    let answer = call::answer(function, &value, Errors::Final, &changes);
    quote_spanned! {Span::mixed_site()=>
        #[doc(hidden)]
        #[allow(deprecated)]
        fn __call(
            error: &mut ::core::option::Option<#error>,
            status: u16,
            request: &::mini_spring::__private::Request,
        ) -> ::core::result::Result<
            ::mini_spring::__private::Response,
            ::mini_spring::__private::Problem,
        > {
            #arguments
            let ::core::option::Option::Some(error) = error.take() else {
                return ::core::result::Result::Err(
                    ::mini_spring::__private::ProblemShape::NONE.problem(
                        ::core::option::Option::None,
                    ),
                );
            };
            #answer
        }
    }
}

/// Which errors it takes, and how: the compiler blames the type where it takes none.
fn role(function: &Function, checked: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let kind = &checked.error;
    let probe = probe(kind);
    let role = quote_spanned!(ends(kind).0=> #probe.role());
    quote_spanned!(hygienic(ends(kind).0)=> #role.of(#name::__call))
}

/// The body has been read, or is gone.
fn no_body(argument: &Argument) -> Option<TokenStream> {
    let Source::Extractor(_) = argument.source else {
        return None;
    };
    let Argument { kind, label, .. } = argument;
    let message = format!(
        "`{label}` takes the body, which an error handler can't: \
         the handler may have read it; see it through `&Request`"
    );
    let extractor = extractor(kind);
    let condition = quote!(!#extractor.takes_body);
    Some(assertion(kind, &condition, &message))
}

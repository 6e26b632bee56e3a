//! What is meant to tokens: the item as it is, and a record beside it. Never fails, and decides nothing that a
//! function of the runtime can.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::check::{Checked, Made};
use crate::function::argument::Argument;
use crate::function::call::{self, Errors};
use crate::tokens::{ends, hygienic};

/// The record of a component.
pub(crate) fn component(checked: &Checked) -> TokenStream {
    let Checked {
        name,
        label,
        is_primary,
        profiles,
        conditions,
        ..
    } = checked;
    let label = match label {
        Some(label) => quote!(::core::option::Option::Some(#label)),
        None => quote!(::core::option::Option::None),
    };
    let (scope, build) = match checked.is_per_request {
        true => (quote!(PerRequest), build_for_request(checked)),
        false => (quote!(Once), build_once(checked)),
    };
    let describe = describe(checked);
    quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        const _: () = {
            #describe
            #build
            ::mini_spring::__private::submit! {
                ::mini_spring::__private::ComponentRecord {
                    name: #name,
                    module: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    label: #label,
                    is_primary: #is_primary,
                    profiles: &[#(#profiles),*],
                    describe,
                    build: ::mini_spring::__private::Build::#scope(build),
                }
            }
        };
    }
}

fn describe(checked: &Checked) -> TokenStream {
    let Checked { output, others, .. } = checked;
    let wants = checked
        .arguments
        .iter()
        .map(|argument| match checked.is_per_request {
            true => call::requirement(argument),
            false => want(argument),
        });
    let (first, last) = ends(output);
    let operands = quote_spanned!(last=> ());
    let probe = quote_spanned!(first=> ::mini_spring::__private::probe::<#output> #operands);
    quote_spanned! {Span::mixed_site()=>
        fn describe(description: &mut ::mini_spring::__private::Description) {
            description.provides(#probe.fallible().shared());
            #(description.provides(::mini_spring::__private::Provided::<#others>::new());)*
            let needs = description.needs();
            let _ = &needs;
            #(#wants)*
        }
    }
}

/// What an argument needs that is no part of a request.
pub(crate) fn want(argument: &Argument) -> TokenStream {
    let (injectable, needed) = (injectable(&argument.kind), call::needed(argument));
    quote_spanned!(hygienic(ends(&argument.kind).0)=> (#injectable.want)(needs #needed);)
}

/// Statements that take all arguments out of a supply.
pub(crate) fn takes(arguments: &[Argument]) -> TokenStream {
    let takes = arguments.iter().enumerate().map(|(index, argument)| {
        let (variable, injectable) = (call::variable(index), injectable(&argument.kind));
        quote_spanned!(hygienic(ends(&argument.kind).0)=> let #variable = (#injectable.take)(supply)?;)
    });
    quote!(#(#takes)*)
}

fn injectable(kind: &TokenStream) -> TokenStream {
    quote_spanned!(hygienic(ends(kind).0)=> ::mini_spring::__private::injectable::<#kind>())
}

fn build_once(checked: &Checked) -> TokenStream {
    let takes = takes(&checked.arguments);
    let (value, shared) = (value(checked), shared(checked, &quote!(Made)));
    let error = Ident::new("error", ends(&checked.output).0);
    quote_spanned! {Span::mixed_site()=>
        #[allow(deprecated)]
        fn build(
            supply: &mut ::mini_spring::__private::Supply<'_>,
        ) -> ::core::result::Result<
            ::mini_spring::__private::Made,
            ::mini_spring::__private::Error,
        > {
            let _ = &supply;
            #takes
            let value = #value;
            let value = ::mini_spring::__private::probe_of(&value).outcome().split(value).map_err(
                |#error| ::mini_spring::__private::Error::from(#error.0),
            )?;
            #shared
        }
    }
}

fn build_for_request(checked: &Checked) -> TokenStream {
    let arguments = call::arguments(&checked.arguments);
    let (value, shared) = (value(checked), shared(checked, &quote!(MadeHere)));
    let (first, last) = ends(&checked.output);
    let error = Ident::new("error", first);
    let failed = quote_spanned!(last=> #error.0);
    let failure = call::failure(Errors::Handled, &error, &failed);
    quote_spanned! {Span::mixed_site()=>
        #[allow(deprecated)]
        fn build(
            request: &::mini_spring::__private::Request,
        ) -> ::core::result::Result<
            ::mini_spring::__private::MadeHere,
            ::mini_spring::__private::Problem,
        > {
            #arguments
            let value = #value;
            let value = ::mini_spring::__private::probe_of(&value).outcome().split(value).map_err(
                |#error| #failure,
            )?;
            #shared
        }
    }
}

fn value(checked: &Checked) -> TokenStream {
    let variables = (0..checked.arguments.len()).map(call::variable);
    match &checked.made {
        Made::Call(function) => quote_spanned!(Span::mixed_site()=> #function(#(#variables),*)),
        Made::Literal(literal) => literal.clone(),
    }
}

/// What was made under each of its types.
fn shared(checked: &Checked, made: &TokenStream) -> TokenStream {
    let others = checked.others.iter().map(|other| {
        quote_spanned! {hygienic(ends(other).0)=>
            let made = made.and::<#other>({
                let shared = value.clone();
                shared
            });
        }
    });
    // Where the type stands, for what is said of one that isn't `Send + Sync`.
    let of = quote_spanned! {hygienic(ends(&checked.output).0)=>
        let made = ::mini_spring::__private::#made::of(value.clone());
    };
    quote_spanned! {Span::mixed_site()=>
        let value = ::mini_spring::__private::probe_of(&value).sharing().share(value);
        #of
        #(#others)*
        ::core::result::Result::Ok(made)
    }
}

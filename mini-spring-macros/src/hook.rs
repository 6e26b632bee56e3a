//! `#[on_start]` and `#[on_stop]`: a function that is called when the server starts or stops.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ReturnType;
use syn::ext::IdentExt;

use crate::component::check_signature;
use crate::component::expand::{takes, want};
use crate::function::call;
use crate::mistakes::Mistakes;

use crate::function::argument::{Argument, Source};
use crate::function::parse::{Function, on_function};
use crate::function::signature;
use crate::tokens::{ends, unreadable, with_error};

/// The function, and its record beside it. `when` is the variant that says when it is called.
pub(crate) fn expand(
    attribute: &str,
    when: &str,
    arguments: &TokenStream,
    item: TokenStream,
) -> TokenStream {
    if let Err(error) = on_function(item.clone(), attribute) {
        return with_error(item, &error);
    }
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return unreadable(item, attribute, &error),
    };
    let mut mistakes = Mistakes::default();
    if !arguments.is_empty() {
        mistakes.on(
            arguments,
            format!("`{attribute}` takes nothing in parentheses"),
        );
    }
    check_signature(&function.signature, &mut mistakes);
    let inputs = signature::inputs(&function, &mut mistakes);
    let inputs: Vec<Argument> = inputs.iter().map(Argument::unnamed).collect();
    for argument in &inputs {
        if let Source::Named(_) = argument.source {
            mistakes.on(
                &argument.kind,
                "there is no request when the server starts or stops",
            );
        }
    }
    let item = function.tokens();
    match mistakes.into_error() {
        Some(error) => with_error(item, &error),
        None => {
            let record = record(&function, &inputs, when);
            quote!(#item #record)
        }
    }
}

fn record(function: &Function, arguments: &[Argument], when: &str) -> TokenStream {
    let conditions = function.conditions();
    let name = &function.signature.ident;
    let text = name.unraw().to_string();
    let when = Ident::new(when, Span::call_site());
    let wants = arguments.iter().map(want);
    let takes = takes(arguments);
    let variables = (0..arguments.len()).map(call::variable);
    let place = match &function.signature.output {
        ReturnType::Type(_, kind) => ends(kind).0,
        ReturnType::Default => name.span(),
    };
    let error = Ident::new("error", place);
    // The compiler blames the type that is returned, if it is none of these.
    let unit = quote_spanned!(place=> ());
    quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        const _: () = {
            fn wants(needs: &mut ::mini_spring::__private::Needs) {
                let _ = &needs;
                #(#wants)*
            }

            #[allow(deprecated)]
            fn prepare(
                supply: &mut ::mini_spring::__private::Supply<'_>,
            ) -> ::core::result::Result<
                ::mini_spring::__private::Prepared,
                ::mini_spring::__private::Error,
            > {
                let _ = &supply;
                #takes
                ::core::result::Result::Ok(::std::boxed::Box::new(move || {
                    let value = #name(#(#variables),*);
                    let #unit = ::mini_spring::__private::probe_of(&value).outcome().split(value).map_err(
                        |#error| ::mini_spring::__private::Error::from(#error.0),
                    )?;
                    ::core::result::Result::Ok(())
                }))
            }

            ::mini_spring::__private::submit! {
                ::mini_spring::__private::HookRecord {
                    name: #text,
                    module: ::core::module_path!(),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    when: ::mini_spring::__private::When::#when,
                    wants,
                    prepare,
                }
            }
        };
    }
}

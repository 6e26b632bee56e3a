//! How generated code calls a function: its arguments are taken from the request, its result becomes an answer.
//!
//! Local names are hygienic (`mixed_site`), so that a function can be called `inputs`. What uses an argument's type
//! carries that type's span, and what uses the result carries the span of the return type, so that
//! the compiler's errors stand in the signature. An argument's type is only asked for by
//! `extractor::<T>()` and `probe::<T>()`: the same question with the same span is reported once.

use mini_spring_pattern::Field;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ReturnType;

use super::argument::{Argument, Source};
use super::parse::Function;
use super::signature::Named;
use crate::tokens::{ends, hygienic};

/// What becomes of the errors that a function returns.
#[derive(Clone, Copy)]
pub(crate) enum Errors {
    /// Those whose type has a handler are kept for it.
    Handled,
    /// The function is such a handler: there is no other.
    Final,
}

/// Statements that take all arguments: in the order of the signature, then those that take the
/// body. Which those are only their types know, so extractors stand in both lists.
pub(crate) fn arguments(arguments: &[Argument]) -> TokenStream {
    let count = arguments.len();
    if count == 0 {
        return quote_spanned!(Span::mixed_site()=> let _ = request;);
    }
    let variables: Vec<Ident> = (0..count).map(variable).collect();
    let early = arguments.iter().enumerate().map(early);
    let late = arguments.iter().enumerate().filter_map(late);
    let slots = arguments.iter().map(|argument| {
        let name = component_name(argument);
        quote!(::mini_spring::__private::Slot::named(#name))
    });
    quote_spanned! {Span::mixed_site()=>
        static SLOTS: [::mini_spring::__private::Slot; #count] = [#(#slots),*];
        let mut inputs = ::mini_spring::__private::Inputs::of(request);
        #(#early)*
        #(#late)*
        let (#(::core::option::Option::Some(#variables),)*) = (#(#variables,)*) else {
            return ::core::result::Result::Err(inputs.refusal());
        };
    }
}

fn early((index, argument): (usize, &Argument)) -> TokenStream {
    let variable = variable(index);
    let Argument { kind, name, .. } = argument;
    match &argument.source {
        Source::Path(place) => {
            let parser = parser(kind);
            quote_spanned! {start(kind)=>
                let #variable = inputs.path(#place, #name, #parser);
            }
        }
        Source::Query(field) => {
            let field = constant(field);
            let (probe, parser) = (probe(kind), item_parser(kind));
            quote_spanned! {start(kind)=>
                let #variable = inputs.query(&#field, #probe.shape(), #parser);
            }
        }
        Source::Named(named) => {
            let (method, name) = match named {
                Named::Header(name) => ("header", name),
                Named::Cookie(name) => ("cookie", name),
            };
            let method = Ident::new(method, Span::mixed_site());
            let (probe, parser) = (probe(kind), item_parser(kind));
            quote_spanned! {start(kind)=>
                let #variable = inputs.#method(#name, #probe.shape(), #parser);
            }
        }
        Source::Extractor(_) => {
            let extractor = extractor(kind);
            quote_spanned! {start(kind)=>
                let #variable = inputs.early(#extractor, &SLOTS[#index])?;
            }
        }
    }
}

fn late((index, argument): (usize, &Argument)) -> Option<TokenStream> {
    let Source::Extractor(_) = argument.source else {
        return None;
    };
    let variable = variable(index);
    let extractor = extractor(&argument.kind);
    Some(quote_spanned! {start(&argument.kind)=>
        let #variable = inputs.late(#variable, #extractor, &SLOTS[#index])?;
    })
}

pub(crate) fn requirement(argument: &Argument) -> TokenStream {
    let kind = &argument.kind;
    match &argument.source {
        Source::Query(field) if field.default.is_some() => {
            let field = constant(field);
            let parser = item_parser(kind);
            quote_spanned!(start(kind)=> #field.check_default(needs, #parser);)
        }
        Source::Path(_) | Source::Query(_) | Source::Named(_) => TokenStream::new(),
        Source::Extractor(_) => {
            let (extractor, needed) = (extractor(kind), needed(argument));
            quote_spanned!(start(kind)=> (#extractor.requires)(needs #needed);)
        }
    }
}

/// Says of needs that are added whose they are: the line is that of the argument.
pub(crate) fn needed(argument: &Argument) -> TokenStream {
    let Argument { kind, label, .. } = argument;
    let name = component_name(argument);
    quote_spanned! {start(kind)=>
        .argument(#label, ::core::file!(), ::core::line!(), #name)
    }
}

/// The name of the component that an argument asks for.
fn component_name(argument: &Argument) -> TokenStream {
    match &argument.source {
        Source::Extractor(Some(name)) => quote!(::core::option::Option::Some(#name)),
        _ => quote!(::core::option::Option::None),
    }
}

/// A constant whose failure is shown at the whole type.
pub(crate) fn assertion(kind: &TokenStream, condition: &TokenStream, message: &str) -> TokenStream {
    let (first, last) = ends(kind);
    let operands = quote_spanned!(hygienic(last)=> (#condition, #message));
    quote_spanned!(hygienic(first)=> const _: () = ::core::assert! #operands;)
}

/// Statements that answer by the result of this call of the function. `changes` are those between the answer of
/// its content, `response`, and what stood before that.
pub(crate) fn answer(
    function: &Function,
    call: &TokenStream,
    errors: Errors,
    changes: &TokenStream,
) -> TokenStream {
    let (first, last) = match &function.signature.output {
        ReturnType::Type(_, kind) => ends(kind),
        ReturnType::Default => ends(&function.signature.ident),
    };
    // A field expression reaches from the first token of the return type to the last, and with it
    // the compiler's underline. Its tokens are the user's, so that no expansion is shown.
    let name = |name| Ident::new(name, first);
    let (error, all, content) = (name("error"), name("all"), name("content"));
    let (failed, answered, before, between) = (
        quote_spanned!(last=> #error.0),
        quote_spanned!(last=> #content.1),
        quote_spanned!(last=> #all.0),
        quote_spanned!(last=> #content.0),
    );
    let failure = failure(errors, &error, &failed);
    quote_spanned! {Span::mixed_site()=>
        let value = #call;
        let value = ::mini_spring::__private::probe_of(&value).outcome().split(value).map_err(
            |#error| #failure,
        )?;
        let value = ::mini_spring::__private::probe_of(&value).presence().split(value)?;
        let #all = ::mini_spring::__private::probe_of(&value).extras().split(value);
        let #content = ::mini_spring::__private::probe_of(&#all.1).further().split(#all.1);
        let response =
            ::mini_spring::__private::probe_of(&#content.1).content().answer(#answered);
        #changes
        let response = ::mini_spring::__private::finish(#between, response);
        ::core::result::Result::Ok(::mini_spring::__private::finish(#before, response))
    }
}

/// What becomes of the error `error`, which is `failed` without what holds it.
pub(crate) fn failure(errors: Errors, error: &Ident, failed: &TokenStream) -> TokenStream {
    let failure = quote_spanned! {Span::mixed_site()=>
        ::mini_spring::__private::probe_of(&#error.0).failure().answer(#failed)
    };
    match errors {
        Errors::Final => failure,
        Errors::Handled => quote_spanned! {Span::mixed_site()=>
            match ::mini_spring::__private::probe_of(&#error.0)
                .holding()
                .keep(#error, ::mini_spring::__private::handled(request))
            {
                ::core::result::Result::Ok(problem) => problem,
                ::core::result::Result::Err(#error) => #failure,
            }
        },
    }
}

pub(crate) fn extractor(kind: &TokenStream) -> TokenStream {
    quote_spanned!(start(kind)=> ::mini_spring::__private::extractor::<#kind>())
}

/// The compiler blames this expression where the type is no parameter: all its tokens are the
/// user's, so that the underline is the type and no expansion is shown.
pub(crate) fn probe(kind: &TokenStream) -> TokenStream {
    let (first, last) = ends(kind);
    let operands = quote_spanned!(last=> ());
    quote_spanned!(first=> ::mini_spring::__private::probe::<#kind> #operands)
}

/// How the type is read.
fn parser(kind: &TokenStream) -> TokenStream {
    let probe = probe(kind);
    quote_spanned!(ends(kind).0=> #probe.parse())
}

/// How the type is read, or where it is an `Option` or `Vec`, what is in it.
fn item_parser(kind: &TokenStream) -> TokenStream {
    let probe = probe(kind);
    let item = quote_spanned!(ends(kind).1=> #probe.item());
    quote_spanned!(ends(kind).0=> #item.parse())
}

fn constant(field: &Field) -> TokenStream {
    let name = &field.name;
    let default = match &field.default {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    quote!(::mini_spring::__private::Field { name: #name, default: #default })
}

pub(crate) fn variable(index: usize) -> Ident {
    format_ident!("argument_{index}", span = Span::mixed_site())
}

/// Where these tokens begin, for hygienic tokens of ours.
fn start(tokens: &TokenStream) -> Span {
    hygienic(ends(tokens).0)
}

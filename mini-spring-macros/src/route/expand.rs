//! What is meant to tokens. Never fails, and decides nothing that a function of the runtime can.
//!
//! Beside the function stands a type of its name, whose implementations hold the routes. Local names
//! are hygienic (`mixed_site`), so that a handler can be called `inputs`. What uses an argument's type
//! carries that type's span, and what uses the result carries the span of the return type, so that
//! the compiler's errors stand in the signature. An argument's type is only asked for by
//! `extractor::<T>()` and `probe::<T>()`: the same question with the same span is reported once.

use mini_spring_pattern::{Field, Segment};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ReturnType;

use super::check::{Argument, Checked, Source};
use super::options::BODILESS;
use super::parse::Function;
use super::record::{produced, record};
use super::signature::Named;

/// The function's type, and all that stands beside it.
pub(crate) fn handler(function: &Function, routes: &[Checked]) -> TokenStream {
    let name = &function.signature.ident;
    let conditions: Vec<_> = function.conditions().collect();
    let records = routes
        .iter()
        .enumerate()
        .map(|(index, route)| record(name, index, route));
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
                const ROUTES: &'static [::mini_spring::__private::RouteRecord] = &[#(#records),*];
            }

            #url
            #(#handles)*
            #(#submits)*
        },
    )
}

/// A handler without routes, for a function with a mistake.
pub(crate) fn fallback(function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    endpoint(
        function,
        &quote! {
            #(#conditions)*
            impl ::mini_spring::__private::Endpoint for #name {}
        },
    )
}

/// The type of the function's name: with braces, so that it takes no place among the values. The rest comes
/// out of it by a derive: in an `impl`, where no type can stand, so one error is all that the compiler says.
fn endpoint(function: &Function, rest: &TokenStream) -> TokenStream {
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
                ::mini_spring::__private::url(&[#(#pieces),*])
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
    let arguments = arguments(&route.arguments);
    let answer = answer(function, route);
    let requirements = route.arguments.iter().map(requirement);
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

/// Statements that take all arguments: in the order of the signature, then those that take the
/// body. Which those are only their types know, so extractors stand in both lists.
fn arguments(arguments: &[Argument]) -> TokenStream {
    let count = arguments.len();
    if count == 0 {
        return quote_spanned!(Span::mixed_site()=> let _ = request;);
    }
    let variables: Vec<Ident> = (0..count).map(variable).collect();
    let early = arguments.iter().enumerate().map(early);
    let late = arguments.iter().enumerate().filter_map(late);
    quote_spanned! {Span::mixed_site()=>
        static SLOTS: [::mini_spring::__private::Slot; #count] =
            [const { ::mini_spring::__private::Slot::new() }; #count];
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
        Source::Extractor => {
            let extractor = extractor(kind);
            quote_spanned! {start(kind)=>
                let #variable = inputs.early(#extractor, &SLOTS[#index])?;
            }
        }
    }
}

fn late((index, argument): (usize, &Argument)) -> Option<TokenStream> {
    let Source::Extractor = argument.source else {
        return None;
    };
    let variable = variable(index);
    let extractor = extractor(&argument.kind);
    Some(quote_spanned! {start(&argument.kind)=>
        let #variable = inputs.late(#variable, #extractor, &SLOTS[#index])?;
    })
}

fn requirement(argument: &Argument) -> TokenStream {
    let kind = &argument.kind;
    match &argument.source {
        Source::Query(field) if field.default.is_some() => {
            let field = constant(field);
            let parser = item_parser(kind);
            quote_spanned!(start(kind)=> #field.check_default(needs, #parser);)
        }
        Source::Path(_) | Source::Query(_) | Source::Named(_) => TokenStream::new(),
        Source::Extractor => {
            let extractor = extractor(kind);
            quote_spanned!(start(kind)=> (#extractor.requires)(needs);)
        }
    }
}

/// Constants that don't compile where the body can't be had. An alias hides nothing from them.
fn assertions(route: &Checked) -> TokenStream {
    let is_extractor = |argument: &&Argument| matches!(argument.source, Source::Extractor);
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

/// A constant whose failure is shown at the whole type.
fn assertion(kind: &TokenStream, condition: &TokenStream, message: &str) -> TokenStream {
    let (first, last) = ends(kind);
    let operands = quote_spanned!(hygienic(last)=> (#condition, #message));
    quote_spanned!(hygienic(first)=> const _: () = ::core::assert! #operands;)
}

/// Statements that call the function and answer by its result.
fn answer(function: &Function, route: &Checked) -> TokenStream {
    let name = &function.signature.ident;
    let variables = (0..route.arguments.len()).map(variable);
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
    let (first, last) = match &function.signature.output {
        ReturnType::Type(_, kind) => ends(kind),
        ReturnType::Default => (name.span(), name.span()),
    };
    // A field expression reaches from the first token of the return type to the last, and with it
    // the compiler's underline. Its tokens are the user's, so that no expansion is shown.
    let (error, content) = (Ident::new("error", first), Ident::new("content", first));
    let (failed, answered) = (
        quote_spanned!(last=> #error.0),
        quote_spanned!(last=> #content.1),
    );
    quote_spanned! {Span::mixed_site()=>
        let value = #name(#(#variables),*);
        let value = ::mini_spring::__private::probe_of(&value).outcome().split(value).map_err(
            |#error| ::mini_spring::__private::probe_of(&#error.0).failure().answer(#failed),
        )?;
        let value = ::mini_spring::__private::probe_of(&value).presence().split(value)?;
        let #content = ::mini_spring::__private::probe_of(&value).extras().split(value);
        let response =
            ::mini_spring::__private::probe_of(&#content.1).content().answer(#answered);
        #status
        #media_type
        ::core::result::Result::Ok(::mini_spring::__private::finish(#content.0, response))
    }
}

fn extractor(kind: &TokenStream) -> TokenStream {
    quote_spanned!(start(kind)=> ::mini_spring::__private::extractor::<#kind>())
}

/// The compiler blames this expression where the type is no parameter: all its tokens are the
/// user's, so that the underline is the type and no expansion is shown.
fn probe(kind: &TokenStream) -> TokenStream {
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

fn variable(index: usize) -> Ident {
    format_ident!("argument_{index}", span = Span::mixed_site())
}

/// Where these tokens begin, for hygienic tokens of ours.
fn start(tokens: &TokenStream) -> Span {
    hygienic(ends(tokens).0)
}

/// The same place, but for names that the function's don't meet.
fn hygienic(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

/// Where these tokens begin and end.
fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let spans = tokens
        .to_token_stream()
        .into_iter()
        .map(|token| token.span());
    let first = spans.clone().next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}

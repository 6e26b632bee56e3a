//! What is meant to tokens. Never fails.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, LitStr, Member};

use super::check::{Answer, Shape};

/// The conversion into a problem, and a record of it, for errors that `?` has boxed.
pub(crate) fn conversion(name: &Ident, shapes: &[Shape]) -> TokenStream {
    let inner = shapes.iter().filter_map(|shape| inner(name, shape));
    let body = match shapes.is_empty() {
        // An enum without variants.
        true => quote!(match error {}),
        false => quote! {
            #(#inner)*
            // Those that another error answers for have been answered above.
            let problem = told(&error).unwrap_or_else(|| {
                ::mini_spring::__private::ProblemShape::NONE.problem(::core::option::Option::None)
            });
            ::mini_spring::__private::probe::<#name>().keep(problem, error)
        },
    };
    let told = telling(name, shapes);
    quote! {
        const _: () = {
            #told

            impl ::core::convert::From<#name> for ::mini_spring::__private::Problem {
                fn from(error: #name) -> Self {
                    #body
                }
            }

            ::mini_spring::__private::submit! {
                ::mini_spring::__private::ErrorMapping {
                    recover: |error| ::mini_spring::__private::probe::<#name>().recover(error),
                    told: |error| ::mini_spring::__private::probe::<#name>().told(error, told),
                }
            }
        };
    }
}

/// The function that says what an error is, without taking it.
fn telling(name: &Ident, shapes: &[Shape]) -> TokenStream {
    let told = shapes.iter().filter_map(|shape| told(name, shape));
    let behind = shapes.iter().filter_map(|shape| behind(name, shape));
    let body = match shapes.is_empty() {
        true => quote!(match *error {}),
        false => quote! {
            // Named, for where no arm has one.
            let problem: ::mini_spring::__private::Problem = match error {
                #(#told)*
                #(#behind)*
            };
            ::core::option::Option::Some(match problem.status().is_server_error() {
                true => problem,
                false => ::mini_spring::__private::probe::<#name>().say(problem, error),
            })
        },
    };
    quote! {
        // Others may answer for all of them.
        #[allow(unreachable_code)]
        fn told(
            error: &#name,
        ) -> ::core::option::Option<::mini_spring::__private::Problem> {
            #body
        }
    }
}

/// Another error answers for this one.
fn behind(name: &Ident, shape: &Shape) -> Option<TokenStream> {
    let Answer::Inner(member) = &shape.answer else {
        return None;
    };
    let path = path(name, shape);
    Some(quote! {
        #path { #member: inner } => return ::mini_spring::__private::probe_of(inner).behind(inner),
    })
}

/// The conversion of a type with a mistake.
pub(crate) fn fallback(input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        impl #generics ::core::convert::From<#name #arguments> for ::mini_spring::__private::Problem
        #bounds
        {
            fn from(_: #name #arguments) -> Self {
                ::mini_spring::__private::ProblemShape::NONE.problem(::core::option::Option::None)
            }
        }
    }
}

fn path(name: &Ident, shape: &Shape) -> TokenStream {
    match &shape.variant {
        Some(variant) => quote!(#name::#variant),
        None => quote!(#name),
    }
}

fn inner(name: &Ident, shape: &Shape) -> Option<TokenStream> {
    let Answer::Inner(member) = &shape.answer else {
        return None;
    };
    let path = path(name, shape);
    let span = match member {
        Member::Named(name) => name.span(),
        Member::Unnamed(index) => index.span,
    };
    // What is in it is blamed where it can't be answered.
    let answer = quote_spanned!(span=> ::mini_spring::__private::probe_of(&inner).within(inner));
    Some(quote! {
        #[allow(unreachable_patterns)]
        let error = match error {
            #path { #member: inner } => return #answer,
            other => other,
        };
    })
}

fn told(name: &Ident, shape: &Shape) -> Option<TokenStream> {
    let Answer::Told {
        status,
        fields,
        detail,
        code,
        title,
        kind,
        members,
    } = &shape.answer
    else {
        return None;
    };
    let path = path(name, shape);
    let names: Vec<&Ident> = fields.iter().map(|(_, name)| name).collect();
    let bound = fields.iter().map(|(place, name)| match place {
        Member::Named(_) => quote!(#name),
        Member::Unnamed(_) => quote!(#place: #name),
    });
    let detail = optional(detail.as_ref().map(|text| quote!(::std::format!(#text))));
    let [code, title, kind] = [code, title, kind].map(|text| literal(text.as_ref()));
    let keys = members.iter().map(|member| member.unraw().to_string());
    Some(quote! {
        #path { #(#bound),* } => {
            let _ = (#(#names,)*);
            ::mini_spring::__private::ProblemShape {
                status: #status,
                code: #code,
                title: #title,
                kind: #kind,
            }
            .problem(#detail)
            #(.with(#keys, #members))*
        }
    })
}

fn literal(text: Option<&LitStr>) -> TokenStream {
    optional(text.map(|text| quote!(#text)))
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

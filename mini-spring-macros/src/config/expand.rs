//! What is meant to tokens. Never fails, and decides nothing that a function of the runtime can.
//!
//! Beside the struct stands one record, in the global table: its keys, and a function that reads each field and makes
//! the struct of them.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ItemStruct;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::check::{Config, Default, Setting};

/// The record of a struct.
pub(crate) fn record(item: &ItemStruct, config: &Config) -> TokenStream {
    let name = &item.ident;
    let prefix = &config.prefix;
    let conditions: Vec<_> = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .collect();
    let keys = config.settings.iter().map(key);
    let reads = config.settings.iter().enumerate().map(read);
    let fields = config.settings.iter().enumerate().map(|(index, setting)| {
        let Setting {
            name, conditions, ..
        } = setting;
        let value = variable(index);
        quote!(#(#conditions)* #name: #value?)
    });
    quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        const _: () = {
            ::mini_spring::__private::submit! {
                ::mini_spring::__private::ConfigRecord {
                    prefix: #prefix,
                    keys: &[#(#keys),*],
                    type_name: ::core::any::type_name::<#name>,
                    type_id: ::core::any::TypeId::of::<#name>,
                    file: ::core::file!(),
                    line: ::core::line!(),
                    bind: bind,
                }
            }

            #[allow(deprecated, unused_assignments)]
            fn bind(
                fields: &mut ::mini_spring::__private::Fields<'_>,
            ) -> ::core::option::Option<::mini_spring::__private::Bound> {
                #(#reads)*
                ::core::option::Option::Some(::mini_spring::__private::bound(#name { #(#fields),* }))
            }
        };
    }
}

fn variable(index: usize) -> syn::Ident {
    format_ident!("value_{index}", span = Span::mixed_site())
}

fn key(setting: &Setting) -> TokenStream {
    let Setting {
        conditions, doc, ..
    } = setting;
    let name = setting.name.unraw().to_string();
    let default = optional(match &setting.default {
        Some(Default::Text(text)) => Some(text),
        _ => None,
    });
    let has_own_default = matches!(setting.default, Some(Default::Own));
    let unit = optional(setting.unit.as_ref());
    let line = line(setting);
    quote! {
        #(#conditions)*
        ::mini_spring::__private::KeyRecord {
            name: #name,
            doc: &[#(#doc),*],
            default: #default,
            has_own_default: #has_own_default,
            unit: #unit,
            line: #line,
        }
    }
}

fn read((index, setting): (usize, &Setting)) -> TokenStream {
    let Setting {
        conditions, kind, ..
    } = setting;
    let name = setting.name.unraw().to_string();
    let value = variable(index);
    let reader = reader(setting);
    let read = match setting.default {
        Some(Default::Own) => {
            let own = quote_spanned!(kind.span()=> <#kind as ::core::default::Default>::default);
            quote_spanned!(Span::mixed_site()=> fields.read_or(#name, &#reader, #own))
        }
        _ => quote_spanned!(Span::mixed_site()=> fields.read(#name, &#reader)),
    };
    quote_spanned!(Span::mixed_site()=> #(#conditions)* let #value = #read;)
}

/// How the field's type is read, which its type decides.
fn reader(setting: &Setting) -> TokenStream {
    let kind = &setting.kind;
    let span = kind.span().resolved_at(Span::mixed_site());
    quote_spanned!(span=> ::mini_spring::__private::probe::<#kind>().setting())
}

fn line(setting: &Setting) -> u32 {
    let line = setting.name.span().unwrap().line();
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn optional(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

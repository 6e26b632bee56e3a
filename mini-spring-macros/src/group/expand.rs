//! A group to tokens. Never fails.

use proc_macro2::TokenStream;
use quote::quote;

use super::parse::Group;
use crate::layers;

/// The record of a group, in the global table.
pub(super) fn record(group: &Group) -> TokenStream {
    let Group {
        segments,
        prefix,
        layers,
    } = group;
    let list = layers::list(layers);
    quote! {
        const _: () = {
            ::mini_spring::__private::submit! {
                ::mini_spring::__private::GroupRecord {
                    module: ::core::module_path!(),
                    prefix: #prefix,
                    segments: &[#(#segments),*],
                    file: ::core::file!(),
                    line: ::core::line!(),
                    layers: #list,
                }
            }
        };
    }
}

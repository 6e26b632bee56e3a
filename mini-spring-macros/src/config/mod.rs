//! `#[config(prefix = "database")]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::mistakes::Mistakes;
use crate::tokens::with_error;

/// The struct, and what makes it one of settings or says why it is none.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let options = mistakes.keep(syn::parse2::<parse::Options>(arguments));
    let Some(mut item) = mistakes.keep(parse::item(&item)) else {
        return beside_mistakes(item, mistakes);
    };
    let fields = parse::fields(&mut item, &mut mistakes);
    let checked = check::config(&item, options, fields, &mut mistakes);
    match (mistakes.into_error(), checked) {
        (None, Some(checked)) => {
            let hidden = expand::record(&item, &checked);
            quote!(#item #hidden)
        }
        (None, None) => quote!(#item),
        (Some(error), _) => with_error(quote!(#item), &error),
    }
}

fn beside_mistakes(item: TokenStream, mistakes: Mistakes) -> TokenStream {
    match mistakes.into_error() {
        Some(error) => with_error(item, &error),
        None => item,
    }
}

//! `#[problem(404, "no book {id}", code = "no_book")]`: tokens to what was written. Knows no rules but those
//! of syntax.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitInt, LitStr, Token, parenthesized};

/// What to write, for messages.
pub(crate) const USAGE: &str = "write `#[problem(404)]` or `#[problem(404, \"no book {id}\")]`";

/// One `#[problem(..)]`.
pub(crate) enum Written {
    /// `transparent`: what is in it is answered.
    Transparent(Span),
    Told(Told),
}

/// How one error is answered.
pub(crate) struct Told {
    pub(crate) status: LitInt,
    pub(crate) detail: Option<LitStr>,
    /// `code = ".."` and the like.
    pub(crate) texts: Vec<(Ident, LitStr)>,
    /// The fields that `members(..)` names.
    pub(crate) members: Vec<Ident>,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident) {
            let word: Ident = input.parse()?;
            return match word == "transparent" {
                true => Ok(Written::Transparent(word.span())),
                false => Err(syn::Error::new(
                    word.span(),
                    format!("expected a status first; {USAGE}"),
                )),
            };
        }
        let status = input.parse::<LitInt>().map_err(|error| {
            syn::Error::new(error.span(), format!("expected a status first; {USAGE}"))
        })?;
        let mut told = Told {
            status,
            detail: None,
            texts: Vec::new(),
            members: Vec::new(),
        };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            told.more(input)?;
        }
        Ok(Written::Told(told))
    }
}

impl Told {
    fn more(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(LitStr) {
            self.detail = Some(input.parse()?);
            return Ok(());
        }
        let name = input.call(Ident::parse_any)?;
        if name == "members" {
            let list;
            parenthesized!(list in input);
            let members = list.parse_terminated(Ident::parse_any, Token![,])?;
            self.members.extend(members);
            return Ok(());
        }
        input.parse::<Token![=]>()?;
        self.texts.push((name, input.parse()?));
        Ok(())
    }
}

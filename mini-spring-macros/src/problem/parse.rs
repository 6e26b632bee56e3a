//! `#[problem(404, "no book {id}", code = "no_book")]`: tokens to what was written. Knows no rules but those
//! of syntax.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::token::Paren;
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
        let is_list = input.peek(Paren);
        if let Some(usage) = usage(&name, input) {
            return Err(syn::Error::new(name.span(), usage));
        }
        if is_list {
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

/// What to write where what stands behind a name isn't what the name takes.
fn usage(name: &Ident, input: ParseStream<'_>) -> Option<String> {
    let is_list = input.peek(Paren);
    let is_text = input.peek(Token![=]) && input.peek2(LitStr);
    match name.to_string().as_str() {
        "members" if is_list => None,
        "members" => Some("`members` names fields; write `members(id)`".to_owned()),
        name if is_list && !["code", "title", "type"].contains(&name) => {
            Some(format!("there is no list `{name}`; write `members(id)`"))
        }
        _ if is_text => None,
        name => Some(format!("`{name}` takes a text; write `{name} = \"..\"`")),
    }
}

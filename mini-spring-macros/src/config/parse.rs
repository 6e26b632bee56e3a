//! Tokens to what was written: the attribute's arguments, and the struct with those of its fields.
//!
//! Knows no rules but those of syntax; what makes sense is for `check`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Fields, Ident, Item, ItemStruct, LitStr, Result, Token};

use crate::mistakes::Mistakes;

/// What to write, for messages.
pub(crate) const USAGE: &str = "write `#[config(prefix = \"database\")]`";
/// What to write at a field.
const FIELD_USAGE: &str = "write `#[config(default = \"30s\")]`";

/// The arguments of the attribute.
pub(crate) struct Options {
    pub(crate) prefix: LitStr,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let message =
            |span: Span, message: &str| syn::Error::new(span, format!("{message}; {USAGE}"));
        if input.is_empty() {
            return Err(message(input.span(), "the keys have a prefix"));
        }
        let name =
            Ident::parse_any(input).map_err(|error| message(error.span(), "expected `prefix`"))?;
        if name != "prefix" {
            let text = format!("expected `prefix`, found `{name}`");
            return Err(message(name.span(), &text));
        }
        let behind = "expected a text behind `prefix`";
        input
            .parse::<Token![=]>()
            .map_err(|_| message(name.span(), behind))?;
        let prefix: LitStr = input
            .parse()
            .map_err(|error| message(error.span(), behind))?;
        input.parse::<Option<Token![,]>>()?;
        match input.is_empty() {
            true => Ok(Options { prefix }),
            false => Err(message(input.span(), "the prefix is all that is said here")),
        }
    }
}

/// One part of `#[config(..)]` at a field.
pub(crate) struct FieldOption {
    pub(crate) name: Ident,
    pub(crate) value: Option<Expr>,
}

impl Parse for FieldOption {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(FieldOption { name, value })
    }
}

/// A field and what its attributes say.
pub(crate) struct Field {
    pub(crate) options: Vec<FieldOption>,
    /// Of the documentation.
    pub(crate) doc: Vec<Expr>,
    /// `#[cfg(..)]`
    pub(crate) conditions: Vec<Attribute>,
}

/// The struct, if it is one.
pub(crate) fn item(item: &TokenStream) -> Result<ItemStruct> {
    match syn::parse2::<Item>(item.clone())? {
        Item::Struct(item) => Ok(item),
        Item::Enum(other) => Err(no_struct(other.enum_token.span)),
        Item::Union(other) => Err(no_struct(other.union_token.span)),
        other => Err(no_struct(other.span())),
    }
}

fn no_struct(span: Span) -> syn::Error {
    let message = "`#[config]` stands on a struct, whose fields are the settings";
    syn::Error::new(span, message)
}

/// What stands at the fields. Its attributes are taken off.
pub(crate) fn fields(item: &mut ItemStruct, mistakes: &mut Mistakes) -> Vec<Field> {
    let Fields::Named(named) = &mut item.fields else {
        return Vec::new();
    };
    let fields = named.named.iter_mut();
    fields.map(|field| read(field, mistakes)).collect()
}

fn read(field: &mut syn::Field, mistakes: &mut Mistakes) -> Field {
    let mut read = Field {
        options: Vec::new(),
        doc: Vec::new(),
        conditions: Vec::new(),
    };
    let mut is_first = true;
    field.attrs.retain(|attribute| {
        if attribute.path().is_ident("cfg") {
            read.conditions.push(attribute.clone());
        }
        if let (true, Ok(doc)) = (
            attribute.path().is_ident("doc"),
            attribute.meta.require_name_value(),
        ) {
            read.doc.push(doc.value.clone());
        }
        if !attribute.path().is_ident("config") {
            return true;
        }
        if !std::mem::take(&mut is_first) {
            mistakes.on(
                attribute,
                "one `#[config]` at a field is enough; put both into one",
            );
            return false;
        }
        read.options
            .extend(mistakes.keep(options(attribute)).into_iter().flatten());
        false
    });
    read
}

fn options(attribute: &Attribute) -> Result<Vec<FieldOption>> {
    let list = attribute.meta.require_list().map_err(|_| {
        let message = format!("`#[config]` at a field says something about it; {FIELD_USAGE}");
        syn::Error::new_spanned(attribute, message)
    })?;
    let options = list.parse_args_with(Punctuated::<FieldOption, Token![,]>::parse_terminated)?;
    Ok(options.into_iter().collect())
}

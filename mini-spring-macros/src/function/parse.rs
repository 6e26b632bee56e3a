//! Tokens to a function, read up to its body.
//!
//! The body is never looked at: it may not even parse while it is being typed. Knows no rules but those of syntax.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, FnArg, Signature, Visibility};

use crate::mistakes::similar;

/// A function, read up to its body.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    /// Without the attributes that say where an argument comes from.
    pub(crate) signature: Signature,
    /// Those attributes, for each argument.
    pub(crate) sources: Vec<Vec<Attribute>>,
    /// What stands behind the signature, as it was written.
    body: TokenStream,
}

/// The attributes that say where an argument comes from.
pub(crate) const SOURCES: [&str; 3] = ["header", "cookie", "named"];

/// Attributes that other frameworks have for what the pattern names here.
pub(crate) const PATTERNED: [&str; 4] = ["path", "query", "param", "path_param"];

impl Function {
    /// The function without its `#[route]`s.
    pub(crate) fn tokens(&self) -> TokenStream {
        let Function {
            attributes,
            visibility,
            signature,
            body,
            ..
        } = self;
        quote!(#(#attributes)* #visibility #signature #body)
    }

    /// What stands behind the signature.
    pub(crate) fn body(&self) -> &TokenStream {
        &self.body
    }

    /// Whether a type of its name can stand beside it: not in an `impl`, and not over a primitive.
    pub(crate) fn can_have_a_type(&self) -> bool {
        !matches!(self.signature.inputs.first(), Some(FnArg::Receiver(_)))
            && !is_primitive(&self.signature.ident)
    }

    /// The conditions under which the function exists.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        let is_condition = |attribute: &&Attribute| attribute.path().is_ident("cfg");
        self.attributes.iter().filter(is_condition)
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let mut signature: Signature = input.parse()?;
        let sources = all_sources(&mut signature);
        Ok(Function {
            attributes,
            visibility,
            signature,
            sources,
            body: input.parse()?,
        })
    }
}

/// Takes the attributes off that say where arguments come from.
pub(crate) fn all_sources(signature: &mut Signature) -> Vec<Vec<Attribute>> {
    let attributes = signature.inputs.iter_mut().map(|input| match input {
        FnArg::Typed(typed) => &mut typed.attrs,
        FnArg::Receiver(receiver) => &mut receiver.attrs,
    });
    attributes.map(take_sources).collect()
}

/// Takes the attributes off that say where one argument comes from.
pub(crate) fn take_sources(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    let (sources, others) = std::mem::take(attributes).into_iter().partition(is_source);
    *attributes = others;
    sources
}

/// Whether it says where an argument comes from, or was meant to: the compiler would only say that it doesn't know it.
fn is_source(attribute: &Attribute) -> bool {
    let name = attribute.path().get_ident().map(Ident::to_string);
    name.is_some_and(|name| PATTERNED.contains(&name.as_str()) || similar(&name, SOURCES).is_some())
}

/// Whether a type of this name would hide one that has no other name.
pub(crate) fn is_primitive(name: &Ident) -> bool {
    const PRIMITIVE: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8",
        "u16", "u32", "u64", "u128", "usize",
    ];
    PRIMITIVE.contains(&name.to_string().as_str())
}

/// Keywords that begin another item than a function.
const OTHERS: [&str; 11] = [
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "mod",
    "type",
    "static",
    "use",
    "macro_rules",
    "let",
];

/// That an item may be a function, for an attribute: whatever else is wrong, the parser of signatures says it
/// better.
pub(crate) fn on_function(item: TokenStream, attribute: &str) -> syn::Result<()> {
    let first = keyword(item)?;
    if !OTHERS.contains(&first.to_string().as_str()) {
        return Ok(());
    }
    let message = format!(
        "`{attribute}` stands on a function, found `{first}`; write it above the `fn` that answers"
    );
    Err(syn::Error::new(first.span(), message))
}

/// The word behind the attributes and the visibility of an item.
pub(crate) fn keyword(item: TokenStream) -> syn::Result<Ident> {
    let parser = |input: ParseStream<'_>| {
        let first = first_word(input)?;
        input.parse::<TokenStream>()?;
        Ok(first)
    };
    parser.parse2(item)
}

/// The same of what is still to be read.
pub(crate) fn first_word(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    input.call(IdentExt::parse_any)
}

/// Whether the attribute is a route.
pub(crate) fn is_route(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "route")
}

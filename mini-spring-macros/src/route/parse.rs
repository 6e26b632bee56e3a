//! Tokens to what was written: the attribute's arguments, and the function up to its body.
//!
//! The body is never looked at: it may not even parse while it is being typed. Knows no rules but
//! those of syntax; what makes sense is for `check`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, FnArg, LitStr, Signature, Token, Visibility, bracketed};

use crate::layers::line;
use crate::mistakes::{Mistakes, similar};

/// What to write, for messages.
pub(crate) const USAGE: &str = "write `#[route(GET, \"/path\")]`";

/// The methods that have names (RFC 9110, section 9.3; RFC 5789).
pub(crate) const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];

/// One `#[route(..)]`.
pub(crate) struct Route {
    pub(crate) methods: Vec<Method>,
    pub(crate) methods_span: Span,
    pub(crate) pattern: LitStr,
    pub(crate) options: Vec<RouteOption>,
    /// Where another attribute than the first stands.
    pub(crate) line: Option<u32>,
}

/// A method as it was written.
pub(crate) enum Method {
    Name(Ident),
    Text(LitStr),
}

impl Method {
    pub(crate) fn text(&self) -> String {
        match self {
            Method::Name(name) => name.to_string(),
            Method::Text(text) => text.value(),
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Method::Name(name) => name.span(),
            Method::Text(text) => text.span(),
        }
    }
}

/// All `#[route]` of a function: the one that is expanded, and those that stand below it. They are
/// taken off the function, since one expansion does the work of all.
pub(crate) fn routes(
    arguments: TokenStream,
    function: &mut Function,
    mistakes: &mut Mistakes,
) -> Vec<Route> {
    let first = syn::parse2::<Route>(arguments);
    let mut routes: Vec<Route> = mistakes.keep(first).into_iter().collect();
    let (more, others) = std::mem::take(&mut function.attributes)
        .into_iter()
        .partition(is_route);
    function.attributes = others;
    for attribute in more {
        let Some(mut route) = mistakes.keep(attribute.parse_args::<Route>()) else {
            continue;
        };
        route.line = Some(line(attribute.pound_token.span));
        routes.push(route);
    }
    routes
}

/// Whether the attribute is a route.
pub(crate) fn is_route(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "route")
}

impl Parse for Route {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            let message = format!("a route has a method and a pattern; {USAGE}");
            return Err(syn::Error::new(input.span(), message));
        }
        let methods_span = input.span();
        let methods = methods(input)?;
        if input.is_empty() {
            let message = format!("the pattern is missing; {USAGE}");
            return Err(syn::Error::new(methods_span, message));
        }
        comma(input, &format!("behind the method; {USAGE}"))?;
        let pattern = pattern(input)?;
        Ok(Route {
            methods,
            methods_span,
            pattern,
            options: options(input)?,
            line: None,
        })
    }
}

/// The comma in front of a part.
fn comma(input: ParseStream<'_>, place: &str) -> syn::Result<()> {
    let comma = input.parse::<Token![,]>();
    comma.map(drop).map_err(|error| {
        let message = format!("expected a comma {place}");
        syn::Error::new(error.span(), message)
    })
}

fn pattern(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let is_method = |name: Ident| METHODS.contains(&name.to_string().as_str());
    let is_method = input.fork().parse().is_ok_and(is_method);
    input.parse().map_err(|error: syn::Error| {
        let message = match is_method {
            true => "several methods stand in brackets; \
                     write `#[route([GET, POST], \"/path\")]`"
                .to_owned(),
            false => format!("expected a pattern as a string literal; {USAGE}"),
        };
        syn::Error::new(error.span(), message)
    })
}

fn methods(input: ParseStream<'_>) -> syn::Result<Vec<Method>> {
    if !input.peek(syn::token::Bracket) {
        return Ok(vec![input.parse()?]);
    }
    let list;
    bracketed!(list in input);
    let methods = Punctuated::<Method, Token![,]>::parse_terminated(&list)?;
    Ok(methods.into_iter().collect())
}

impl Parse for Method {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(LitStr) {
            let name: Ident = input.parse().map_err(|error| {
                let message = format!("expected a method such as `GET`; {USAGE}");
                syn::Error::new(error.span(), message)
            })?;
            return Ok(Method::Name(name));
        }
        let text: LitStr = input.parse()?;
        if text.value().starts_with('/') {
            let message = format!("the method stands before the pattern; {USAGE}");
            return Err(syn::Error::new(text.span(), message));
        }
        Ok(Method::Text(text))
    }
}

/// `name = value` or `name` behind the pattern.
pub(crate) struct RouteOption {
    pub(crate) name: Ident,
    pub(crate) value: Option<Expr>,
}

fn options(input: ParseStream<'_>) -> syn::Result<Vec<RouteOption>> {
    let mut options = Vec::new();
    while !input.is_empty() {
        comma(input, "in front of an option")?;
        if input.is_empty() {
            break;
        }
        options.push(option(input)?);
    }
    Ok(options)
}

fn option(input: ParseStream<'_>) -> syn::Result<RouteOption> {
    let name = input.call(Ident::parse_any).map_err(|error| {
        let message =
            "expected an option; write its name, such as `blocking` or `timeout = \"5s\"`";
        syn::Error::new(error.span(), message)
    })?;
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(RouteOption { name, value: None });
    }
    if input.is_empty() || input.peek(Token![,]) {
        let message = format!("a value is missing behind `{name} =`; write it, or leave `=` out");
        return Err(syn::Error::new(name.span(), message));
    }
    let value = Some(input.parse()?);
    Ok(RouteOption { name, value })
}

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
    let parser = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let first: Ident = input.call(IdentExt::parse_any)?;
        input.parse::<TokenStream>()?;
        Ok(first)
    };
    let first = parser.parse2(item)?;
    if !OTHERS.contains(&first.to_string().as_str()) {
        return Ok(());
    }
    let message = format!(
        "`{attribute}` stands on a function, found `{first}`; write it above the `fn` that answers"
    );
    Err(syn::Error::new(first.span(), message))
}

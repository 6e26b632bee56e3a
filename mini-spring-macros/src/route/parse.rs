//! Tokens to what was written: the attribute's arguments. Knows no rules but those of syntax; what makes sense is
//! for `check`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Token, bracketed};

use crate::function::parse::{Function, is_route};
use crate::mistakes::Mistakes;
use crate::tokens::line;

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

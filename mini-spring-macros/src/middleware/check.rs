//! What was written to what is meant: request and rest first, then what is taken from the request.
//!
//! What is taken must be owned, since the request is changed while it is kept. Knows no expansion.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute, FnArg, ReturnType, Type};

use crate::function::argument::Argument;
use crate::function::parse::Function;
use crate::function::signature::{self, Input};
use crate::mistakes::Mistakes;

/// How the first arguments are written, for messages.
const FIRST: &str = "`request: &mut Request, next: Next`";

/// Checks the function, and gives its further arguments. `None`: there is a mistake.
pub(super) fn function(function: &Function, mistakes: &mut Mistakes) -> Option<Vec<Argument>> {
    let inputs = signature::inputs(function, mistakes);
    let mut others = function.signature.clone();
    let is_free = others.receiver().is_none();
    if is_free {
        others.inputs = others.inputs.into_iter().skip(2).collect();
    }
    if !is_free {
        others.inputs = others.inputs.into_iter().take(1).collect();
    }
    signature::check(&others, mistakes);
    if !is_free {
        return None;
    }
    if let ReturnType::Default = function.signature.output {
        let message = "a middleware answers: return a `Response`, or what a handler returns";
        mistakes.on(&function.signature.ident, message);
    }
    let [request, next, others @ ..] = &inputs[..] else {
        let message = format!("the first arguments of a middleware are {FIRST}; add them");
        mistakes.at(place(function), message);
        return None;
    };
    let is_first = check_first(request, is_request(&request.written), mistakes);
    if is_first {
        check_first(next, last_is(&next.written, "Next"), mistakes);
    }
    for input in others {
        check_owned(input, mistakes);
    }
    Some(others.iter().map(Argument::unnamed).collect())
}

fn place(function: &Function) -> Span {
    let first = function
        .signature
        .inputs
        .first()
        .and_then(|input| match input {
            FnArg::Typed(typed) => typed.ty.to_token_stream().into_iter().next(),
            FnArg::Receiver(_) => None,
        });
    first.map_or(function.signature.ident.span(), |token| token.span())
}

/// One that isn't there makes the next one wrong, too.
fn check_first(input: &Input, is_right: bool, mistakes: &mut Mistakes) -> bool {
    if !is_right {
        let message = format!(
            "the first arguments of a middleware are {FIRST}; what it takes from the request stands behind them"
        );
        mistakes.on(&input.written, message);
    } else if input.source.is_some() {
        let message = "this argument isn't taken from the request; leave the attribute out";
        mistakes.on(&input.written, message);
    }
    is_right
}

fn is_request(kind: &Type) -> bool {
    match kind {
        Type::Reference(reference) => {
            reference.mutability.is_some() && last_is(&reference.elem, "Request")
        }
        _ => false,
    }
}

fn last_is(kind: &Type, name: &str) -> bool {
    match kind {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == name),
        _ => false,
    }
}

/// What is seen to borrow, in `Option` and `Vec` too.
fn check_owned(input: &Input, mistakes: &mut Mistakes) {
    let text = input.written.to_token_stream().to_string();
    if text.contains('&') || text.replace("'static", "").contains('\'') {
        let message = "a middleware changes its request, so what it takes from it must be owned: \
                       write `String` for `&str`, or ask `request` in the function";
        mistakes.on(&input.written, message);
    }
}

/// A function is one thing. Another attribute that would make it something else is taken off, or there would be a
/// second error. Whether it can be a middleware at all.
pub(super) fn attributes(attributes: &mut Vec<Attribute>, mistakes: &mut Mistakes) -> bool {
    let mut is_other = false;
    attributes.retain(|attribute| {
        let last = attribute.path().segments.last();
        let message = match last.map(|last| last.ident.to_string()).as_deref() {
            Some("middleware") => "`#[middleware]` stands twice; write it once",
            Some("route" | "error_handler") => {
                is_other = true;
                "a handler is no middleware; name the one that is to be around it: `#[middleware(auth)]`"
            }
            _ => return true,
        };
        mistakes.on(attribute, message);
        false
    });
    !is_other
}

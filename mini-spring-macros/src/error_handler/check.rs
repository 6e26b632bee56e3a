//! What was written to what is meant: the error first, then what is taken from the request.
//!
//! Which errors the first argument takes, only its type knows. Knows no expansion.

use proc_macro2::TokenStream;
use syn::{Attribute, ReturnType};

use crate::mistakes::Mistakes;
use crate::route::check::Argument;
use crate::route::parse::Function;
use crate::route::signature;

/// An error handler.
pub(crate) struct Checked {
    /// The type of the error.
    pub(crate) error: TokenStream,
    /// The arguments behind it.
    pub(crate) arguments: Vec<Argument>,
}

/// Checks the function. `None`: there is a mistake.
pub(crate) fn handler(function: &Function, mistakes: &mut Mistakes) -> Option<Checked> {
    let inputs = signature::inputs(function, mistakes);
    signature::check(&function.signature, mistakes);
    if let ReturnType::Default = function.signature.output {
        let message = "an error handler answers: return a `Problem`, or what a handler returns";
        mistakes.on(&function.signature.ident, message);
    }
    let Some((error, others)) = inputs.split_first() else {
        // That there is a `self` instead has been said.
        if function.signature.inputs.is_empty() {
            let message = "an error handler takes an error: \
                           add an argument `error: &MyError`, or `problem: Problem` for all";
            mistakes.on(&function.signature.ident, message);
        }
        return None;
    };
    if error.source.is_some() {
        let message = "the first argument is the error; move this one behind it";
        mistakes.on(&error.written, message);
    }
    Some(Checked {
        error: error.kind.clone(),
        arguments: others.iter().map(Argument::unnamed).collect(),
    })
}

/// One type stands beside a function, so there is one attribute that makes it: another one is taken off, or
/// there would be a second error.
pub(crate) fn attributes(attributes: &mut Vec<Attribute>, mistakes: &mut Mistakes) {
    attributes.retain(|attribute| {
        let last = attribute.path().segments.last();
        let message = match last.map(|last| last.ident.to_string()).as_deref() {
            Some("error_handler") => "`#[error_handler]` stands twice; write it once",
            Some("route") => {
                "a function answers requests or errors; \
                 write another one, with `#[route]` or `#[error_handler]`"
            }
            _ => return true,
        };
        mistakes.on(attribute, message);
        false
    });
}

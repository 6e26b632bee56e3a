//! What was written to what is meant: the error first, then what is taken from the request.
//!
//! Which errors the first argument takes, only its type knows. Knows no expansion.

use proc_macro2::TokenStream;
use syn::{Attribute, ReturnType, Type};

use crate::function::argument::Argument;
use crate::function::parse::Function;
use crate::function::signature::{self, Input};
use crate::mistakes::Mistakes;

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
    check_error(error, others, mistakes)?;
    Some(Checked {
        error: error.kind.clone(),
        arguments: others.iter().map(Argument::unnamed).collect(),
    })
}

/// What can be seen of the first argument as it is written. `None`: it is no error.
fn check_error(error: &Input, others: &[Input], mistakes: &mut Mistakes) -> Option<()> {
    let (is_borrowed, name) = named(&error.written);
    let message = match (is_borrowed, name.as_str()) {
        (true, "Request") if !others.is_empty() => {
            "the error is the first argument; move the request behind it".to_owned()
        }
        (false, name) if name.ends_with("Error") => {
            format!(
                "an error is lent to its handler; write `{}`",
                borrowed(error)
            )
        }
        _ => return Some(()),
    };
    mistakes.on(&error.written, message);
    None
}

/// Whether a type is behind a reference, and the last word of its path; empty where it has none.
fn named(kind: &Type) -> (bool, String) {
    match kind {
        Type::Reference(reference) => (true, named(&reference.elem).1),
        Type::Path(path) => {
            let last = path.path.segments.last();
            (
                false,
                last.map_or(String::new(), |last| last.ident.to_string()),
            )
        }
        _ => (false, String::new()),
    }
}

/// The argument with a reference.
fn borrowed(error: &Input) -> String {
    let label = error.label();
    match label.split_once(": ") {
        Some((name, kind)) => format!("{name}: &{kind}"),
        None => format!("&{label}"),
    }
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

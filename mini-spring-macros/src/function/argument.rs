//! An argument, bound to where it comes from.

use mini_spring_pattern::Field;
use proc_macro2::TokenStream;

use super::signature::{Input, Named, Told};

/// One argument of the function, as one route binds it.
pub(crate) struct Argument {
    pub(crate) source: Source,
    /// Its type, with no lifetime that only the signature declares.
    pub(crate) kind: TokenStream,
    /// Its name and type, for messages.
    pub(crate) label: String,
    /// Its name; empty where it is taken apart by a pattern.
    pub(crate) name: String,
}

impl Argument {
    /// One that no pattern names.
    pub(crate) fn unnamed(input: &Input) -> Self {
        Argument {
            source: match &input.source {
                Some(Told::Component(name)) => Source::Extractor(Some(name.clone())),
                Some(Told::Head(named)) => Source::Named(named.clone()),
                None => Source::Extractor(None),
            },
            kind: input.kind.clone(),
            label: input.label(),
            name: input.name.clone(),
        }
    }
}

/// Where an argument comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// The parameter of the path at this place.
    Path(usize),
    /// This parameter of the query.
    Query(Field),
    /// A header field or a cookie.
    Named(Named),
    /// The request. This is the name of the component that it asks for, if it asks for one.
    Extractor(Option<String>),
}

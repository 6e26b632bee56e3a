//! A function as all attributes see one: what is written, where its arguments come from, and how it is called.
//!
//! `parse` reads it, `signature` checks it and lists its arguments, `argument` is one that is bound to its source, `call`
//! writes the tokens that take all arguments and answer the result, and `namesake` the type of its name. Knows none
//! of the attributes.

pub(crate) mod argument;
pub(crate) mod call;
pub(crate) mod namesake;
pub(crate) mod parse;
pub(crate) mod signature;

//! What is wrong with one piece of a request: several of them become one problem. Knows no problem.

use std::fmt;

use serde::Serialize;

/// One piece of a request that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    /// Where it stands: `target`, `path`, `query`, `header`, `cookie` or `body`.
    #[serde(rename = "in")]
    pub(crate) place: &'static str,
    /// The name of the parameter, if it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// Where in a JSON document it stands (RFC 6901), if that is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) pointer: String,
    /// What is wrong and what was expected.
    pub(crate) detail: String,
}

impl Fault {
    /// Of the parameter, header field, cookie or form field of this name; the empty name is the whole.
    pub(crate) fn new(place: &'static str, name: impl Into<String>, detail: String) -> Self {
        Fault {
            place,
            name: shortened(name.into()),
            pointer: String::new(),
            detail: shortened(detail),
        }
    }

    /// The same with a place in a JSON document.
    pub(crate) fn at(mut self, pointer: String) -> Self {
        self.pointer = shortened(pointer);
        self
    }
}

/// The fault with its place, for those who are told of no other.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, pointer, detail) = (&self.name, &self.pointer, &self.detail);
        match self.place {
            "body" if !pointer.is_empty() => write!(formatter, "`{pointer}` of the body: {detail}"),
            _ if name.is_empty() => formatter.write_str(detail),
            "body" => write!(formatter, "the field `{name}` of the form: {detail}"),
            "header" => write!(formatter, "the header field `{name}`: {detail}"),
            "cookie" => write!(formatter, "the cookie `{name}`: {detail}"),
            place => write!(formatter, "the parameter `{name}` of the {place}: {detail}"),
        }
    }
}

/// How much of a text is told that may quote what a client has sent: its beginning and its end.
const BEGINNING: usize = 200;
const END: usize = 100;

fn shortened(text: String) -> String {
    let begin = boundary(&text, BEGINNING);
    let end = boundary(&text, text.len().saturating_sub(END));
    match begin < end {
        true => format!("{} .. {}", &text[..begin], &text[end..]),
        false => text,
    }
}

/// Where the character stands that begins here, or before.
fn boundary(text: &str, index: usize) -> usize {
    let mut places = (0..=index.min(text.len())).rev();
    places
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_its_place() {
        let check = |place, name, pointer: &str, expected: &str| {
            let fault = Fault::new(place, name, "it is bad".to_owned());
            assert_eq!(fault.at(pointer.to_owned()).to_string(), expected);
        };
        check(
            "path",
            "id",
            "",
            "the parameter `id` of the path: it is bad",
        );
        check(
            "query",
            "page",
            "",
            "the parameter `page` of the query: it is bad",
        );
        check("header", "X-Key", "", "the header field `X-Key`: it is bad");
        check("cookie", "sid", "", "the cookie `sid`: it is bad");
        check("body", "age", "", "the field `age` of the form: it is bad");
        check("body", "", "/lines/0", "`/lines/0` of the body: it is bad");
        check("body", "", "", "it is bad");
        check("target", "", "", "it is bad");
    }

    #[test]
    fn long_texts_are_told_by_their_ends() {
        let long = "é".repeat(1_000) + " at line 1";
        let detail = Fault::new("body", "", long).detail;
        assert!(
            detail.len() < 310 && detail.ends_with("é at line 1"),
            "{detail}"
        );
        let short = "é".repeat(140);
        assert_eq!(Fault::new("body", "", short.clone()).detail, short);
    }
}

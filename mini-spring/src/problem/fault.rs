//! What is wrong with one piece of a request: several of them become one problem. Knows no problem.

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

//! A problem as JSON: the document of RFC 9457, section 3.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Fault, Problem};
use crate::http::buffers;

/// As it stands on the wire: `serde_json::to_value(&problem)` is the document, to be put into a document of
/// another shape.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = Document {
            kind: self.type_uri(),
            title: self.title(),
            status: self.status().as_u16(),
            detail: self.detail(),
            error: &self.code(),
            errors: &self.inner.faults,
            members: &self.inner.members,
        };
        document.serialize(serializer)
    }
}

impl Problem {
    /// The document.
    pub(crate) fn json(&self) -> &[u8] {
        self.inner.json.get_or_init(|| written(self))
    }

    /// The document, in a recycled buffer.
    pub(crate) fn take_json(&mut self) -> Vec<u8> {
        match self.inner.json.take() {
            Some(document) => document,
            None => written(self),
        }
    }
}

fn written(problem: &Problem) -> Vec<u8> {
    let mut body = buffers::take();
    // Text, numbers and JSON values: serialising them to a vector can't fail.
    if serde_json::to_writer(&mut body, problem).is_err() {
        body.clear();
    }
    body
}

/// The document, and the order of its members.
#[derive(Serialize)]
struct Document<'p> {
    #[serde(rename = "type")]
    kind: &'p str,
    title: &'p str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'p str>,
    error: &'p str,
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    errors: &'p [Fault],
    #[serde(flatten)]
    members: &'p Map<String, Value>,
}

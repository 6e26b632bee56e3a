//! Where in a JSON document a place is: the pointer to the value that stands there (RFC 6901).
//!
//! serde says the line and column at which it has stopped, and not which field that is. This walks to it
//! once more, when there is an error to be told. The document need not be valid behind the place.

/// A step from a value to one in it.
enum Step {
    /// The member of this name; none yet, where it is still to come.
    Member(Option<String>),
    Element(usize),
}

/// The pointer to the value at this line and column, both counted from 1 in bytes: what has been read is
/// all up to there. Empty for the document as a whole.
pub(crate) fn pointer(json: &[u8], line: usize, column: usize) -> String {
    let start = match line {
        0 | 1 => 0,
        _ => json
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(line - 2)
            .map_or(json.len(), |(index, _)| index + 1),
    };
    let end = start.saturating_add(column).min(json.len());
    let mut pointer = String::new();
    for step in steps(&json[..end]) {
        match step {
            Step::Member(Some(name)) => push(&mut pointer, &name),
            Step::Member(None) => break,
            Step::Element(index) => push(&mut pointer, &index.to_string()),
        }
    }
    pointer
}

/// The pointer of these tokens.
#[cfg(feature = "validation")]
pub(super) fn of(tokens: &[String]) -> String {
    let mut pointer = String::new();
    tokens.iter().for_each(|token| push(&mut pointer, token));
    pointer
}

/// Adds a token, escaped (section 3).
pub(super) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

/// Values in values that a pointer leads through: as many as serde_json reads. What a type passes over may be
/// deeper.
const DEEPEST: usize = 128;

/// A way that grows and shrinks while a document is read.
#[derive(Default)]
struct Way {
    steps: Vec<Step>,
    /// Steps behind those, which are only counted.
    beyond: usize,
}

impl Way {
    fn enter(&mut self, step: Step) {
        match self.steps.len() < DEEPEST {
            true => self.steps.push(step),
            false => self.beyond += 1,
        }
    }

    fn leave(&mut self) {
        match self.beyond.checked_sub(1) {
            Some(left) => self.beyond = left,
            None => drop(self.steps.pop()),
        }
    }

    fn last(&mut self) -> Option<&mut Step> {
        self.steps.last_mut().filter(|_| self.beyond == 0)
    }
}

/// The steps to where this text ends.
fn steps(mut json: &[u8]) -> Vec<Step> {
    let mut way = Way::default();
    while let [byte, rest @ ..] = json {
        json = rest;
        match byte {
            b'{' => way.enter(Step::Member(None)),
            b'[' => way.enter(Step::Element(0)),
            b'}' | b']' => way.leave(),
            b',' => match way.last() {
                Some(Step::Member(name)) => *name = None,
                Some(Step::Element(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let (text, behind) = rest.split_at(string_end(rest));
                json = behind;
                if let Some(Step::Member(name @ None)) = way.last() {
                    *name = unescaped(text);
                }
            }
            _ => {}
        }
    }
    way.steps
}

/// Where a string ends, its quote included.
fn string_end(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = text.iter().position(|&byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 1)
}

/// The text of a string that ends with its quote.
fn unescaped(text: &[u8]) -> Option<String> {
    let text = text.strip_suffix(b"\"")?;
    serde_json::from_slice(&[b"\"", text, b"\""].concat()).ok()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Order {
        id: u32,
        lines: Vec<Line>,
        #[serde(rename = "a/b~c")]
        odd: Option<bool>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Line {
        title: String,
        count: u8,
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let error = serde_json::from_str::<Order>(json).unwrap_err();
        let found = pointer(json.as_bytes(), error.line(), error.column());
        assert_eq!(found, expected, "{error}");
    }

    #[test]
    fn errors_are_found() {
        check(r#"{"id": "x"}"#, "/id");
        check(r#"{"id": -1, "lines": []}"#, "/id");
        check(
            "{\"id\": 1,\n \"lines\": [{\"title\": \"é\\\"{\",\n \"count\": 256}]}",
            "/lines/0/count",
        );
        check(
            r#"{"id": 1, "lines": [{"title": "a", "count": 1}, {"title": 7}]}"#,
            "/lines/1/title",
        );
        check(r#"{"id": 1, "lines": [{"title": "a"}]}"#, "/lines/0");
        check(r#"{"id": 1}"#, "");
        check(r#"{"id": 1, "a\/b~c": 7}"#, "/a~1b~0c");
        check("[1, 2", "/1");
        // What is passed over may be deeper than what is read.
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        check(&format!(r#"{{"x": {deep}, "id": -1}}"#), "/id");
        let open = format!(r#"{{"x": {}"#, "[".repeat(1_000));
        check(&open, &format!("/x{}", "/0".repeat(DEEPEST - 1)));
        check("7", "");
        check("", "");
    }
}

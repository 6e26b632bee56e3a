//! What is different between two JSON values, for whoever reads a failed test.

use std::fmt;

use serde_json::Value;

/// The most differences that are listed, and the most bytes of a value that are shown.
const MOST_LISTED: usize = 20;
const LONGEST_VALUE: usize = 200;

/// How much of a value has to be expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Objects may have other members as well.
    Part,
}

/// Where one value isn't as another one.
#[derive(Debug)]
pub(super) struct Differences {
    extent: Extent,
    listed: Vec<String>,
    count: usize,
}

impl Differences {
    /// Those of two values that stand at this JSON Pointer (RFC 6901).
    pub(super) fn between(expected: &Value, found: &Value, at: &str, extent: Extent) -> Self {
        let mut differences = Differences {
            extent,
            listed: Vec::new(),
            count: 0,
        };
        differences.compare(expected, found, at);
        differences
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn compare(&mut self, expected: &Value, found: &Value, at: &str) {
        match (expected, found) {
            (Value::Object(members), Value::Object(others)) => {
                for (name, expected) in members {
                    self.compare_at(Some(expected), others.get(name), at, name);
                }
                let is_asked = self.extent == Extent::Whole;
                let others = others.iter().filter(|_| is_asked);
                for (name, found) in others.filter(|(name, _)| !members.contains_key(*name)) {
                    self.compare_at(None, Some(found), at, name);
                }
            }
            (Value::Array(items), Value::Array(others)) => {
                for index in 0..items.len().max(others.len()) {
                    let name = index.to_string();
                    self.compare_at(items.get(index), others.get(index), at, &name);
                }
            }
            _ if expected == found => {}
            _ => self.add(at, &shown(expected), &shown(found)),
        }
    }

    fn compare_at(
        &mut self,
        expected: Option<&Value>,
        found: Option<&Value>,
        above: &str,
        name: &str,
    ) {
        let at = format!("{above}/{}", name.replace('~', "~0").replace('/', "~1"));
        let nothing = || "nothing".to_owned();
        match (expected, found) {
            (Some(expected), Some(found)) => self.compare(expected, found, &at),
            _ => self.add(
                &at,
                &expected.map_or_else(nothing, shown),
                &found.map_or_else(nothing, shown),
            ),
        }
    }

    fn add(&mut self, at: &str, expected: &str, found: &str) {
        self.count += 1;
        if self.listed.len() < MOST_LISTED {
            let at = match at {
                "" => "as a whole".to_owned(),
                at => format!("at `{at}`"),
            };
            self.listed
                .push(format!("{at}: expected {expected}, found {found}"));
        }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.listed.join("\n"))?;
        match self.count - self.listed.len() {
            0 => Ok(()),
            more => write!(formatter, "\nand {more} more"),
        }
    }
}

/// How much of a pointer leads to something.
pub(super) fn deepest<'p>(value: &Value, pointer: &'p str) -> &'p str {
    let mut ends = pointer.rmatch_indices('/').map(|(end, _)| &pointer[..end]);
    let is_there = |above: &&str| value.pointer(above).is_some();
    ends.find(is_there).unwrap_or_default()
}

/// A value on one line, and no longer than a line should be.
pub(super) fn shown(value: &Value) -> String {
    let mut text = value.to_string();
    if text.len() > LONGEST_VALUE {
        let end = (0..=LONGEST_VALUE)
            .rev()
            .find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text.push_str("..");
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(expected: Value, found: Value, whole: &str, part: &str) {
        let said = |extent| Differences::between(&expected, &found, "", extent).to_string();
        assert_eq!(said(Extent::Whole), whole);
        assert_eq!(said(Extent::Part), part);
    }

    #[test]
    fn differences_stand_where_they_are() {
        check(json!({"a": [1, {}]}), json!({"a": [1, {}]}), "", "");
        let one = "as a whole: expected `1`, found `\"1\"`";
        check(json!(1), json!("1"), one, one);
        let deep = "at `/a/1/b`: expected `null`, found `false`";
        check(
            json!({"a": [0, {"b": null}]}),
            json!({"a": [0, {"b": false}]}),
            deep,
            deep,
        );
        let missing = "at `/a`: expected `1`, found nothing";
        let other = format!("{missing}\nat `/b`: expected nothing, found `2`");
        check(json!({"a": 1}), json!({"b": 2}), &other, missing);
        let more = "at `/1`: expected nothing, found `2`";
        check(json!([1]), json!([1, 2]), more, more);
        let fewer = "at `/1`: expected `2`, found nothing";
        check(json!([1, 2]), json!([1]), fewer, fewer);
        let escaped = "at `/~0~1`: expected `1`, found `2`";
        check(json!({"~/": 1}), json!({"~/": 2}), escaped, escaped);
        check(
            json!({"a": {}}),
            json!({"a": {"b": 1}}),
            "at `/a/b`: expected nothing, found `1`",
            "",
        );
    }

    #[test]
    fn there_are_not_too_many_and_they_are_not_too_long() {
        let numbers: Vec<u32> = (0..100).collect();
        let said = Differences::between(&json!(numbers), &json!([]), "", Extent::Whole).to_string();
        assert!(
            said.ends_with("at `/19`: expected `19`, found nothing\nand 80 more"),
            "{said}"
        );
        assert!(shown(&json!("\u{e9}".repeat(200))).len() <= LONGEST_VALUE + "`..`".len());
    }

    #[test]
    fn the_deepest_place_is_found() {
        let value = json!({"a": [{"b": 1}]});
        let check = |pointer, expected| assert_eq!(deepest(&value, pointer), expected);
        check("/a/0/c", "/a/0");
        check("/a/1/b", "/a");
        check("/x/y/z", "");
        check("/x", "");
    }
}

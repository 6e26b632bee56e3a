//! Assertions about a body that is JSON.

use serde::Serialize;
use serde_json::Value;

use super::TestResponse;
use crate::testing::json::{Differences, Extent, deepest, shown};

impl TestResponse {
    /// Asserts that the body is this value as JSON, such as `json!({"name": "Ada"})` or a struct. The order of
    /// members doesn't matter. What is different is listed, each with a JSON Pointer (RFC 6901) to its place.
    #[track_caller]
    pub fn assert_json(&self, expected: impl Serialize) -> &Self {
        self.assert_extent(expected, Extent::Whole)
    }

    /// Asserts that the body has at least what this value has: its objects may have other members as well. Arrays must
    /// be as long as they are expected to be.
    ///
    /// ```
    /// use mini_spring::{TestApp, route, routes};
    /// use serde_json::{Value, json};
    ///
    /// #[route(GET, "/users")]
    /// fn users() -> Value {
    ///     json!({"users": [{"id": 7, "name": "Ada", "created": "1815-12-10"}], "total": 1})
    /// }
    ///
    /// let response = TestApp::of(routes![users]).get("/users").send();
    /// response.assert_json_contains(json!({"users": [{"name": "Ada"}]}));
    /// ```
    #[track_caller]
    pub fn assert_json_contains(&self, expected: impl Serialize) -> &Self {
        self.assert_extent(expected, Extent::Part)
    }

    /// Asserts that at this JSON Pointer (RFC 6901) stands this value.
    ///
    /// ```
    /// # use mini_spring::{TestApp, route, routes};
    /// # use serde_json::{Value, json};
    /// # #[route(GET, "/users")]
    /// # fn users() -> Value {
    /// #     json!({"users": [{"id": 7, "name": "Ada", "created": "1815-12-10"}], "total": 1})
    /// # }
    /// # let response = TestApp::of(routes![users]).get("/users").send();
    /// response.assert_json_at("/users/0/name", "Ada").assert_json_at("/total", 1);
    /// ```
    ///
    /// # Panics
    ///
    /// Also if it is no pointer: it is empty or begins with a slash.
    #[track_caller]
    pub fn assert_json_at(&self, pointer: &str, expected: impl Serialize) -> &Self {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            self.fail(format_args!(
                "expected a JSON Pointer such as `/items/0/name`, found `{pointer}`"
            ));
        }
        let expected = self.value(expected);
        let body = self.json::<Value>();
        let Some(found) = body.pointer(pointer) else {
            let (above, expected) = (deepest(&body, pointer), shown(&expected));
            let ends = match above {
                "" => "the body has no such member".to_owned(),
                above => format!("it ends at `{above}`"),
            };
            self.fail(format_args!(
                "expected {expected} at `{pointer}`, found nothing: {ends}"
            ))
        };
        self.assert_none(&Differences::between(
            &expected,
            found,
            pointer,
            Extent::Whole,
        ))
    }

    #[track_caller]
    fn assert_extent(&self, expected: impl Serialize, extent: Extent) -> &Self {
        let (expected, found) = (self.value(expected), self.json::<Value>());
        self.assert_none(&Differences::between(&expected, &found, "", extent))
    }

    #[track_caller]
    fn assert_none(&self, differences: &Differences) -> &Self {
        match differences.is_empty() {
            true => self,
            false => self.fail(format_args!(
                "expected a body of other JSON:\n{differences}"
            )),
        }
    }

    #[track_caller]
    fn value(&self, expected: impl Serialize) -> Value {
        match serde_json::to_value(expected) {
            Ok(expected) => expected,
            Err(error) => self.fail(format_args!(
                "the expected value can't be serialised: {error}"
            )),
        }
    }
}

//! [`Json`] as an argument: the body read by serde.

mod lent;

use serde::Deserialize;
use serde_json::error::Category;

pub(super) use self::lent::Lent;
use super::body::invalid;
use super::json_pointer::pointer;
use super::{BodyUse, FromRequest, OptionalFromRequest, json_pointer, media_type};
use crate::http::media_type::is_json;
use crate::request::Request;
use crate::respond::{Fault, Json, Problem};

/// Reads the body as JSON; what it holds can borrow from the request, text with escapes in it as well.
///
/// A `Content-Type` other than `application/json` or `..+json` is 415, so that a form of another
/// site, which can't send JSON without asking, isn't taken for it. JSON is UTF-8, whatever charset its type
/// names (RFC 8259, sections 8.1 and 11). A compressed body is 415 as well: nothing is decompressed. Malformed JSON and JSON of another
/// shape are 400 with serde's message, which names line and column, and with a pointer to the field (RFC
/// 6901), such as `/lines/0/count`.
///
/// ```
/// use mini_spring::{Json, TestApp, route, routes};
/// use serde::Deserialize;
/// use serde_json::{Value, json};
///
/// #[derive(Deserialize)]
/// struct NewUser<'r> {
///     name: &'r str,
/// }
///
/// #[route(POST, "/users")]
/// fn create(Json(new): Json<NewUser<'_>>) -> String {
///     format!("made {}", new.name)
/// }
///
/// let app = TestApp::of(routes![create]);
/// app.post("/users").json(&json!({"name": "Ada"})).send().assert_text("made Ada");
/// app.post("/users").json(&json!({"name": "\"Ada\""})).send().assert_text("made \"Ada\"");
///
/// let refused = app.post("/users").json(&json!({"name": 7})).send();
/// refused.assert_status(400);
/// let fault = &refused.json::<Value>()["errors"][0];
/// assert_eq!(fault["pointer"], "/name");
/// assert_eq!(
///     fault["detail"],
///     "invalid type: integer `7`, expected a borrowed string at line 1 column 9"
/// );
/// ```
impl<'r, T: Deserialize<'r>> FromRequest<'r> for Json<T> {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        media_type::must_be(request, "application/json", is_json)?;
        match read(request) {
            Ok(value) => Ok(Json(value)),
            Err(_) if request.body().is_empty() => Err(invalid(
                "expected a JSON document, found an empty body".to_owned(),
            )),
            Err(error) => {
                let mut pointer = match error.classify() {
                    // Whatever was to come is missing, and not of the last field more than of others.
                    Category::Eof => String::new(),
                    _ => pointer(request.body(), error.line(), error.column()),
                };
                let detail = error.to_string();
                if let Some(name) = missing_field(&detail) {
                    json_pointer::push(&mut pointer, name);
                }
                let fault = Fault::new("body", "", detail);
                Err(Problem::invalid(fault.at(pointer)))
            }
        }
    }
}

/// The name of a field that an object should have, by what serde says of it.
fn missing_field(detail: &str) -> Option<&str> {
    detail.strip_prefix("missing field `")?.split('`').next()
}

/// Reads the body; once more, with text that is kept, if it may be an escape that can't be borrowed.
fn read<'r, T: Deserialize<'r>>(request: &'r Request) -> serde_json::Result<T> {
    let body = request.body();
    serde_json::from_slice(body).or_else(|error| match error.classify() {
        Category::Data if body.contains(&b'\\') => read_lent(request),
        _ => Err(error),
    })
}

#[cold]
fn read_lent<'r, T: Deserialize<'r>>(request: &'r Request) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_slice(request.body());
    let value = T::deserialize(Lent::of(&mut json, request))?;
    json.end()?;
    Ok(value)
}

/// Absent where there is neither a body nor its type.
impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Json<T> {
    fn is_absent(request: &'r Request) -> bool {
        media_type::is_body_absent(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_type(media_type: &str) -> Request {
        let request = Request::post("/").header("Content-Type", media_type);
        request.body("7").build().unwrap()
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Shape<'r> {
        Unit,
        Newtype(&'r str),
        Tuple(&'r str, u8),
        Struct { text: Option<&'r str> },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged<'r> {
        Text { text: &'r str },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Id<'r>(&'r str);

    #[track_caller]
    fn check<T>(body: &'static str, expected: Result<T, &str>)
    where
        T: for<'r> Deserialize<'r> + PartialEq + std::fmt::Debug,
    {
        let request = with_body(body);
        let found = read::<T>(&request).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{body}");
    }

    fn with_body(body: &str) -> Request {
        Request::post("/").body(body).build().unwrap()
    }

    #[test]
    fn text_with_escapes_is_borrowed() {
        let request = with_body(
            r#"{"a\"b": ["Unit", {"Newtype": "\u00e9"}, {"Tuple": ["\\", 7]}, {"Struct": {"text": "\n"}}]}"#,
        );
        let read: std::collections::HashMap<&str, Vec<Shape<'_>>> = read(&request).unwrap();
        let text = Some("\n");
        let shapes = [
            Shape::Unit,
            Shape::Newtype("é"),
            Shape::Tuple("\\", 7),
            Shape::Struct { text },
        ];
        assert_eq!(read["a\"b"], shapes);

        let request = with_body(r#"[{"kind": "Text", "text": "\t"}, null]"#);
        let tagged: (Tagged<'_>, Option<Id<'_>>) = super::read(&request).unwrap();
        assert_eq!(tagged, (Tagged::Text { text: "\t" }, None));

        let request = with_body(r#"["\t", "plain"]"#);
        let ids: Vec<Id<'_>> = super::read(&request).unwrap();
        assert_eq!(ids, [Id("\t"), Id("plain")]);
    }

    #[test]
    fn what_is_wrong_stays_so_beside_escapes() {
        check::<Vec<String>>(
            r#"["\t", 7]"#,
            Err("invalid type: integer `7`, expected a string at line 1 column 8"),
        );
        check::<Vec<u8>>(
            r#"["\t"]"#,
            Err(r#"invalid type: string "\t", expected u8 at line 1 column 5"#),
        );
        check::<Vec<String>>(r#"["\t"] 7"#, Err("trailing characters at line 1 column 8"));
        check::<Vec<String>>(r#"["\x"]"#, Err("invalid escape at line 1 column 4"));
        check::<Vec<String>>(r#"["\t"]"#, Ok(vec!["\t".to_owned()]));
    }

    #[test]
    fn a_missing_field_has_a_pointer() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only what is missing counts")]
        struct Book {
            #[serde(rename = "a/b")]
            title: String,
            author: Option<Box<Book>>,
        }
        let refused = |body: &str| {
            let request = Request::post("/").header("Content-Type", "application/json");
            let request = request.body(body).build().unwrap();
            let problem = Json::<Vec<Book>>::from_request(&request).unwrap_err();
            let document: serde_json::Value = serde_json::from_slice(problem.json()).unwrap();
            document["errors"][0]["pointer"].as_str().map(str::to_owned)
        };
        assert_eq!(refused("[{}]").as_deref(), Some("/0/a~1b"));
        let inner = r#"[{"a/b": "x"}, {"a/b": "y", "author": {"author": null}}]"#;
        assert_eq!(refused(inner).as_deref(), Some("/1/author/a~1b"));
        assert_eq!(refused(r#"[{"a/b": 7}]"#).as_deref(), Some("/0/a~1b"));
        assert_eq!(refused(r#"[{"a/b": "x""#), None);
    }

    #[test]
    fn media_types() {
        for yes in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=utf-8",
            "application/json; charset=utf-16",
            "application/merge-patch+json",
            "application/problem+JSON ; a=b",
        ] {
            let request = with_type(yes);
            assert!(Json::<u8>::from_request(&request).is_ok(), "{yes}");
        }
        for no in [
            "",
            "json",
            "+json",
            "text/plain",
            "text/json",
            "application/jsonp",
            "application/json-seq",
            "multipart/form-data; a=application/json",
        ] {
            let problem = Json::<u8>::from_request(&with_type(no)).err().unwrap();
            assert_eq!(problem.status(), 415, "{no}");
        }
    }
}

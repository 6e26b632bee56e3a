//! Handlers from the attribute to the answer, without a router: what it does with the path, the few
//! lines of [`Call`] do here.

mod binding;
mod head;
mod media;
mod properties;
mod results;

use mini_spring_pattern::{Pattern, Segment};

use crate::http::head::Span;
use crate::request::RequestBuilder;
use crate::{Request, Response, Routes};

/// A handler's record, to be called with requests that match it.
struct Call(Routes);

impl Call {
    #[track_caller]
    fn text(&self, request: RequestBuilder, status: u16, expected: &str) {
        let response = self.answer(request);
        let body = response.body_bytes().unwrap_or_default();
        assert_eq!(std::str::from_utf8(body), Ok(expected));
        assert_eq!(response.status().as_u16(), status);
    }

    #[track_caller]
    fn get(&self, target: &str, expected: &str) {
        self.text(Request::get(target), 200, expected);
    }

    /// Checks the list of what was invalid.
    #[track_caller]
    fn refuses(&self, request: RequestBuilder, expected: &[(&str, &str, &str)]) {
        let response = self.answer(request);
        assert_eq!(response.status(), 400);
        let body = response.body_bytes().unwrap_or_default();
        let document: serde_json::Value = serde_json::from_slice(body).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let found: Vec<_> = document["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                (
                    text(&error["in"]),
                    text(&error["name"]),
                    text(&error["detail"]),
                )
            })
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(place, name, detail)| (place.as_str(), name.as_str(), detail.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    fn answer(&self, request: RequestBuilder) -> Response {
        let record = self.0.0[0];
        let mut request = request.build().unwrap();
        request.parameters = parameters(record.pattern, request.path());
        (record.call)(&request)
    }
}

/// Where the parameters stand; the path begins behind a method of three letters and a space.
fn parameters(pattern: &str, path: &str) -> Vec<Span> {
    let pattern: Pattern = pattern.parse().unwrap();
    let mut at = "GET /".len();
    let mut rest = path.trim_start_matches('/');
    let mut found = Vec::new();
    for segment in pattern.path {
        let length = match segment {
            Segment::Tail(_) => rest.len(),
            _ => rest.find('/').unwrap_or(rest.len()),
        };
        if segment.parameter().is_some() {
            found.push(Span::new(at, at + length));
        }
        rest = rest.get(length + 1..).unwrap_or_default();
        at += length + 1;
    }
    found
}

/// A request with a body whose method is as long as GET; `parameters` counts on that.
fn put(target: &str) -> RequestBuilder {
    Request::builder("PUT", target)
}

fn json(target: &str, body: &str) -> RequestBuilder {
    put(target)
        .header("Content-Type", "application/json")
        .body(body)
}

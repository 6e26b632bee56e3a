//! What an answer needs the request for: its preconditions, and the ranges that it asks for (RFC 9110,
//! sections 13 and 14).
//!
//! Any 200 to GET or HEAD with an `ETag` or a `Last-Modified` has to do with preconditions; of files a part
//! may be asked for. Handlers know nothing of it: they answer as if there were none. Other methods have
//! done by now what they do, so theirs are for an argument of the handler, `Preconditions`.

use std::ops::Range;

use http::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LAST_MODIFIED,
};
use http::{HeaderValue, Method, StatusCode};

use super::multipart;
use crate::content::Content;
use crate::http::conditions::{Conditions, Validators, Verdict};
use crate::http::ranges::Wanted;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem, Redirect};
use crate::response::{Body, Response};
use crate::unwind::drop_quietly;

/// Content up to this size is read at once: a client that is slow costs no more memory by it than one whose
/// answer is read in pieces of this size.
const SMALL: u64 = 32 * 1024;

/// What becomes of an answer.
enum Decision<'r> {
    /// It is sent as it is.
    Whole,
    /// These ranges of it are wanted.
    Ranges(&'r [u8]),
    /// The client has it.
    NotModified,
    /// The client doesn't want it.
    Failed,
}

/// Makes an answer the one to this request.
#[cold]
pub(super) fn finish(request: &Request, response: &mut Response) {
    let selected = response.take_selected();
    let is_index = selected.as_ref().is_some_and(|selected| selected.is_index);
    if is_index && let Some(place) = with_slash(request) {
        return replace(response, Redirect::temporary(place).into_response());
    }
    let content = selected.map(|selected| selected.content);
    match (decide(request, response), content) {
        (Decision::NotModified, _) => not_modified(response),
        (Decision::Failed, _) => {
            let problem = Problem::new(StatusCode::PRECONDITION_FAILED);
            replace(response, problem.into_response());
        }
        (Decision::Ranges(value), Some(content)) => send_ranges(response, &content, value),
        (_, Some(content)) if request.method() != Method::HEAD => send_whole(response, &content),
        _ => {}
    }
}

/// The relative path with a slash at its end, if the request's has none. It begins with a dot, so whatever the
/// path is it leads to no other server.
fn with_slash(request: &Request) -> Option<String> {
    let last = request.path().rsplit('/').next()?;
    let query = request.query().map(|query| format!("?{query}"));
    (!last.is_empty()).then(|| format!("./{last}/{}", query.unwrap_or_default()))
}

/// Preconditions are for what would be 200 without them (RFC 9110, section 13.2.1).
fn decide<'r>(request: &'r Request, response: &Response) -> Decision<'r> {
    let method = request.method();
    let is_read = method == Method::GET || method == Method::HEAD;
    if response.status() != StatusCode::OK || !is_read {
        return Decision::Whole;
    }
    let conditions = Conditions::of(request.headers());
    let current = Validators::of(response.fields());
    match conditions.verdict(method, Some(&current)) {
        Verdict::NotModified => Decision::NotModified,
        Verdict::Failed => Decision::Failed,
        Verdict::Proceed => match conditions.range(method, &current) {
            Some(value) => Decision::Ranges(value),
            None => Decision::Whole,
        },
    }
}

/// 304 has the fields that a cache needs, and none that describe content that isn't sent (RFC 9110, section
/// 15.4.5).
fn not_modified(response: &mut Response) {
    response.turn_into(StatusCode::NOT_MODIFIED, Body::Bytes(Vec::new()));
    let fields = response.fields_mut();
    for name in [
        CONTENT_TYPE,
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_DISPOSITION,
    ] {
        fields.remove(&name);
    }
    if fields.get(&ETAG).is_some() {
        fields.remove(&LAST_MODIFIED);
    }
}

fn send_whole(response: &mut Response, content: &Content) {
    let length = content.length();
    if length <= SMALL {
        send_piece(response, response.status(), content, 0..length);
    }
}

fn send_ranges(response: &mut Response, content: &Content, value: &[u8]) {
    let length = content.length();
    match Wanted::of(value, length) {
        Wanted::Whole => send_whole(response, content),
        Wanted::Nothing => replace(response, not_satisfiable(length)),
        Wanted::Parts(parts) => match &parts[..] {
            [part] => {
                set_range(response, part, length);
                send_piece(response, StatusCode::PARTIAL_CONTENT, content, part.clone());
            }
            parts => multipart::send(response, content, parts),
        },
    }
}

/// RFC 9110, section 15.3.7.1.
fn set_range(response: &mut Response, part: &Range<u64>, length: u64) {
    // Digits and the like are always valid.
    if let Ok(value) = HeaderValue::try_from(multipart::content_range(part, length)) {
        response.fields_mut().set(CONTENT_RANGE, &value);
    }
}

fn send_piece(response: &mut Response, status: StatusCode, content: &Content, part: Range<u64>) {
    let length = part.end - part.start;
    let body = match length {
        0..=SMALL => content.bytes(part).map(Body::Bytes),
        _ => Ok(Body::reader(content.piece(part), Some(length))),
    };
    match body {
        Ok(body) => response.turn_into(status, body),
        Err(error) => replace(response, Response::server_error(error)),
    }
}

/// 416 tells how long the whole is (RFC 9110, section 15.5.17).
fn not_satisfiable(length: u64) -> Response {
    let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE)
        .with_detail(format!("expected a range of {length} bytes"))
        .header(CONTENT_RANGE, format!("bytes */{length}"));
    problem.into_response()
}

/// What was there is the program's, and may panic when it is dropped.
fn replace(response: &mut Response, other: Response) {
    drop_quietly(std::mem::replace(response, other));
}

#[cfg(test)]
mod tests;

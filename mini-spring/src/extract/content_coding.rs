//! Compressed bodies: nobody here undoes a content coding (RFC 9110, section 8.4).
//!
//! So there is no bomb, and whoever reads a body by its meaning, as JSON, a form or text, would read garbage: 415
//! says what is wrong. Who takes bytes gets those that were sent, and knows the field `Content-Encoding`.

use super::param::Short;
use crate::http::{StatusCode, header};
use crate::request::Request;
use crate::respond::Problem;

/// Refuses a body in any coding with 415, which names in Accept-Encoding what is taken (RFC 9110, sections
/// 12.5.3 and 15.5.16).
pub(super) fn must_be_none(request: &Request) -> Result<(), Problem> {
    let fields = request.headers();
    let fields = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let mut codings = fields.flat_map(|(_, value)| value.split(|byte| *byte == b','));
    let coding = codings.find(|coding| !is_none(coding.trim_ascii()));
    coding.map_or(Ok(()), |coding| Err(unsupported(coding)))
}

/// Whether it stands for nothing; `identity` is no coding, and sent all the same.
fn is_none(coding: &[u8]) -> bool {
    coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
}

#[cold]
fn unsupported(coding: &[u8]) -> Problem {
    let found = String::from_utf8_lossy(coding.trim_ascii());
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with_detail(format!(
        "expected a body that isn't compressed, found the content coding `{}`; send it as it is",
        Short(&found)
    ));
    problem.header(header::ACCEPT_ENCODING, "identity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[&str], expected: Result<(), &str>) {
        let request = fields.iter().fold(Request::post("/"), |request, field| {
            request.header("Content-Encoding", *field)
        });
        let found = must_be_none(&request.build().unwrap());
        let found = found.map_err(|problem| problem.detail().unwrap_or_default().to_owned());
        let expected = expected.map_err(|coding| {
            format!(
                "expected a body that isn't compressed, found the content coding `{coding}`; \
                 send it as it is"
            )
        });
        assert_eq!(found, expected, "{fields:?}");
    }

    #[test]
    fn codings() {
        check(&[], Ok(()));
        check(&["identity"], Ok(()));
        check(&["", " , Identity,,"], Ok(()));
        check(&["gzip"], Err("gzip"));
        check(&["identity", "identity, x-gzip"], Err("x-gzip"));
        check(&["br, gzip"], Err("br"));
    }
}

//! Where an answer sends its client, and the request that follows (RFC 9110, section 15.4).

use http::StatusCode;

use super::TestResponse;
use crate::request::RequestBuilder;

/// The most redirects that are followed, as many as most browsers do.
pub(super) const MOST_REDIRECTS: usize = 20;

/// The request that follows an answer; `None` where it leads nowhere, or out of the application.
pub(super) fn next(request: &RequestBuilder, response: &TestResponse) -> Option<RequestBuilder> {
    let location = response.header("location")?;
    let target = resolve(location, request.target(), request.host())?;
    let next = request.clone().at(target);
    let method = request.method();
    match response.status() {
        // What every client does, for 303 what it must.
        StatusCode::SEE_OTHER if method != "HEAD" => Some(next.into_get()),
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if method == "POST" => {
            Some(next.into_get())
        }
        StatusCode::SEE_OTHER
        | StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => Some(next),
        _ => None,
    }
}

/// The target that a reference leads to from another one (RFC 3986, section 5.2), if it is on this host.
fn resolve(reference: &str, from: &str, host: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or_default();
    let scheme = ["http://", "https://"].iter().find_map(|scheme| {
        let begin = reference.get(..scheme.len())?;
        begin
            .eq_ignore_ascii_case(scheme)
            .then(|| &reference[scheme.len()..])
    });
    if let Some(rest) = scheme.or_else(|| reference.strip_prefix("//")) {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let target = if target.starts_with('/') {
            target.to_owned()
        } else {
            format!("/{target}")
        };
        return authority.eq_ignore_ascii_case(host).then_some(target);
    }
    let path = from.split('?').next().unwrap_or_default();
    Some(match reference.as_bytes().first() {
        None => from.to_owned(),
        Some(b'/') => without_dots(reference),
        Some(b'?') => format!("{path}{reference}"),
        Some(_) if has_scheme(reference) => return None,
        Some(_) => {
            let directory = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
            without_dots(&format!("{directory}{reference}"))
        }
    })
}

/// Whether it is `mailto:` and the like.
fn has_scheme(reference: &str) -> bool {
    let end = reference.find([':', '/', '?']);
    end.is_some_and(|end| reference.as_bytes()[end] == b':')
}

/// A target whose path has no `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(target: &str) -> String {
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut segments: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    segments.pop();
                }
                if is_last {
                    segments.push("");
                }
            }
            part => segments.push(part),
        }
    }
    format!("/{}{query}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reference: &str, expected: Option<&str>) {
        let found = resolve(reference, "/a/b?c=d", "localhost");
        assert_eq!(found.as_deref(), expected, "{reference}");
    }

    #[test]
    fn references_lead_somewhere() {
        check("/x", Some("/x"));
        check("/x?y=../z#part", Some("/x?y=../z"));
        check("x", Some("/a/x"));
        check("./x/", Some("/a/x/"));
        check("../x", Some("/x"));
        check("../../../x", Some("/x"));
        check("..", Some("/"));
        check("/x/./y/..", Some("/x/"));
        check("?e=f", Some("/a/b?e=f"));
        check("", Some("/a/b?c=d"));
        check("x:y/..?z", None);
        check("x/y:z", Some("/a/x/y:z"));
    }

    #[test]
    fn other_hosts_are_not_this_application() {
        check("http://localhost/x?y", Some("/x?y"));
        check("HTTPS://LOCALHOST", Some("/"));
        check("//localhost?y", Some("/?y"));
        check("http://example.org/x", None);
        check("//example.org/x", None);
        check("http://localhost:81/", None);
        check("mailto:ada@example.org", None);
    }
}

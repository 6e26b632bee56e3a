//! The error page of the profile `dev`: the plain one, and below it what a developer asks next.
//!
//! What the error says and where it was made, the request, and the route. It is for the browser on this machine only, see
//! `local`. It has neither a script nor anything from elsewhere, and every text in it is escaped, for a client has sent
//! half of them.

mod local;
mod nearest;

use std::fmt::{self, Write};
use std::sync::Arc;

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use self::local::is_local;
use super::Service;
use crate::error::causes;
use crate::one_line::one_line;
use crate::problem::{Cause, Escaped, Page};
use crate::request::Request;
use crate::response::Response;
use crate::trace::{Frame, Place, Trace};
use crate::unwind::{Panicked, caught};

/// What the plain page's style doesn't say: this one is wide, and starts at the top.
const STYLE: &str = "\
    body{place-items:start center;grid-template-columns:minmax(0,1fr)}main{max-width:64rem}h1 b{font-size:3rem}\
    h2{margin:2rem 0 .5rem;font-size:1.1rem;font-weight:600}\
    summary{cursor:pointer;color:var(--soft)}details{margin:.5rem 0 0}\
    pre,table{margin:.5rem 0 0;font:.85rem/1.5 ui-monospace,monospace}\
    pre{padding:.6rem 0;overflow-x:auto;border:1px solid color-mix(in srgb,var(--soft) 35%,transparent);border-radius:.4rem}\
    pre span,pre b{display:block;padding:0 .8rem;min-width:max-content}pre i{color:var(--soft);font-style:normal}\
    pre b{background:color-mix(in srgb,var(--loud) 18%,transparent)}\
    td{padding:0 1.5rem 0 0;vertical-align:top}td:first-child{color:var(--soft);white-space:nowrap}\
    mark{background:none;color:var(--loud);font-weight:600}";

/// A page has no script, and nothing from elsewhere; should a text get through, it does nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Fields with one of these in their names have values that may let somebody in: `Authorization`, `Cookie`, `X-Api-Key`.
const SECRET: [&str; 7] = [
    "auth", "cookie", "key", "pass", "secret", "session", "token",
];

/// How much of an error's text, or of a line, is shown, in bytes.
const LONGEST: usize = 8 << 10;

/// How many frames of the program are shown with their source.
const MOST_SOURCES: usize = 12;

impl Service {
    /// From now on, errors are shown with everything that is known of them to browsers on this machine.
    pub(crate) fn show_errors(&mut self) {
        self.shows_errors = true;
    }

    /// Shows a raw problem in that way. False: it isn't to be, or can't be.
    #[cold]
    pub(super) fn show_developer(&self, request: &Request, response: &mut Response) -> bool {
        if !self.shows_errors || !is_local(request) {
            return false;
        }
        let cause = response.shared_cause();
        let Some(problem) = response.raw_problem() else {
            return false;
        };
        let status = problem.status();
        // An error's text is made by the program.
        let made = caught(|| {
            problem.page_with(STYLE, |page| {
                self.explain(page, request, status, cause.as_ref())
            })
        });
        let Ok(page) = made else {
            return false;
        };
        response.show_page(page);
        let fields = response.fields_mut();
        fields.set(CACHE_CONTROL, &HeaderValue::from_static("no-store"));
        fields.set(CONTENT_SECURITY_POLICY, &HeaderValue::from_static(POLICY));
        fields.set(X_CONTENT_TYPE_OPTIONS, &HeaderValue::from_static("nosniff"));
        true
    }

    fn explain(
        &self,
        page: &mut Page,
        request: &Request,
        status: StatusCode,
        cause: Option<&Cause>,
    ) -> fmt::Result {
        if let Some(cause) = cause {
            write_cause(page, cause)?;
        }
        self.write_route(page, request)?;
        if status == StatusCode::NOT_FOUND && request.route.is_none() && request.refused.is_none() {
            self.write_routes(page, request)?;
        }
        write_request(page, request)?;
        page.write_str(
            "<p><small>Only browsers on this machine see this, in the profile dev.</small></p>",
        )
    }

    /// The route that has answered, or would have.
    fn write_route(&self, page: &mut Page, request: &Request) -> fmt::Result {
        let refused = request.refused.map(|refused| refused.route);
        let Some(index) = request.route.or(refused) else {
            return Ok(());
        };
        let Some(route) = self.router.routes().get(index) else {
            return Ok(());
        };
        let layers = self.chains.routes.get(index);
        let names = layers.into_iter().flatten().map(|layer| layer.name());
        let middleware: Vec<&str> = names.collect();
        let origin = &route.origin;
        page.write_str("<h2>Route</h2><table>")?;
        row(
            page,
            "pattern",
            &format!("{} {}", route.methods_text(), route.text),
        )?;
        row(page, "handler", &origin.handler)?;
        row(page, "place", &origin.place())?;
        if !middleware.is_empty() {
            row(page, "middleware", &middleware.join(", "))?;
        }
        page.write_str("</table>")
    }

    /// All routes, with those first that the path is like.
    fn write_routes(&self, page: &mut Page, request: &Request) -> fmt::Result {
        let routes = self.router.routes();
        page.write_str("<h2>Routes</h2><table>")?;
        let (near, others) = nearest::sorted(routes, request.path());
        for (index, route) in near.iter().chain(&others).enumerate() {
            let is_near = index < near.len();
            let (open, close) = if is_near {
                ("<mark>", "</mark>")
            } else {
                ("", "")
            };
            write!(
                page,
                "<tr><td>{}<td>{open}{}{close}<td>{}<td>{}",
                Escaped(&route.methods_text()),
                Escaped(&route.text),
                Escaped(&route.origin.handler),
                Escaped(&route.origin.place())
            )?;
        }
        page.write_str("</table>")
    }
}

/// What has failed, why, and where.
fn write_cause(page: &mut Page, cause: &Cause) -> fmt::Result {
    let error = cause.error();
    let panicked = error.downcast_ref::<Panicked>();
    page.write_str(match panicked {
        Some(_) => "<h2>Panic</h2>",
        None => "<h2>Error</h2>",
    })?;
    let mut before: Option<String> = None;
    for error in causes(error) {
        let text = error.to_string();
        // Some errors only say what their cause says.
        if before.as_ref() == Some(&text) {
            continue;
        }
        match before {
            Some(_) => write!(page, "<br><small>because</small> {}", Beginning(&text))?,
            None => write!(page, "<p><mark>{}</mark>", Beginning(&text))?,
        }
        before = Some(text);
    }
    page.write_str("</p>")?;
    let trace = match panicked {
        Some(panicked) => panicked.trace(),
        None => cause.trace(),
    };
    match trace {
        Some(trace) => write_trace(page, &trace),
        None => Ok(()),
    }
}

fn write_trace(page: &mut Page, trace: &Arc<Trace>) -> fmt::Result {
    let frames = trace.frames();
    let own: Vec<&Frame> = frames.iter().filter(|frame| frame.is_own).collect();
    let is_known = |place: &Place| {
        let places = own.iter().filter_map(|frame| frame.place.as_ref());
        // The frames call the file by another path.
        places.take(MOST_SOURCES).any(|known| {
            known.line == place.line && known.file.ends_with(place.file.trim_start_matches("./"))
        })
    };
    if let Some(place) = trace.place().filter(|place| !is_known(place)) {
        write!(page, "<p><code>{}</code></p>", Escaped(&place.to_string()))?;
        write_source(page, place)?;
    }
    for frame in own.iter().take(MOST_SOURCES) {
        let Some(place) = &frame.place else {
            continue;
        };
        write!(
            page,
            "<p>{}<br><code>{}</code></p>",
            Escaped(&frame.symbol),
            Escaped(&place.to_string())
        )?;
        write_source(page, place)?;
    }
    write!(
        page,
        "<details><summary>All {} frames</summary><pre>",
        frames.len()
    )?;
    for (number, frame) in frames.iter().enumerate() {
        let tag = if frame.is_own { "b" } else { "span" };
        write!(page, "<{tag}>{number:3} {}", Escaped(&frame.symbol))?;
        if let Some(place) = &frame.place {
            write!(page, " <i>{}</i>", Escaped(&place.to_string()))?;
        }
        write!(page, "</{tag}>")?;
    }
    page.write_str("</pre></details>")
}

fn write_source(page: &mut Page, place: &Place) -> fmt::Result {
    let Some(lines) = place.lines() else {
        return Ok(());
    };
    page.write_str("<pre>")?;
    for (number, line) in lines {
        let tag = if number == place.line { "b" } else { "span" };
        write!(
            page,
            "<{tag}><i>{number:4}</i>  {}</{tag}>",
            Beginning(&line)
        )?;
    }
    page.write_str("</pre>")
}

/// A text, escaped, or as much of it as anybody reads.
struct Beginning<'t>(&'t str);

impl fmt::Display for Beginning<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let is_whole = text.len() <= LONGEST;
        let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end));
        match end {
            Some(end) if !is_whole => {
                let left = text.len() - end;
                write!(
                    formatter,
                    "{} <i>and {left} bytes more</i>",
                    Escaped(&text[..end])
                )
            }
            _ => Escaped(text).fmt(formatter),
        }
    }
}

fn write_request(page: &mut Page, request: &Request) -> fmt::Result {
    page.write_str("<h2>Request</h2><table>")?;
    row(page, "method", request.method().as_str())?;
    row(page, "target", request.target())?;
    if let Some(entry) = request.entry() {
        for (index, name) in entry.parameters.iter().enumerate() {
            let value = request.parameter(index).unwrap_or("can't be decoded");
            row(page, &format!("path {name}"), value)?;
        }
    }
    let query = request.query().unwrap_or_default();
    for pair in request.form_pairs(query.as_bytes()) {
        let Ok((name, value)) = pair else {
            continue;
        };
        let value = match value {
            Ok(value) => value.unwrap_or_default(),
            Err(_) => "can't be decoded",
        };
        row(page, &format!("query {name}"), value)?;
    }
    page.write_str("</table><details><summary>Header fields</summary><table>")?;
    for (name, value) in request.headers() {
        let lower = name.to_ascii_lowercase();
        match SECRET.iter().any(|secret| lower.contains(secret)) {
            true => row(page, name, "***")?,
            false => row(page, name, &String::from_utf8_lossy(value))?,
        }
    }
    page.write_str("</table></details>")
}

fn row(page: &mut Page, name: &str, value: &str) -> fmt::Result {
    let (name, value) = (one_line(name), one_line(value));
    write!(page, "<tr><td>{}<td>{}", Escaped(&name), Escaped(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_off() {
        let shown = |text: &str| Beginning(text).to_string();
        let whole = "x".repeat(LONGEST);
        assert_eq!(shown("<"), "&lt;");
        assert_eq!(shown(&whole), whole);
        assert_eq!(
            shown(&format!("{whole}y")),
            format!("{whole} <i>and 1 bytes more</i>")
        );
        let wide = format!("{}\u{e9}<", &whole[1..]);
        assert_eq!(
            shown(&wide),
            format!("{} <i>and 3 bytes more</i>", &whole[1..])
        );
    }
}

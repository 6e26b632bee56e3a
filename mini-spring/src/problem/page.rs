//! A problem as a page, for people with a browser.
//!
//! Nothing but the page itself is needed to show it: no script, no font, no picture. What the problem says is
//! text wherever it comes from, and so is escaped.

use std::fmt::{self, Display, Write};

use serde_json::Value;

use super::{Fault, Problem, REQUEST_ID};
use crate::http::buffers;

const STYLE: &str = "\
    :root{color-scheme:light dark;--back:#f6f7f9;--text:#1d2129;--soft:#5c6470;--loud:#b3261e}\
    @media(prefers-color-scheme:dark){\
    :root{--back:#15171a;--text:#e4e6ea;--soft:#9aa3af;--loud:#ff8a80}}\
    body{margin:0;min-height:100vh;display:grid;place-items:center;\
    font:1.05rem/1.5 system-ui,sans-serif;background:var(--back);color:var(--text)}\
    main{box-sizing:border-box;width:100%;max-width:38rem;padding:2rem;overflow-wrap:anywhere}\
    h1{margin:0;font-size:1.6rem;font-weight:600}\
    h1 b{display:block;font-size:4.5rem;line-height:1.1;color:var(--loud)}\
    p,ul{margin:1rem 0 0}ul{padding-left:1.2rem}\
    small,code{color:var(--soft)}code{font-size:.9em}";

impl Problem {
    /// The page, in a recycled buffer.
    pub(crate) fn page(&self) -> Vec<u8> {
        self.page_with("", |_| Ok(()))
    }

    /// The page with more style, and more below what the problem says.
    pub(crate) fn page_with(
        &self,
        style: &str,
        more: impl FnOnce(&mut Page) -> fmt::Result,
    ) -> Vec<u8> {
        let mut page = Page(buffers::take());
        // Writing to a vector doesn't fail.
        let _ = self.write(&mut page, style, more);
        page.0
    }

    fn write(
        &self,
        page: &mut Page,
        style: &str,
        more: impl FnOnce(&mut Page) -> fmt::Result,
    ) -> fmt::Result {
        let status = self.status().as_u16();
        let title = Escaped(self.title());
        write!(
            page,
            "<!doctype html><html lang=en><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width\">\
             <title>{status} {title}</title><style>{STYLE}{style}</style>\
             <main><h1><b>{status}</b>{title}</h1>"
        )?;
        if let Some(detail) = self.detail() {
            write!(page, "<p>{}</p>", Escaped(detail))?;
        }
        for (name, value) in &self.inner.members {
            if name != REQUEST_ID {
                member(page, name, value)?;
            }
        }
        // A single fault is the detail, unless something else is.
        let faults = &self.inner.faults[..];
        if faults.len() > 1 || self.inner.detail.is_some() && !faults.is_empty() {
            page.write_str("<ul>")?;
            faults.iter().try_for_each(|fault| item(page, fault))?;
            page.write_str("</ul>")?;
        }
        if let Some(id) = self.request_id() {
            write!(page, "<p><small>Request {}</small></p>", Escaped(id))?;
        }
        more(page)?;
        page.write_str("</main></html>")
    }
}

fn item(page: &mut Page, fault: &Fault) -> fmt::Result {
    let where_it_is = [&fault.name, &fault.pointer];
    write!(page, "<li><code>{}", fault.place)?;
    for name in where_it_is.into_iter().filter(|name| !name.is_empty()) {
        write!(page, " {}", Escaped(name))?;
    }
    write!(page, "</code> {}</li>", Escaped(&fault.detail))
}

/// A member of the problem's author, if it is something to be read: a text or a number.
fn member(page: &mut Page, name: &str, value: &Value) -> fmt::Result {
    let name = Escaped(name);
    match value {
        Value::String(text) => write!(page, "<p><code>{name}</code> {}</p>", Escaped(text)),
        Value::Number(number) => write!(page, "<p><code>{name}</code> {number}</p>"),
        _ => Ok(()),
    }
}

/// A page that is being written.
pub(crate) struct Page(Vec<u8>);

impl Write for Page {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Text as it stands in a page: nothing of it is a tag, an entity or the end of an attribute.
pub(crate) struct Escaped<'t>(pub(crate) &'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            formatter.write_str(&rest[..at])?;
            formatter.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        formatter.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    #[track_caller]
    fn check(problem: Problem, expected: &str) {
        let page = String::from_utf8(problem.page()).unwrap();
        let (_, main) = page.split_once("<main>").unwrap();
        assert_eq!(main.strip_suffix("</main></html>"), Some(expected));
    }

    #[test]
    fn pages() {
        check(
            Problem::new(StatusCode::NOT_FOUND),
            "<h1><b>404</b>Not Found</h1>",
        );
        let mut problem = Problem::new(StatusCode::IM_A_TEAPOT)
            .with_title("<Tea>")
            .with_detail("\"short\" & 'stout'");
        problem.name_request("7-1");
        check(
            problem,
            "<h1><b>418</b>&lt;Tea&gt;</h1><p>&quot;short&quot; &amp; &#39;stout&#39;</p>\
             <p><small>Request 7-1</small></p>",
        );
    }

    #[test]
    fn members_that_can_be_read_are_shown_once() {
        let mut problem = Problem::not_found("no user 7")
            .with("<hint>", "try <b>8</b>")
            .with("left", 3)
            .with("tried", true)
            .with("others", [8, 9]);
        problem.name_request("7-1");
        check(
            problem,
            "<h1><b>404</b>Not Found</h1><p>no user 7</p>\
             <p><code>&lt;hint&gt;</code> try &lt;b&gt;8&lt;/b&gt;</p><p><code>left</code> 3</p>\
             <p><small>Request 7-1</small></p>",
        );
    }

    #[test]
    fn faults_are_listed_once() {
        let fault = |name| Fault::new("path", name, format!("<{name}> is bad"));
        let one = || Problem::invalid(fault("id"));
        let said = "<h1><b>400</b>Bad Request</h1>";
        let told = "the parameter `id` of the path: &lt;id&gt; is bad";
        check(one(), &format!("{said}<p>{told}</p>"));
        let item = |name| format!("<li><code>path {name}</code> &lt;{name}&gt; is bad</li>");
        check(
            one().with_detail("look"),
            &format!("{said}<p>look</p><ul>{}</ul>", item("id")),
        );
        let mut two = one();
        two.merge(Problem::invalid(fault("page")));
        check(
            two,
            &format!(
                "{said}<p>several parts of the request are invalid</p><ul>{}{}</ul>",
                item("id"),
                item("page")
            ),
        );
    }

    #[test]
    fn the_title_is_escaped_and_nothing_runs() {
        let problem = Problem::new(StatusCode::NOT_FOUND).with_title("</title><script>");
        let page = String::from_utf8(problem.page()).unwrap();
        assert!(page.contains("<title>404 &lt;/title&gt;&lt;script&gt;</title>"));
        assert!(!page.contains("<script"), "{page}");
    }
}

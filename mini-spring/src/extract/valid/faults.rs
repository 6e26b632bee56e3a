//! From garde's report to a problem: which part of the request each fault is in, and what it is called.

use garde::{Path, Report};
use serde_json::Value;

use super::Validatable;
use super::names::{Field, Names, Step};
use crate::extract::json_pointer;
use crate::http::StatusCode;
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The most faults of one value that are told.
const MOST: usize = 1_000;

/// 422 with all faults of an extractor's value.
#[cold]
pub(super) fn problem<'r, E: Validatable<'r>>(request: &'r Request, report: &Report) -> Problem {
    let mut names = names(report);
    E::name(request, &mut names);
    failed(E::PLACE, names, report)
}

/// A check that was made by the program: 422, with the fields of the body as Rust names them.
impl From<Report> for Problem {
    fn from(report: Report) -> Self {
        let mut names = names(&report);
        names.take_as_they_are();
        failed("body", names, &report)
    }
}

fn names(report: &Report) -> Names {
    Names::of(report.iter().take(MOST).map(|(path, _)| steps(path)))
}

fn failed(place: &'static str, names: Names, report: &Report) -> Problem {
    let by_pointer = place == "body" && !names.is_form;
    let messages = report.iter().map(|(_, error)| error.message());
    let told = names.fields().iter().zip(messages);
    let mut faults: Vec<_> = told
        .map(|(field, message)| {
            let detail = detail(field, message);
            match by_pointer {
                true => Fault::new(place, "", detail).at(json_pointer::of(&field.place)),
                false => Fault::new(place, field.name(), detail),
            }
        })
        .collect();
    let more = report.iter().count() - faults.len();
    if more > 0 {
        faults.push(Fault::new(place, "", format!("and {more} more")));
    }
    Problem::failed(StatusCode::UNPROCESSABLE_ENTITY, faults)
}

/// Where it is not known what a field is called, its message says what it is called in Rust.
fn detail(field: &Field, message: &str) -> String {
    let rest = spelled(field.rest());
    match rest.is_empty() {
        true => message.to_owned(),
        false => format!("{rest}: {message}"),
    }
}

/// Steps as garde spells them, unless there is nothing but places in tuples.
fn spelled<'s>(steps: impl Iterator<Item = &'s Step>) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Member(name) if text.is_empty() => text.push_str(name),
            Step::Member(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Element(_) if text.is_empty() => {}
            Step::Element(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// The steps of garde's path, which tells them only to serde.
fn steps(path: &Path) -> Vec<Step> {
    let components = serde_json::to_value(path).unwrap_or_default();
    let components = components.as_array().cloned().unwrap_or_default();
    components.iter().filter_map(step).collect()
}

/// `["key", "name"]` or `["index", "0"]`; one without a name is an `Option`'s.
fn step(component: &Value) -> Option<Step> {
    let text = component[1].as_str()?;
    match component[0].as_str()? {
        "key" => Some(Step::Member(
            text.strip_prefix("r#").unwrap_or(text).to_owned(),
        )),
        "index" => text.parse().ok().map(Step::Element),
        _ => None,
    }
}

//! The preconditions of a request (RFC 9110, section 13).
//!
//! A request says on which state of the resource it depends, by entity tags or by dates; what it is
//! compared with are the validators of the answer that it would get. Knows no clock, and not what
//! becomes of the answer.

use std::time::SystemTime;

use http::Method;
use http::header::{ETAG, LAST_MODIFIED};

use super::etag::Tag;
use super::fields::Fields;

/// The fields of a request that are preconditions, and `Range`, which one of them is about.
#[derive(Debug, Default)]
pub(crate) struct Conditions<'r> {
    if_match: Vec<&'r [u8]>,
    if_none_match: Vec<&'r [u8]>,
    if_modified_since: Single<'r>,
    if_unmodified_since: Single<'r>,
    if_range: Single<'r>,
    range: Single<'r>,
}

/// What names the state that the client would get (RFC 9110, section 8.8).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Validators<'a> {
    pub(crate) tag: Option<Tag<'a>>,
    pub(crate) modified: Option<SystemTime>,
}

/// What the preconditions say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Answer as if there were none.
    Proceed,
    /// The client has it already: 304 (RFC 9110, section 15.4.5).
    NotModified,
    /// 412 (section 15.5.13).
    Failed,
}

/// A field that is no list.
#[derive(Debug, Clone, Copy, Default)]
enum Single<'r> {
    #[default]
    Absent,
    One(&'r [u8]),
    /// Several lines, of which none is the value (RFC 9110, section 5.3).
    Several,
}

impl<'r> Single<'r> {
    fn add(&mut self, value: &'r [u8]) {
        *self = match self {
            Single::Absent => Single::One(value),
            _ => Single::Several,
        };
    }

    fn is_present(self) -> bool {
        !matches!(self, Single::Absent)
    }

    /// The value, if there is one only.
    fn value(self) -> Option<&'r [u8]> {
        match self {
            Single::One(value) => Some(value),
            _ => None,
        }
    }

    /// The date that it is, if it is one.
    fn date(self) -> Option<SystemTime> {
        date(self.value()?)
    }
}

/// An HTTP-date in any of its three forms (RFC 9110, section 5.6.7).
fn date(value: &[u8]) -> Option<SystemTime> {
    httpdate::parse_http_date(std::str::from_utf8(value).ok()?).ok()
}

impl<'a> Validators<'a> {
    /// Those of an answer with these fields.
    pub(crate) fn of(fields: &'a Fields) -> Self {
        Validators {
            tag: fields.get(&ETAG).and_then(Tag::only),
            modified: fields.get(&LAST_MODIFIED).and_then(date),
        }
    }

    fn is_strongly(&self, tag: Tag<'_>) -> bool {
        self.tag.is_some_and(|own| own.is_strongly(tag))
    }

    fn is_weakly(&self, tag: Tag<'_>) -> bool {
        self.tag.is_some_and(|own| own.is_weakly(tag))
    }
}

impl<'r> Conditions<'r> {
    /// Those among the fields of a request.
    pub(crate) fn of(fields: impl Iterator<Item = (&'r str, &'r [u8])>) -> Self {
        let mut found = Conditions::default();
        for (name, value) in fields {
            found.add(name, value);
        }
        found
    }

    fn add(&mut self, name: &str, value: &'r [u8]) {
        // Most fields are none of these, and are told by their first letter.
        if !matches!(name.as_bytes().first(), Some(b'I' | b'i' | b'R' | b'r')) {
            return;
        }
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("if-none-match") {
            self.if_none_match.push(value);
        } else if is("if-modified-since") {
            self.if_modified_since.add(value);
        } else if is("range") {
            self.range.add(value);
        } else if is("if-range") {
            self.if_range.add(value);
        } else if is("if-match") {
            self.if_match.push(value);
        } else if is("if-unmodified-since") {
            self.if_unmodified_since.add(value);
        }
    }

    /// Whether there is an `If-Match`, which names the states that the client takes for the current one.
    pub(crate) fn names_a_state(&self) -> bool {
        !self.if_match.is_empty()
    }

    /// Evaluates them in the order of RFC 9110, section 13.2.2. `current` is the state that there is, if
    /// there is one.
    pub(crate) fn verdict(&self, method: &Method, current: Option<&Validators<'_>>) -> Verdict {
        if !self.is_unchanged(current) {
            return Verdict::Failed;
        }
        match (self.is_changed(method, current), is_read(method)) {
            (true, _) => Verdict::Proceed,
            (false, true) => Verdict::NotModified,
            (false, false) => Verdict::Failed,
        }
    }

    /// Steps 1 and 2: the state must be the one that the client knows.
    fn is_unchanged(&self, current: Option<&Validators<'_>>) -> bool {
        if !self.if_match.is_empty() {
            return self.if_match(current);
        }
        // Without a valid date on both sides the field means nothing (section 13.1.4).
        let modified = current.and_then(|current| current.modified);
        match (modified, self.if_unmodified_since.date()) {
            (Some(modified), Some(since)) => modified <= since,
            _ => true,
        }
    }

    /// Steps 3 and 4: the state must not be one that the client knows.
    fn is_changed(&self, method: &Method, current: Option<&Validators<'_>>) -> bool {
        if !self.if_none_match.is_empty() {
            return !self.knows(current);
        }
        // Only for reading, and with a valid date on both sides (section 13.1.3).
        let modified = current.and_then(|current| current.modified);
        match (modified, self.if_modified_since.date()) {
            (Some(modified), Some(since)) if is_read(method) => modified > since,
            _ => true,
        }
    }

    /// Section 13.1.1: any state, or one of these, compared strongly.
    fn if_match(&self, current: Option<&Validators<'_>>) -> bool {
        current.is_some_and(|current| {
            let is_current = |tag| current.is_strongly(tag);
            self.if_match
                .iter()
                .any(|line| is_any(line) || Tag::list(line).any(is_current))
        })
    }

    /// Section 13.1.2: the state is one of these, compared weakly, or any will do.
    fn knows(&self, current: Option<&Validators<'_>>) -> bool {
        current.is_some_and(|current| {
            let is_current = |tag| current.is_weakly(tag);
            self.if_none_match
                .iter()
                .any(|line| is_any(line) || Tag::list(line).any(is_current))
        })
    }

    /// Step 5: the ranges that a GET asks for, if it still has the rest of this state. Range is defined for
    /// GET only (section 14.2), and If-Range means nothing without it (section 13.1.5).
    pub(crate) fn range(&self, method: &Method, current: &Validators<'_>) -> Option<&'r [u8]> {
        let range = self.range.value().filter(|_| method == Method::GET)?;
        (!self.if_range.is_present() || self.if_range(current)).then_some(range)
    }

    /// Section 13.1.5: the very same tag, compared strongly, or the very same date. Whoever sends a date
    /// that isn't over yet makes a weak validator of it (section 8.8.2.2), so files go without.
    fn if_range(&self, current: &Validators<'_>) -> bool {
        let Some(value) = self.if_range.value() else {
            return false;
        };
        match Tag::only(value) {
            Some(tag) => current.is_strongly(tag),
            None => date(value).is_some_and(|date| current.modified == Some(date)),
        }
    }
}

/// Whether this line stands for all states.
fn is_any(line: &[u8]) -> bool {
    line.trim_ascii() == b"*"
}

/// Whether the method asks for the state itself.
fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

#[cfg(test)]
mod tests;

//! Tables of preconditions. Each line is a rule of RFC 9110, section 13, or an edge of it.

use super::*;

const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const SAME: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

/// The state is `"a"`, of [`SAME`].
fn judge(method: Method, tag: &str, fields: &[(&str, &str)]) -> Verdict {
    let current = Validators {
        tag: Tag::only(tag.as_bytes()),
        modified: date(SAME.as_bytes()),
    };
    conditions(fields).verdict(&method, Some(&current))
}

fn conditions<'r>(fields: &'r [(&str, &str)]) -> Conditions<'r> {
    let pairs = fields.iter();
    Conditions::of(pairs.map(|(name, value)| (*name, value.as_bytes())))
}

use Verdict::{Failed, NotModified, Proceed};

#[track_caller]
fn check(fields: &[(&str, &str)], reading: Verdict, writing: Verdict) {
    let found =
        [Method::GET, Method::HEAD, Method::PUT].map(|method| judge(method, "\"a\"", fields));
    assert_eq!(found, [reading, reading, writing], "{fields:?}");
}

#[test]
fn without_preconditions() {
    check(&[], Proceed, Proceed);
    check(&[("If", "\"a\""), ("Range", "bytes=0-")], Proceed, Proceed);
}

/// Section 13.1.1.
#[test]
fn if_match() {
    let check_one = |value, verdict| check(&[("If-Match", value)], verdict, verdict);
    check_one("\"a\"", Proceed);
    check_one("\"b\", \"a\"", Proceed);
    check_one("*", Proceed);
    check_one(" * ", Proceed);
    check_one("\"b\"", Failed);
    check_one("W/\"a\"", Failed);
    check_one("a", Failed);
    check_one("", Failed);
    // It is a list: several lines are one (section 5.3).
    check(
        &[("If-Match", "\"b\""), ("if-match", "\"a\"")],
        Proceed,
        Proceed,
    );
    assert_eq!(
        judge(Method::PUT, "W/\"a\"", &[("If-Match", "W/\"a\"")]),
        Failed
    );
    assert_eq!(judge(Method::PUT, "W/\"a\"", &[("If-Match", "*")]), Proceed);
}

/// Section 13.1.2.
#[test]
fn if_none_match() {
    let known = |value| check(&[("If-None-Match", value)], NotModified, Failed);
    let unknown = |value| check(&[("If-None-Match", value)], Proceed, Proceed);
    known("\"a\"");
    known("W/\"a\"");
    known("\"b\", W/\"a\"");
    known("*");
    unknown("\"b\"");
    unknown("a");
    unknown("");
    unknown("\"a");
    let lines = [("IF-NONE-MATCH", "\"b\""), ("If-None-Match", "\"a\"")];
    check(&lines, NotModified, Failed);
    assert_eq!(
        judge(Method::GET, "W/\"a\"", &[("If-None-Match", "\"a\"")]),
        NotModified
    );
}

/// Section 13.1.3.
#[test]
fn if_modified_since() {
    let field = "If-Modified-Since";
    check(&[(field, SAME)], NotModified, Proceed);
    check(&[(field, AFTER)], NotModified, Proceed);
    check(&[(field, BEFORE)], Proceed, Proceed);
    check(&[(field, "yesterday")], Proceed, Proceed);
    check(&[(field, "")], Proceed, Proceed);
    check(&[(field, AFTER), (field, AFTER)], Proceed, Proceed);
    // The other two forms of a date (section 5.6.7).
    check(
        &[(field, "Sunday, 06-Nov-94 08:49:37 GMT")],
        NotModified,
        Proceed,
    );
    check(&[(field, "Sun Nov  6 08:49:37 1994")], NotModified, Proceed);
}

/// Section 13.1.4.
#[test]
fn if_unmodified_since() {
    let field = "If-Unmodified-Since";
    check(&[(field, SAME)], Proceed, Proceed);
    check(&[(field, AFTER)], Proceed, Proceed);
    check(&[(field, BEFORE)], Failed, Failed);
    check(&[(field, "yesterday")], Proceed, Proceed);
    check(&[(field, BEFORE), (field, BEFORE)], Proceed, Proceed);
}

/// Section 13.2.2.
#[test]
fn tags_come_before_dates_and_must_match_before_must_not() {
    let (matching, none, since, unmodified) = (
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
    );
    check(
        &[(matching, "\"a\""), (unmodified, BEFORE)],
        Proceed,
        Proceed,
    );
    check(&[(none, "\"b\""), (since, AFTER)], Proceed, Proceed);
    check(&[(none, "\"a\""), (since, BEFORE)], NotModified, Failed);
    check(&[(matching, "\"b\""), (none, "\"a\"")], Failed, Failed);
    check(&[(matching, "\"a\""), (none, "\"a\"")], NotModified, Failed);
    check(&[(unmodified, BEFORE), (none, "\"a\"")], Failed, Failed);
    check(&[(unmodified, SAME), (since, SAME)], NotModified, Proceed);
}

#[test]
fn states_without_validators_and_no_state() {
    let unnamed = Validators::default();
    let judge = |fields, current| conditions(fields).verdict(&Method::PUT, current);
    let unnamed = |fields| judge(fields, Some(&unnamed));
    let nothing = |fields| judge(fields, None);
    assert_eq!(unnamed(&[("If-Match", "*")]), Proceed);
    assert_eq!(unnamed(&[("If-Match", "\"a\"")]), Failed);
    assert_eq!(unnamed(&[("If-None-Match", "*")]), Failed);
    assert_eq!(unnamed(&[("If-Unmodified-Since", BEFORE)]), Proceed);
    assert_eq!(nothing(&[("If-Match", "*")]), Failed);
    assert_eq!(nothing(&[("If-None-Match", "*")]), Proceed);
    assert_eq!(nothing(&[("If-Unmodified-Since", BEFORE)]), Proceed);
}

/// Section 13.1.5.
#[test]
fn if_range() {
    let range = |method: Method, tag: &str, fields: &[(&str, &str)]| {
        let current = Validators {
            tag: Tag::only(tag.as_bytes()),
            modified: date(SAME.as_bytes()),
        };
        conditions(fields).range(&method, &current).is_some()
    };
    let wanted = ("Range", "bytes=0-1");
    let applies = |value| range(Method::GET, "\"a\"", &[wanted, ("If-Range", value)]);
    assert!(range(Method::GET, "\"a\"", &[wanted]));
    assert!(applies("\"a\""));
    assert!(applies(SAME));
    assert!(!applies("W/\"a\""));
    assert!(!applies("\"b\""));
    assert!(!applies("\"b\", \"a\""));
    assert!(!applies(BEFORE));
    assert!(!applies(AFTER));
    assert!(!applies("*"));
    assert!(!applies(""));
    let twice = [wanted, ("If-Range", "\"a\""), ("If-Range", "\"a\"")];
    assert!(!range(Method::GET, "\"a\"", &twice));
    assert!(!range(
        Method::GET,
        "W/\"a\"",
        &[wanted, ("If-Range", "W/\"a\"")]
    ));
    // Without Range there is nothing to apply, and only GET has ranges (section 14.2).
    assert!(!range(Method::GET, "\"a\"", &[("If-Range", "\"a\"")]));
    assert!(!range(Method::HEAD, "\"a\"", &[wanted]));
    assert!(!range(Method::GET, "\"a\"", &[wanted, wanted]));
}

//! Conditional requests: each line names its section of RFC 9110.

use super::*;

const FILE: &str = "GET /file";

/// Everything of a whole answer that must be in a 304 is in it, and nothing else (section 15.4.5).
#[track_caller]
fn check(site: &Site, section: &str, line: &str, fields: &[String], status: u16) {
    let lines: Vec<&str> = fields.iter().map(String::as_str).collect();
    let answer = site.ask(line, &lines);
    assert_eq!(
        answer.status, status,
        "section {section}: {line} {fields:?}"
    );
    let is_whole = status == 200;
    assert_eq!(answer.field("content-length") == Some("10"), is_whole);
    if status == 304 {
        assert_eq!(answer.field("etag"), Some(TAG));
        for name in [
            "content-type",
            "content-length",
            "last-modified",
            "transfer-encoding",
        ] {
            assert_eq!(answer.field(name), None, "{}", answer.head);
        }
        assert!(answer.field("date").is_some());
    }
}

fn field(name: &str, value: &str) -> String {
    format!("{name}: {value}")
}

#[test]
fn one_precondition() {
    let site = Site::new();
    let weak = format!("W/{TAG}");
    let list = format!("\"other\",{weak}");
    let strong_list = format!("\"other\" , {TAG}");
    let table: &[(&str, &str, &str, u16)] = &[
        // A tag is compared strongly.
        ("13.1.1", "If-Match", TAG, 200),
        ("13.1.1", "If-Match", &strong_list, 200),
        ("13.1.1", "If-Match", "*", 200),
        ("13.1.1", "If-Match", "\"other\"", 412),
        ("13.1.1", "If-Match", &weak, 412),
        ("13.1.1", "If-Match", "unquoted", 412),
        // A tag is compared weakly.
        ("13.1.2", "If-None-Match", TAG, 304),
        ("13.1.2", "If-None-Match", &weak, 304),
        ("13.1.2", "If-None-Match", &list, 304),
        ("13.1.2", "If-None-Match", "*", 304),
        ("13.1.2", "If-None-Match", "\"other\"", 200),
        ("13.1.2", "If-None-Match", "unquoted", 200),
        ("13.1.3", "If-Modified-Since", SAME, 304),
        ("13.1.3", "If-Modified-Since", AFTER, 304),
        ("13.1.3", "If-Modified-Since", BEFORE, 200),
        // What is no date isn't heeded.
        ("13.1.3", "If-Modified-Since", "0", 200),
        (
            "13.1.3",
            "If-Modified-Since",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            200,
        ),
        // All three forms are read.
        (
            "5.6.7",
            "If-Modified-Since",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            304,
        ),
        (
            "5.6.7",
            "If-Modified-Since",
            "Sun Nov  6 08:49:37 1994",
            304,
        ),
        ("13.1.4", "If-Unmodified-Since", SAME, 200),
        ("13.1.4", "If-Unmodified-Since", AFTER, 200),
        ("13.1.4", "If-Unmodified-Since", BEFORE, 412),
        ("13.1.4", "If-Unmodified-Since", "0", 200),
    ];
    for (section, name, value, status) in table {
        for line in [FILE, "HEAD /file", "GET /dir/a.txt"] {
            check(&site, section, line, &[field(name, value)], *status);
        }
    }
}

/// Section 13.2.2.
#[test]
fn several_preconditions() {
    let site = Site::new();
    let (none_match, unmodified, since) =
        ("If-None-Match", "If-Unmodified-Since", "If-Modified-Since");
    let table = [
        // If-Match comes first, and If-Unmodified-Since isn't looked at beside it.
        ([field("If-Match", TAG), field(unmodified, BEFORE)], 200),
        (
            [field("If-Match", "\"other\""), field(none_match, TAG)],
            412,
        ),
        ([field("If-Match", TAG), field(none_match, TAG)], 304),
        ([field(unmodified, BEFORE), field(none_match, TAG)], 412),
        ([field(unmodified, SAME), field(none_match, TAG)], 304),
        // If-Modified-Since isn't looked at beside If-None-Match.
        ([field(none_match, "\"other\""), field(since, AFTER)], 200),
        ([field(none_match, TAG), field(since, BEFORE)], 304),
        ([field(none_match, "unquoted"), field(since, AFTER)], 200),
        ([field(unmodified, AFTER), field(since, AFTER)], 304),
        // Several lines of a list are one (5.3), several dates are none (13.1.3, 13.1.4).
        (
            [field(none_match, "\"other\""), field(none_match, TAG)],
            304,
        ),
        ([field(since, AFTER), field(since, AFTER)], 200),
        ([field(unmodified, BEFORE), field(unmodified, BEFORE)], 200),
    ];
    for (fields, status) in table {
        check(&site, "13.2.2", FILE, &fields, status);
    }
}

/// Section 15.4.5: fields that guide a cache stay, and so do those that have nothing to do with content.
#[test]
fn fields_of_304() {
    let site = Site::new();
    let answer = site.ask("GET /undated", &["If-None-Match: *"]);
    assert_eq!((answer.status, answer.body.as_str()), (304, ""));
    for (name, value) in [
        ("etag", Some(TAG)),
        ("expires", Some(AFTER)),
        ("x-other", Some("kept")),
    ] {
        assert_eq!(answer.field(name), value);
    }
    assert_eq!(answer.field("content-type"), None);
}

/// Section 13.1.3: only with a date on both sides; and only for GET and HEAD.
#[test]
fn dates_that_are_not_there() {
    let site = Site::new();
    let since = field("If-Modified-Since", AFTER);
    assert_eq!(site.ask("GET /undated", &[&since]).status, 200);
    let before = field("If-Unmodified-Since", BEFORE);
    assert_eq!(site.ask("GET /undated", &[&before]).status, 200);
    let any = field("If-None-Match", "*");
    let posted = site.ask("POST /file", &[&since, &any, "Range: bytes=0-0"]);
    assert_eq!((posted.status, posted.body.as_str()), (200, "0123456789"));
}

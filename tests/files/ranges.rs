//! Range requests: each line names its section of RFC 9110.

use super::*;

/// Status, Content-Range and body of the answer to a GET.
#[track_caller]
fn check(site: &Site, section: &str, fields: &[&str], expected: (u16, Option<&str>, &str)) {
    let answer = site.ask("GET /file", fields);
    let found = (
        answer.status,
        answer.field("content-range"),
        answer.body.as_str(),
    );
    assert_eq!(found, expected, "section {section}: {fields:?}");
    assert_eq!(answer.field("etag"), Some(TAG));
    assert_eq!(answer.field("accept-ranges"), Some("bytes"));
    let length = expected.2.len().to_string();
    assert_eq!(answer.field("content-length"), Some(length.as_str()));
}

const WHOLE: (u16, Option<&str>, &str) = (200, None, "0123456789");

#[test]
fn one_range() {
    let site = Site::new();
    let table = [
        ("14.1.2", "bytes=0-0", "bytes 0-0/10", "0"),
        ("14.1.2", "bytes=2-4", "bytes 2-4/10", "234"),
        ("14.1.2", "bytes=7-", "bytes 7-9/10", "789"),
        ("14.1.2", "bytes=7-99", "bytes 7-9/10", "789"),
        ("14.1.2", "bytes=-3", "bytes 7-9/10", "789"),
        ("14.1.2", "bytes=-99", "bytes 0-9/10", "0123456789"),
        ("14.1.2", "bytes=0-", "bytes 0-9/10", "0123456789"),
        (
            "14.1.2",
            "bytes=9-99999999999999999999999",
            "bytes 9-9/10",
            "9",
        ),
        // Names of units are told apart without case.
        ("14.1", "Bytes=0-0", "bytes 0-0/10", "0"),
        // Those that overlap or touch are one, and one has no parts.
        ("15.3.7.2", "bytes=0-4,3-6", "bytes 0-6/10", "0123456"),
        (
            "15.3.7.2",
            "bytes=5-6,-1,0-0,99-",
            "bytes 0-9/10",
            "0123456789",
        ),
    ];
    for (section, value, range, body) in table {
        let field = format!("Range: {value}");
        check(&site, section, &[&field], (206, Some(range), body));
    }
}

#[test]
fn what_is_not_heeded() {
    let site = Site::new();
    let many = vec!["0-0"; 17].join(",");
    let table = [
        // Another unit, or none.
        ("14.2", "lines=0-1"),
        ("14.2", "bytes"),
        ("14.2", ""),
        // Not valid.
        ("14.1.1", "bytes=4-2"),
        ("14.1.1", "bytes=a-b"),
        ("14.1.1", "bytes=-"),
        ("14.1.1", "bytes=0-1,4-2"),
        ("14.1.1", "bytes=0-1 2-3"),
        // More ranges than anybody needs.
        ("14.2", &*format!("bytes={many}")),
        ("14.2", &*format!("bytes={}", "0-,".repeat(1_300))),
    ];
    for (section, value) in table {
        let field = format!("Range: {value}");
        check(&site, section, &[&field], WHOLE);
    }
    check(
        &site,
        "5.3",
        &["Range: bytes=0-0", "Range: bytes=0-0"],
        WHOLE,
    );
}

/// Section 15.5.17.
#[test]
fn what_is_not_there() {
    let site = Site::new();
    for value in [
        "bytes=10-",
        "bytes=10-20,99-",
        "bytes=-0",
        "bytes=99999999999999999999999-",
    ] {
        let answer = site.ask("GET /file", &[&format!("Range: {value}")]);
        assert_eq!(
            (answer.status, answer.field("content-range")),
            (416, Some("bytes */10")),
            "{value}"
        );
        assert!(answer.body.contains("expected a range of 10 bytes"));
    }
    // Of an empty file there is no range, and nothing that could be too much.
    site.write("empty.txt", "");
    for value in ["bytes=0-", "bytes=-5"] {
        let answer = site.ask("GET /dir/empty.txt", &[&format!("Range: {value}")]);
        assert_eq!(
            (answer.status, answer.field("content-length")),
            (200, Some("0"))
        );
    }
}

#[test]
fn only_of_the_state_that_the_client_has() {
    let site = Site::new();
    let part = (206, Some("bytes 2-4/10"), "234");
    let weak = format!("If-Range: W/{TAG}");
    let [tag, date, before, after] =
        [TAG, SAME, BEFORE, AFTER].map(|value| format!("If-Range: {value}"));
    let range = "Range: bytes=2-4";
    let table = [
        ("13.1.5", &*tag, part),
        ("13.1.5", &*date, part),
        ("13.1.5", &*before, WHOLE),
        ("13.1.5", &*after, WHOLE),
        ("13.1.5", &*weak, WHOLE),
        ("13.1.5", "If-Range: \"other\"", WHOLE),
        ("13.1.5", "If-Range: yesterday", WHOLE),
    ];
    for (section, field, expected) in table {
        check(&site, section, &[range, field], expected);
    }
    // Without a range it means nothing.
    check(&site, "13.1.5", &["If-Range: \"other\""], WHOLE);
    // Preconditions come first (13.2.2).
    assert_eq!(
        site.ask("GET /file", &[range, "If-None-Match: *"]).status,
        304
    );
    assert_eq!(
        site.ask("GET /file", &[range, "If-Match: \"other\""])
            .status,
        412
    );
    check(&site, "13.2.2", &[range, "If-None-Match: \"other\""], part);
    // Once there is no range to be had, a state that is another one is sent whole.
    check(
        &site,
        "13.1.5",
        &["Range: bytes=10-", "If-Range: \"other\""],
        WHOLE,
    );
}

/// Section 14.2: only GET has ranges.
#[test]
fn head_has_no_ranges() {
    let site = Site::new();
    for value in ["bytes=2-4", "bytes=10-"] {
        let answer = site.ask("HEAD /file", &[&format!("Range: {value}")]);
        assert_eq!(
            (answer.status, answer.field("content-length")),
            (200, Some("10"))
        );
        assert_eq!(answer.field("content-range"), None);
    }
}

/// Section 14.6.
#[test]
fn several_ranges() {
    let site = Site::new();
    let content = "0123456789".repeat(20_000);
    site.write("large.txt", &content);
    let answer = site.ask(
        "GET /dir/large.txt",
        &["Range: bytes=-10,100000-199000,0-9,300000-"],
    );
    assert_eq!((answer.status, answer.field("content-range")), (206, None));
    let kind = answer.field("content-type").unwrap();
    let boundary = kind
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let expected = [(199_990, 199_999), (100_000, 199_000), (0, 9)].map(|(first, last)| {
        format!(
            "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Range: bytes {first}-{last}/200000\r\n\r\n{}\r\n",
            &content[first..=last]
        )
    });
    let expected = format!("{}--{boundary}--\r\n", expected.concat());
    assert_eq!(
        answer.field("content-length"),
        Some(&*expected.len().to_string())
    );
    assert!(answer.body == expected, "the parts differ");
}

/// CVE-2011-3192: ranges that overlap don't make an answer that is longer than the whole.
#[test]
fn no_byte_is_sent_twice() {
    let site = Site::new();
    let content = "0123456789".repeat(20_000);
    site.write("large.txt", &content);
    let overlapping: Vec<String> = (0..16).map(|first| format!("{first}-")).collect();
    let field = format!("Range: bytes={}", overlapping.join(","));
    let answer = site.ask("GET /dir/large.txt", &[&field]);
    assert_eq!(
        (answer.status, answer.field("content-range")),
        (206, Some("bytes 0-199999/200000"))
    );
    assert!(answer.body == content);
    let apart: Vec<String> = (0..16)
        .map(|index| format!("{}-", index * 10_000))
        .rev()
        .collect();
    let field = format!("Range: bytes={}", apart.join(","));
    let answer = site.ask("GET /dir/large.txt", &[&field]);
    assert_eq!(answer.body.len(), content.len());
}

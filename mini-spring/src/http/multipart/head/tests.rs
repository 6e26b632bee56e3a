//! Heads of parts, and what is refused of them.

use super::*;

fn parse(head: impl AsRef<[u8]>) -> Result<PartHead, String> {
    PartHead::parse(head.as_ref().to_vec()).map_err(Detail::into_owned)
}

#[track_caller]
fn check(disposition: &str, name: &str, file_name: Option<&str>) {
    let head = parse(format!("Content-Disposition: form-data; {disposition}")).unwrap();
    assert_eq!(
        (head.name(), head.file_name()),
        (name, file_name),
        "{disposition}"
    );
}

#[test]
fn names_are_what_clients_mean() {
    check("name=title", "title", None);
    check("name=\"\"", "", None);
    check("name=\"a b; c=d\"", "a b; c=d", None);
    check(
        "NAME=\"café\"; filename=\"日本.txt\"",
        "café",
        Some("日本.txt"),
    );
    check("name=a; filename=\"\"", "a", Some(""));
    // Browsers, and curl.
    check("name=\"a%22b%0D%0Ac\"", "a\"b\r\nc", None);
    check("name=\"100%25 %41 %2 %\"", "100%25 %41 %2 %", None);
    check("name=\"%%22%0a%0d\"", "%\"\n\r", None);
    check(r#"name="a\"b\\c""#, r#"a"b\c"#, None);
    // Old browsers sent the whole path.
    check(
        r#"name=a; filename="C:\temp\new.txt""#,
        "a",
        Some(r"C:\temp\new.txt"),
    );
    check("name=a; filename=b; filename*=utf-8''c", "a", Some("b"));
    check("filename=b; name=a; size=7;", "a", Some("b"));
}

#[test]
fn fields_are_kept() {
    let head = "content-disposition:form-data; name=a\r\nX-Empty:\r\nX-Text: \t b c \t\r\ncontent-type: text/plain";
    let head = parse(head).unwrap();
    let fields: Vec<_> = head.fields().collect();
    let expected: [(&str, &[u8]); 4] = [
        ("content-disposition", b"form-data; name=a"),
        ("X-Empty", b""),
        ("X-Text", b"b c"),
        ("content-type", b"text/plain"),
    ];
    assert_eq!(fields, expected);
    assert_eq!(head.field("Content-Type"), Some(&b"text/plain"[..]));
    assert_eq!(head.field("Content"), None);
}

#[track_caller]
fn refused(head: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(parse(head).unwrap_err(), expected);
}

#[test]
fn heads_without_a_name_are_refused() {
    let none =
        "expected the header field `Content-Disposition: form-data; name=\"..\"`, found none";
    refused("", none);
    refused("Content-Type: text/plain", none);
    refused(
        "Content-Disposition: attachment; name=a",
        "expected the Content-Disposition `form-data`, found `attachment`",
    );
    refused(
        "Content-Disposition: form-data; filename=a",
        "expected a name in Content-Disposition, found none",
    );
    refused(
        "Content-Disposition: form-data; name=a; name=b",
        "expected one parameter `name`, found several",
    );
    refused(
        "Content-Disposition: form-data; name=a\r\ncontent-disposition: form-data; name=b",
        "expected one header field `Content-Disposition`, found several",
    );
    refused(
        "Content-Disposition: form-data; name=a; filename*=utf-8''b",
        "expected the parameter `filename`, found `filename*` alone; \
         send the name as UTF-8 in `filename` (RFC 7578, section 4.2)",
    );
    refused(
        b"Content-Disposition: form-data; name=\"caf\xe9\"",
        "expected `name` in UTF-8, found `caf\u{fffd}`",
    );
    refused(
        b"Content-Disposition: form-data; name=a; filename=\"\xff\"",
        "expected `filename` in UTF-8, found `\u{fffd}`",
    );
    refused(
        "Content-Disposition: form-data; name=\"a",
        "expected `; name=value` with a token or a quoted value, found `name=\"a`",
    );
}

#[test]
fn malformed_fields_are_refused() {
    refused("no colon", "expected a header field, found `no colon`");
    refused(": b", "expected a header field, found `: b`");
    refused("A : b", "expected a header field, found `A : b`");
    refused(
        "A: b\r\n c",
        "expected a header field on one line, found one that is folded",
    );
    for forbidden in ["A: \0", "A: b\rc", "A: b\nc", "A: \x7f"] {
        refused(forbidden, "the header field `A` holds a forbidden byte");
    }
    refused("A: b\r\n\r\nC: d", "expected a header field, found ``");
    let long = "x".repeat(1000);
    refused(
        &long,
        &format!("expected a header field, found `{}..`", &long[..64]),
    );
}

#[test]
fn the_number_of_fields_is_limited() {
    let named = |others: usize| {
        let others = "A: b\r\n".repeat(others);
        parse(others + "Content-Disposition: form-data; name=a")
    };
    assert!(named(MOST_FIELDS - 1).is_ok());
    assert_eq!(
        named(MOST_FIELDS).unwrap_err(),
        "expected at most 16 header fields, found more"
    );
}

#[test]
fn content_that_would_be_misunderstood_is_refused() {
    let with = |field: &str| parse(format!("Content-Disposition: form-data; name=a\r\n{field}"));
    for fine in [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: application/json",
        "Content-Transfer-Encoding: binary",
        "Content-Transfer-Encoding: 8BIT",
    ] {
        assert!(with(fine).is_ok(), "{fine}");
    }
    assert_eq!(
        with("Content-Type: Multipart/mixed; boundary=b").unwrap_err(),
        "expected a field or a file, found `Multipart/mixed; boundary=b` inside of the form; \
         send each file as a part of its own (RFC 7578, section 4.3)"
    );
    assert_eq!(
        with("Content-Transfer-Encoding: base64").unwrap_err(),
        "expected content as it is, found the Content-Transfer-Encoding `base64` (RFC 7578, section 4.7)"
    );
    assert_eq!(
        with("Content-Type: a/b\r\nContent-Type: a/b").unwrap_err(),
        "expected one header field `Content-Type`, found several"
    );
}

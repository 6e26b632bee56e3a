//! Cookies: those that are sent, read as leniently as clients are told to write them, and those that are set, which come
//! back as they were.

use mini_spring::__inside::readers;
use mini_spring::http::HeaderValue;
use mini_spring::{Cookies, FromRequest, Request, SetCookie};

use crate::percent::decoded;

/// Checks each line of `bytes` as a field `Cookie`, and the first two as name and value of a cookie that is set.
pub fn check(bytes: &[u8]) {
    let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').take(8).collect();
    let Some(request) = request(&lines) else {
        return;
    };
    let expected: Vec<(&[u8], &[u8])> = lines.iter().flat_map(|line| pairs(line)).collect();
    let Ok(cookies) = Cookies::from_request(&request);
    let texts = expected.iter().filter_map(|(name, value)| {
        Some((std::str::from_utf8(name).ok()?.to_owned(), text(value)?))
    });
    let texts: Vec<(String, String)> = texts.collect();
    let found: Vec<(String, String)> = cookies
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(found, texts);
    for (name, _) in &texts {
        let mut same = expected
            .iter()
            .filter(|(known, _)| *known == name.as_bytes());
        let first = same.next().and_then(|(_, value)| text(value));
        assert_eq!(request.cookie(name), first.as_deref(), "{name}");
    }
    check_set(&lines);
}

/// A request with these fields, if they can be fields.
fn request(lines: &[&[u8]]) -> Option<Request> {
    let mut head = b"GET / HTTP/1.1\r\nHost: a\r\n".to_vec();
    for line in lines {
        head.extend_from_slice(b"Cookie: ");
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    readers::request(&head)
}

fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// Names and values of a field.
fn pairs(field: &[u8]) -> Vec<(&[u8], &[u8])> {
    let pairs = field.split(|&byte| byte == b';').filter_map(|pair| {
        let mut halves = pair.splitn(2, |&byte| byte == b'=');
        let (name, value) = (trim(halves.next()?), trim(halves.next()?));
        let is_quoted = value.len() > 1 && value[0] == b'"' && value.ends_with(b"\"");
        let value = match is_quoted {
            true => &value[1..value.len() - 1],
            false => value,
        };
        (!name.is_empty()).then_some((name, value))
    });
    pairs.collect()
}

fn text(value: &[u8]) -> Option<String> {
    decoded(value).or_else(|| String::from_utf8(value.to_vec()).ok())
}

/// A cookie that is set is one field, and comes back as it was.
fn check_set(lines: &[&[u8]]) {
    let [name, value, ..] = lines else {
        return;
    };
    let (name, value) = (
        String::from_utf8_lossy(name),
        String::from_utf8_lossy(value),
    );
    let Ok(field) = HeaderValue::try_from(SetCookie::new(&*name, &*value)) else {
        return;
    };
    let pair = field.as_bytes().split(|&byte| byte == b';').next();
    let request = request(&[b"other=1", pair.unwrap_or_default()]).expect("a request");
    // A NUL is never decoded, so such a value doesn't come back.
    if !value.contains('\0') {
        let expected = if name == "other" { "1" } else { &*value };
        assert_eq!(request.cookie(&name), Some(expected));
    }
}

//! Structs, maps and lists from names and values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Up,
    Down,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Search<'r> {
    text: &'r str,
    page: Option<u32>,
    #[serde(default)]
    tag: Vec<Cow<'r, str>>,
    #[serde(default)]
    exact: bool,
    order: Option<Order>,
}

fn search<'r>(text: &'r str) -> Search<'r> {
    Search {
        text,
        page: None,
        tag: Vec::new(),
        exact: false,
        order: None,
    }
}

#[track_caller]
fn check(query: &str, expected: &Search<'_>) {
    let request = Request::get("/").build().unwrap();
    let found = read::<Search<'_>>(&request, query.as_bytes());
    assert_eq!(found.as_ref(), Ok(expected), "{query}");
}

#[track_caller]
fn refuse(query: &str, name: &str, detail: &str) {
    let request = Request::get("/").build().unwrap();
    let error = read::<Search<'_>>(&request, query.as_bytes()).unwrap_err();
    let found = (error.name.as_deref().unwrap_or_default(), &*error.detail);
    assert_eq!(found, (name, detail), "{query}");
}

#[test]
fn structs() {
    check("text=a", &search("a"));
    check("text=a&other=%ff", &search("a"));
    check("text=", &search(""));
    check("text", &search(""));
    check("&text=a&&other=b&other=c", &search("a"));
    check("t%65xt=a+b%26%C3%A9", &search("a b&é"));
    check("text=a&page=&order=", &search("a"));
    let all = Search {
        page: Some(7),
        tag: vec!["b".into(), "a c".into()],
        exact: true,
        order: Some(Order::Down),
        ..search("a")
    };
    check("tag=b&text=a&tag=a+c&page=7&exact&order=down", &all);
    check("tag=b&text=a&tag=a+c&page=7&exact=1&order=down", &all);
}

#[test]
fn errors_name_the_field() {
    refuse("", "text", "expected a value, found none");
    refuse("text=a&text=b", "text", "expected one value, found several");
    refuse(
        "text=a&page=x",
        "page",
        "expected an unsigned integer, found `x`",
    );
    refuse(
        "text=a&page=+1",
        "page",
        "expected an unsigned integer, found ` 1`",
    );
    refuse(
        "text=a&page=1&page=2",
        "page",
        "expected one value, found several",
    );
    refuse(
        "text=a&order=left",
        "order",
        "unknown variant `left`, expected `up` or `down`",
    );
    refuse(
        "text=%f",
        "text",
        "`%` must be followed by two hexadecimal digits",
    );
    refuse(
        "text=%ff",
        "text",
        "the percent-decoded bytes are not UTF-8",
    );
    refuse("text=a\0b", "text", "it contains a NUL");
    refuse("text=a%00b", "text", "it contains a NUL");
    let many = "text=a&".to_owned() + &"b=c&".repeat(MOST);
    refuse(&many, "", "expected at most 1000 values, found more");
}

#[test]
fn maps_lists_and_newtypes() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(BTreeMap<String, (u8, u8)>);

    let request = Request::get("/").build().unwrap();
    let map: Wrapped = read(&request, b"b=3&a=1&a=2&b=4").unwrap();
    let expected = BTreeMap::from([("a".to_owned(), (1, 2)), ("b".to_owned(), (3, 4))]);
    assert_eq!(map, Wrapped(expected));
    let list: Vec<(&str, f32)> = read(&request, b"b=3&a=1.5").unwrap();
    assert_eq!(list, [("a", 1.5), ("b", 3.0)]);
    read::<()>(&request, b"a=b").unwrap();
}

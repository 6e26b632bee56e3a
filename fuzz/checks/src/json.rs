//! JSON bodies: borrowed text is the same as owned text, and the pointer of an error leads to something.

use std::borrow::Cow;
use std::collections::BTreeMap;

use mini_spring::__inside::readers::json_pointer;
use mini_spring::{FromRequest, Json, Request};
use serde::Deserialize;
use serde_json::Value;

/// A document whose text is lent from the request, also where it has escapes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lent<'r> {
    id: u32,
    title: &'r str,
    #[serde(borrow, default)]
    tags: Vec<&'r str>,
    #[serde(borrow, default)]
    inner: Option<Box<Lent<'r>>>,
    #[serde(borrow, default)]
    shape: Option<LentShape<'r>>,
    #[serde(borrow, default)]
    map: BTreeMap<&'r str, i8>,
    #[serde(borrow, default)]
    text: Option<Cow<'r, str>>,
}

#[derive(Debug, Deserialize)]
enum LentShape<'r> {
    Unit,
    Newtype(&'r str),
    Tuple(&'r str, u8),
    Struct { text: &'r str },
}

/// The same with text of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owned {
    id: u32,
    title: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    inner: Option<Box<Owned>>,
    #[serde(default)]
    shape: Option<OwnedShape>,
    #[serde(default)]
    map: BTreeMap<String, i8>,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Debug, Deserialize)]
enum OwnedShape {
    Unit,
    Newtype(String),
    Tuple(String, u8),
    Struct { text: String },
}

/// Checks `bytes` as a body.
pub fn check(bytes: &[u8]) {
    let request = Request::post("/").header("Content-Type", "application/json");
    let request = request.body(bytes).build().expect("a request");
    let value = serde_json::from_slice::<Value>(bytes);
    match (Json::<Value>::from_request(&request), &value) {
        (Ok(Json(found)), Ok(value)) => assert_eq!(&found, value),
        (Err(problem), Err(_)) => assert_eq!(problem.status(), 400),
        (found, _) => panic!("{found:?}, but {value:?}"),
    }
    let owned = serde_json::from_slice::<Owned>(bytes);
    match (Json::<Lent<'_>>::from_request(&request), &owned) {
        (Ok(Json(lent)), Ok(owned)) => same(&lent, owned),
        (Err(problem), Err(_)) => assert_eq!(problem.status(), 400),
        (found, _) => panic!("{found:?}, but {owned:?}"),
    }
    if let (Err(error), Ok(value)) = (owned, value) {
        let pointer = json_pointer(bytes, error.line(), error.column());
        let is_known = value.pointer(&pointer).is_some();
        assert!(
            is_known || members(&value) < colons(bytes),
            "{pointer:?} of {error}"
        );
    }
    // Whatever is wrong, no place in a document is a fault of its own.
    json_pointer(bytes, bytes.len() % 7, bytes.len() % 11);
}

fn same(lent: &Lent<'_>, owned: &Owned) {
    assert_eq!((lent.id, lent.title), (owned.id, &*owned.title));
    assert_eq!(lent.tags, owned.tags);
    assert_eq!(lent.text.as_deref(), owned.text.as_deref());
    assert!(
        lent.map
            .iter()
            .map(|(k, v)| (*k, *v))
            .eq(owned.map.iter().map(|(k, v)| (&**k, *v)))
    );
    match (&lent.shape, &owned.shape) {
        (None, None) | (Some(LentShape::Unit), Some(OwnedShape::Unit)) => {}
        (Some(LentShape::Newtype(a)), Some(OwnedShape::Newtype(b)))
        | (Some(LentShape::Struct { text: a }), Some(OwnedShape::Struct { text: b })) => {
            assert_eq!(a, b);
        }
        (Some(LentShape::Tuple(a, n)), Some(OwnedShape::Tuple(b, m))) => {
            assert_eq!((*a, n), (&**b, m));
        }
        (lent, owned) => panic!("{lent:?}, but {owned:?}"),
    }
    match (&lent.inner, &owned.inner) {
        (Some(lent), Some(owned)) => same(lent, owned),
        (lent, owned) => assert_eq!(lent.is_none(), owned.is_none()),
    }
}

/// How many members all objects of a value have.
fn members(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.len() + object.values().map(members).sum::<usize>(),
        Value::Array(list) => list.iter().map(members).sum(),
        _ => 0,
    }
}

/// How many members a document has, those that stand there twice included.
fn colons(json: &[u8]) -> usize {
    let (mut is_text, mut is_escaped, mut count) = (false, false, 0);
    for byte in json {
        match byte {
            b'"' if !is_escaped => is_text = !is_text,
            b':' if !is_text => count += 1,
            _ => {}
        }
        is_escaped = is_text && *byte == b'\\' && !is_escaped;
    }
    count
}

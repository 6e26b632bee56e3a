//! What is true of all values: what a handler's URL, its parameters and its answers make of them.

use proptest::prelude::*;

use crate::http::HeaderValue;
use crate::{Json, SetCookie, TestApp, route, routes};

#[route(GET, "/properties/<name>/<rest..>")]
fn place(name: &str, rest: &str) -> Json<(String, String)> {
    Json((name.to_owned(), rest.to_owned()))
}

#[route(GET, "/properties?<tag>")]
fn tags(tag: Vec<String>) -> Json<Vec<String>> {
    Json(tag)
}

#[route(GET, "/properties-cookie")]
fn cookie(#[cookie("kept")] kept: Option<&str>) -> Json<Option<String>> {
    Json(kept.map(str::to_owned))
}

#[route(POST, "/properties-cookie")]
fn keep(Json(value): Json<String>) -> (SetCookie, &'static str) {
    (SetCookie::new("kept", value), "kept")
}

#[route(POST, "/properties-field")]
fn field(Json(value): Json<String>) -> ([(&'static str, String); 1], &'static str) {
    ([("X-Said", value)], "said")
}

/// Text without a NUL, which no parameter holds.
fn text() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        Just("%2F".to_owned()),
        Just("..".to_owned()),
        "[ -~]",
        "[a-z/?#%+&=;\\\\\"]",
        any::<char>().prop_map(String::from),
    ];
    let texts = prop::collection::vec(letters, 1..8).prop_map(|letters| letters.concat());
    texts.prop_filter("no NUL", |text| !text.contains('\0'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn urls_lead_back_to_their_values(name in text(), rest in text()) {
        // A slash at the end means nothing, and one in front of the rest would be an empty segment.
        let rest = rest.trim_matches('/');
        let app = TestApp::of(routes![place]);
        let answer = app.get(place::url(&name, rest)).send();
        prop_assert_eq!(answer.json::<(String, String)>(), (name, rest.to_owned()));
    }

    #[test]
    fn values_of_a_query_come_back(values in prop::collection::vec(text(), 0..5)) {
        let encoded = |value: &String| {
            let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            format!("tag={value}").replace("%20", "+")
        };
        let query: Vec<String> = values.iter().map(encoded).collect();
        let app = TestApp::of(routes![tags]);
        let answer = app.get(format!("/properties?{}", query.join("&"))).send();
        prop_assert_eq!(answer.json::<Vec<String>>(), values);
    }

    #[test]
    fn cookies_come_back(value in text()) {
        let app = TestApp::of(routes![cookie, keep]);
        app.post("/properties-cookie").json(&value).send().assert_status(200);
        let answer = app.get("/properties-cookie").send();
        prop_assert_eq!(answer.json::<Option<String>>(), Some(value));
    }

    /// A value is one field, or the answer is the server's fault: nothing else comes of it.
    #[test]
    fn no_value_splits_an_answer(value in text(), at in any::<prop::sample::Index>(), end in "[\r\n]{0,2}") {
        let places: Vec<usize> = value.char_indices().map(|(place, _)| place).collect();
        let mut value = value.clone();
        value.insert_str(places[at.index(places.len())], &end);
        let app = TestApp::of(routes![field]);
        let answer = app.post("/properties-field").json(&value).send();
        match HeaderValue::try_from(&value) {
            Ok(_) => {
                answer.assert_status(200).assert_text("said");
                let said = answer.headers().find(|(name, _)| *name == "x-said");
                let said = said.map(|(_, value)| value.trim_ascii().to_vec());
                prop_assert_eq!(said, Some(value.trim_ascii().as_bytes().to_vec()));
            }
            Err(_) => {
                answer.assert_status(500);
                prop_assert!(answer.headers().all(|(name, _)| name != "x-said"));
            }
        }
    }
}

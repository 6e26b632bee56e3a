//! Under which names faults are told: those of the client.

use std::collections::{BTreeMap, HashMap};

use garde::Validate;
use serde::Deserialize;
use serde_json::Value;

use crate::extract::valid::Valid;
use crate::{FromRequest, IntoResponse, Json, Request};

/// Reads a document as a `T` and compares where its faults are. garde goes through fields by their names.
#[track_caller]
fn check<T>(json: &str, expected: &[&str])
where
    T: for<'a> Deserialize<'a> + Validate<Context: Default>,
{
    let request = Request::post("/")
        .header("Content-Type", "application/json")
        .body(json)
        .build()
        .unwrap();
    let problem = Valid::<Json<T>>::from_request(&request)
        .err()
        .expect("a problem");
    assert_eq!(problem.status(), 422);
    let response = problem.into_response();
    let problem: Value = serde_json::from_slice(response.body_bytes().unwrap()).unwrap();
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            let pointer = fault["pointer"].as_str().unwrap_or_default();
            match fault["detail"].as_str().unwrap().split_once(": ") {
                Some((rest, _)) => format!("{pointer} ({rest})"),
                None => pointer.to_owned(),
            }
        })
        .collect();
    assert_eq!(pointers, expected);
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Address {
    #[garde(length(min = 1))]
    street_name: String,
    #[garde(range(min = 1000))]
    #[serde(rename = "zip")]
    postal_code: u16,
}

#[test]
fn names_are_serdes() {
    #[derive(Deserialize, Validate)]
    #[serde(rename_all = "SCREAMING-KEBAB-CASE")]
    struct Person {
        #[garde(length(min = 1))]
        first_name: String,
        #[garde(dive)]
        home_address: Address,
        #[garde(dive)]
        #[serde(default)]
        other_addresses: Vec<Address>,
        #[garde(required)]
        shoe_size: Option<u8>,
        #[garde(length(min = 1))]
        #[serde(rename = "type", default)]
        r#type: String,
        #[garde(length(min = 1), inner(length(min = 2)))]
        #[serde(default)]
        nick_names: Vec<String>,
    }
    check::<Person>(
        r#"{"FIRST-NAME": "", "HOME-ADDRESS": {"streetName": "", "zip": 1},
            "OTHER-ADDRESSES": [{"streetName": "a", "zip": 1000}, {"zip": 1001, "streetName": ""}],
            "NICK-NAMES": ["ab", "a"]}"#,
        &[
            "/FIRST-NAME",
            "/HOME-ADDRESS (postal_code)",
            "/HOME-ADDRESS/streetName",
            "/NICK-NAMES/1",
            "/OTHER-ADDRESSES/1/streetName",
            "/type",
            "/SHOE-SIZE",
        ],
    );
}

#[test]
fn maps_have_their_keys() {
    #[derive(Deserialize, Validate)]
    #[serde(rename_all = "camelCase")]
    struct Shelves {
        #[garde(dive)]
        by_name: BTreeMap<String, Address>,
    }
    check::<Shelves>(
        r#"{"byName": {"ab": {"streetName": "", "zip": 1000}, "a_b": {"streetName": "x", "zip": 1000},
            "a~/b": {"streetName": "", "zip": 1000}}}"#,
        &["/byName/ab/streetName", "/byName/a~0~1b/streetName"],
    );
    check::<HashMap<String, Address>>(
        r#"{"ab": {"streetName": "x", "zip": 1}, "a_b": {"streetName": "x", "zip": 1000}}"#,
        &["/ab (postal_code)"],
    );
}

#[test]
fn newtypes_have_no_place_of_their_own() {
    #[derive(Deserialize, Validate)]
    struct Name(#[garde(length(min = 1))] String);

    #[derive(Deserialize, Validate)]
    #[serde(transparent)]
    struct Plain(#[garde(length(min = 1))] String);

    #[derive(Deserialize, Validate)]
    #[garde(transparent)]
    struct Flat(#[garde(length(min = 1))] String);

    #[derive(Deserialize, Validate)]
    struct Names {
        #[garde(dive)]
        name: Name,
        #[garde(dive)]
        plain: Plain,
        #[garde(dive)]
        flat: Flat,
        #[garde(dive)]
        list: Vec<Name>,
        #[garde(dive)]
        pair: (Name, Option<Name>),
    }
    check::<Names>(
        r#"{"name": "", "plain": "", "flat": "", "list": ["a", ""], "pair": ["a", ""]}"#,
        &["/flat", "/list/1", "/name", "/pair/1", "/plain"],
    );
}

#[test]
fn variants_are_members_or_tagged() {
    #[derive(Deserialize, Validate)]
    #[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
    enum Payment {
        CreditCard {
            #[garde(length(min = 4))]
            card_number: String,
        },
        Transfer(#[garde(dive)] Address),
        Both(#[garde(length(min = 1))] String, #[garde(dive)] Address),
    }

    #[derive(Deserialize, Validate)]
    #[serde(tag = "kind", rename_all_fields = "camelCase")]
    enum Tagged {
        Card {
            #[garde(length(min = 4))]
            card_number: String,
        },
    }

    #[derive(Deserialize, Validate)]
    #[serde(untagged)]
    enum Untagged {
        #[allow(dead_code)]
        Number(#[garde(skip)] u32),
        Address(#[garde(dive)] Address),
    }
    check::<Vec<Payment>>(
        r#"[{"creditCard": {"cardNumber": ""}}, {"transfer": {"streetName": "", "zip": 1000}},
            {"both": ["", {"streetName": "", "zip": 1000}]}]"#,
        &[
            "/0/creditCard/cardNumber",
            "/1/transfer/streetName",
            "/2/both/0",
            "/2/both/1/streetName",
        ],
    );
    check::<Tagged>(r#"{"kind": "Card", "cardNumber": ""}"#, &["/cardNumber"]);
    check::<Vec<Untagged>>(
        r#"[7, {"streetName": "", "zip": 1000}]"#,
        &["/1 (street_name)"],
    );
}

#[test]
fn flattened_fields_stand_outside() {
    #[derive(Deserialize, Validate)]
    #[serde(rename_all = "camelCase")]
    struct Customer {
        #[garde(length(min = 1))]
        last_name: String,
        #[garde(dive)]
        #[serde(flatten)]
        address: Address,
        #[garde(dive)]
        real_one: Address,
        #[garde(required)]
        #[serde(rename = "nick")]
        other_name: Option<String>,
    }
    check::<Customer>(
        r#"{"lastName": "", "streetName": "", "zip": 1, "realOne": {"streetName": "", "zip": 1}}"#,
        &[
            " (address.postal_code)",
            "/streetName",
            "/lastName",
            " (other_name)",
            "/realOne (postal_code)",
            "/realOne/streetName",
        ],
    );
}

#[test]
fn what_is_ambiguous_is_not_told() {
    #[derive(Deserialize, Validate)]
    struct Twins {
        #[garde(length(min = 1))]
        #[serde(rename = "aB")]
        a_b: String,
        #[garde(ascii)]
        #[serde(rename = "a-b")]
        other: String,
    }
    check::<Twins>(r#"{"aB": "", "a-b": ""}"#, &[" (a_b)"]);
}

//! Arguments that stand in the head: header fields and cookies.

use super::Call;
use crate::{Request, route, routes};

#[route(GET, "/head/fields")]
fn fields(
    #[header("X-Key")] key: &str,
    #[header("X-Count")] count: Option<u32>,
    #[header("Accept-Language")] languages: Vec<String>,
) -> String {
    format!("{key} {count:?} {languages:?}")
}

#[route(GET, "/head/cookies/<id>")]
fn cookies(id: u8, #[cookie("sid")] r#type: Option<&str>, #[cookie("Tab")] tab: u8) -> String {
    format!("{id} {:?} {tab}", r#type)
}

#[test]
fn header_fields_are_arguments() {
    let call = Call(routes![fields]);
    let get = || Request::get("/head/fields");
    let request = get()
        .header("x-key", "a b")
        .header("X-COUNT", "7")
        .header("Accept-Language", "en, de;q=0.5")
        .header("accept-language", "fr");
    let expected = r#"a b Some(7) ["en, de;q=0.5", "fr"]"#;
    call.text(request, 200, expected);
    // Empty is absent, but for text.
    let request = get().header("X-Key", "").header("X-Count", "");
    call.text(request, 200, " None []");
    call.refuses(
        get().header("X-Count", "many"),
        &[
            ("header", "X-Key", "expected a value, found none"),
            (
                "header",
                "X-Count",
                "expected an unsigned integer, found `many`",
            ),
        ],
    );
    call.refuses(
        get().header("X-Key", "a").header("X-Key", "b"),
        &[("header", "X-Key", "expected one value, found several")],
    );
}

#[test]
fn cookies_are_arguments() {
    let call = Call(routes![cookies]);
    let get = |cookies: &str| Request::get("/head/cookies/7").header("Cookie", cookies);
    call.text(get("sid=x; Tab=3"), 200, r#"7 Some("x") 3"#);
    call.text(get("Tab=3"), 200, "7 None 3");
    call.refuses(
        get("tab=3"),
        &[("cookie", "Tab", "expected a value, found none")],
    );
    let twice = get("Tab=1; sid=a").header("Cookie", "Tab=2; sid=b");
    call.text(twice, 200, r#"7 Some("a") 1"#);
}

//! Registering, coming and leaving.

use serde_json::json;

use crate::support::{PASSWORD, Shop};

#[test]
fn everything_wrong_with_an_account_is_told_at_once() {
    let shop = Shop::new();
    let account = json!({"email": "nobody", "name": "", "password": "short"});
    let refused = shop.app.post("/accounts").json(&account).send();
    refused.assert_status(422).assert_json_at(
        "/errors",
        json!([
            {"in": "body", "pointer": "/email", "detail": "expected an email address"},
            {"in": "body", "pointer": "/name", "detail": "length is lower than 1"},
            {"in": "body", "pointer": "/password", "detail": "expected 12 characters at least"},
        ]),
    );
}

#[test]
fn an_address_has_one_account() {
    let shop = Shop::new();
    shop.customer("ada");
    let again = json!({"email": "Ada@Example.org", "name": "Ada", "password": PASSWORD});
    let refused = shop.app.post("/accounts").json(&again).send();
    refused
        .assert_status(409)
        .assert_json_at("/error", "email_taken");
}

#[test]
fn a_token_tells_who_asks_until_its_session_ends() {
    let shop = Shop::new();
    let token = shop.customer("ada");
    let me = || shop.app.get("/accounts/me").bearer(&token).send();
    me().assert_status(200)
        .assert_json_contains(json!({"name": "ada", "role": "customer"}));
    let left = shop.app.delete("/sessions").bearer(&token).send();
    left.assert_status(204);
    me().assert_status(401)
        .assert_header("WWW-Authenticate", "Bearer");
}

#[test]
fn nobody_comes_in_without_the_password() {
    let shop = Shop::new();
    shop.customer("ada");
    let answer = |email: &str, password: &str| {
        let login = json!({"email": email, "password": password});
        let request = shop.app.post("/sessions").header("X-Request-Id", "1");
        let refused = request.json(&login).send();
        refused.assert_status(401).text().to_owned()
    };
    let wrong = answer("ada@example.org", "wrong");
    // Who has an account isn't told.
    assert_eq!(wrong, answer("grace@example.org", PASSWORD));
    let me = |authorization: &str| {
        let request = shop.app.get("/accounts/me");
        request.header("Authorization", authorization).send()
    };
    for authorization in ["Bearer unknown", "Basic YTpi", "x"] {
        me(authorization).assert_status(401);
    }
    me("Bearer ").assert_status(400);
}

#[test]
fn passwords_are_not_guessed_for_long() {
    let shop = Shop::new();
    let guess = || shop.app.post("/sessions").json(&json!({})).send();
    for _ in 0..20 {
        guess().assert_status(400);
    }
    let refused = guess();
    refused.assert_status(429).assert_header("Retry-After", "3");
}

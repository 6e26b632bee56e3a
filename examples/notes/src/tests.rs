//! Tests of the whole program: `mini-spring-test.toml` has it keep its notes in memory.

use mini_spring::TestApp;
use serde_json::{Value, json};

// That the program would start.
mini_spring::verify!();

#[test]
fn notes_are_kept() {
    // By a server of its own, as a client meets it; the others need no socket.
    let app = TestApp::new().over_tcp();
    let added = app.post("/notes").json(&json!({"title": "tea"})).send();
    added
        .assert_status(201)
        .assert_header("Location", "/notes/1");
    let note = json!({"id": 1, "title": "tea", "text": ""});
    app.get("/notes/1").send().assert_json(&note);
    app.get("/notes").send().assert_json(json!([note]));

    app.delete("/notes/1").send().assert_status(204);
    app.get("/notes/1")
        .send()
        .assert_status(404)
        .assert_json_at("/detail", "there is no note 1");
}

#[test]
fn notes_are_added_together_or_not_at_all() {
    let app = TestApp::new();
    let add = |titles: &[&str]| {
        let notes: Vec<Value> = titles.iter().map(|title| json!({"title": title})).collect();
        app.post("/notes/all").json(&notes).send()
    };
    add(&["tea", "milk"]).assert_status(204);
    add(&["sugar", "tea"])
        .assert_status(409)
        .assert_json_at("/detail", "there is a note `tea` already");
    let notes: Vec<Value> = app.get("/notes").send().json();
    assert_eq!(notes.len(), 2);
}

#[test]
fn a_note_has_a_title() {
    let app = TestApp::new();
    let refused = app.post("/notes").json(&json!({"title": ""})).send();
    refused.assert_status(422);
    let errors = &refused.json::<Value>()["errors"];
    assert_eq!(
        errors[0],
        json!({"in": "body", "pointer": "/title", "detail": "length is lower than 1"})
    );
}

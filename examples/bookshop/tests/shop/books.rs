//! Looking for books, and changing what is sold.

use serde_json::{Value, json};

use crate::support::{Shop, emma, persuasion, villette};

#[test]
fn books_are_listed_in_pages() {
    let shop = Shop::new();
    for book in [emma(1), persuasion(), villette()] {
        shop.book(&book);
    }
    let titles = |query: &str| {
        let found = shop.app.get(format!("/books{query}")).send();
        let found: Value = found.assert_status(200).json();
        let items = found["items"].as_array().unwrap().iter();
        let titles: Vec<_> = items.map(|book| book["title"].as_str().unwrap()).collect();
        format!("{} of {}", titles.join(", "), found["total"])
    };
    assert_eq!(titles(""), "Emma, Persuasion, Villette of 3");
    assert_eq!(titles("?page=2&size=2"), "Villette of 3");
    assert_eq!(titles("?page=7"), " of 3");
    assert_eq!(titles("?author=Jane+Austen"), "Emma, Persuasion of 2");
    assert_eq!(titles("?author=Jane+Austen&text=EMM"), "Emma of 1");
    assert_eq!(titles("?text=%25"), " of 0");

    let first = shop.app.get("/books?size=2").send();
    first.assert_header(
        "Link",
        "</books?size=2&page=2>; rel=\"next\", </books?size=2&page=2>; rel=\"last\"",
    );
    let wrong = shop.app.get("/books?page=0&size=101").send();
    let errors: Value = wrong.assert_status(400).json();
    assert_eq!(errors["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn only_admins_change_books() {
    let shop = Shop::new();
    let add = || shop.app.post("/books").json(&emma(1));
    add().send().assert_status(401);
    add().bearer(shop.customer("ada")).send().assert_status(403);
    // Whether the book is valid isn't told to others.
    let request = shop.app.post("/books").json(&json!({}));
    request.send().assert_status(401);
}

#[test]
fn everything_wrong_with_a_book_is_told_at_once() {
    let shop = Shop::new();
    let book =
        json!({"isbn": "123", "title": "", "author": "", "price_cents": -1, "stock": 1_000_001});
    let request = shop.app.post("/books").bearer(shop.admin()).json(&book);
    let refused: Value = request.send().assert_status(422).json();
    let errors = refused["errors"].as_array().unwrap().iter();
    let pointers: Vec<_> = errors.map(|error| &error["pointer"]).collect();
    // In the order in which the fields were sent, which here is that of the alphabet.
    let expected = ["/author", "/isbn", "/price_cents", "/stock", "/title"];
    assert_eq!(pointers, expected);
}

#[test]
fn an_isbn_stands_for_one_book() {
    let shop = Shop::new();
    shop.book(&emma(1));
    let again = shop.app.post("/books").bearer(shop.admin()).json(&emma(1));
    again
        .send()
        .assert_status(409)
        .assert_json_at("/error", "isbn_taken");
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    let shop = Shop::new();
    let (admin, path) = (shop.admin(), format!("/books/{}", shop.book(&emma(1))));
    let seen = shop.app.get(&path).send();
    let seen = seen.assert_status(200).header("ETag").unwrap().to_owned();
    let known = shop.app.get(&path).header("If-None-Match", &seen).send();
    known.assert_status(304);

    let change = |stock| {
        let request = shop.app.put(&path).bearer(&admin).json(&emma(stock));
        request.header("If-Match", &seen).send()
    };
    change(2).assert_status(200).assert_json_at("/stock", 2);
    change(3).assert_status(412);
    let request = shop.app.delete(&path).bearer(&admin);
    let refused = request.header("If-Match", &seen).send();
    refused.assert_status(412);
    shop.app.get(&path).send().assert_json_at("/stock", 2);
}

#[test]
fn what_was_ordered_stays() {
    let shop = Shop::new();
    let (admin, ordered, unsold) = (shop.admin(), shop.book(&emma(1)), shop.book(&villette()));
    let order = json!({"lines": [{"book": ordered, "quantity": 1}]});
    let request = shop.app.post("/orders").bearer(&admin).json(&order);
    request.send().assert_status(201);
    let remove = |book: i64| {
        let request = shop.app.delete(format!("/books/{book}"));
        request.bearer(&admin).send()
    };
    remove(ordered)
        .assert_status(409)
        .assert_json_at("/error", "book_ordered");
    remove(unsold).assert_status(204);
    remove(unsold).assert_status(404);
}

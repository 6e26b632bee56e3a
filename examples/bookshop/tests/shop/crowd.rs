//! Many at a time, over a real server.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Shop, emma};

#[test]
fn the_last_copies_are_sold_once() {
    let shop = Shop::new().over_tcp();
    let (book, ada) = (shop.book(&emma(10)), shop.customer("ada"));
    let order = json!({"lines": [{"book": book, "quantity": 1}]});
    let place = || {
        let answer = shop.app.post("/orders").bearer(&ada).json(&order).send();
        answer.status().as_u16()
    };
    let answers: Vec<u16> = thread::scope(|scope| {
        let customers: Vec<_> = (0..50).map(|_| scope.spawn(place)).collect();
        let answers = customers.into_iter().map(|customer| customer.join());
        answers.map(Result::unwrap).collect()
    });
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(201), count(409)), (10, 40), "{answers:?}");
    let book = shop.app.get(format!("/books/{book}")).send();
    book.assert_json_at("/stock", 0);
    let orders = shop.app.get("/orders").bearer(&ada).send();
    assert_eq!(orders.json::<Value>()["total"], 10);
}

#[test]
fn the_health_check_asks_nobody() {
    let shop = Shop::new().over_tcp();
    let health = shop.app.get("/health").send();
    health
        .assert_status(200)
        .assert_json(json!({"status": "up"}))
        .assert_header("X-Content-Type-Options", "nosniff");
    assert!(health.header("X-Request-Id").is_some());
}

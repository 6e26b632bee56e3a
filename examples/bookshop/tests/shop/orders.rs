//! Ordering.

use serde_json::{Value, json};

use crate::support::{Shop, emma, villette};

#[test]
fn an_order_takes_copies_out_of_the_stock() {
    let shop = Shop::new();
    let (emma, villette) = (shop.book(&emma(3)), shop.book(&villette()));
    let ada = shop.customer("ada");
    let order =
        json!({"lines": [{"book": emma, "quantity": 2}, {"book": villette, "quantity": 1}]});
    let placed = shop.app.post("/orders").bearer(&ada).json(&order).send();
    placed
        .assert_status(201)
        .assert_json_at("/total_cents", 2 * 999 + 1099)
        .assert_json_at("/lines/0/title", "Emma");
    let path = placed.header("Location").unwrap();
    let found = shop.app.get(path).bearer(&ada).send();
    assert_eq!(found.json::<Value>(), placed.json::<Value>());
    let book = shop.app.get(format!("/books/{emma}")).send();
    book.assert_json_at("/stock", 1);
}

#[test]
fn an_order_is_placed_as_a_whole_or_not_at_all() {
    let shop = Shop::new();
    let (emma, villette) = (shop.book(&emma(3)), shop.book(&villette()));
    let ada = shop.customer("ada");
    let place = |second: Value| {
        let order = json!({"lines": [{"book": emma, "quantity": 2}, second]});
        shop.app.post("/orders").bearer(&ada).json(&order).send()
    };
    place(json!({"book": villette, "quantity": 6}))
        .assert_status(409)
        .assert_json_contains(json!({"error": "out_of_stock", "book": villette, "left": 5}));
    // The first line has left one copy.
    place(json!({"book": emma, "quantity": 2}))
        .assert_status(409)
        .assert_json_contains(json!({"book": emma, "left": 1}));
    place(json!({"book": 99, "quantity": 1}))
        .assert_status(422)
        .assert_json_at("/error", "no_book");
    place(json!({"book": 99, "quantity": 0}))
        .assert_status(422)
        .assert_json_at("/errors/0/pointer", "/lines/1/quantity");
    let book = shop.app.get(format!("/books/{emma}")).send();
    book.assert_json_at("/stock", 3);
    let orders = shop.app.get("/orders").bearer(&ada).send();
    orders.assert_json_at("/total", 0);
}

#[test]
fn customers_see_their_own_orders_only() {
    let shop = Shop::new();
    let emma = shop.book(&emma(10));
    let [ada, grace] = ["ada", "grace"].map(|name| shop.customer(name));
    let order = json!({"lines": [{"book": emma, "quantity": 1}]});
    let place = || shop.app.post("/orders").bearer(&ada).json(&order).send();
    let (_, second) = (place(), place());
    let path = second.header("Location").unwrap();
    shop.app.get(path).send().assert_status(401);
    shop.app.get(path).bearer(&grace).send().assert_status(404);
    let orders = shop.app.get("/orders").bearer(&grace).send();
    orders.assert_json_at("/total", 0);
    // The newest is the first.
    let orders = shop.app.get("/orders?size=1").bearer(&ada).send();
    orders
        .assert_json_at("/total", 2)
        .assert_json_at("/items/0/id", &second.json::<Value>()["id"]);
}

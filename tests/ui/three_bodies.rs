//! Three arguments that take the body, one of them behind an alias and one in an `Option`.

use mini_spring::{Form, Json, Query, route};

type Numbers = Json<Vec<u64>>;
type Pairs = Vec<(String, String)>;

#[route(POST, "/")]
fn all(query: Query<Pairs>, text: &str, numbers: Numbers, form: Option<Form<Pairs>>) {
    let _ = (query, text, numbers, form);
}

fn main() {}

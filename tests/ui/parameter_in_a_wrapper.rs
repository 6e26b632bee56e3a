//! Parameters that are taken out of an extractor, as in other frameworks.

use mini_spring::{Query, route};

#[route(GET, "/books/<id>")]
fn path(Path(id): Path<u64>) -> String {
    id.to_string()
}

#[route(GET, "/books?<page>")]
fn query(Query(page): Query<u32>) -> String {
    page.to_string()
}

fn main() {}

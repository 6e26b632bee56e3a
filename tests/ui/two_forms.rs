//! Two arguments that take the body, one of them optional and one as a result.

use mini_spring::{Form, Json, Problem, route};

#[route(POST, "/a")]
fn optional(form: Option<Form<Vec<(String, String)>>>, json: Json<u32>) {
    let _ = (form, json);
}

#[route(GET, "/b")]
fn on_get(form: Result<Form<Vec<(String, String)>>, Problem>) {
    let _ = form;
}

fn main() {}

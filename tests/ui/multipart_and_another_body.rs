//! A form with files beside another body, and on GET, which has none.

use mini_spring::{Json, Multipart, MultipartForm, route};

#[route(POST, "/a")]
fn and_json(json: Json<u32>, form: Multipart) {
    let _ = (json, form);
}

#[route(POST, "/b")]
fn optional(form: Option<MultipartForm>, text: String) {
    let _ = (form, text);
}

#[route(GET, "/c")]
fn on_get(form: Multipart) {
    let _ = form;
}

fn main() {}

use mini_spring::{Json, route};

type Text = String;

#[route(POST, "/")]
fn both(new: Json<u64>, text: Text) -> String {
    format!("{} {text}", *new)
}

fn main() {}

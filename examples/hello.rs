//! The program of the README: `cargo run --example hello`.

use mini_spring::{Json, Problem, route};

#[route(GET, "/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello, {name}!\n")
}

#[route(POST, "/sum?<limit=100>")]
fn sum(Json(numbers): Json<Vec<f64>>, limit: usize) -> Result<Json<f64>, Problem> {
    if numbers.len() > limit {
        return Err(Problem::unprocessable(format!("more than {limit} numbers")));
    }
    Ok(Json(numbers.iter().sum()))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

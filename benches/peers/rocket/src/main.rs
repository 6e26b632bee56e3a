//! The program of the comparison on Rocket: `peer-rocket PORT [BLOCKING_THREADS]`.

use std::thread;
use std::time::Duration;

use rocket::config::{Config, Ident, LogLevel};
use rocket::serde::Serialize;
use rocket::serde::json::Json;
use rocket::shield::Shield;
use rocket::tokio::task;
use rocket::{get, post, routes};

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct UserId<'a> {
    user_id: &'a str,
}

#[get("/plaintext")]
async fn plaintext() -> &'static str {
    "Hello, World!"
}

#[get("/health")]
async fn health() -> Json<Health> {
    Json(Health { status: "up" })
}

#[get("/users/<id>")]
async fn user(id: &str) -> Json<UserId<'_>> {
    Json(UserId { user_id: id })
}

#[post("/echo", data = "<body>")]
async fn echo(body: Vec<u8>) -> Vec<u8> {
    body
}

#[get("/sleep")]
async fn sleep() -> &'static str {
    let slept = task::spawn_blocking(|| {
        thread::sleep(Duration::from_millis(50));
        "slept"
    });
    slept.await.expect("sleeping doesn't panic")
}

fn main() -> Result<(), rocket::Error> {
    let mut arguments = std::env::args().skip(1).flat_map(|text| text.parse());
    let port = arguments.next().expect("the port is the first argument");
    let blocking_threads: u16 = arguments.next().unwrap_or(512);
    let mut config = Config {
        port,
        workers: 2,
        max_blocking: blocking_threads.into(),
        ident: Ident::none(),
        keep_alive: 75,
        log_level: LogLevel::Off,
        ..Config::release_default()
    };
    config.shutdown.grace = 0;
    config.shutdown.mercy = 0;
    // An empty shield: without it Rocket adds three header fields to each answer.
    let program = rocket::custom(&config)
        .attach(Shield::new())
        .mount("/", routes![plaintext, health, user, echo, sleep]);
    rocket::execute(program.launch()).map(drop)
}

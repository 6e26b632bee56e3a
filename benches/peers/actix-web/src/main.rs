//! The program of the comparison on actix-web: `peer-actix-web PORT [BLOCKING_THREADS]`.

use std::thread;
use std::time::Duration;

use actix_web::web::{self, Bytes, Json, Path};
use actix_web::{App, HttpServer, get, post};
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId {
    user_id: String,
}

#[get("/plaintext")]
async fn plaintext() -> &'static str {
    "Hello, World!"
}

#[get("/health")]
async fn health() -> Json<Health> {
    Json(Health { status: "up" })
}

#[get("/users/{id}")]
async fn user(id: Path<String>) -> Json<UserId> {
    Json(UserId {
        user_id: id.into_inner(),
    })
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[get("/sleep")]
async fn sleep() -> actix_web::Result<&'static str> {
    web::block(|| thread::sleep(Duration::from_millis(50))).await?;
    Ok("slept")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).flat_map(|text| text.parse());
    let port: u16 = arguments.next().expect("the port is the first argument");
    let blocking_threads = arguments.next().unwrap_or(512);
    let app = || {
        App::new()
            .service(plaintext)
            .service(health)
            .service(user)
            .service(echo)
            .service(sleep)
    };
    HttpServer::new(app)
        .workers(2)
        .worker_max_blocking_threads(blocking_threads.into())
        .keep_alive(Duration::from_secs(75))
        .tcp_nodelay(true)
        .shutdown_timeout(0)
        .bind(("127.0.0.1", port))?
        .run()
        .await
}

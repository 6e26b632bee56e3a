//! The program of the comparison on ntex: `peer-ntex PORT [BLOCKING_THREADS]`.

use std::thread;
use std::time::Duration;

use ntex::SharedCfg;
use ntex::http::HttpServiceConfig;
use ntex::rt::{DefaultRuntime, System};
use ntex::time::Seconds;
use ntex::util::Bytes;
use ntex::web::{self, App, Error, HttpResponse};
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId {
    user_id: String,
}

#[web::get("/plaintext")]
async fn plaintext() -> &'static str {
    "Hello, World!"
}

#[web::get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok().json(&Health { status: "up" })
}

#[web::get("/users/{id}")]
async fn user(id: web::types::Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(&UserId {
        user_id: id.into_inner(),
    })
}

#[web::post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[web::get("/sleep")]
async fn sleep() -> Result<&'static str, Error> {
    web::block(|| {
        thread::sleep(Duration::from_millis(50));
        Ok::<_, std::convert::Infallible>("slept")
    })
    .await
    .map_err(Error::from)
}

async fn serve(port: u16) -> std::io::Result<()> {
    let app = async || {
        App::new()
            .service(plaintext)
            .service(health)
            .service(user)
            .service(echo)
            .service(sleep)
    };
    let http = HttpServiceConfig::new().set_keepalive(Seconds(75));
    web::server(app)
        .workers(2)
        .shutdown_timeout(Seconds(0))
        .config(SharedCfg::new("peer").add(http))
        .bind(("127.0.0.1", port))?
        .run()
        .await
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).flat_map(|text| text.parse());
    let port = arguments.next().expect("the port is the first argument");
    let blocking_threads: u16 = arguments.next().unwrap_or(512);
    System::build()
        .thread_pool_limit(blocking_threads.into())
        .signals(true)
        .build(DefaultRuntime)
        .block_on(serve(port))
}

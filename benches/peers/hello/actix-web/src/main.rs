//! A JSON hello on actix-web.

use actix_web::web::Json;
use actix_web::{App, HttpServer, get};
use serde::Serialize;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

#[get("/hello")]
async fn hello() -> Json<Hello> {
    Json(Hello { message: "hello" })
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().service(hello))
        .bind("127.0.0.1:8080")?
        .run()
        .await
}

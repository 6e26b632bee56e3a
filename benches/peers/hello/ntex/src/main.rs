//! A JSON hello on ntex.

use ntex::web::{self, App, HttpResponse};
use serde::Serialize;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

#[web::get("/hello")]
async fn hello() -> HttpResponse {
    HttpResponse::Ok().json(&Hello { message: "hello" })
}

#[ntex::main]
async fn main() -> std::io::Result<()> {
    web::server(async || App::new().service(hello))
        .bind("127.0.0.1:8080")?
        .run()
        .await
}

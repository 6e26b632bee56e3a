//! A JSON hello on Rocket.

use rocket::serde::Serialize;
use rocket::serde::json::Json;
use rocket::{get, launch, routes};

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct Hello {
    message: &'static str,
}

#[get("/hello")]
fn hello() -> Json<Hello> {
    Json(Hello { message: "hello" })
}

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![hello])
}

//! A JSON hello on rouille.

use rouille::{Response, router};
use serde::Serialize;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

fn main() {
    rouille::start_server("127.0.0.1:8080", |request| {
        router!(request,
            (GET) (/hello) => { Response::json(&Hello { message: "hello" }) },
            _ => Response::empty_404()
        )
    });
}

//! The program of the comparison on rouille: `peer-rouille PORT [THREADS]`.

use std::io::Read;
use std::thread;
use std::time::Duration;

use rouille::{Request, Response, Server, router};
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId {
    user_id: String,
}

fn answer(request: &Request) -> Response {
    router!(request,
        (GET) (/plaintext) => { Response::text("Hello, World!") },
        (GET) (/health) => { Response::json(&Health { status: "up" }) },
        (GET) (/users/{user_id: String}) => { Response::json(&UserId { user_id }) },
        (POST) (/echo) => { echo(request) },
        (GET) (/sleep) => {
            thread::sleep(Duration::from_millis(50));
            Response::text("slept")
        },
        _ => Response::empty_404()
    )
}

fn echo(request: &Request) -> Response {
    let mut bytes = Vec::new();
    match request.data().map(|mut body| body.read_to_end(&mut bytes)) {
        Some(Ok(_)) => Response::from_data("application/octet-stream", bytes),
        _ => Response::empty_400(),
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).flat_map(|text| text.parse());
    let port: u16 = arguments.next().expect("the port is the first argument");
    let server = Server::new(("127.0.0.1", port), answer).expect("the port is free");
    // Without a pool, it starts a thread for each request.
    server
        .pool_size(arguments.next().unwrap_or(100).into())
        .run();
}

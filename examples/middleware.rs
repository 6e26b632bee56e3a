//! Middleware around everything, a group, and one handler: who asks, how often, and what everybody learns.
//!
//! ```sh
//! cargo run --example middleware
//! curl -i http://localhost:8080/api/notes
//! curl -i -H 'Authorization: Bearer ada' http://localhost:8080/api/notes
//! ```

use std::time::Instant;

use mini_spring::{
    App, Bearer, Compression, Cors, Extension, Next, Request, RequestId, Response, SecurityHeaders,
    middleware, route,
};

/// Whoever is asking.
#[derive(Clone)]
struct User {
    name: String,
}

/// Lets only those pass who have a token, and says who it is.
#[middleware(provides = User)]
fn auth(request: &mut Request, next: Next, Bearer(name): Bearer) -> Response {
    request.extensions_mut().insert(User { name });
    next.run(request)
}

/// Tells how long the rest took.
fn timed(request: &mut Request, next: Next) -> Response {
    let start = Instant::now();
    let response = next.run(request);
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    response.header("Server-Timing", format!("app;dur={milliseconds:.3}"))
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

mod api {
    use mini_spring::{Extension, RateLimit, group, middleware, route};

    use super::{User, auth};

    // Around all routes of this module and of those below.
    group! { prefix: "/api", middleware: [auth] }

    #[route(GET, "/notes")]
    fn notes(user: Extension<User>) -> String {
        format!("notes of {}\n", user.name).repeat(100)
    }

    #[middleware(RateLimit::per_hour(2))]
    #[route(POST, "/notes", status = 201)]
    fn add(user: Extension<User>, note: &str) -> String {
        format!("{} notes {note}", user.name)
    }
}

/// As a page for the name in the token.
#[middleware(auth)]
#[middleware(|request, next| next.run(request).header("Cache-Control", "no-store"))]
#[route(GET, "/me")]
fn me(user: Extension<User>) -> String {
    format!("Hello, {}!", user.name)
}

fn main() -> mini_spring::Result<()> {
    App::new()
        .layer(RequestId)
        .middleware(timed)
        .layer(SecurityHeaders::new())
        .layer(Compression::new())
        .layer_at("/api", Cors::new().origin("http://localhost:3000"))
        .run()
}

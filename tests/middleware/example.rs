//! The example `middleware`, started as a user would start it.

use crate::support::example::{Example, command};

#[test]
fn middleware_stands_around_what_it_is_for() {
    let mut started = command("middleware");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut client = example.connect();
    let mut call = |head: &str, fields: &str| {
        client.send(format!(
            "{head} HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: 0\r\n\r\n"
        ));
        client.answer()
    };
    let health = call("GET /health", "X-Request-Id: a-7\r\n");
    assert_eq!((health.status, &*health.body), (200, "up"));
    assert_eq!(health.field("x-request-id"), Some("a-7"));
    assert_eq!(health.field("x-content-type-options"), Some("nosniff"));
    assert!(health.field("server-timing").is_some());
    let origin = "Origin: http://localhost:3000\r\n";
    let refused = call("GET /api/notes", origin);
    assert_eq!(refused.status, 401);
    let allowed = Some("http://localhost:3000");
    assert_eq!(refused.field("access-control-allow-origin"), allowed);
    let ask = format!("{origin}Access-Control-Request-Method: POST\r\n");
    assert_eq!(call("OPTIONS /api/notes", &ask).status, 204);
    let ada = "Authorization: Bearer ada\r\n";
    let notes = call("GET /api/notes", ada);
    assert!(notes.body.starts_with("notes of ada\n"), "{}", notes.body);
    let status: Vec<u16> = (0..3)
        .map(|_| call("POST /api/notes", ada).status)
        .collect();
    assert_eq!(status, [201, 201, 429]);
    let me = call("GET /me", ada);
    assert_eq!(
        (me.field("cache-control"), &*me.body),
        (Some("no-store"), "Hello, ada!")
    );
    let head = example.head.join("\n");
    assert!(
        head.contains(", RequestId, timed, ") || head.contains("[RequestId, timed, "),
        "{head}"
    );
    assert!(head.contains(", Cors, auth, RateLimit]"), "{head}");
}

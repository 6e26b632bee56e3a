//! The examples, started as a user would start them and called over TCP.
#![allow(missing_docs)]

mod first_calls;
mod streaming;
#[path = "../support/mod.rs"]
mod support;

use std::io::BufRead;

use support::example::{Example, command};

/// The log without its times.
fn messages(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| &line["12:34:56 ".len()..])
        .collect()
}

#[test]
fn users_answers_and_logs() {
    let mut started = command("users");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut client = example.connect();
    let mut get = |target: &str| {
        client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        client.answer()
    };
    assert_eq!(get("/health").body, r#"{"status":"up"}"#);
    assert_eq!(get("/users/42").body, r#"{"user_id":"42"}"#);
    let missing = get("/nonexistent");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains(r#""error":"not_found""#));

    let body = r#"{"name":"Ada"}"#;
    client.send(format!(
        "POST /users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let created = client.answer();
    assert_eq!(created.status, 201);
    assert_eq!(created.field("location"), Some("/users/1"));
    assert_eq!(created.body, r#"{"id":1,"name":"Ada"}"#);

    let mut client = example.connect();
    client.send("INVALID REQUEST\r\n\r\n");
    assert!(client.rest().starts_with("HTTP/1.1 400 Bad Request\r\n"));

    let mut client = example.connect();
    let large = "x".repeat(16 * 1024);
    client.send(format!(
        "GET /health HTTP/1.1\r\nHost: a\r\nX: {large}\r\n\r\n"
    ));
    assert!(client.rest().starts_with("HTTP/1.1 431 "));

    let head = example.head.clone();
    let (code, rest) = example.stop();
    assert_eq!(code, Some(0));
    let head = messages(&head);
    assert!(head[0].contains(", profile dev, no mini-spring.toml in "));
    assert!(head[1].starts_with("INFO  3 routes, started in "));
    assert!(
        head[2].starts_with("INFO    GET   /health      users::health       examples/users.rs:")
    );
    let mut access: Vec<String> = messages(&rest)
        .iter()
        .map(|line| line.split(' ').take(5).collect::<Vec<_>>().join(" "))
        .collect();
    // Each worker logs what it has sent; between connections there is no order.
    access[..6].sort();
    assert_eq!(
        access,
        [
            "INFO  - - 400",
            "INFO  GET /health 200",
            "INFO  GET /health 431",
            "INFO  GET /nonexistent 404",
            "INFO  GET /users/42 200",
            "INFO  POST /users 201",
            "INFO  stopping: answering what",
            "INFO  stopped",
        ]
    );
}

#[test]
fn blocking_waits_for_nobody() {
    let mut started = command("blocking");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut waiting = example.connect();
    waiting.send("GET /wait/300 HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut client = example.connect();
    let mut call = |request: &str| {
        client.send(request);
        client.answer().body
    };
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(call(&get("/cached/1")), "the value of 1");
    assert_eq!(call(&get("/cached/10")), "the value of 10");
    assert_eq!(call(&get("/primes/10")), "the last of 10 primes: 29\n");
    let put =
        |path: &str| format!("PUT {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\na\nb\n");
    assert_eq!(call(&put("/lines")), "2 lines in 4 bytes\n");
    assert_eq!(call(&put("/live/lines")), "2 lines\n");
    assert_eq!(waiting.answer().body, r#"{"milliseconds":300}"#);
    assert_eq!(example.stop().0, Some(0));
}

#[test]
fn forms_set_cookies_and_read_them() {
    let mut started = command("forms");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut client = example.connect();
    let mut call = |head: &str, body: &str| {
        let length = body.len();
        client.send(format!(
            "{head} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        client.answer()
    };
    let headed = |head: &str, fields: &str| format!("{head} HTTP/1.1\r\n{fields}\r\nX-Rest:");
    let page = call(&headed("GET /", "User-Agent: test"), "");
    assert!(page.body.starts_with("<form method=post"), "{}", page.body);
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    let form = "Content-Type: application/x-www-form-urlencoded";
    let answer = call(&headed("POST /login", form), "name=Ada+L.&colour=");
    assert_eq!((answer.status, answer.field("location")), (303, Some("/")));
    let cookies: Vec<&str> = answer
        .head
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: "))
        .collect();
    assert_eq!(
        cookies,
        [
            "name=Ada%20L.; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax",
            "colour=grey; Path=/; SameSite=Lax",
        ]
    );
    let known = "User-Agent: <test>\r\nCookie: colour=grey; name=Ada%20L.";
    let page = call(&headed("GET /", known), "");
    assert_eq!(page.body, "<p>Hello, Ada L.! You came with &lt;test&gt;.");
    // The fields are arguments: what is missing is told.
    let refused = call("GET /", "");
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .body
            .contains(r#"{"in":"header","name":"User-Agent""#)
    );
    let refused = call(&headed("POST /login", form), "colour=red");
    assert!(refused.body.contains(r#"{"in":"body","name":"name""#));
    assert_eq!(call("POST /login", "name=Ada").status, 415);
    assert_eq!(
        call("GET /search?word=mini%2Dspring&letters=5", "").body,
        "mini-"
    );
    assert_eq!(call("GET /search", "").status, 404);
    assert_eq!(call("GET /search?letters=5", "").status, 400);
    let out = call("POST /logout", "");
    assert!(out.field("set-cookie").unwrap().starts_with("name=; "));
    assert_eq!(example.stop().0, Some(0));
}

#[test]
fn errors_say_how_they_are_answered() {
    let directory = std::env::temp_dir().join(format!("recipes-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let mut started = command("errors");
    started.arg("--server.port=0").env("RECIPES", &directory);
    let example = Example::start(started);
    let mut client = example.connect();
    let mut call = |head: &str, fields: &str, body: &str| {
        let length = body.len();
        client.send(format!(
            "{head} HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: {length}\r\n\r\n{body}"
        ));
        client.answer()
    };
    let created = call("POST /recipes/rice", "", "Boil it.");
    assert_eq!(created.field("location"), Some("/recipes/rice"));
    assert_eq!(call("GET /recipes/rice", "", "").body, "Boil it.");
    assert_eq!(call("POST /recipes/rice", "", "Fry it.").status, 409);
    assert_eq!(
        call("POST /recipes/rye", "", &"x".repeat(1_001)).status,
        422
    );
    let missing = call("GET /recipes/rye", "", "");
    assert_eq!(
        missing.body,
        r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no recipe for rye","error":"no_recipe","help":"https://example.org/errors#no_recipe","name":"rye","route":"/recipes/<name>"}"#
    );
    let page = call("GET /recipes/rye", "Accept: text/html, */*;q=0.8\r\n", "");
    assert_eq!(page.status, 404);
    assert!(page.body.starts_with("<!doctype html>"), "{}", page.body);
    assert!(page.body.contains("<p>there is no recipe for rye</p>"));
    let nowhere = call("GET /nowhere", "", "");
    assert!(
        nowhere
            .body
            .contains(r#""help":"https://example.org/errors#not_found""#)
    );
    // Without their directory, the recipes can't be written; why is for the log.
    std::fs::remove_dir_all(&directory).unwrap();
    let failed = call("POST /recipes/rye", "X-Request-Id: seven-1\r\n", "Bake it.");
    assert_eq!(
        (failed.status, failed.field("retry-after")),
        (503, Some("60"))
    );
    assert!(failed.body.contains(r#""request_id":"seven-1""#));
    let (code, rest) = example.stop();
    assert_eq!(code, Some(0));
    let errors: Vec<&str> = messages(&rest)
        .into_iter()
        .filter(|line| line.starts_with("ERROR"))
        .collect();
    assert_eq!(errors.len(), 1, "{rest:?}");
    assert!(
        errors[0].contains(" answered 503 (request seven-1): No such file"),
        "{errors:?}"
    );
}

#[test]
fn events_reach_everybody_and_are_not_missed() {
    let mut started = command("events");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let listen = |fields: &str| {
        let mut client = example.connect();
        client.send(format!("GET /events HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
        assert_eq!(client.head().status, 200);
        client
    };
    let mut client = example.connect();
    let mut add = |message: &str| {
        let length = message.len();
        let head = format!("POST /messages HTTP/1.1\r\nHost: a\r\nContent-Length: {length}");
        client.send(format!("{head}\r\n\r\n{message}"));
        assert_eq!(client.answer().status, 204);
    };
    let event = |chunk: Option<String>| {
        let chunk = chunk.expect("an event");
        let (data, id) = chunk.split_once("\nid: ").expect("an id");
        (data.to_owned(), id.trim_end().to_owned())
    };
    let mut first = listen("");
    add("one");
    let (data, id) = event(first.chunk());
    assert_eq!(data, "data: one");
    add("two \"2\"");
    let mut second = listen(&format!("Last-Event-ID: {id}\r\n"));
    for listener in [&mut first, &mut second] {
        assert_eq!(event(listener.chunk()).0, "data: two \"2\"");
    }
    let mut client = example.connect();
    let mut listeners = || {
        client.send("GET /listeners HTTP/1.1\r\nHost: a\r\n\r\n");
        client.answer().body
    };
    assert_eq!(listeners(), "2");
    // Who leaves is forgotten.
    drop(second);
    support::until("one listens", || listeners() == "1");
    // Those who listen don't keep the server from its end.
    assert_eq!(example.stop().0, Some(0));
    assert_eq!(first.chunk(), None);
}

#[test]
fn upload_saves_files_and_lists_them() {
    let directory = std::env::temp_dir().join(format!("uploads-{}", std::process::id()));
    let mut started = command("upload");
    started.arg("--server.port=0").env("UPLOADS", &directory);
    let example = Example::start(started);
    let mut client = example.connect();
    let mut post = |path: &str, parts: &[(&str, &str)]| {
        let part = |(head, content): &(&str, &str)| {
            format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
        };
        let body = parts.iter().map(part).collect::<String>() + "--x--";
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        client.answer()
    };
    let large = "0123456789".repeat(100_000);
    let parts = [
        ("name=note", "hello"),
        ("name=file; filename=\"../a<b>\"", "text"),
        ("name=file; filename=large", &large),
    ];
    let saved = post("/upload", &parts);
    assert_eq!(saved.status, 201);
    assert_eq!(saved.body, r#"{"note":"hello","files":["a<b>","large"]}"#);
    assert_eq!(
        std::fs::read_to_string(directory.join("large")).unwrap(),
        large
    );
    let again = post("/upload", &parts[1..2]);
    assert_eq!(again.status, 409, "{}", again.body);

    let image = "Content-Type: image/png";
    let head = format!("name=photo; filename=p\r\n{image}");
    let profile = post("/profile", &[("name=name", "Ada"), (&head, "png")]);
    assert_eq!(profile.body, "Ada (None): image/png of 3 bytes\n");
    let wrong = [("name=name", "Ada"), ("name=photo; filename=p", "png")];
    assert_eq!(post("/profile", &wrong).status, 415);
    assert_eq!(post("/profile", &wrong[..1]).status, 400);
    // What the client did wrong isn't for the log.
    let malformed = post("/upload", &[("filename=\"nameless\"", "")]);
    assert_eq!(malformed.status, 400, "{}", malformed.body);

    let mut client = example.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let page = client.answer().body;
    assert!(page.contains("enctype=multipart/form-data"), "{page}");
    assert!(page.contains("<p>a&lt;b&gt;: 4 bytes"), "{page}");
    assert!(page.contains("<p>large: 1000000 bytes"), "{page}");
    let (code, log) = example.stop();
    std::fs::remove_dir_all(&directory).unwrap();
    assert_eq!(code, Some(0));
    assert!(!log.iter().any(|line| line.contains("ERROR")), "{log:?}");
}

#[test]
fn files_are_served_and_notes_kept() {
    let mut started = command("files");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut client = example.connect();
    let mut call = |line: &str, fields: &str, body: &str| {
        let length = body.len();
        client.send(format!(
            "{line} HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: {length}\r\n\r\n{body}"
        ));
        client.answer()
    };
    let page = call("GET /", "", "");
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.field("cache-control"), Some("max-age=60"));
    let style = call("GET /style.css", "", "");
    assert_eq!(style.field("content-type"), Some("text/css; charset=utf-8"));
    let tag = format!("If-None-Match: {}\r\n", style.field("etag").unwrap());
    let known = call("GET /style.css", &tag, "");
    assert_eq!(
        (known.status, known.field("cache-control")),
        (304, Some("max-age=60"))
    );
    assert_eq!(call("GET /none.css", "", "").status, 404);
    let part = call("GET /source", "Range: bytes=0-9\r\n", "");
    assert_eq!((part.status, part.body.as_str()), (206, "//! Files:"));
    assert_eq!(
        part.field("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let report = call("GET /report", "", "");
    assert!(report.body.starts_with("1,100\n2,200\n"), "{}", report.body);
    let name = report.field("content-disposition").unwrap();
    assert!(
        name.ends_with("filename*=UTF-8''%C3%9Cbersicht.csv"),
        "{name}"
    );

    assert_eq!(call("GET /note", "", "").field("etag"), Some("\"0\""));
    let written = call("PUT /note", "If-Match: \"0\"\r\n", "first");
    assert_eq!(
        (written.status, written.field("etag")),
        (200, Some("\"1\""))
    );
    assert_eq!(
        call("PUT /note", "If-Match: \"0\"\r\n", "second").status,
        412
    );
    assert_eq!(
        call("GET /note", "If-None-Match: \"0\"\r\n", "").body,
        "first"
    );
    assert_eq!(
        call("GET /note", "If-None-Match: \"1\"\r\n", "").status,
        304
    );
    assert_eq!(example.stop().0, Some(0));
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let mut started = command("users");
    // Longer than anybody waits: the body that doesn't come keeps the server from its end.
    started.args(["--server.port=0", "--server.body_timeout=10m"]);
    let mut example = Example::start(started);
    let mut client = example.connect();
    client.send(
        "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
    );
    assert_eq!(client.answer().status, 100);
    example.terminate();
    let mut line = String::new();
    while !line.contains("stopping") {
        line.clear();
        assert!(example.log.read_line(&mut line).unwrap() > 0, "it ended");
    }
    let (code, _) = example.stop();
    // 128 + SIGTERM, as a shell says it.
    assert_eq!(code, Some(143));
}

#[test]
fn the_environment_chooses_the_port_and_the_command_line_wins() {
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = command("users")
        .env("MINI_SPRING_SERVER_PORT", &port)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = format!("Error: can't listen on 0.0.0.0:{port}: port {port} is taken by ");
    assert!(log.lines().last().unwrap().starts_with(&expected), "{log}");
    let mut started = command("users");
    started
        .env("MINI_SPRING_SERVER_PORT", &port)
        .arg("--server.port=0");
    let (code, _) = Example::start(started).stop();
    assert_eq!(code, Some(0));
}

#[test]
fn wrong_settings_are_reported_at_once() {
    let output = command("users")
        .args(["--server.prot=1", "--server.workers=many"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        report.contains("\nthe program can't start: 2 mistakes:\n"),
        "{report}"
    );
    assert!(report.contains("server.prot"), "{report}");
    assert!(report.contains("server.port"), "{report}");
    assert!(report.contains("--server.workers"), "{report}");
}

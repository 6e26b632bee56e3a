//! The examples `streaming` and `components`: a table while it is sent, clients that leave, and work behind an answer.

use super::support::example::{Example, command};

#[test]
fn streaming_sends_rows_and_ends_with_its_client() {
    let mut started = command("streaming");
    started.arg("--server.port=0");
    let example = Example::start(started);
    let mut client = example.connect();
    client.send("GET /measurements.csv?days=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    let table = client.answer();
    assert_eq!(table.field("transfer-encoding"), Some("chunked"));
    let rows = "day,station,degrees\r\n1,\"Kew\",2.0\r\n1,\"Ben Nevis\",7.0\r\n1,\"The \"\"Rock\"\"\",12.0\r\n";
    assert_eq!(table.body, rows);
    client.send("GET /squares?count=3 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "0\n1\n4\n");
    client.send("GET /readme/upper HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(client.answer().body.starts_with("# MINI-SPRING\n"));

    // Both would go on for longer than anybody waits: who leaves ends them.
    for endless in ["/squares", "/measurements.csv?days=4000000000"] {
        let mut client = example.connect();
        client.send(format!("GET {endless} HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.head().status, 200);
        assert!(client.chunk().is_some());
    }
    let (code, log) = example.stop();
    assert_eq!(code, Some(0));
    assert!(!log.iter().any(|line| line.contains("ERROR")), "{log:?}");
}

#[test]
fn components_send_what_waits_before_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mails = directory.path().join("mails");
    let mut started = command("components");
    started.args(["--server.port=0", "--profile=prod"]);
    started.arg(format!("--mail.directory={}", mails.display()));
    let example = Example::start(started);
    let mut client = example.connect();
    let body = "to=grace%40example.org&text=hello";
    let mut send = |fields: &str| {
        let length = body.len();
        client.send(format!(
            "POST /mails HTTP/1.1\r\nHost: a\r\n{fields}Content-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        ));
        client.answer().status
    };
    assert_eq!(send(""), 401);
    assert_eq!(send("X-User: ada\r\n"), 202);
    assert_eq!(example.stop().0, Some(0));
    let mails: Vec<_> = std::fs::read_dir(mails).unwrap().collect();
    assert_eq!(mails.len(), 1);
    let mail = std::fs::read_to_string(mails[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(mail, "From: ada\nTo: grace@example.org\n\nhello\n");
}

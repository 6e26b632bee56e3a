//! What browsers and curl send, byte by byte.

use mini_spring::Request;

use super::*;

/// Firefox: hyphens and digits.
const FIREFOX: &str = "---------------------------9051914041544843365972754266";

fn firefox() -> (Vec<u8>, &'static str) {
    let body = format!(
        "--{FIREFOX}\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nline one\r\nline two\r\n\
         --{FIREFOX}\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n\r\n\
         --{FIREFOX}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"caf\u{e9} %22x%22.txt\"\r\n\
         Content-Type: text/plain\r\n\r\nContent of the file.\n\r\n\
         --{FIREFOX}\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n\r\n--{FIREFOX}--\r\n"
    );
    let seen = "text \"line one\\r\\nline two\"\n\
                a\"b \"\"\n\
                file \"caf\u{e9} \\\"x\\\".txt\" Some(\"text/plain\") \"Content of the file.\\n\"\n\
                none \"\" Some(\"application/octet-stream\") \"\"\n";
    (body.into_bytes(), seen)
}

#[test]
fn firefox_is_understood_however_its_bytes_come() {
    let server = server(routes![show, health], |_| {});
    let (body, seen) = firefox();
    let message = [post("/show", FIREFOX, &body), HEALTH.into()].concat();
    let mut client = server.connect();
    client.drip(&message);
    assert_eq!(client.answer().body, seen);
    assert_eq!(client.answer().body, "up");
    for cut in 0..message.len() {
        client.send(&message[..cut]);
        client.send(&message[cut..]);
        assert_eq!(client.answer().body, seen, "cut at {cut}");
        assert_eq!(client.answer().body, "up", "cut at {cut}");
    }
}

#[test]
fn chrome_is_understood() {
    let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    let photo = b"\x89PNG\r\n\x1a\n\r\n------\r\n------WebKitFormBoundary7MA4YWxkTrZu0g\r\n";
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na title\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\\b.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let end = format!("\r\n--{boundary}--\r\n");
    let body = [head.as_bytes(), photo, end.as_bytes()].concat();
    let server = server(routes![show, health], |_| {});
    let mut client = server.connect();
    client.send(post("/show", boundary, &body));
    let length = photo.len();
    let seen =
        format!("title \"a title\"\nphoto \"a\\\\b.png\" Some(\"image/png\") {length} of bytes\n");
    assert_eq!(client.answer().body, seen);
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
    // An empty form is only its end.
    client.send(post(
        "/show",
        boundary,
        format!("--{boundary}--\r\n").as_bytes(),
    ));
    assert_eq!(client.answer().body, "");
}

/// curl waits for `100 Continue` before it sends a large form.
#[test]
fn curl_is_understood() {
    let boundary = "------------------------d74496d66958873e";
    let content = "0123456789".repeat(10_000);
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"b.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n{content}\r\n--{boundary}--\r\n"
    );
    let head = format!(
        "POST /show HTTP/1.1\r\nHost: a\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\
         Content-Length: {}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n\
         Expect: 100-continue\r\n\r\n",
        body.len()
    );
    let server = server(routes![show, health], |_| {});
    let mut client = server.connect();
    client.send(head);
    assert_eq!(client.answer().status, 100);
    client.send(body);
    let seen = "note \"hello\"\nfile \"a\\\"b.txt\" Some(\"text/plain\") 100000 of text\n";
    assert_eq!(client.answer().body, seen);
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn chunks_and_quoted_boundaries_are_understood() {
    let server = server(routes![show, health], |_| {});
    let (body, seen) = firefox();
    let mut client = server.connect();
    for size in [1, 7, 100, 10_000] {
        client.send(format!(
            "POST /show HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
             content-type: Multipart/Form-Data; charset=utf-8; Boundary=\"{FIREFOX}\"\r\n\r\n"
        ));
        for chunk in body.chunks(size) {
            client.send([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        }
        client.send("0\r\n\r\n");
        assert_eq!(client.answer().body, seen, "chunks of {size}");
    }
}

#[test]
fn no_socket_is_needed() {
    let (body, seen) = firefox();
    let app = App::empty().mount("/", routes![show]);
    let request = Request::post("/show")
        .header(
            "Content-Type",
            format!("multipart/form-data; boundary={FIREFOX}"),
        )
        .body(body);
    let response = app.call(request.build().unwrap());
    assert_eq!(response.body_bytes(), Some(seen.as_bytes()));
}

/// The handler sees a part before the rest of the form has come.
#[test]
fn parts_are_there_while_the_form_arrives() {
    #[route(POST, "/first")]
    fn first(mut form: Multipart) -> mini_spring::Result<String> {
        match form.next_part()? {
            Some(part) => Ok(part.text()?),
            None => Ok("none".to_owned()),
        }
    }
    let server = server(routes![first], |_| {});
    let mut client = server.connect();
    let body = [part("name=a", "content"), b"--x\r\nrest".to_vec()].concat();
    let message = post("/first", "x", &[&body[..], &[b'y'; 100_000]].concat());
    client.send(&message[..message.len() - 100_000]);
    let answer = client.answer();
    assert_eq!((answer.status, &*answer.body), (200, "content"));
    // What wasn't read of the form can't be told from a request.
    assert_eq!(answer.field("connection"), Some("close"));
}

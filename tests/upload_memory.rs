//! Forms of any size take little memory: the server's share of the heap is counted while many are
//! uploaded at a time.
#![allow(missing_docs)]

mod support;

use mini_spring::{App, Multipart, MultipartForm, route, routes};
use support::counting::{self, Counting, peak_of};
use support::{Client, TestServer};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[route(POST, "/parts", body_limit = "1GiB")]
fn parts(mut form: Multipart) -> mini_spring::Result<String> {
    let mut length = 0;
    while let Some(part) = form.next_part()? {
        length += part.spool()?.length();
    }
    Ok(length.to_string())
}

#[route(POST, "/form", body_limit = "1GiB")]
fn form(form: MultipartForm) -> String {
    let lengths = form.files().iter().map(|file| file.file().length());
    lengths.sum::<u64>().to_string()
}

const CLIENTS: usize = 8;
const FILES: usize = 2;
const FILE: usize = 2 << 20;

/// Sends a form of some files from every client, a piece of each in turn.
fn upload(server: &TestServer, path: &str) {
    let piece = [b'y'; 64 << 10];
    let head = "--x\r\nContent-Disposition: form-data; name=f; filename=g\r\n\r\n";
    let length = FILES * (head.len() + FILE + 2) + "--x--".len();
    let mut clients: Vec<Client> = (0..CLIENTS).map(|_| server.connect()).collect();
    let mut send = |bytes: &[u8]| clients.iter_mut().for_each(|client| client.send(bytes));
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    send(request.as_bytes());
    for _ in 0..FILES {
        send(head.as_bytes());
        for _ in 0..FILE / piece.len() {
            send(&piece);
        }
        send(b"\r\n");
    }
    send(b"--x--");
    for client in &mut clients {
        assert_eq!(client.answer().body, (FILES * FILE).to_string(), "{path}");
    }
}

#[test]
fn uploads_of_any_size_need_little_memory() {
    counting::leave_out_this_thread();
    // As much as each upload may hold, of the four mebibytes that it has: its buffers, and what of a file
    // stays in memory.
    const SHARE: isize = 384 << 10;
    let app = App::empty().mount("/", routes![parts, form]);
    let server = TestServer::with(app, |config| config.workers = 32);
    for path in ["/parts", "/form"] {
        let (peak, ()) = peak_of(|| upload(&server, path));
        assert!(peak > 0, "nothing was counted");
        assert!(
            peak <= CLIENTS as isize * SHARE,
            "{path}: {peak} bytes for {CLIENTS} uploads"
        );
    }
}

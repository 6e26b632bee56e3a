//! What is answered is kept: when the program is started again, and when it was killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::support::{PASSWORD, Shop, emma};

#[test]
fn a_shop_that_is_restarted_knows_what_it_knew() {
    let shop = Shop::new();
    let (book, ada) = (shop.book(&emma(5)), shop.customer("ada"));
    let order = json!({"lines": [{"book": book, "quantity": 2}]});
    let placed = shop.app.post("/orders").bearer(&ada).json(&order).send();
    placed.assert_status(201);

    let shop = shop.restarted();
    let orders = shop.app.get("/orders").bearer(&ada).send();
    orders.assert_json_at("/items/0/copies", 2);
    let book = shop.app.get(format!("/books/{book}")).send();
    book.assert_json_at("/stock", 3);
}

/// The program itself, which is killed when this is dropped.
struct Program {
    process: Child,
    address: String,
}

impl Program {
    fn start(database: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bookshop"))
            .args([
                "--profile=dev",
                "--server.host=127.0.0.1",
                "--server.port=0",
            ])
            .arg(format!("--database.path={}", database.display()))
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        let mut said = log.lines().map(Result::unwrap);
        let line = said.find(|line| line.contains("listening on")).unwrap();
        let (_, address) = line.split_once("http://").unwrap();
        let address = address.split_whitespace().next().unwrap().to_owned();
        // So that the program can go on writing.
        std::thread::spawn(move || said.for_each(drop));
        Program { process, address }
    }

    fn exchange(&self, request: &str) -> String {
        let mut client = TcpStream::connect(&self.address).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn the_program_seeds_itself_and_keeps_what_it_has_answered() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("shop.db");
    let program = Program::start(&database);
    let books = program.exchange("GET /books HTTP/1.0\r\n\r\n");
    assert!(books.contains("Pride and Prejudice"), "{books}");

    let account = json!({"email": "ada@example.org", "name": "Ada", "password": PASSWORD});
    let account = account.to_string();
    let length = account.len();
    let register = format!(
        "POST /accounts HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{account}"
    );
    let made = program.exchange(&register);
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    drop(program);

    let program = Program::start(&database);
    let again = program.exchange(&register);
    assert!(again.starts_with("HTTP/1.1 409 "), "{again}");
    // The first call in the table of examples.
    let books = program.exchange("GET /books?size=2 HTTP/1.0\r\n\r\n");
    assert!(books.ends_with("\"total\":4}"), "{books}");
}

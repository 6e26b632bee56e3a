//! When a program takes its port: before it makes components, and it lets nobody in before all is ready.
#![allow(missing_docs)]

mod support;

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};

use mini_spring::{App, Inject, component, on_start, on_stop, route};
use support::Client;

/// In the environment of the program, it says what the component does.
const DOES: &str = "PORT_TEST_COMPONENT";

struct Store;

/// Tells that it is being made, and waits until standard input ends, or fails.
#[component]
fn store() -> mini_spring::Result<Store> {
    println!("making");
    match std::env::var(DOES).as_deref() {
        Ok("fails") => Err("the disk is full".into()),
        _ => {
            std::io::stdin().read_to_end(&mut Vec::new())?;
            Ok(Store)
        }
    }
}

#[on_start]
fn starting(_store: Inject<Store>) {
    if std::env::var(DOES).unwrap() == "waits" {
        let refused = TcpStream::connect(("127.0.0.1", own_port())).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
    println!("starting");
}

#[on_stop]
fn stopping() {
    println!("stopping");
}

fn own_port() -> u16 {
    let port = std::env::var("MINI_SPRING_SERVER_PORT").unwrap();
    port.parse().unwrap()
}

#[route(GET, "/")]
fn index() -> &'static str {
    "ready"
}

/// The program: this test, in a process of its own.
#[test]
fn program() {
    let Ok(does) = std::env::var(DOES) else {
        return;
    };
    if let Err(error) = App::new().run() {
        println!("Error: {error}");
    }
    if does == "fails" {
        let free = TcpListener::bind(("127.0.0.1", own_port())).is_ok();
        println!("free: {free}");
    }
}

fn start(does: &str, port: u16) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program", "--nocapture"])
        .env(DOES, does)
        .env("MINI_SPRING_SERVER_HOST", "127.0.0.1")
        .env("MINI_SPRING_SERVER_PORT", port.to_string())
        .env_remove("RUST_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// All that it says until it ends.
fn said(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_taken_port_is_found_before_components_are_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = said(start("waits", port));
    let expected = format!("Error: can't listen on 127.0.0.1:{port}: port {port} is taken by `");
    assert!(
        said.contains(&expected) && said.contains("or stop it"),
        "{said}"
    );
    assert!(!said.contains("making"), "{said}");
}

/// Reads standard output until a line says so.
fn wait_for(out: &mut impl BufRead, what: &str) {
    let found = out
        .lines()
        .map(Result::unwrap)
        .any(|line| line.ends_with(what));
    assert!(found, "{what}");
}

#[test]
fn nobody_is_let_in_before_all_is_ready() {
    let port = free_port();
    let addr = SocketAddr::from(([127, 0, 0, 1], port));
    let mut child = start("waits", port);
    let stdin: ChildStdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut log = BufReader::new(child.stderr.take().unwrap());
    wait_for(&mut out, "making");
    let refused = TcpStream::connect(addr).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    drop(stdin);
    wait_for(&mut out, "starting");
    wait_for(&mut log, &format!("listening on http://{addr}"));
    let mut client = Client::connect(addr);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "ready");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Two that start at the same time both find the port free on Linux. Who is ready first gets it, and the other undoes
/// its start.
#[cfg(target_os = "linux")]
#[test]
fn whoever_is_ready_first_has_the_port() {
    let port = free_port();
    let mut child = start("comes late", port);
    let stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    wait_for(&mut out, "making");
    let _first = TcpListener::bind(("127.0.0.1", port)).unwrap();
    drop(stdin);
    wait_for(&mut out, "starting");
    wait_for(&mut out, "stopping");
    let mut said = String::new();
    out.read_to_string(&mut said).unwrap();
    let expected = format!("Error: can't listen on 127.0.0.1:{port}: port {port} is taken by `");
    assert!(said.contains(&expected), "{said}");
    child.wait().unwrap();
}

#[test]
fn a_component_that_fails_leaves_the_port_free() {
    let said = said(start("fails", free_port()));
    assert!(
        said.contains("the disk is full") && said.contains("free: true"),
        "{said}"
    );
}

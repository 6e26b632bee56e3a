//! What a program says on its standard error: its start, its log, and what prevents it, as advice.
#![allow(missing_docs)]

mod support;

use std::net::TcpListener;
use std::process::Command;

use support::example::{Example, command};

/// A program without what the environment of the tests says of logs and colours.
fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = command(name);
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "RUST_BACKTRACE",
    ] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// What it says before it listens.
fn head(command: Command) -> Vec<String> {
    let example = Example::start(command);
    let head = example.head.clone();
    assert_eq!(example.stop().0, Some(0));
    head
}

/// Without the time.
fn without_time(line: &str) -> &str {
    line.split_once(' ').map_or("", |(_, message)| message)
}

/// What it says when it can't start: one line of advice, behind what it logs.
#[track_caller]
fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{log}");
    let errors: Vec<&str> = log
        .lines()
        .filter(|line| !line.contains(" INFO  "))
        .collect();
    let [error] = errors[..] else {
        panic!("{log}");
    };
    error.strip_prefix("Error: ").expect(error).to_owned()
}

#[test]
fn a_start_says_who_where_and_what() {
    let head = head(program("users", &["--server.port=0"]));
    let [first, count, routes @ .., last] = &head[..] else {
        panic!("{head:?}");
    };
    let version = env!("CARGO_PKG_VERSION");
    let expected =
        format!("INFO  users, mini-spring {version}, profile dev, no mini-spring.toml in ");
    assert!(without_time(first).starts_with(&expected), "{first}");
    let count = without_time(count);
    let took = count.strip_prefix("INFO  3 routes, started in ").unwrap();
    let took: u32 = took.strip_suffix(" ms:").unwrap().parse().unwrap();
    assert!(took < 10_000, "{took}");
    // Columns, whatever the widths.
    let column = |text: &str| {
        routes
            .iter()
            .map(|route| route.find(text).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(column("users::"), [column("users::")[0]; 3]);
    assert_eq!(
        column("examples/users.rs:"),
        [column("examples/users.rs:")[0]; 3]
    );
    // A URL is the last word, for who clicks on it.
    assert!(
        last.split(' ')
            .next_back()
            .unwrap()
            .starts_with("http://127.0.0.1:"),
        "{last}"
    );
    assert!(!head.concat().contains('\u{1b}'));
}

#[test]
fn colours_are_for_who_wants_them() {
    let check = |variables: &[(&str, &str)], expected: bool| {
        let mut command = program("users", &["--server.port=0"]);
        command.envs(variables.iter().copied());
        let output = command.arg("--server.host=203.0.113.1").output().unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            log.contains("\u{1b}[32mINFO \u{1b}[0m"),
            expected,
            "{variables:?}\n{log}"
        );
    };
    check(&[], false);
    check(&[("CLICOLOR_FORCE", "1")], true);
    check(&[("FORCE_COLOR", "1")], true);
    check(&[("CLICOLOR_FORCE", "0")], false);
    check(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false);
    check(&[("FORCE_COLOR", "1"), ("NO_COLOR", "")], true);
}

#[test]
fn methods_are_coloured_and_the_url_stands_out() {
    let mut command = program("users", &["--server.port=0", "--server.host=127.0.0.1"]);
    command.env("FORCE_COLOR", "1");
    let mut child = command.spawn().unwrap();
    let mut log = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut lines = Vec::new();
    while !lines
        .last()
        .is_some_and(|line: &String| line.contains("listening on "))
    {
        let mut line = String::new();
        assert!(
            std::io::BufRead::read_line(&mut log, &mut line).unwrap() > 0,
            "{lines:?}"
        );
        lines.push(line);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let all = lines.concat();
    assert!(
        all.contains("\u{1b}[32mGET\u{1b}[0m   /users/<id>"),
        "{all}"
    );
    assert!(all.contains("\u{1b}[33mPOST\u{1b}[0m  /users"), "{all}");
    assert!(
        all.contains("listening on \u{1b}[1mhttp://127.0.0.1:"),
        "{all}"
    );
}

#[test]
fn rust_log_chooses_what_is_shown() {
    let said = |filter: &str| {
        let mut command = program("users", &["--server.host=203.0.113.1"]);
        command.env("RUST_LOG", filter);
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let first = "INFO  users, mini-spring ";
    for filter in [
        "",
        "info",
        "debug",
        "trace",
        "mini_spring=info",
        "off,mini_spring::run=info",
    ] {
        assert!(said(filter).contains(first), "{filter}");
    }
    for filter in [
        "off",
        "error",
        "warn",
        "users=debug",
        "debug,mini_spring=off",
    ] {
        let log = said(filter);
        assert!(!log.contains(first), "{filter}");
        // What ends the program isn't the log's.
        assert!(
            log.starts_with("Error: can't listen on 203.0.113.1:8080: "),
            "{log}"
        );
    }
    // What would show nothing is told.
    for filter in ["inof", "mini_spring=loud"] {
        let log = said(filter);
        let warning = format!(
            "WARN  RUST_LOG: expected `off`, `error`, `warn`, `info`, `debug` or `trace`, or `my_app=debug` for one \
             crate, with commas between them, found `{filter}`, which is ignored\n"
        );
        assert!(log.contains(first) && log.contains(&warning), "{log}");
    }
}

/// Who has a port in this process, as far as the system tells it.
fn this_process() -> String {
    match std::fs::read_to_string("/proc/self/comm") {
        Ok(name) => format!("`{}` (process {})", name.trim_end(), std::process::id()),
        Err(_) => "another program".to_owned(),
    }
}

#[test]
fn an_address_that_cannot_be_had_is_said_with_what_helps() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let next = port.checked_add(1).unwrap_or(8080);
    let arguments = ["--server.host=127.0.0.1", &format!("--server.port={port}")];
    assert_eq!(
        refused(&mut program("users", &arguments)),
        format!(
            "can't listen on 127.0.0.1:{port}: port {port} is taken by {}; choose another one with \
             --server.port={next} or MINI_SPRING_SERVER_PORT={next}, or stop it",
            this_process()
        )
    );
    assert_eq!(
        refused(&mut program("users", &["--server.host=203.0.113.1"])),
        "can't listen on 203.0.113.1:8080: this machine doesn't have the address 203.0.113.1; choose one that it \
         has with --server.host=127.0.0.1 or MINI_SPRING_SERVER_HOST=127.0.0.1, or all with 0.0.0.0"
    );
}

#[test]
fn settings_that_are_wrong_are_said_with_what_helps() {
    let check = |file: &str, arguments: &[&str], expected: &str| {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("mini-spring.toml"), file).unwrap();
        let mut command = program("users", arguments);
        let error = refused(command.current_dir(directory.path()));
        let error = error
            .strip_prefix("the program can't start: ")
            .expect(&error);
        assert_eq!(error, expected);
    };
    check(
        "",
        &["--server.prot=1"],
        "--server.prot: there is no such setting; did you mean `--server.port`?",
    );
    check(
        "",
        &["--server.port=x"],
        "--server.port: expected a port from 0 to 65535, found `x`",
    );
    check(
        "",
        &["--profile=a/b"],
        "--profile: expected a profile such as `dev` or `prod`, of letters, digits, `-` and `_`, found `a/b`",
    );
    check(
        "[server]\nport = eighty\n",
        &[],
        "mini-spring.toml:2: expected a value, found a bare word; text, and all with a unit or a date, stands in \
         quotes",
    );
    check(
        "[server]\ntrusted_proxies = [\"::1\"\n",
        &[],
        "mini-spring.toml:3: expected a right bracket, found the end of the file",
    );
    check(
        "[server]\ntrusted_proxies = [\n",
        &[],
        "mini-spring.toml:3: the file ends in the middle of something; look for a bracket or a quote that isn't closed",
    );
}

#[test]
fn components_that_fail_are_told_once() {
    let check = |till: &str, expected: &str| {
        let mut command = program("failing", &["--profile=dev"]);
        let error = refused(command.env("TILL", till));
        let begin = "the program can't start: failing::till (tests/development/program.rs:";
        let (_, error) = error
            .strip_prefix(begin)
            .expect(&error)
            .split_once(' ')
            .unwrap();
        assert!(error.starts_with(expected), "{error}");
        assert!(error.ends_with(": the till is locked") || error.ends_with(": the till is lost"));
    };
    check("panics", "panicked at tests/development/program.rs:");
    check("fails", "has failed: the till is lost");
}

#[test]
fn a_logger_of_the_program_gets_the_same_lines_without_colours() {
    let mut command = program("failing", &["--profile=dev", "--server.port=0"]);
    command.env("OWN_LOGGER", "yes").env("FORCE_COLOR", "1");
    let head = head(command);
    let version = env!("CARGO_PKG_VERSION");
    let begin = format!("own INFO failing, mini-spring {version}, profile dev");
    assert!(head[0].starts_with(&begin), "{head:?}");
    // Behind them comes the address.
    let count = head.len() - 3;
    let routes = format!("own INFO {count} routes, started in ");
    assert!(head[1].starts_with(&routes), "{head:?}");
    assert!(!head.concat().contains('\u{1b}'), "{head:?}");
}

#[test]
fn a_panic_is_one_line_unless_nobody_would_see_it() {
    let log = |variables: &[(&str, &str)]| {
        let mut command = program(
            "failing",
            &[
                "--profile=prod",
                "--server.port=0",
                "--server.host=127.0.0.1",
            ],
        );
        command.envs(variables.iter().copied());
        let example = Example::start(command);
        let mut client = example.connect();
        client.send("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().status, 500);
        let (_, log) = example.stop();
        let told = |piece: &str| log.iter().filter(|line| line.contains(piece)).count();
        (
            told(" ERROR GET /panic: "),
            told("thread 'worker'") + told("the hook of the program"),
            told("stack backtrace:"),
        )
    };
    assert_eq!(log(&[]), (1, 0, 0));
    // A hook of the program does what it likes.
    assert_eq!(log(&[("OWN_HOOK", "yes")]), (1, 1, 0));
    // Who wants the stack gets it from the library's hook.
    assert_eq!(log(&[("RUST_BACKTRACE", "1")]), (1, 1, 1));
    assert_eq!(log(&[("RUST_LOG", "off,mini_spring::run=info")]), (0, 1, 0));
}

#[test]
fn a_start_that_helps_nobody_is_warned_of() {
    let warned = |arguments: &[&str]| {
        let head = head(program(
            "users",
            &[&["--server.port=0"], arguments].concat(),
        ));
        let warnings = head
            .iter()
            .filter_map(|line| without_time(line).strip_prefix("WARN  "));
        warnings.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(warned(&[]), [""; 0]);
    assert_eq!(
        warned(&["--profile=staging"]),
        [
            "the profile `staging` changes nothing: there is no mini-spring-staging.toml; write one, or choose `dev` or `prod`"
        ]
    );
    let in_prod = warned(&["--profile=prod"]);
    match cfg!(debug_assertions) {
        true => assert_eq!(
            in_prod,
            [
                "this is a debug build, which is many times slower: build with `cargo build --release` for the profile prod"
            ]
        ),
        false => assert_eq!(in_prod, [""; 0]),
    }
}

#[test]
fn help_begins_with_the_programs_own_settings() {
    let output = program("config", &["--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let own = help.find("\n  greeting.key").unwrap();
    assert!(own < help.find("\n  server.host").unwrap(), "{help}");
}

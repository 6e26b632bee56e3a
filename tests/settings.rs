//! A program with settings of its own, started in a directory that holds files of settings.
#![allow(missing_docs)]

mod support;

use std::fs;
use std::process::{Command, Output};

use mini_spring::{Inject, TestApp, config, route, routes};
use support::example::{Example, command};
use tempfile::TempDir;

/// The program in a directory with these files.
fn program(files: &[(&str, &str)], arguments: &[&str]) -> (TempDir, Command) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let mut command = command("config");
    command
        .current_dir(directory.path())
        .env_remove("MINI_SPRING_SERVER_GROUPS")
        .args(arguments);
    (directory, command)
}

fn ended(files: &[(&str, &str)], environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    let (_directory, mut command) = program(files, arguments);
    command.envs(environment.iter().copied());
    command.output().unwrap()
}

/// The lines, with one space between columns.
fn lines(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8(text.to_vec()).unwrap();
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[track_caller]
fn has(lines: &[String], line: &str) {
    assert!(
        lines.iter().any(|found| found == line),
        "{line}\n{lines:#?}"
    );
}

const FILE: (&str, &str) = (
    "mini-spring.toml",
    "[greeting]\n\
     to = \"Ada\"\n\
     key = \"${GREETING_KEY}\"\n\
     patience = \"2m\"\n\
     repeat = 2\n\
     banned = [\"Bob\", \"Eve\"]\n\
     [server]\n\
     access-log = false\n\
     workers = 50\n",
);

const OF_STAGING: (&str, &str) = (
    "mini-spring-staging.toml",
    "greeting.repeat = 3\ngreeting.patience = \"3m\"\nserver.workers = 60\n",
);

const ENVIRONMENT: &[(&str, &str)] = &[
    ("MINI_SPRING_PROFILE", "staging"),
    ("MINI_SPRING_GREETING_PATIENCE", "4m"),
    ("GREETING_KEY", "swordfish"),
];

#[test]
fn the_struct_is_injected_with_what_all_sources_say() {
    let (directory, mut command) = program(
        &[FILE, OF_STAGING],
        &["--greeting.to=Bea", "--server.port=0"],
    );
    command.envs(ENVIRONMENT.iter().copied());
    let example = Example::start(command);
    let expected = ["mini-spring.toml", "mini-spring-staging.toml"]
        .map(|name| directory.path().join(name).display().to_string());
    let first = &example.head[0];
    let expected = format!("profile staging, {}", expected.join(", "));
    assert!(first.ends_with(&expected), "{first}");

    let mut client = example.connect();
    let mut get = |target: &str, key: &str| {
        client.send(format!(
            "GET {target} HTTP/1.1\r\nHost: a\r\nX-Key: {key}\r\n\r\n"
        ));
        client.answer()
    };
    let greeted = get("/", "swordfish");
    assert_eq!(greeted.body, "Hello, Bea! Hello, Bea! Hello, Bea! (240s)");
    assert_eq!(get("/?name=Eve", "swordfish").status, 422);
    assert_eq!(get("/", "other").status, 401);
    let (code, log) = example.stop();
    assert_eq!(code, Some(0));
    // The file says that there is no access log.
    assert!(!log.iter().any(|line| line.contains("GET /")), "{log:?}");
}

#[test]
fn print_config_shows_values_with_their_origins_and_no_secret() {
    let arguments = &["--greeting.to", "Bea", "--print-config"];
    let output = ended(&[FILE, OF_STAGING], ENVIRONMENT, arguments);
    assert!(output.status.success(), "{output:?}");
    let shown = lines(&output.stdout);
    assert_eq!(shown[0], "profile: staging");
    has(&shown, "greeting.to Bea --greeting.to");
    has(&shown, "greeting.key *** mini-spring.toml:3");
    has(&shown, "greeting.patience 4m MINI_SPRING_GREETING_PATIENCE");
    has(&shown, "greeting.repeat 3 mini-spring-staging.toml:1");
    has(&shown, "greeting.banned Bob, Eve mini-spring.toml:6");
    has(&shown, "greeting.longest 1KiB default");
    has(&shown, "server.workers 60 mini-spring-staging.toml:3");
    has(&shown, "server.access_log false mini-spring.toml:8");
    has(&shown, "server.port 8080 default");
    assert!(!format!("{output:?}").contains("swordfish"));
}

#[test]
fn help_lists_every_key_and_needs_no_settings() {
    let output = ended(&[("mini-spring.toml", "no toml")], &[], &["--help"]);
    assert!(output.status.success(), "{output:?}");
    let help = lines(&output.stdout);
    assert_eq!(help[0], "usage: config [options] [--key=value ...]");
    has(&help, "server.port number 8080");
    has(&help, "server.idle_timeout duration 75s");
    has(&help, "greeting.key text required");
    has(&help, "What has to be in the field X-Key");
    has(&help, "greeting.repeat times 1");
    has(&help, "greeting.patience duration 30s");
    has(&help, "greeting.longest size 1KiB");
    has(&help, "greeting.banned list none");
}

#[test]
fn routes_are_shown_as_text_and_json_and_nothing_is_made() {
    // The key is missing, and that doesn't matter.
    let output = ended(&[], &[], &["--routes"]);
    assert!(output.status.success(), "{output:?}");
    let shown = lines(&output.stdout);
    let [line] = &shown[..] else {
        panic!("{shown:?}");
    };
    assert!(
        line.starts_with("GET /?<name> config::greet examples/config.rs:"),
        "{line}"
    );

    let output = ended(&[], &[], &["--routes=json"]);
    let routes: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let route = &routes[0];
    assert_eq!(route["methods"], serde_json::json!(["GET"]));
    assert_eq!(route["pattern"], "/?<name>");
    assert_eq!(route["handler"], "config::greet");
    assert_eq!(route["middleware"], serde_json::json!([]));
    assert_eq!(route["file"], "examples/config.rs");
    assert!(route["line"].as_u64().unwrap() > 0);
}

#[test]
fn wrong_values_of_three_sources_are_one_report() {
    let file = "[greeting]\nrepeat = 256\nrepaet = 1\n[server]\nhead = 0\n";
    let output = ended(
        &[("mini-spring.toml", file)],
        &[("MINI_SPRING_GREETING_PATIENCE", "soon")],
        &[
            "--greeting.longest=1KB",
            "--greeting.key=k",
            "--greeting.too=x",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    let has = |line: &str| assert!(log.contains(line), "{line}\n{log}");
    has(
        "mini-spring.toml:3: greeting.repaet: there is no such setting, it is ignored; did you mean `greeting.repeat`?",
    );
    has("the program can't start: 6 mistakes:\n");
    has(
        "  - mini-spring.toml:2: greeting.repeat: expected a whole number from 0 to 255, found `256`\n",
    );
    has(
        "  - MINI_SPRING_GREETING_PATIENCE: expected a duration such as `30s`, `500ms` or `2m`, found `soon`\n",
    );
    has("  - --greeting.longest: expected a size such as `2MiB`, `16KiB` or `512`, found `1KB`\n");
    has("  - --greeting.too: there is no such setting; did you mean `--greeting.to`?\n");
    has("  - mini-spring.toml:5: server.head: expected 1 byte to 1MiB, found `0`\n");
    has("  - server.request_line: expected 1 byte to server.head, which is 0, found 8KiB\n");
    // It is printed once, and nothing listens.
    assert_eq!(log.matches("expected a size").count(), 1, "{log}");
    assert!(!log.contains("listening"), "{log}");
}

#[test]
fn what_is_missing_stops_the_start_and_says_how_it_is_written() {
    let output = ended(&[], &[], &["--server.port=0"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    let expected = "greeting.key: expected a value, found none; write `key = ..` below `[greeting]` in \
                    mini-spring.toml, or set MINI_SPRING_GREETING_KEY (examples/config.rs:";
    assert!(log.contains(expected), "{log}");
}

#[test]
fn an_empty_secret_stops_the_start() {
    let expected = "expected a secret, found an empty text";
    let check = |files: &[(&str, &str)], arguments: &[&str], place: &str| {
        let output = ended(files, &[], arguments);
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{log}");
        assert!(log.contains(&format!("{place}: {expected}")), "{log}");
    };
    let arguments = ["--server.port=0", "--greeting.key="];
    check(&[], &arguments, "--greeting.key");
    let file = ("mini-spring.toml", "greeting.key = ''");
    check(
        &[file],
        &["--server.port=0"],
        "mini-spring.toml:1: greeting.key",
    );
}

#[test]
fn a_file_that_cannot_be_read_stops_the_start() {
    let check = |text: &[u8], expected: &str| {
        // `greeting.key` may well be in there: nobody says that it is missing.
        let (directory, mut command) = program(&[], &["--server.port=0"]);
        fs::write(directory.path().join("mini-spring.toml"), text).unwrap();
        let output = command.output().unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{log}");
        let expected = format!("the program can't start: {expected}");
        assert!(log.contains(&expected), "{expected}\n{log}");
    };
    check(
        b"a = \"\xff\"",
        "mini-spring.toml: expected a file of settings, found ",
    );
    check(
        &b"#".repeat((1 << 20) + 1),
        "mini-spring.toml: expected a file of settings, found more than 1 MiB",
    );
    check(b"[greeting]\nto = Ada\n", "mini-spring.toml:2: ");
    // Neither that `greeting.key` is missing, nor that the port is none.
    check(
        b"server.port = '${SETTINGS_TEST_NOTHING}'",
        "mini-spring.toml:1: expected the environment variable `SETTINGS_TEST_NOTHING`, found none",
    );
}

#[test]
fn a_value_may_be_the_text_of_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("name");
    let file = "greeting.to = \"${file:${NAMES}/name}\"\n";
    let start = |text: &[u8]| {
        fs::write(&path, text).unwrap();
        let files = [("mini-spring.toml", file)];
        let (files, mut command) = program(&files, &["--server.port=0", "--greeting.key=k"]);
        command.env("NAMES", directory.path());
        (files, command)
    };
    // The last line break is the editor's.
    let texts = ["Ada", "Ada\n", "Ada\r\n", "Ada\n\n", "${NAMES}"];
    for (text, name) in texts
        .into_iter()
        .zip(["Ada", "Ada", "Ada", "Ada\n", "${NAMES}"])
    {
        let (_files, command) = start(text.as_bytes());
        let example = Example::start(command);
        let mut client = example.connect();
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Key: k\r\n\r\n");
        let expected = format!("Hello, {name}! (30s)");
        assert_eq!(client.answer().body, expected);
        drop(client);
        example.stop();
    }
    let fails = |command: &mut Command, found: &str| {
        let log = String::from_utf8(command.output().unwrap().stderr).unwrap();
        let path = path.display();
        let expected =
            format!("mini-spring.toml:1: expected the text of the file {path}, found {found}");
        assert!(log.contains(&expected), "{expected}\n{log}");
    };
    let (_files, mut command) = start(&b"k".repeat((64 << 10) + 1));
    fails(&mut command, "more than 64 KiB");
    let (_files, mut command) = start(b"");
    fs::remove_file(&path).unwrap();
    fails(&mut command, "No such file or directory");
}

#[config(prefix = "shop")]
struct ShopConfig {
    #[config(default = "shop")]
    name: String,
    #[config(default = 1)]
    size: u8,
    #[config(default = 1)]
    doors: u8,
}

#[route(GET, "/shop")]
fn shop(config: Inject<ShopConfig>) -> String {
    format!("{} {} {}", config.name, config.size, config.doors)
}

#[route(POST, "/shop")]
fn add(goods: &str) -> String {
    goods.len().to_string()
}

#[test]
fn a_test_has_the_settings_of_its_profile() {
    const IS_INSIDE: &str = "SETTINGS_TEST_IS_INSIDE";
    if std::env::var_os(IS_INSIDE).is_some() {
        let app = TestApp::of(routes![shop, add]);
        app.get("/shop").send().assert_text("ours 3 4");
        app.post("/shop").text("five!").send().assert_status(413);
        return;
    }
    // Again, in a directory with files: the working directory and the environment are the process's.
    let directory = tempfile::tempdir().unwrap();
    let files = [
        (
            "mini-spring.toml",
            "server.body = 4\nshop = { name = 'ours', size = 2, doors = 2 }",
        ),
        ("mini-spring-test.toml", "shop.size = 3"),
    ];
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let inside = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_test_has_the_settings_of_its_profile"])
        .current_dir(directory.path())
        .env(IS_INSIDE, "yes")
        .env("MINI_SPRING_SHOP_DOORS", "4")
        .output()
        .unwrap();
    let printed = String::from_utf8(inside.stdout).unwrap();
    assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
}

#[test]
fn a_test_can_replace_settings() {
    let config = ShopConfig {
        name: "fake".to_owned(),
        size: 0,
        doors: 0,
    };
    let app = mini_spring::App::empty().mount("/", routes![shop]);
    let app = TestApp::from_app(app.replace(std::sync::Arc::new(config)));
    app.get("/shop").send().assert_text("fake 0 0");
}

//! Settings from all sources, put together.

use super::*;
use crate::http::ForwardedField;

type Pairs<'p> = &'p [(&'p str, &'p str)];

/// Files are named by their place: `mini-spring.toml`, then that of the profile.
fn settings(files: &[&str], environment: Pairs<'_>, arguments: &[&str]) -> Settings {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    let sources = Sources::new(
        Profile::test(),
        environment.iter().map(owned),
        arguments.iter().map(|&argument| argument.to_owned()),
    );
    let names = [FILE.to_owned(), sources.profile.file()];
    let file = |(path, text): (String, &&str)| SettingsFile {
        path,
        text: (*text).to_owned(),
    };
    let files: Vec<SettingsFile> = names.into_iter().zip(files).map(file).collect();
    sources.settle(&files, Mistakes::default(), &|_| Err(String::new()))
}

fn loaded(environment: Pairs<'_>, arguments: &[&str]) -> Result<ServerConfig, Mistakes> {
    settings(&[], environment, arguments).server(2)
}

#[track_caller]
fn check(files: &[&str], environment: Pairs<'_>, arguments: &[&str], expected: &str) {
    let report = settings(files, environment, arguments).server(2);
    assert_eq!(report.unwrap_err().to_string(), expected);
}

#[track_caller]
fn check_warnings(files: &[&str], environment: Pairs<'_>, arguments: &[&str], expected: &[&str]) {
    let settings = settings(files, environment, arguments);
    assert_eq!(settings.warnings(), expected);
    settings.server(2).unwrap();
}

#[test]
fn a_later_source_wins() {
    let port = |files: &[&str], environment, arguments: &[&str]| {
        let settings = settings(files, environment, arguments);
        settings.server(2).unwrap().port
    };
    let files = &["server.port = 1", "[server]\nport = 2"];
    let environment = &[("MINI_SPRING_SERVER_PORT", "3")][..];
    assert_eq!(port(&[], &[], &[]), 8080);
    assert_eq!(port(&files[..1], &[], &[]), 1);
    assert_eq!(port(files, &[], &[]), 2);
    assert_eq!(port(files, environment, &[]), 3);
    assert_eq!(port(files, environment, &["--server.port=4"]), 4);
    assert_eq!(port(files, environment, &["--server.port", "5"]), 5);
    let twice = &["--server.port=6", "--server.port=7"];
    assert_eq!(port(files, environment, twice), 7);
}

#[test]
fn empty_variables_are_none() {
    let environment = &[("MINI_SPRING_SERVER_PORT", ""), ("MINI_SPRING_PROFILE", "")];
    let settings = settings(&["server.port = 1"], environment, &[]);
    assert_eq!(settings.server(2).unwrap().port, 1);
    assert_eq!(settings.profile.name(), "test");
}

#[test]
fn values_of_files_may_be_of_any_kind() {
    let file = "[server]\n\
                trusted-proxies = ['10.0.0.0/8', '::1']\n\
                access_log = true\n\
                body = 512\n\
                idle-timeout = '2h'\n\
                port = '${PORT:9000}'";
    let config = settings(&[file], &[("PORT", "9001")], &[]).server(2);
    let config = config.unwrap();
    assert_eq!(config.trusted_proxies.to_string(), "10.0.0.0/8, ::1");
    assert!(config.access_log);
    assert_eq!((config.body, config.port), (512, 9001));
    assert_eq!(config.idle_timeout.as_secs(), 7200);
}

#[test]
fn mistakes_are_reported_together_with_their_origin() {
    check(
        &[
            "[server]\nport = 'x'\nhead = [1]\nfields = 0",
            "[server]\nbody = { a = 1 }",
        ],
        &[
            ("MINI_SPRING_SERVER_WORKERS", "many"),
            ("MINI_SPRING_SERVER_HOTS", "::"),
            ("MINI_SPRING_SERVER_GROUPS", "65"),
        ],
        &[
            "serve",
            "--server.prot=1",
            "--server.queue=-1",
            "--colour",
            "--server.host",
        ],
        "10 mistakes:\n  \
         - MINI_SPRING_SERVER_HOTS: there is no such setting; did you mean `MINI_SPRING_SERVER_HOST`?\n  \
         - --server.prot: there is no such setting; did you mean `--server.port`?\n  \
         - --server.host: expected a value, found nothing; write `--server.host=value`\n  \
         - mini-spring.toml:2: server.port: expected a port from 0 to 65535, found `x`\n  \
         - MINI_SPRING_SERVER_WORKERS: expected a whole number, found `many`\n  \
         - mini-spring.toml:3: server.head: expected one value, found a list\n  \
         - mini-spring-test.toml:2: server.body: expected one value, found a table\n  \
         - --server.queue: expected a whole number, found `-1`\n  \
         - MINI_SPRING_SERVER_GROUPS: expected at most 64, found `65`\n  \
         - mini-spring.toml:4: server.fields: expected 1 to 256, found `0`",
    );
}

#[test]
fn what_does_not_fit_the_machine_says_where_it_is_written() {
    let settings = settings(&["[server]\nworkers = 6"], &[], &[]);
    assert!(settings.server(2).is_ok());
    let report = settings.server(4).unwrap_err().to_string();
    let expected = "mini-spring.toml:2: server.workers: expected at least 8, two for each of 4 cores, found `6`; ";
    assert!(report.starts_with(expected), "{report}");
}

/// It is shown as it is written, not as it is understood.
#[test]
fn what_is_out_of_bounds_is_told_as_it_is_written() {
    let settings = settings(
        &["[server]\nhead = \"2048KiB\"\nqueue_timeout = \"0\"\nproxy_protocol = true"],
        &[],
        &["--server.body=6144MiB"],
    );
    let report = settings.server(2).unwrap_err().to_string();
    for expected in [
        "- --server.body: expected at most 1GiB, found `6144MiB`; a route may take more, with `body_limit`",
        "- mini-spring.toml:2: server.head: expected 1 byte to 1MiB, found `2048KiB`",
        "- mini-spring.toml:3: server.queue_timeout: expected 1 ms to 24 days, found `0`",
        "whose headers are believed, found none; `0.0.0.0/0, ::/0` is everybody",
    ] {
        assert!(report.contains(expected), "{report}");
    }
}

#[test]
fn proxies_are_named() {
    let config = loaded(
        &[("MINI_SPRING_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")],
        &["--server.forwarded-field=forwarded"],
    );
    let config = config.unwrap();
    assert_eq!(config.trusted_proxies.to_string(), "10.0.0.0/8, ::1");
    assert_eq!(config.forwarded_field, ForwardedField::Forwarded);
    check(
        &[],
        &[],
        &[
            "--server.trusted_proxies=proxy",
            "--server.forwarded_field=X-Real-IP",
        ],
        "2 mistakes:\n  \
         - --server.trusted_proxies: expected IP addresses and networks such as `10.0.0.0/8, ::1`, found `proxy`\n  \
         - --server.forwarded_field: expected `X-Forwarded-For` or `Forwarded`, found `X-Real-IP`",
    );
}

#[test]
fn unknown_keys_of_files_are_warnings() {
    check_warnings(
        &[
            "[server]\nprot = 1\n[sever]\nport = 1\n[colours]\nred = 1\n",
            "frobnicate = true",
        ],
        &[],
        &[],
        &[
            "mini-spring.toml:2: server.prot: there is no such setting, it is ignored; did you mean `server.port`?",
            "mini-spring.toml:3: sever: there is no such table, it is ignored; did you mean `server`?",
            "mini-spring.toml:5: colours: there is no such table, it is ignored; `--help` lists them",
            "mini-spring-test.toml:1: frobnicate: there is no such setting, it is ignored; `--help` lists them",
        ],
    );
    check(
        &["server = 1"],
        &[],
        &[],
        "mini-spring.toml:1: server: expected a table, found `1`",
    );
}

#[test]
fn slips_in_other_names_are_told_and_left_alone() {
    check_warnings(
        &[],
        &[
            ("MINI_SPRING_SEVER_PORT", "1"),
            ("MINI_SPRING_OTHER", "1"),
            ("OTHER", "1"),
        ],
        &[
            "--sever.port=1",
            "--colour.depth=1",
            "--",
            "--server.prot=1",
        ],
        &[
            "MINI_SPRING_OTHER: no setting has this name; it is ignored",
            "MINI_SPRING_SEVER_PORT: there is no such setting; did you mean `MINI_SPRING_SERVER_PORT`?",
            "--sever.port: no setting has this name, it is left to the program; did you mean `--server.port`?",
        ],
    );
    check(
        &[],
        &[],
        &["--server.frobnicate=1"],
        "--server.frobnicate: there is no such setting; `--help` lists them",
    );
}

#[test]
fn profiles() {
    let profile = |environment, arguments: &[&str]| {
        let settings = settings(&[], environment, arguments);
        let is_logged = settings.server(2).unwrap().access_log;
        (settings.profile.name().to_owned(), is_logged)
    };
    let prod = &[("MINI_SPRING_PROFILE", "prod")][..];
    assert_eq!(profile(&[], &[]), ("test".to_owned(), false));
    assert_eq!(profile(prod, &[]), ("prod".to_owned(), false));
    assert_eq!(profile(prod, &["--profile=dev"]), ("dev".to_owned(), true));
    assert_eq!(
        profile(prod, &["--profile", "dev"]),
        ("dev".to_owned(), true)
    );
    let on = &["--profile=prod", "--server.access_log=on"];
    assert_eq!(profile(&[], on), ("prod".to_owned(), true));
    let expected =
        "expected a profile such as `dev` or `prod`, of letters, digits, `-` and `_`, found";
    check(
        &[],
        &[],
        &["--profile=../x"],
        &format!("--profile: {expected} `../x`"),
    );
    let variable = &[("MINI_SPRING_PROFILE", "a b")];
    check(
        &[],
        variable,
        &[],
        &format!("MINI_SPRING_PROFILE: {expected} `a b`"),
    );
    let none = "--profile: expected a value, found nothing; write `--profile=value`";
    check(&[], &[], &["--profile", "--help"], none);
    let nothing = "the profile `prdo` changes nothing: there is no mini-spring-prdo.toml; write one, or choose \
                   `dev` or `prod`";
    check_warnings(&[], &[], &["--profile=prdo"], &[nothing]);
    check_warnings(&["", ""], &[], &["--profile=staging"], &[]);
}

#[test]
fn tasks() {
    let task = |arguments: &[&str]| {
        let arguments = arguments.iter().map(|&argument| argument.to_owned());
        Sources::new(Profile::test(), [], arguments).task()
    };
    assert_eq!(task(&[]), Task::Serve);
    assert_eq!(task(&["--routes"]), Task::ShowRoutes);
    assert_eq!(task(&["--routes=json"]), Task::ShowRoutesAsJson);
    assert_eq!(task(&["--print-config", "--routes"]), Task::ShowSettings);
    assert_eq!(task(&["--help", "--print-config"]), Task::ShowHelp);
    assert_eq!(task(&["help", "-h", "--", "--help"]), Task::Serve);
    check(
        &[],
        &[],
        &["--routes=xml"],
        "--routes: expected nothing, `=text` or `=json`, found `xml`",
    );
}

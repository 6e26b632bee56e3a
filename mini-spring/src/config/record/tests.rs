//! Structs with `#[config]`: what is read, what isn't, and what is said of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

use super::*;
use crate::config::{ByteSize, FILE, Profile, Secret, SettingsFile, Sources};
use crate::probe::probe;

/// Known to `FromStr` only.
#[derive(Debug, PartialEq)]
struct Colour(u32);

impl FromStr for Colour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        u32::from_str_radix(digits, 16)
            .map(Colour)
            .map_err(|_| "expected a colour such as `#ff0000`")
    }
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    High,
    Custom { value: u8 },
}

#[derive(Debug, Deserialize, PartialEq)]
struct Pool {
    size: NonZeroU16,
    #[serde(default)]
    max_idle: u16,
    keys: Option<Vec<Secret2>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Secret2 {
    name: String,
}

/// Everything.
#[crate::config(prefix = "tests.all")]
#[derive(Debug)]
struct All {
    /// A switch. It has a default.
    #[config(default = true)]
    switch: bool,
    #[config(default = -7)]
    number: i8,
    #[config(default = 0.5, unit = "seconds")]
    float: f64,
    #[config(default = "30s")]
    timeout: Duration,
    #[config(default = "2MiB")]
    size: ByteSize,
    #[config(default = "a, b")]
    list: Vec<String>,
    #[config(default = "#ff0000")]
    colour: Colour,
    other: Option<Colour>,
    #[config(default = "low")]
    level: Level,
    #[config(default)]
    map: BTreeMap<String, Duration>,
    pool: Option<Pool>,
    address: Option<SocketAddr>,
    r#type: Option<PathBuf>,
    #[cfg(any())]
    never: Nothing,
    secret: Option<Secret<u16>>,
}

/// Reads a key of the other one as well.
#[crate::config(prefix = "tests.all")]
struct Again {
    #[config(default = 7)]
    size: ByteSize,
    #[config(default = 8)]
    other_size: ByteSize,
}

/// Written by hand: one of the global table would stop every application of these tests.
static NEEDY: ConfigRecord = ConfigRecord {
    prefix: "tests.needy",
    keys: &[key("needed", None, 7), key("also", None, 8)],
    type_name: std::any::type_name::<(String, Secret<Duration>)>,
    type_id: TypeId::of::<(String, Secret<Duration>)>,
    file: "src/needy.rs",
    line: 6,
    bind: |fields| {
        let needed = fields.read("needed", &probe::<String>().setting());
        let also = fields.read("also", &probe::<Secret<Duration>>().setting());
        Some(bound((needed?, also?)))
    },
};

/// Its default is none.
static WRONG: ConfigRecord = ConfigRecord {
    prefix: "tests.wrong",
    keys: &[key("timeout", Some("8"), 3)],
    type_name: std::any::type_name::<Duration>,
    type_id: TypeId::of::<Duration>,
    file: "src/wrong.rs",
    line: 1,
    bind: |fields| {
        let timeout = fields.read("timeout", &probe::<Duration>().setting());
        Some(bound(timeout?))
    },
};

const fn key(name: &'static str, default: Option<&'static str>, line: u32) -> KeyRecord {
    KeyRecord {
        name,
        doc: &[],
        default,
        has_own_default: false,
        unit: None,
        line,
    }
}

fn settings(file: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Settings {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    let sources = Sources::of(
        configs().chain([&NEEDY, &WRONG]),
        Profile::test(),
        variables.iter().map(owned),
        arguments.iter().map(|&argument| argument.to_owned()),
    );
    let text = file.to_owned();
    let path = FILE.to_owned();
    sources.settle(&[SettingsFile { path, text }], Mistakes::default(), &|_| {
        Err(String::new())
    })
}

fn bind<T: Send + Sync + 'static>(settings: &Settings) -> Result<Arc<T>, String> {
    let mut records = configs().chain([&NEEDY, &WRONG]);
    let record = records.find(|record| (record.type_id)() == TypeId::of::<T>());
    let bound = record.unwrap().bind(settings);
    let bound = bound.map_err(|mistakes| mistakes.to_string())?;
    Ok(bound().shared::<T>().unwrap())
}

fn all(file: &str) -> Result<Arc<All>, String> {
    let settings = settings(&format!("[tests.all]\n{file}"), &[], &[]);
    assert!(settings.warnings().is_empty(), "{:?}", settings.warnings());
    bind(&settings)
}

#[track_caller]
fn check(file: &str, expected: &str) {
    assert_eq!(all(file).unwrap_err(), expected, "{file}");
}

#[test]
fn defaults() {
    let all = all("").unwrap();
    assert!(all.switch);
    assert_eq!((all.number, all.float), (-7, 0.5));
    assert_eq!(all.timeout, Duration::from_secs(30));
    assert_eq!(all.size, ByteSize(2 << 20));
    assert_eq!(all.list, ["a", "b"]);
    assert_eq!((&all.colour, &all.other), (&Colour(0xff0000), &None));
    assert_eq!((&all.level, &all.pool), (&Level::Low, &None));
    assert!(all.map.is_empty() && all.address.is_none());
    assert!(all.secret.is_none() && all.r#type.is_none());
}

#[test]
fn values_of_a_file() {
    let all = all("switch = false\n\
                   number = 127\n\
                   float = 2\n\
                   timeout = '2h'\n\
                   size = 7\n\
                   list = ['x, y']\n\
                   colour = '#00ff00'\n\
                   other = '#0000ff'\n\
                   level = { custom = { value = 3 } }\n\
                   map = { a-b = '1s', c = '2s' }\n\
                   pool = { size = 3, max-idle = 4, keys = [{ name = 'k' }] }\n\
                   address = '[::1]:80'\n\
                   type = '/a'\n\
                   secret = 7")
    .unwrap();
    assert!(!all.switch);
    assert_eq!((all.number, all.float), (127, 2.0));
    assert_eq!(all.timeout, Duration::from_secs(7200));
    assert_eq!(
        (all.size, &all.list[..]),
        (ByteSize(7), &["x, y".to_owned()][..])
    );
    assert_eq!(
        (&all.colour, &all.other),
        (&Colour(0xff00), &Some(Colour(0xff)))
    );
    assert_eq!(all.level, Level::Custom { value: 3 });
    assert_eq!(all.map["a-b"] + all.map["c"], Duration::from_secs(3));
    let pool = all.pool.as_ref().unwrap();
    assert_eq!((pool.size.get(), pool.max_idle), (3, 4));
    assert_eq!(pool.keys.as_ref().unwrap()[0].name, "k");
    assert_eq!(all.address.unwrap().port(), 80);
    assert_eq!(all.r#type.as_deref(), Some("/a".as_ref()));
    assert_eq!(all.secret.as_ref().unwrap().expose(), &7);
}

#[test]
fn text_is_read_as_its_type_wants_it() {
    let variables = [
        ("MINI_SPRING_TESTS_ALL_SWITCH", "off"),
        ("MINI_SPRING_TESTS_ALL_NUMBER", "5"),
        ("MINI_SPRING_TESTS_ALL_TIMEOUT", "7d"),
        ("MINI_SPRING_TESTS_ALL_LIST", "x , y,z"),
        ("MINI_SPRING_TESTS_ALL_LEVEL", "high"),
        ("MINI_SPRING_TESTS_ALL_POOL_SIZE", "9"),
        ("MINI_SPRING_TESTS_ALL_SECRET", "3"),
    ];
    let arguments = [
        "--tests.all.pool.max-idle=2",
        "--tests.all.map.a-b=5s",
        "--tests.all.size",
        "1KiB",
    ];
    let all: Arc<All> = bind(&settings("", &variables, &arguments)).unwrap();
    assert_eq!((all.switch, all.number), (false, 5));
    assert_eq!(all.timeout.as_secs(), 7 * 86_400);
    assert_eq!(
        (&all.list[..], &all.level),
        (&["x", "y", "z"].map(str::to_owned)[..], &Level::High)
    );
    let pool = all.pool.as_ref().unwrap();
    assert_eq!((pool.size.get(), pool.max_idle), (9, 2));
    assert_eq!(all.map["a-b"].as_secs(), 5);
    assert_eq!(
        (all.size, all.secret.as_ref().unwrap().expose()),
        (ByteSize(1024), &3)
    );
    let file = "tests.all.other = '#0000ff'\ntests.all.list = ['a']";
    let all: Arc<All> = bind(&settings(
        file,
        &[],
        &["--tests.all.other=", "--tests.all.list="],
    ))
    .unwrap();
    assert_eq!((&all.other, all.list.len()), (&None, 0));
}

#[test]
fn wrong_values_are_all_told_with_their_place() {
    check(
        "switch = 'yes'\n\
         number = 128\n\
         float = 'x'\n\
         timeout = 30\n\
         size = '2MB'\n\
         list = [1]\n\
         colour = 'red'\n\
         other = 1\n\
         level = 'medium'\n\
         map = { a = 'b' }\n\
         pool = { size = 0 }\n\
         address = 'here'\n\
         type = true\n\
         secret = 'swordfish'",
        "14 mistakes:\n  \
         - mini-spring.toml:2: tests.all.switch: expected `true` or `false`, found `yes`\n  \
         - mini-spring.toml:3: tests.all.number: expected a whole number from -128 to 127, found `128`\n  \
         - mini-spring.toml:4: tests.all.float: expected a number, found `x`\n  \
         - mini-spring.toml:5: tests.all.timeout: expected a duration such as `30s`, `500ms` or `2m`, found `30`\n  \
         - mini-spring.toml:6: tests.all.size: expected a size such as `2MiB`, `16KiB` or `512`, found `2MB`\n  \
         - mini-spring.toml:7: tests.all.list[0]: expected a text in quotes, found `1`\n  \
         - mini-spring.toml:8: tests.all.colour: expected a colour such as `#ff0000`, found `red`\n  \
         - mini-spring.toml:9: tests.all.other: expected a colour such as `#ff0000`, found `1`\n  \
         - mini-spring.toml:10: tests.all.level: expected `low`, `high` or `custom`, found `medium`\n  \
         - mini-spring.toml:11: tests.all.map.a: expected a duration such as `30s`, `500ms` or `2m`, found `b`\n  \
         - mini-spring.toml:12: tests.all.pool.size: expected a nonzero u16, found `0`\n  \
         - mini-spring.toml:13: tests.all.address: invalid socket address syntax, found `here`\n  \
         - mini-spring.toml:14: tests.all.type: expected a text in quotes, found `true`\n  \
         - mini-spring.toml:15: tests.all.secret: expected a whole number from 0 to 65535, found one that isn't shown",
    );
    check(
        "pool = { max_idle = 1 }",
        "mini-spring.toml:2: tests.all.pool: expected `size`, found none",
    );
    check(
        "pool = 7",
        "mini-spring.toml:2: tests.all.pool: expected a table, found `7`",
    );
    check(
        "level = { low = 1 }",
        "mini-spring.toml:2: tests.all.level.low: expected the text `low`, found `1`",
    );
    check(
        "level = { low = 1, high = 2 }",
        "mini-spring.toml:2: tests.all.level: expected one of `low`, `high` or `custom`, found 2 keys",
    );
    check(
        "list = 7",
        "mini-spring.toml:2: tests.all.list: expected a list, found `7`",
    );
    check(
        "number = 1\nswitch = []",
        "mini-spring.toml:3: tests.all.switch: expected `true` or `false`, found a list",
    );
}

#[test]
fn two_structs_may_read_the_same_keys() {
    let settings = settings("tests.all.size = 1\ntests.all.other-size = 2", &[], &[]);
    assert!(settings.warnings().is_empty(), "{:?}", settings.warnings());
    let again: Arc<Again> = bind(&settings).unwrap();
    let all: Arc<All> = bind(&settings).unwrap();
    assert_eq!((again.size, all.size), (ByteSize(1), ByteSize(1)));
    assert_eq!(again.other_size, ByteSize(2));
    let keys = settings.listing();
    assert_eq!(keys.matches("tests.all.size ").count(), 1, "{keys}");
}

#[test]
fn unknown_keys_inside_of_structs_are_told() {
    let file = "[tests.all.pool]\nsize = 1\nmaxidle = 2";
    let settings = settings(file, &[], &[]);
    assert_eq!(
        settings.warnings(),
        [
            "mini-spring.toml:3: tests.all.pool.maxidle: there is no such setting, it is ignored; \
          did you mean `tests.all.pool.max_idle`?"
        ]
    );
    assert!(bind::<All>(&settings).is_ok());
}

#[test]
fn what_is_missing_says_how_it_is_written() {
    let report = bind::<(String, Secret<Duration>)>(&settings("", &[], &[])).unwrap_err();
    assert_eq!(
        report,
        "2 mistakes:\n  \
         - tests.needy.needed: expected a value, found none; write `needed = ..` below `[tests.needy]` in \
         mini-spring.toml, or set MINI_SPRING_TESTS_NEEDY_NEEDED (src/needy.rs:7)\n  \
         - tests.needy.also: expected a value, found none; write `also = ..` below `[tests.needy]` in \
         mini-spring.toml, or set MINI_SPRING_TESTS_NEEDY_ALSO (src/needy.rs:8)"
    );
    // A default is read even if it isn't needed.
    let report = bind::<Duration>(&settings("tests.wrong.timeout = '1s'", &[], &[])).unwrap_err();
    assert_eq!(
        report,
        "src/wrong.rs:3: the default of tests.wrong.timeout: \
         expected a duration such as `30s`, `500ms` or `2m`, found `8`"
    );
}

#[test]
fn secrets_are_masked_everywhere() {
    let variables = [("MINI_SPRING_TESTS_NEEDY_ALSO", "swordfish")];
    let settings = settings("tests.all.secret = 'swordfish'", &variables, &[]);
    let listing = settings.listing();
    let has = |line: &str| {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            listing.lines().any(|found| words(found) == line),
            "{line}\n{listing}"
        );
    };
    has("tests.all.secret *** mini-spring.toml:1");
    has("tests.needy.also *** MINI_SPRING_TESTS_NEEDY_ALSO");
    has("tests.needy.needed required nowhere");
    has("tests.all.list a, b default");
    has("tests.all.map that of its type default");
    has("tests.all.pool.size none default");
    has("server.port 8080 default");
    let reports = [
        bind::<All>(&settings).unwrap_err(),
        bind::<(String, Secret<Duration>)>(&settings).unwrap_err(),
    ];
    assert!(!listing.contains("swordfish"));
    assert!(!reports.concat().contains("swordfish"), "{reports:?}");
}

#[test]
fn help_lists_every_key() {
    let records = configs().chain([&NEEDY, &WRONG]);
    let sources = Sources::of(records, Profile::test(), [], []);
    let help = sources.help("shop");
    let has = |line: &str| assert!(help.contains(line), "{line}\n{help}");
    has("usage: shop [options] [--key=value ...]\n");
    has("a later one wins: defaults, mini-spring.toml, mini-spring-test.toml, ");
    let lines: Vec<String> = help
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let under = |line: &str| {
        let at = lines.iter().position(|found| found == line);
        lines[at.unwrap_or_else(|| panic!("{line}\n{help}")) + 1].clone()
    };
    assert_eq!(
        under("server.access_log true or false false"),
        "Whether each request is logged"
    );
    assert_eq!(under("tests.all.switch true or false true"), "A switch");
    under("tests.all.float seconds 0.5");
    under("tests.all.timeout duration 30s");
    under("tests.all.level low | high | custom low");
    under("tests.all.pool.max_idle number none");
    under("tests.all.type text none");
    under("tests.needy.also duration required");
}

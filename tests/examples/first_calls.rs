//! The table of examples, row by row: each program is started as it says there, and its first call is made over TCP.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::support::example::{Example, command};

const TABLE: &str = include_str!("../../examples/README.md");

/// A row of the table.
struct Row<'a> {
    name: &'a str,
    run: &'a str,
    call: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let lines = TABLE.lines().filter(|line| line.starts_with("| [`"));
    let rows = lines.map(|line| {
        let columns: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, _, run, call] = columns[..] else {
            panic!("not four columns: {line}")
        };
        let (name, _) = name[2..].split_once('`').expect("a name in backticks");
        let (run, call) = (run.trim_matches('`'), call.trim_matches('`'));
        Row { name, run, call }
    });
    rows.collect()
}

/// A line for a shell as words: single quotes and spaces are all that these have.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words
}

/// What curl sends when it is called like this.
#[derive(Default)]
struct Call {
    method: Option<String>,
    fields: Vec<String>,
    body: Vec<u8>,
    target: String,
}

impl Call {
    fn parse(line: &str) -> Self {
        let words = words(line);
        assert_eq!(words[0], "curl", "{line}");
        let (mut call, mut form) = (Call::default(), Vec::new());
        let mut rest = words[1..].iter();
        while let Some(word) = rest.next() {
            let mut value = || rest.next().expect("a value").as_str();
            match word.as_str() {
                "-i" | "-N" => {}
                "-X" => call.method = Some(value().to_owned()),
                "-H" => call.fields.push(value().to_owned()),
                "-d" => {
                    call.body = value().as_bytes().to_vec();
                    let form = "Content-Type: application/x-www-form-urlencoded";
                    call.set("POST", form);
                }
                "-T" => {
                    call.body = fs::read(value()).expect("the file");
                    call.set("PUT", "Accept: */*");
                }
                "-F" => form.extend(part(value())),
                url => {
                    let target = url.strip_prefix("http://localhost:8080");
                    call.target = target.unwrap_or_else(|| panic!("{url}")).to_owned();
                }
            }
        }
        if !form.is_empty() {
            call.body = [form.as_slice(), b"--limit--\r\n"].concat();
            call.set("POST", "Content-Type: multipart/form-data; boundary=limit");
        }
        call
    }

    /// What an option says where another hasn't said it.
    fn set(&mut self, method: &str, field: &str) {
        self.method.get_or_insert(method.to_owned());
        let (name, _) = field.split_once(':').expect("a field");
        let is_set = |set: &String| set[..name.len().min(set.len())].eq_ignore_ascii_case(name);
        if !self.fields.iter().any(is_set) {
            self.fields.push(field.to_owned());
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let method = self.method.as_deref().unwrap_or("GET");
        let mut head = format!(
            "{method} {} HTTP/1.1\r\nHost: localhost:8080\r\n",
            self.target
        );
        for field in &self.fields {
            head += &format!("{field}\r\n");
        }
        if method != "GET" {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

/// `name=text` or `name=@file`, as a part of a form.
fn part(text: &str) -> Vec<u8> {
    let (name, value) = text.split_once('=').expect("a name and a value");
    let (file_name, content) = match value.strip_prefix('@') {
        Some(file) => (
            format!("; filename=\"{file}\""),
            fs::read(file).expect("the file"),
        ),
        None => (String::new(), value.as_bytes().to_vec()),
    };
    let head = format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}");
    [head.as_bytes(), b"\r\n\r\n", &content, b"\r\n"].concat()
}

/// Starts the example of a row as the row says it, with what it keeps in a new directory below this one.
fn start(row: &Row<'_>, directory: &Path) -> Example {
    let words = words(row.run);
    let variables = words.iter().take_while(|word| word.contains('='));
    let variables: Vec<&str> = variables
        .filter_map(|word| word.split('=').next())
        .collect();
    let rest: Vec<&str> = words[variables.len()..]
        .iter()
        .map(String::as_str)
        .collect();
    let ["cargo", "run", "--example", name, arguments @ ..] = &rest[..] else {
        panic!("not the command of an example: {}", row.run)
    };
    assert_eq!(*name, row.name);
    let directory = directory.join(name);
    fs::create_dir(&directory).unwrap();
    let mut started = command(name);
    started.args(arguments.iter().filter(|argument| **argument != "--"));
    started.args(["--server.port=0", "--server.access_log=false"]);
    started.envs(variables.iter().map(|name| (name, &directory)));
    Example::start(started)
}

#[test]
fn every_example_starts_and_answers_its_first_call() {
    let directory = tempfile::tempdir().unwrap();
    for row in rows() {
        let call = Call::parse(row.call);
        // A package of its own, with what it depends on; its tests make this call.
        if row.run == format!("cargo run -p {}", row.name) {
            continue;
        }
        let example = start(&row, directory.path());
        let mut client = example.connect();
        client.send(call.bytes());
        // The body may go on for ever.
        let answer = client.head();
        assert!(
            (200..400).contains(&answer.status),
            "{}: {}\n{}",
            row.name,
            row.call,
            answer.head
        );
        drop(client);
        assert_eq!(example.stop().0, Some(0), "{}", row.name);
    }
}

#[test]
fn every_example_is_in_the_table() {
    let listed: BTreeSet<String> = rows().iter().map(|row| row.name.to_owned()).collect();
    let there = fs::read_dir("examples").unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        let is_program =
            path.extension().is_some_and(|end| end == "rs") || path.join("Cargo.toml").exists();
        is_program.then(|| path.file_stem().unwrap().to_str().unwrap().to_owned())
    });
    assert_eq!(listed, there.collect());
}

//! Settings of a file: TOML to values, each with its line.
//!
//! Knows neither keys nor the file system: the text is read elsewhere.

use std::sync::Arc;

use toml_span::ErrorKind;
use toml_span::value::{Key, ValueInner};

use super::placeholder::{self, Outside};
use super::value::{Entry, Node, Origin, Table, Value, is_same};
use crate::mistakes::Mistakes;

/// A file of settings that has been read.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    /// As it is shown: `mini-spring.toml`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What a file says, as far as it can be read.
pub(super) struct Read {
    pub(super) table: Table,
    /// Nothing of it had to be left out.
    pub(super) is_whole: bool,
}

/// The settings of a file. What can't be read of it is a mistake.
pub(super) fn table<'f>(
    file: &'f SettingsFile,
    outside: Outside<'f>,
    mistakes: &'f mut Mistakes,
) -> Read {
    let mut reader = Reader {
        path: file.path.as_str().into(),
        text: &file.text,
        outside,
        is_whole: true,
        mistakes,
    };
    let table = match toml_span::parse(&file.text) {
        Ok(mut root) => match root.take() {
            ValueInner::Table(table) => reader.table(table),
            _ => Table::default(),
        },
        Err(error) => {
            let line = reader.line(error.span.start);
            let message = match error.kind {
                ErrorKind::UnexpectedEof => OPEN.to_owned(),
                ErrorKind::UnquotedString => format!("expected a value, found a bare word{QUOTES}"),
                ErrorKind::InvalidNumber | ErrorKind::Unexpected(_) | ErrorKind::Wanted { .. } => {
                    let said = error
                        .to_string()
                        .replace("found eof", "found the end of the file");
                    format!("{said}{}", hint(&file.text, error.span.start))
                }
                _ => error.to_string(),
            };
            reader.mistake(line, &message);
            reader.is_whole = false;
            Table::default()
        }
    };
    Read {
        table,
        is_whole: reader.is_whole,
    }
}

/// A file that isn't whole.
const OPEN: &str =
    "the file ends in the middle of something; look for a bracket or a quote that isn't closed";

/// What most often has been forgotten.
const QUOTES: &str = "; text, and all with a unit or a date, stands in quotes";

/// What else can be said where the parser has stopped.
fn hint(text: &str, at: usize) -> &'static str {
    let line = text
        .get(..at)
        .map_or(0, |before| before.rfind('\n').map_or(0, |end| end + 1));
    let line = text.get(line..).unwrap_or_default().lines().next();
    let value = line.and_then(|line| line.split_once('='));
    match value.and_then(|(_, value)| value.trim_start().chars().next()) {
        Some(first) if !matches!(first, '"' | '\'' | '[' | '{') => QUOTES,
        _ => "",
    }
}

struct Reader<'r> {
    path: Arc<str>,
    text: &'r str,
    outside: Outside<'r>,
    is_whole: bool,
    mistakes: &'r mut Mistakes,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    fn mistake(&mut self, line: usize, message: &str) {
        self.mistakes
            .add(format!("{}:{line}: {message}", self.path));
    }

    fn table(&mut self, table: toml_span::value::Table<'_>) -> Table {
        let mut pairs: Vec<(Key<'_>, toml_span::Value<'_>)> = table.into_iter().collect();
        pairs.sort_by_key(|(key, _)| key.span.start);
        let mut entries: Vec<Entry> = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let line = self.line(key.span.start);
            if let Some(first) = entries.iter().find(|entry| is_same(&entry.name, &key.name)) {
                let message = format!(
                    "`{}` and `{}` are one setting; write it once",
                    first.name, key.name
                );
                self.mistake(line, &message);
            }
            if let Some(node) = self.node(value, line) {
                let name = key.name.into_owned();
                entries.push(Entry { name, node });
            }
        }
        Table { entries }
    }

    /// A value behind a key, or in a list, unless it can't be had; the line is that of the key, in which a table begins.
    fn node(&mut self, mut value: toml_span::Value<'_>, line: usize) -> Option<Node> {
        let own_line = self.line(value.span.start);
        let (value, line) = match value.take() {
            ValueInner::Table(table) => (Value::Table(self.table(table)), line),
            ValueInner::Array(list) => {
                let list = list.into_iter().filter_map(|item| {
                    let line = self.line(item.span.start);
                    self.node(item, line)
                });
                (Value::List(list.collect()), own_line)
            }
            ValueInner::String(text) => (Value::Text(self.filled(&text, own_line)?), own_line),
            ValueInner::Integer(number) => (Value::Whole(number), own_line),
            ValueInner::Float(number) => (Value::Number(number), own_line),
            ValueInner::Boolean(switch) => (Value::Switch(switch), own_line),
        };
        let path = Arc::clone(&self.path);
        let origin = Origin::File { path, line };
        Some(Node { value, origin })
    }

    /// The text with its `${NAME}` and `${file:PATH}` replaced.
    fn filled(&mut self, text: &str, line: usize) -> Option<String> {
        let filled = placeholder::fill(text, self.outside);
        let noted = filled.map_err(|message| {
            self.mistake(line, &message);
            self.is_whole = false;
        });
        noted.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(text: &str) -> Result<Table, String> {
        let mut mistakes = Mistakes::default();
        let file = SettingsFile {
            path: "a.toml".to_owned(),
            text: text.to_owned(),
        };
        let outside = Outside {
            variable: &|name| (name == "HOME").then(|| "/home/ada".to_owned()),
            file: &|_| Err("nothing".to_owned()),
        };
        let read = table(&file, outside, &mut mistakes);
        mistakes
            .or(read.table)
            .map_err(|mistakes| mistakes.to_string())
    }

    #[track_caller]
    fn check(text: &str, key: &str, value: Value, line: usize) {
        let table = read(text).unwrap();
        let path = "a.toml".into();
        let origin = Origin::File { path, line };
        assert_eq!(table.find(key), Some(&Node { value, origin }), "{text}");
    }

    #[track_caller]
    fn check_mistake(text: &str, expected: &str) {
        assert_eq!(read(text).unwrap_err(), expected, "{text}");
    }

    #[test]
    fn values_know_their_lines() {
        check("[a]\nb = 1", "a.b", Value::Whole(1), 2);
        check("\n\na.b = 1.5", "a.b", Value::Number(1.5), 3);
        check("[a.b]\n# why\n c-d=true", "a.b.c_d", Value::Switch(true), 3);
        check("a = { b = 'x' }", "a.b", Value::Text("x".to_owned()), 1);
        let home = Value::Text("/home/ada/x".to_owned());
        check("a = \"${HOME}/x\"", "a", home, 1);
        let table = read("a = [\n 1,\n 2]").unwrap();
        let Value::List(list) = &table.find("a").unwrap().value else {
            panic!("{table:?}");
        };
        assert_eq!(list[1].origin.to_string(), "a.toml:3");
    }

    #[test]
    fn mistakes_know_their_lines() {
        check_mistake(
            "a = 1\n[b\n",
            "a.toml:2: expected a right bracket, found a newline",
        );
        check_mistake(
            "a = 1\nb = 30s",
            "a.toml:2: invalid number; text, and all with a unit or a date, stands in quotes",
        );
        check_mistake(
            "a = b",
            "a.toml:1: expected a value, found a bare word; text, and all with a unit or a date, stands in quotes",
        );
        check_mistake("a = 1\na = 2", "a.toml:2: duplicate key: `a`");
        check_mistake(
            "\nb = \"${NO}\"",
            "a.toml:2: expected the environment variable `NO`, found none; set it, or write `${NO:default}`",
        );
        check_mistake(
            "\n\nb = '${file:/a}'",
            "a.toml:3: expected the text of the file /a, found nothing",
        );
        check_mistake(
            "a-b = 1\na_b = 2",
            "a.toml:2: `a-b` and `a_b` are one setting; write it once",
        );
    }

    #[test]
    fn whatever_is_in_a_file_nothing_panics() {
        for text in [
            "\u{feff}a=1",
            "=",
            "\"",
            "a.b.c",
            "[[a]]\n[a]",
            "a = 1979-05-27",
            "a = \"\0\"",
        ] {
            let _ = read(text);
        }
        let deep = "a = ".to_owned() + &"[".repeat(100_000);
        assert!(read(&deep).is_err());
    }
}

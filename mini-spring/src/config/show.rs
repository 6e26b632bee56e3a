//! Settings for people: `--help` says which there are, `--print-config` what they are and why.

use std::fmt::Write;

use super::known::{Default, Known};
use super::value::{Node, Table, Value};
use super::{FILE, Settings, Sources};

impl Sources {
    /// What `--help` shows, for a program of this name.
    pub(crate) fn help(&self, program: &str) -> String {
        let profile = self.profile.name();
        let of_profile = self.profile.file();
        let mut help = format!(
            "usage: {program} [options] [--key=value ...]\n\n\
             options:\n  \
               --profile=NAME        dev in debug builds, else prod, or another one; now {profile}\n  \
               --print-config        shows all settings with where they come from, and ends\n  \
               --routes[=text|json]  shows the routes, and ends\n  \
               --help                shows this, and ends\n\n\
             settings, a later one wins: defaults, {FILE}, {of_profile}, \
             the environment (MINI_SPRING_SERVER_PORT=9000), the command line (--server.port=9000)\n"
        );
        // The program's own come first: the server's are the same everywhere.
        let (servers, own): (Vec<&Known>, Vec<&Known>) = self
            .known
            .iter()
            .partition(|known| known.is_of_the_server());
        let all = [own, servers].concat();
        let defaults: Vec<String> = all.iter().map(|known| default(known)).collect();
        let rows = all
            .iter()
            .zip(&defaults)
            .map(|(known, default)| [known.name.as_str(), known.unit.as_str(), default.as_str()]);
        let rows: Vec<[&str; 3]> = rows.collect();
        let lines = aligned(&rows);
        for (known, line) in all.iter().zip(lines) {
            let _ = write!(help, "\n  {line}");
            let doc = sentence(known.doc);
            if !doc.is_empty() {
                let _ = write!(help, "\n      {doc}");
            }
        }
        help
    }
}

impl Settings {
    /// What `--print-config` shows: a setting a line, with its value and where it is from.
    pub(crate) fn listing(&self) -> String {
        let mut rows: Vec<[String; 3]> = Vec::new();
        for known in &self.known {
            match self.find(&known.name) {
                Some(node) => values(node, known, known.name.clone(), &mut rows),
                None => rows.push([
                    known.name.clone(),
                    default(known),
                    match known.default {
                        Default::Required => "nowhere".to_owned(),
                        _ => "default".to_owned(),
                    },
                ]),
            }
        }
        let rows: Vec<[&str; 3]> = rows
            .iter()
            .map(|row| row.each_ref().map(String::as_str))
            .collect();
        format!(
            "profile: {}\n{}",
            self.profile.name(),
            aligned(&rows).join("\n")
        )
    }
}

/// A value, or those inside of a table, a line each.
fn values(node: &Node, known: &Known, key: String, rows: &mut Vec<[String; 3]>) {
    let origin = node.origin.to_string();
    match &node.value {
        _ if known.is_secret => rows.push([key, "***".to_owned(), origin]),
        Value::Table(Table { entries }) if !entries.is_empty() => {
            for entry in entries {
                values(&entry.node, known, format!("{key}.{}", entry.name), rows);
            }
        }
        _ => {
            let text = node.text().unwrap_or_else(|| "tables".to_owned());
            rows.push([key, shown(&text), origin]);
        }
    }
}

fn default(known: &Known) -> String {
    match &known.default {
        Default::Text(_) if known.is_secret => "***".to_owned(),
        Default::Text(text) => shown(text),
        Default::Own => "that of its type".to_owned(),
        Default::None => "none".to_owned(),
        Default::Required => "required".to_owned(),
    }
}

/// On one line, and nothing in it that steers a terminal.
fn shown(text: &str) -> String {
    match text {
        "" => "none".to_owned(),
        text if text.chars().any(char::is_control) => text.escape_debug().to_string(),
        text => text.to_owned(),
    }
}

/// Columns, two spaces apart.
fn aligned(rows: &[[&str; 3]]) -> Vec<String> {
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let (first, second) = (widest(0).unwrap_or(0), widest(1).unwrap_or(0).min(WIDEST));
    let line = |[one, two, three]: &[&str; 3]| format!("{one:first$}  {two:second$}  {three}");
    rows.iter().map(line).collect()
}

/// A column isn't made wider than this for one long value.
const WIDEST: usize = 40;

/// The first sentence of a documentation, without its links.
fn sentence(doc: &[&str]) -> String {
    let paragraph = doc.iter().map(|line| line.trim());
    let paragraph: Vec<&str> = paragraph.take_while(|line| !line.is_empty()).collect();
    let text = without_links(&paragraph.join(" "));
    let end = text.match_indices(". ").find(|(dot, _)| {
        let next = text[dot + 2..].chars().next();
        next.is_some_and(char::is_uppercase)
    });
    match end {
        Some((dot, _)) => text[..dot].to_owned(),
        None => text.trim_end_matches('.').to_owned(),
    }
}

/// `` [`run`](crate::run) `` is `` `run` ``.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        plain.push_str(before);
        let link = behind.split_once(']').and_then(|(label, behind)| {
            let target = behind.strip_prefix('(')?;
            // What is linked may be a call, `run()`.
            let (target, behind) = target.split_once(')')?;
            let behind = match target.contains('(') {
                true => behind.strip_prefix(')').unwrap_or(behind),
                false => behind,
            };
            Some((label, behind))
        });
        match link {
            Some((label, behind)) => {
                plain.push_str(label);
                rest = behind;
            }
            None => {
                plain.push('[');
                rest = behind;
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let check = |doc: &[&str], expected: &str| assert_eq!(sentence(doc), expected);
        check(&[], "");
        check(&[" The port, 1.5 s. It is", " new."], "The port, 1.5 s");
        check(
            &[" As wide as", " it gets; see [`run`](crate::run())."],
            "As wide as it gets; see `run`",
        );
        check(&[" One.", "", " Two."], "One");
        check(
            &[" A [list] of [`X`](a::X), [Y](b) and [z."],
            "A [list] of `X`, Y and [z",
        );
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(shown("a\u{1b}[2J"), "a\\u{1b}[2J");
        assert_eq!(shown(""), "none");
    }
}

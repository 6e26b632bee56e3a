//! The command line: settings, `--server.port=9000` or `--server.port 9000`, and what else `run` takes from it.
//!
//! Everything else is the program's own, and so is everything behind `--`.

use super::Found;
use super::known::{Known, is_inside, tables};
use super::suggest::nearest;
use super::value::{Node, Origin, Table, Value, is_same};

/// What the program is to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    #[default]
    Serve,
    /// `--routes`
    ShowRoutes,
    /// `--routes=json`
    ShowRoutesAsJson,
    /// `--print-config`
    ShowSettings,
    /// `--help`
    ShowHelp,
}

/// What stands on the command line.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    /// `--profile=dev`
    pub(super) profile: Option<String>,
    /// The settings.
    pub(super) found: Found,
}

/// Takes from the arguments what is for mini-spring; the program's name isn't among them.
pub(super) fn read(arguments: impl IntoIterator<Item = String>, known: &[Known]) -> Arguments {
    let mut read = Arguments::default();
    let mut arguments = arguments
        .into_iter()
        .take_while(|argument| argument != "--")
        .peekable();
    while let Some(argument) = arguments.next() {
        let Some(written) = argument.strip_prefix("--") else {
            continue;
        };
        let (name, inline) = match written.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (written, None),
        };
        // The value behind an unknown name is left to the program: it would be a guess.
        let mut value = || {
            let next = || arguments.next_if(|next| !next.starts_with("--"));
            inline.clone().or_else(next)
        };
        match name {
            "help" if inline.is_none() => read.todo(Task::ShowHelp),
            "print-config" if inline.is_none() => read.todo(Task::ShowSettings),
            "routes" => read.routes(inline.as_deref()),
            "profile" => match value() {
                Some(profile) => read.profile = Some(profile),
                None => read.missing(name),
            },
            _ => match key(name, known) {
                Some(key) => match value() {
                    Some(value) => read.set(&key, name, value),
                    None => read.missing(name),
                },
                None => read.unknown(name, known),
            },
        }
    }
    read
}

/// The key of an argument, as it is known.
fn key(name: &str, known: &[Known]) -> Option<String> {
    let exact = known.iter().find(|known| is_same(&known.name, name));
    match exact {
        Some(known) => Some(known.name.clone()),
        None => {
            let inside = known.iter().any(|known| is_inside(known, name));
            inside.then(|| name.to_owned())
        }
    }
}

impl Arguments {
    /// Of several, the one that says most.
    fn todo(&mut self, task: Task) {
        self.task = self.task.max(task);
    }

    fn routes(&mut self, format: Option<&str>) {
        match format {
            None | Some("text") => self.todo(Task::ShowRoutes),
            Some("json") => self.todo(Task::ShowRoutesAsJson),
            Some(other) => self.found.mistakes.add(format!(
                "--routes: expected nothing, `=text` or `=json`, found `{other}`"
            )),
        }
    }

    fn set(&mut self, key: &str, name: &str, value: String) {
        let value = Value::Text(value);
        let origin = Origin::Argument(format!("--{name}"));
        self.found.table.lay(Table::of(key, Node { value, origin }));
    }

    fn missing(&mut self, name: &str) {
        self.found.mistakes.add(format!(
            "--{name}: expected a value, found nothing; write `--{name}=value`"
        ));
    }

    /// In a table that has keys it is a mistake. Others are the program's, and a slip is told.
    fn unknown(&mut self, name: &str, known: &[Known]) {
        let is_ours = tables(known).iter().any(|table| {
            let start = name.get(..table.len());
            start.is_some_and(|start| is_same(start, table))
                && name.as_bytes().get(table.len()) == Some(&b'.')
        });
        let meant = nearest(name, known.iter().map(|known| known.name.as_str()));
        match (is_ours, meant) {
            (true, Some(meant)) => self.found.mistakes.add(format!(
                "--{name}: there is no such setting; did you mean `--{meant}`?"
            )),
            (true, None) => self.found.mistakes.add(format!(
                "--{name}: there is no such setting; `--help` lists them"
            )),
            (false, Some(meant)) if name.contains('.') => self.found.warnings.push(format!(
                "--{name}: no setting has this name, it is left to the program; \
                 did you mean `--{meant}`?"
            )),
            (false, _) => {}
        }
    }
}

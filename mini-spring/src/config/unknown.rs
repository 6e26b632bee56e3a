//! Keys of files that nobody reads: most of the time a slip, so each is told with what was probably meant.

use super::Found;
use super::known::{Known, is_inside, tables};
use super::suggest::nearest;
use super::value::{Table, Value, is_same};

/// Looks through all settings, which are those of files as yet.
pub(super) fn check(known: &[Known], found: &mut Found) {
    let tables = tables(known);
    let Found {
        table,
        warnings,
        mistakes,
    } = found;
    let mut check = Check {
        known,
        tables,
        warnings,
        mistakes,
    };
    check.table(table, "");
}

struct Check<'c> {
    known: &'c [Known],
    tables: Vec<&'c str>,
    warnings: &'c mut Vec<String>,
    mistakes: &'c mut crate::mistakes::Mistakes,
}

impl Check<'_> {
    fn table(&mut self, table: &Table, above: &str) {
        for entry in &table.entries {
            let key = match above {
                "" => entry.name.clone(),
                above => format!("{above}.{}", entry.name),
            };
            let is_key = |known: &Known| is_same(&known.name, &key) || is_inside(known, &key);
            if self.known.iter().any(is_key) {
                continue;
            }
            let is_table = self.tables.iter().any(|table| is_same(table, &key));
            match (&entry.node.value, is_table) {
                (Value::Table(inside), true) => self.table(inside, &key),
                (_, true) => self.mistakes.add(format!(
                    "{}: expected a table, found {}",
                    entry.node.origin.about(&key),
                    entry.node.found()
                )),
                (Value::Table(_), false) => {
                    let meant = nearest(&key, self.tables.iter().copied());
                    self.warn(entry.node.origin.about(&key), meant, "table");
                }
                (_, false) => {
                    let names = self.known.iter().map(|known| known.name.as_str());
                    let meant = nearest(&key, names);
                    self.warn(entry.node.origin.about(&key), meant, "setting");
                }
            }
        }
    }

    fn warn(&mut self, about: String, meant: Option<&str>, what: &str) {
        self.warnings.push(match meant {
            Some(meant) => {
                format!("{about}: there is no such {what}, it is ignored; did you mean `{meant}`?")
            }
            None => format!("{about}: there is no such {what}, it is ignored; `--help` lists them"),
        });
    }
}

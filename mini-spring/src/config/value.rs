//! Settings as the sources have them: a tree of values, each with where it was written.
//!
//! Knows no key and no type that a value is for.

use std::fmt;
use std::sync::Arc;

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The default, at the field: `src/db.rs:12`.
    Default(String),
    /// A line of a file.
    File { path: Arc<str>, line: usize },
    /// The name of an environment variable.
    Variable(String),
    /// An argument, without its value: `--server.port`.
    Argument(String),
}

impl Origin {
    /// How a sentence about the key begins.
    pub(super) fn about(&self, key: &str) -> String {
        match self {
            Origin::Default(place) => format!("{place}: the default of {key}"),
            Origin::File { .. } => format!("{self}: {key}"),
            Origin::Variable(name) | Origin::Argument(name) => name.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default(_) => formatter.write_str("default"),
            Origin::File { path, line } => write!(formatter, "{path}:{line}"),
            Origin::Variable(name) | Origin::Argument(name) => formatter.write_str(name),
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// A value as its source spells it: from the environment and the command line it is text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    Switch(bool),
    List(Vec<Node>),
    Table(Table),
}

/// Values by name. `idle-timeout` is `idle_timeout`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) node: Node,
}

/// Whether both name the same setting.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let letter = |byte: u8| if byte == b'-' { b'_' } else { byte };
    one.bytes().map(letter).eq(other.bytes().map(letter))
}

impl Table {
    /// The value of a name: as it is written, or else with the other dash.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.place(name).map(|index| &self.entries[index].node)
    }

    fn place(&self, name: &str) -> Option<usize> {
        let exact = self.entries.iter().position(|entry| entry.name == name);
        exact.or_else(|| {
            let mut entries = self.entries.iter();
            entries.position(|entry| is_same(&entry.name, name))
        })
    }

    /// The value of a key of several names, `database.pool`.
    pub(super) fn find(&self, key: &str) -> Option<&Node> {
        match key.split_once('.') {
            None => self.get(key),
            Some((first, rest)) => match &self.get(first)?.value {
                Value::Table(table) => table.find(rest),
                _ => None,
            },
        }
    }

    /// Lays another table over this one: what is in both is that of the other, and tables are joined.
    pub(super) fn lay(&mut self, over: Table) {
        for Entry { name, node } in over.entries {
            let Some(index) = self.place(&name) else {
                self.entries.push(Entry { name, node });
                continue;
            };
            let below = &mut self.entries[index].node;
            match (&mut below.value, node.value) {
                (Value::Table(table), Value::Table(over)) => table.lay(over),
                (_, value) => {
                    *below = Node {
                        value,
                        origin: node.origin,
                    }
                }
            }
        }
    }

    /// A table with one value at a key of several names.
    pub(super) fn of(key: &str, node: Node) -> Table {
        let (name, node) = match key.split_once('.') {
            None => (key, node),
            Some((first, rest)) => {
                let origin = node.origin.clone();
                let value = Value::Table(Table::of(rest, node));
                (first, Node { value, origin })
            }
        };
        let name = name.to_owned();
        Table {
            entries: vec![Entry { name, node }],
        }
    }
}

impl Node {
    /// As it would be written on the command line; nothing for a table.
    pub(super) fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Whole(number) => Some(number.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Switch(switch) => Some(switch.to_string()),
            Value::List(list) => {
                let texts: Option<Vec<String>> = list.iter().map(Node::text).collect();
                texts.map(|texts| texts.join(", "))
            }
            Value::Table(_) => None,
        }
    }

    /// The value in a sentence: "found `x`".
    pub(super) fn found(&self) -> String {
        match &self.value {
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            _ => format!("`{}`", self.text().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node {
        Node {
            value: Value::Text(text.to_owned()),
            origin: Origin::Variable("V".to_owned()),
        }
    }

    #[test]
    fn what_lies_above_wins_and_tables_are_joined() {
        let mut table = Table::of("a.b-c", node("1"));
        table.lay(Table::of("a.d", node("2")));
        table.lay(Table::of("a.b_c", node("3")));
        assert_eq!(table.find("a.b_c"), Some(&node("3")));
        assert_eq!(table.find("a.d"), Some(&node("2")));
        assert_eq!(table.find("a.e"), None);
        assert_eq!(table.find("a.d.e"), None);
        table.lay(Table::of("a", node("4")));
        assert_eq!(table.find("a.d"), None);
        table.lay(Table::of("a.d", node("5")));
        assert_eq!(table.find("a.d"), Some(&node("5")));
    }
}

//! All keys that somebody reads: those of the server, and the fields of every `#[config]`.

use super::read::{Kind, Shape};
use super::record::{ConfigRecord, KeyRecord};
use super::server::{SERVER_KEYS, ServerKey};
use super::value::is_same;

/// A key that has a meaning.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// `server.port`
    pub(super) name: String,
    /// The lines of its documentation.
    pub(super) doc: &'static [&'static str],
    /// What is written.
    pub(super) unit: String,
    pub(super) default: Default,
    pub(super) kind: Kind,
    pub(super) is_secret: bool,
}

impl Known {
    /// Whether it is a setting of the server.
    pub(super) fn is_of_the_server(&self) -> bool {
        self.name.starts_with("server.")
    }
}

#[derive(Debug, Clone)]
pub(super) enum Default {
    /// As it would be written.
    Text(String),
    /// Its type makes it.
    Own,
    /// It may be absent.
    None,
    /// There must be a value.
    Required,
}

/// Of the server with these defaults, and of these structs. A key that several structs read is there once.
pub(super) fn known(
    server: &super::ServerConfig,
    records: impl Iterator<Item = &'static ConfigRecord>,
) -> Vec<Known> {
    let of_server = |key: &ServerKey| Known {
        name: key.name.to_owned(),
        doc: key.doc,
        unit: key.unit.to_owned(),
        default: Default::Text((key.show)(server)),
        kind: Kind::Text,
        is_secret: false,
    };
    let mut known: Vec<Known> = SERVER_KEYS.iter().map(of_server).collect();
    for record in records {
        for (key, shape) in record.shapes() {
            let name = format!("{}.{}", record.prefix, key.name);
            add(&mut known, name, key, &shape, false);
        }
    }
    known
}

/// The key of a field, or those of the struct that it is.
fn add(known: &mut Vec<Known>, name: String, key: &KeyRecord, shape: &Shape, is_inside: bool) {
    if shape.kind == Kind::Fields && !shape.fields.is_empty() {
        for (field, inside) in &shape.fields {
            let mut inside = inside.clone();
            inside.is_secret |= shape.is_secret;
            add(known, format!("{name}.{field}"), key, &inside, true);
        }
        return;
    }
    if let Some(same) = known.iter_mut().find(|other| is_same(&other.name, &name)) {
        same.is_secret |= shape.is_secret;
        return;
    }
    let default = match (is_inside, key.default) {
        // What serde does where a field of it is missing isn't known.
        (true, _) => Default::None,
        (false, Some(text)) => Default::Text(text.to_owned()),
        (false, None) if key.has_own_default => Default::Own,
        (false, None) if shape.is_optional => Default::None,
        (false, None) => Default::Required,
    };
    known.push(Known {
        name,
        doc: if is_inside { &[] } else { key.doc },
        unit: key.unit.map_or_else(|| unit(shape.kind), str::to_owned),
        default,
        kind: shape.kind,
        is_secret: shape.is_secret,
    });
}

fn unit(kind: Kind) -> String {
    let word = match kind {
        Kind::Any | Kind::Fields => "value",
        Kind::Switch => "true or false",
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::Duration => "duration",
        Kind::Size => "size",
        Kind::List => "list",
        Kind::Map => "table",
        Kind::Choice(names) => return names.join(" | "),
    };
    word.to_owned()
}

/// `MINI_SPRING_SERVER_PORT` for `server.port`.
pub(super) fn variable(key: &str) -> String {
    let name = key.replace(['.', '-'], "_").to_ascii_uppercase();
    format!("MINI_SPRING_{name}")
}

/// Whether the key is inside of a known one that takes any names.
pub(super) fn is_inside(known: &Known, key: &str) -> bool {
    let takes_names = matches!(known.kind, Kind::Map | Kind::Any);
    let inside = key.get(..known.name.len()).is_some_and(|start| {
        is_same(start, &known.name) && key.as_bytes().get(start.len()) == Some(&b'.')
    });
    takes_names && inside
}

/// The tables in which known keys stand: `server`, `database`, `database.pool`.
pub(super) fn tables(known: &[Known]) -> Vec<&str> {
    let tables = known.iter().flat_map(|known| {
        let dots = known.name.match_indices('.');
        dots.map(|(dot, _)| &known.name[..dot])
    });
    let mut tables: Vec<&str> = tables.collect();
    tables.sort();
    tables.dedup();
    tables
}

//! What `#[config]` leaves behind of a struct, and how it becomes a value.
//!
//! Plain data and function pointers, so that it can be a constant. A struct is bound once, when the application
//! starts; all that is wrong with its fields is reported together.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::Settings;
use super::known::variable;
use super::read::{Path, Reader, Shape, Spot};
use super::value::{Node, Origin, Value};
use crate::component::{Key, Part};
use crate::mistakes::Mistakes;

/// A struct of settings.
#[doc(hidden)]
pub struct ConfigRecord {
    /// What stands in front of its keys: `database`.
    pub prefix: &'static str,
    /// Its fields.
    pub keys: &'static [KeyRecord],
    /// The name of the type, with its module.
    pub type_name: fn() -> &'static str,
    pub type_id: fn() -> TypeId,
    /// `file!()` and `line!()` of the attribute.
    pub file: &'static str,
    pub line: u32,
    /// Reads the fields; nothing if one of them can't be had.
    pub bind: fn(&mut Fields<'_>) -> Option<Bound>,
}

/// A field of a struct of settings.
#[doc(hidden)]
#[derive(Debug)]
pub struct KeyRecord {
    pub name: &'static str,
    /// The lines of its documentation.
    pub doc: &'static [&'static str],
    /// The default as it would be written.
    pub default: Option<&'static str>,
    /// There is one that the type makes.
    pub has_own_default: bool,
    /// What is written, where the type doesn't say.
    pub unit: Option<&'static str>,
    pub line: u32,
}

/// A struct that was made, as a component that can be shared as often as it is asked for.
#[doc(hidden)]
pub struct Bound(Share);

/// Gives the struct once more.
pub(crate) type Share = Arc<dyn Fn() -> Part + Send + Sync>;

/// Makes the value of a struct shared.
#[doc(hidden)]
pub fn bound<T: Send + Sync + 'static>(value: T) -> Bound {
    let shared = Arc::new(value);
    Bound(Arc::new(move || Part::of(Arc::clone(&shared))))
}

inventory::collect!(ConfigRecord);

static CONFIGS: Lazy<Vec<&'static ConfigRecord>> = Lazy::new(|| {
    let mut records: Vec<_> = inventory::iter::<ConfigRecord>.into_iter().collect();
    records.sort_by_key(|record| (record.prefix, record.file, record.line));
    records
});

/// All structs of settings of the program and its libraries, in a fixed order.
pub(crate) fn configs() -> impl Iterator<Item = &'static ConfigRecord> {
    CONFIGS.iter().copied()
}

impl ConfigRecord {
    /// Where the struct was written: `src/db.rs:12`.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The type that it is.
    pub(crate) fn key(&self) -> Key {
        Key {
            id: (self.type_id)(),
            type_name: (self.type_name)(),
            label: None,
        }
    }

    /// Makes the struct.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with its fields.
    pub(crate) fn bind(&'static self, settings: &Settings) -> Result<Share, Mistakes> {
        let mut fields = Fields::new(self, Some(settings));
        let bound = (self.bind)(&mut fields);
        match bound {
            Some(Bound(share)) => fields.mistakes.or(share),
            None => Err(fields.mistakes),
        }
    }
}

impl ConfigRecord {
    /// Which values the fields take, in their order: generated code says it while it asks for them.
    pub(super) fn shapes(&'static self) -> Vec<(&'static KeyRecord, Shape)> {
        let mut fields = Fields::new(self, None);
        (self.bind)(&mut fields);
        fields.shapes
    }
}

impl fmt::Debug for ConfigRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", (self.type_name)(), self.place())
    }
}

/// The settings of one struct while it is bound.
#[doc(hidden)]
#[derive(Debug)]
pub struct Fields<'s> {
    record: &'static ConfigRecord,
    /// None, if only the shapes are wanted.
    settings: Option<&'s Settings>,
    shapes: Vec<(&'static KeyRecord, Shape)>,
    mistakes: Mistakes,
}

impl<'s> Fields<'s> {
    fn new(record: &'static ConfigRecord, settings: Option<&'s Settings>) -> Self {
        Fields {
            record,
            settings,
            shapes: Vec::new(),
            mistakes: Mistakes::default(),
        }
    }

    /// The value of a field, or of its default; it is a mistake if there is neither.
    pub fn read<T>(&mut self, name: &str, reader: &Reader<T>) -> Option<T> {
        let (field, settings) = self.field(name, reader)?;
        let default = field
            .default
            .map(|text| self.default_value(field, text, reader));
        match (self.written(field, settings, reader), default) {
            (Some(written), _) => written,
            (None, Some(default)) => default,
            (None, None) => (reader.absent)().or_else(|| {
                // It may be in the file that can't be read, which is a mistake already.
                if settings.is_whole {
                    self.mistakes.add(self.missing(field));
                }
                None
            }),
        }
    }

    /// The value of a field, or that of its type.
    pub fn read_or<T>(&mut self, name: &str, reader: &Reader<T>, own: fn() -> T) -> Option<T> {
        let (field, settings) = self.field(name, reader)?;
        self.written(field, settings, reader)
            .unwrap_or_else(|| Some(own()))
    }

    /// The field of a name that generated code knows, and the settings. If there are none its shape is noted.
    fn field<T>(
        &mut self,
        name: &str,
        reader: &Reader<T>,
    ) -> Option<(&'static KeyRecord, &'s Settings)> {
        let mut keys = self.record.keys.iter();
        let field = keys.find(|field| field.name == name)?;
        if self.settings.is_none() {
            self.shapes.push((field, (reader.shape)()));
        }
        Some((field, self.settings?))
    }

    /// What a source says of it; nothing inside if that can't be read.
    fn written<T>(
        &mut self,
        field: &KeyRecord,
        settings: &Settings,
        reader: &Reader<T>,
    ) -> Option<Option<T>> {
        let key = self.key(field);
        let node = settings.find(&key)?;
        Some(self.value(node, &key, reader))
    }

    /// Also a default that isn't needed is read, so that it isn't wrong when it is.
    fn default_value<T>(&mut self, field: &KeyRecord, text: &str, reader: &Reader<T>) -> Option<T> {
        let node = Node {
            value: Value::Text(text.to_owned()),
            origin: Origin::Default(format!("{}:{}", self.record.file, field.line)),
        };
        self.value(&node, &self.key(field), reader)
    }

    fn value<T>(&mut self, node: &Node, key: &str, reader: &Reader<T>) -> Option<T> {
        let spot = Spot {
            node,
            path: &Path::Key(key),
            is_secret: false,
        };
        let read = (reader.read)(spot);
        read.map_err(|error| self.mistakes.add(error.to_string()))
            .ok()
    }

    fn key(&self, field: &KeyRecord) -> String {
        format!("{}.{}", self.record.prefix, field.name)
    }

    fn missing(&self, field: &KeyRecord) -> String {
        let key = self.key(field);
        format!(
            "{key}: expected a value, found none; write `{} = ..` below `[{}]` in {}, or set {} \
             ({}:{})",
            field.name,
            self.record.prefix,
            super::FILE,
            variable(&key),
            self.record.file,
            field.line
        )
    }
}

#[cfg(test)]
mod tests;

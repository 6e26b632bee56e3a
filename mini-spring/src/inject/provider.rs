//! A provider: whatever a component comes from, before it is known who needs it.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::record::{Build, ComponentRecord, Description, Made, MadeHere};
use super::supply::Supply;
use crate::component::{Key, Part, Requirement};
use crate::config::{ConfigRecord, configs};
use crate::error::Error;
use crate::extract::BodyUse;
use crate::request::Request;
use crate::respond::Problem;

/// Where a component comes from.
#[derive(Clone)]
pub(crate) struct Provider {
    /// Name and place, as messages say it.
    pub(super) origin: String,
    /// The types under which it is found; the first is its own.
    pub(super) keys: Vec<Key>,
    pub(super) is_primary: bool,
    pub(super) needs: Vec<Requirement>,
    /// What its arguments do with the body of a request.
    pub(super) body: BodyUse,
    pub(super) make: Make,
}

/// How it is made.
#[derive(Clone)]
pub(super) enum Make {
    /// It is here, and only shared.
    Given(Arc<dyn Fn() -> Vec<Part> + Send + Sync>),
    Once(fn(&mut Supply<'_>) -> Result<Made, Error>),
    PerRequest(fn(&Request) -> Result<MadeHere, Problem>),
    /// It is a struct of settings; [`Graph::bind`](super::graph::Graph::bind) makes it one that is given.
    Settings(&'static ConfigRecord),
}

/// What stands in the place of a component that is made for each request.
#[derive(Debug, Clone, Copy)]
pub(super) struct PerRequest {
    /// The number of its provider.
    pub(super) provider: usize,
    pub(super) build: fn(&Request) -> Result<MadeHere, Problem>,
}

impl Provider {
    /// Of a record, or what is wrong with its arguments.
    pub(super) fn of(record: &ComponentRecord) -> Result<Self, String> {
        let Description { keys, needs, .. } = Description::of(record);
        let ComponentRecord {
            name,
            module,
            file,
            line,
            ..
        } = record;
        let origin = format!("{module}::{name} ({file}:{line})");
        if let Some(faults) = needs.faulty() {
            return Err(format!("{origin}: {faults}"));
        }
        if needs.body() > BodyUse::Memory {
            return Err(format!(
                "{origin} takes the body of a request as a file or while it arrives, which is for handlers; \
                 take it as `Json<T>` or text"
            ));
        }
        Ok(Provider {
            origin,
            keys,
            is_primary: record.is_primary,
            body: needs.body(),
            needs: needs.into_components(),
            make: match record.build {
                Build::Once(build) => Make::Once(build),
                Build::PerRequest(build) => Make::PerRequest(build),
            },
        })
    }

    /// Of a struct of settings.
    fn settings(record: &'static ConfigRecord) -> Self {
        let key = record.key();
        Provider {
            origin: format!("{} ({})", key.type_name, record.place()),
            keys: vec![key],
            is_primary: false,
            needs: Vec::new(),
            body: BodyUse::None,
            make: Make::Settings(record),
        }
    }

    /// Of a component that is here already.
    pub(crate) fn given<T: ?Sized + Send + Sync + 'static>(
        shared: Arc<T>,
        place: &Location<'_>,
    ) -> Self {
        Provider {
            origin: format!("the one at {}:{}", place.file(), place.line()),
            keys: vec![Key::of::<T>(None)],
            is_primary: false,
            needs: Vec::new(),
            body: BodyUse::None,
            make: Make::Given(Arc::new(move || vec![Part::of(shared.clone())])),
        }
    }

    /// The type under which it is found first.
    pub(crate) fn key(&self) -> Option<Key> {
        self.keys.first().copied()
    }

    /// Its name, if it has one.
    pub(super) fn label(&self) -> Option<&'static str> {
        self.key()?.label
    }

    pub(super) fn is_per_request(&self) -> bool {
        matches!(self.make, Make::PerRequest(_))
    }

    /// Whether it is found under this type, whatever its name.
    pub(crate) fn is_of(&self, key: Key) -> bool {
        self.keys.iter().any(|known| known.id == key.id)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.origin)
    }
}

/// The providers of the program that this profile has.
pub(crate) fn of_program(profile: &str, mistakes: &mut crate::mistakes::Mistakes) -> Vec<Provider> {
    let records = super::record::table().iter();
    let active = records.filter(|record| is_active(record, profile));
    let providers = active.map(|record| Provider::of(record));
    providers
        .filter_map(|provider| provider.map_err(|mistake| mistakes.add(mistake)).ok())
        .chain(configs().map(Provider::settings))
        .collect()
}

/// The components that other profiles have: their types, and what to say of them.
pub(super) fn of_other_profiles(profile: &str) -> impl Iterator<Item = (Vec<Key>, String)> {
    let records = super::record::table().iter();
    let others = records.filter(move |record| !is_active(record, profile));
    others.map(|record| {
        let ComponentRecord {
            name,
            module,
            file,
            line,
            profiles,
            ..
        } = record;
        let profiles = profiles.join("` and `");
        let origin =
            format!("{module}::{name} ({file}:{line}) is for the profile `{profiles}` only");
        (Description::of(record).keys, origin)
    })
}

fn is_active(record: &ComponentRecord, profile: &str) -> bool {
    record.profiles.is_empty() || record.profiles.contains(&profile)
}

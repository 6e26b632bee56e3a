//! Components as a request sees them: a key for each type, a place for each key, and what is there.
//!
//! A place is a number that a key keeps for as long as the process lives, so that an argument of a handler
//! looks its component up once and then knows where it stands, in every application. Knows neither how
//! components are made nor what needs them.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use once_cell::sync::Lazy;

use crate::unwind::drop_quietly;

/// Which component is meant: one of this type, and of this name if it says one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) id: TypeId,
    pub(crate) type_name: &'static str,
    pub(crate) label: Option<&'static str>,
}

impl Key {
    pub(crate) fn of<T: ?Sized + 'static>(label: Option<&'static str>) -> Self {
        Key {
            id: TypeId::of::<T>(),
            type_name: type_name::<T>(),
            label,
        }
    }

    /// The number of its place.
    pub(crate) fn place(self) -> usize {
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        let next = places.len();
        *places.entry(self).or_insert(next)
    }
}

static PLACES: Lazy<Mutex<HashMap<Key, usize>>> = Lazy::new(Mutex::default);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.id == other.id && self.label == other.label
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.label.hash(state);
    }
}

/// An `Arc<T>`, or something else that stands for a component, whose type only its user knows.
pub(crate) type Instance = Box<dyn Any + Send + Sync>;

/// A component under one of its types.
pub(crate) struct Part {
    pub(crate) id: TypeId,
    value: Instance,
    copy: fn(&Instance) -> Option<Instance>,
}

impl Part {
    /// Of an `Arc` of this type.
    pub(crate) fn of<T: ?Sized + Send + Sync + 'static>(value: Arc<T>) -> Self {
        Part {
            id: TypeId::of::<T>(),
            value: Box::new(value),
            copy: |value| {
                let value = value.downcast_ref::<Arc<T>>()?.clone();
                Some(Box::new(value))
            },
        }
    }

    /// The `Arc` that is in it.
    pub(crate) fn shared<T: ?Sized + 'static>(&self) -> Option<Arc<T>> {
        self.value.downcast_ref::<Arc<T>>().cloned()
    }

    /// Another one that shares the component.
    pub(crate) fn copy(&self) -> Option<Instance> {
        (self.copy)(&self.value)
    }
}

/// The components of an application.
#[derive(Default)]
pub(crate) struct Instances {
    /// By the places of their keys.
    by_place: Vec<Option<Instance>>,
    /// All of them, in the order in which they were made.
    made: Vec<Vec<Part>>,
}

impl Instances {
    /// Those that were made, and what stands in which place.
    pub(crate) fn new(
        made: Vec<Vec<Part>>,
        places: impl IntoIterator<Item = (usize, Instance)>,
    ) -> Self {
        let mut by_place = Vec::new();
        for (place, instance) in places {
            if by_place.len() <= place {
                by_place.resize_with(place + 1, || None);
            }
            by_place[place] = Some(instance);
        }
        Instances { by_place, made }
    }

    /// What stands in this place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<&Instance> {
        self.by_place.get(place)?.as_ref()
    }
}

/// Components go in the reverse order of their making, so that each is there as long as what was made with it.
impl Drop for Instances {
    fn drop(&mut self) {
        self.by_place.clear();
        while let Some(parts) = self.made.pop() {
            drop_quietly(parts);
        }
    }
}

impl std::fmt::Debug for Instances {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} components", self.made.len())
    }
}

/// What somebody needs, and where that was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requirement {
    pub(crate) key: Key,
    pub(crate) amount: Amount,
    pub(crate) argument: Argument,
}

/// How many components are needed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Amount {
    One,
    /// One, if there is one.
    Perhaps,
    /// All that there are: the key under which a list of them is found, and how the list is made.
    All(Key, fn(&[&Part]) -> Option<Instance>),
}

/// An argument, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Argument {
    /// Name and type.
    pub(crate) label: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    trait Named: Send + Sync {
        fn name(&self) -> &'static str;
    }

    struct Ada;

    impl Named for Ada {
        fn name(&self) -> &'static str {
            "Ada"
        }
    }

    #[test]
    fn a_key_keeps_its_place() {
        let place = Key::of::<Ada>(None).place();
        let other = Key::of::<Ada>(Some("other")).place();
        assert_ne!(place, other);
        assert_eq!(Key::of::<Ada>(None).place(), place);
        assert_eq!(Key::of::<Ada>(Some("other")).place(), other);
    }

    #[test]
    fn parts_share_what_they_are_of() {
        let ada = Arc::new(Ada);
        let part = Part::of::<dyn Named>(ada.clone());
        assert_eq!(part.shared::<dyn Named>().unwrap().name(), "Ada");
        assert!(part.shared::<Ada>().is_none());
        let copy = part.copy().unwrap();
        assert!(copy.is::<Arc<dyn Named>>());
        assert_eq!(Arc::strong_count(&ada), 3);
    }

    #[test]
    fn the_last_that_was_made_goes_first() {
        struct Tell(u8, Arc<Mutex<Vec<u8>>>);
        impl Drop for Tell {
            fn drop(&mut self) {
                self.1.lock().unwrap().push(self.0);
            }
        }
        let told: Arc<Mutex<Vec<u8>>> = Arc::default();
        let made = (0..3).map(|number| vec![Part::of(Arc::new(Tell(number, told.clone())))]);
        let made: Vec<_> = made.collect();
        let places = made.iter().enumerate();
        let places: Vec<_> = places
            .map(|(place, parts)| (place, parts[0].copy().unwrap()))
            .collect();
        let instances = Instances::new(made, places);
        assert!(instances.get(1).is_some() && instances.get(7).is_none());
        drop(instances);
        assert_eq!(*told.lock().unwrap(), [2, 1, 0]);
    }
}

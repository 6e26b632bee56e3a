//! How the fields that a validator has named are called on the wire.
//!
//! garde names them as Rust does, by paths such as `lines[0].unit_price`; the client knows
//! `/lines/0/unitPrice`. serde's derive knows both, but tells a deserializer only the second: so the request
//! is read once more, and [`walk`](super::walk) looks on. Where serde says which fields a struct has, one of
//! the same letters is the field; where it doesn't, one of the document's is. A field that isn't found
//! leaves the place of what it is in: what is said is never wrong, only less.

use std::cell::RefCell;
use std::collections::HashMap;

use super::walk::At;

/// A step from a value to one in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Element(usize),
}

/// How often a request is read at most: by names, by letters, and then for two levels of `flatten`.
const ROUNDS: usize = 4;

/// Fields whose way leads through a value: which, and how many of their steps are behind.
pub(super) type Ways = Vec<(usize, usize)>;

/// The fields that have failed, and where they stand as far as that is known.
#[derive(Debug, Default)]
pub struct Names {
    fields: Vec<Field>,
    /// Where the walk is.
    pub(super) here: Vec<String>,
    /// The key that was read last.
    pub(super) key: Option<String>,
    /// Whether members of unknown objects need only have the same letters.
    by_letters: bool,
    /// Fields are told by name, as those of a form, and not by a pointer.
    pub(super) is_form: bool,
}

/// A field that is looked for.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) steps: Vec<Step>,
    /// So many of the steps lead to that place.
    done: usize,
    pub(super) place: Vec<String>,
    /// It is an object of which serde doesn't say the fields.
    is_open: bool,
    /// Steps that have no place of their own.
    flattened: Vec<Step>,
}

impl Field {
    /// The name of the parameter or the form's field that it is, or is in.
    pub(super) fn name(&self) -> String {
        let is_name = |token: &&String| token.parse::<usize>().is_err();
        let names: Vec<_> = self.place.iter().filter(is_name).cloned().collect();
        names.join(".")
    }

    /// The steps that were not found.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Step> {
        let is_found = self.done == self.steps.len();
        let flattened = self.flattened.iter().filter(move |_| !is_found);
        flattened.chain(&self.steps[self.done..])
    }
}

impl Names {
    /// Looks for fields by these steps.
    pub(super) fn of(fields: impl Iterator<Item = Vec<Step>>) -> Self {
        let fields = fields.map(|steps| Field {
            steps,
            done: 0,
            place: Vec::new(),
            is_open: false,
            flattened: Vec::new(),
        });
        Names {
            fields: fields.collect(),
            ..Names::default()
        }
    }

    /// Has the request read until all fields are found, or nothing else can be tried.
    pub(crate) fn search(&mut self, mut read: impl FnMut(At<'_>)) {
        for round in 0..ROUNDS {
            let ways: Ways = self.missing().map(|index| (index, 0)).collect();
            if ways.is_empty() {
                return;
            }
            let shared = RefCell::new(std::mem::take(self));
            read(At::root(&shared, ways));
            *self = shared.into_inner();
            self.here.clear();
            match round {
                0 => self.by_letters = true,
                _ if self.flatten() => {}
                _ => return,
            }
        }
    }

    /// Takes garde's names for those that the client knows.
    pub(super) fn take_as_they_are(&mut self) {
        for field in &mut self.fields {
            let name = |step: &Step| match step {
                Step::Member(name) => name.clone(),
                Step::Element(index) => index.to_string(),
            };
            field.place = field.steps.iter().map(name).collect();
            field.done = field.steps.len();
        }
    }

    fn missing(&self) -> impl Iterator<Item = usize> {
        let fields = self.fields.iter().enumerate();
        fields
            .filter(|(_, field)| field.done < field.steps.len())
            .map(|(index, _)| index)
    }

    /// Takes what is in no object of unknown fields for a part of that object, as by
    /// `#[serde(flatten)]`. False: there is none.
    fn flatten(&mut self) -> bool {
        let open = |field: &&mut Field| field.is_open && field.steps.len() > field.done + 1;
        let mut any = false;
        for field in self.fields.iter_mut().filter(open) {
            let step = field.steps.remove(field.done);
            field.flattened.push(step);
            field.is_open = false;
            any = true;
        }
        any
    }

    /// The fields, with what was found.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(super) fn step(&self, (field, done): (usize, usize)) -> Option<&Step> {
        self.fields[field].steps.get(done)
    }

    /// So many steps of a field lead to here, or, if there is a `name`, to the member of this name. False:
    /// they lead somewhere else, as was found before.
    pub(super) fn reach(&mut self, (field, done): (usize, usize), name: Option<&str>) -> bool {
        let field = &mut self.fields[field];
        let here = self.here.iter().map(String::as_str).chain(name);
        if here
            .clone()
            .zip(&field.place)
            .any(|(one, other)| one != other)
        {
            return false;
        }
        if done > field.done {
            field.done = done;
            field.is_open = false;
            field.place = here.map(str::to_owned).collect();
        }
        true
    }

    /// Serde doesn't say which members the object has that is read now.
    pub(super) fn open(&mut self, ways: &Ways) {
        for &(field, done) in ways {
            let field = &mut self.fields[field];
            field.is_open |= field.done == done && field.place == self.here;
        }
    }

    /// The members of an object that ways lead to, by name; `known` are those that serde has told.
    pub(super) fn members(
        &mut self,
        ways: &Ways,
        known: Option<&'static [&'static str]>,
    ) -> HashMap<String, Ways> {
        let mut members: HashMap<String, Ways> = HashMap::new();
        for &(field, done) in ways {
            let Some(Step::Member(name)) = self.step((field, done)) else {
                continue;
            };
            let name = match known {
                Some(known) => match called(known, name) {
                    Some(name) => name.to_owned(),
                    None => continue,
                },
                None => self.folded(name),
            };
            let next = (field, done + 1);
            // A member of a struct is where it is, even if the client has left it out.
            if known.is_none() || self.reach(next, Some(&name)) {
                members.entry(name).or_default().push(next);
            }
        }
        members
    }

    /// A name as it is compared with others where serde doesn't say which there are.
    pub(super) fn folded(&self, name: &str) -> String {
        match self.by_letters {
            true => letters(name).collect(),
            false => name.to_owned(),
        }
    }
}

/// What serde calls the field that is called so in Rust: by the same name, or the only one of the same letters.
fn called(known: &[&'static str], name: &str) -> Option<&'static str> {
    if let Some(known) = known.iter().find(|known| **known == name) {
        return Some(known);
    }
    let mut alike = known
        .iter()
        .filter(|known| letters(known).eq(letters(name)));
    match (alike.next(), alike.next()) {
        (Some(known), None) => Some(known),
        _ => None,
    }
}

/// The letters of a name, which all of serde's rules of renaming keep.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-'));
    letters.flat_map(char::to_lowercase)
}

//! What a program does when its server starts and stops: functions with `#[on_start]` and `#[on_stop]`.

use std::fmt;

use once_cell::sync::Lazy;

use super::graph::Root;
use super::supply::Supply;
use crate::error::{Error, Result};
use crate::extract::Needs;
use crate::unwind::told;

/// When a hook is called.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When all components are made, before the port opens.
    Start,
    /// When the last request has been answered, before components are dropped.
    Stop,
}

/// A function with its arguments, ready to be called.
#[doc(hidden)]
pub type Prepared = Box<dyn FnOnce() -> Result<()> + Send>;

/// What the attributes leave behind of a function.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct HookRecord {
    /// The function.
    pub name: &'static str,
    /// `module_path!()`.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// When it is called.
    pub when: When,
    /// What its arguments need.
    pub wants: fn(&mut Needs),
    /// Takes the arguments.
    pub prepare: fn(&mut Supply<'_>) -> Result<Prepared>,
}

inventory::collect!(HookRecord);

/// All records of the program, in a fixed order.
static TABLE: Lazy<Vec<&'static HookRecord>> = Lazy::new(|| {
    let mut records: Vec<_> = inventory::iter::<HookRecord>.into_iter().collect();
    records.sort_by_key(|record| (record.file, record.line, record.name));
    records
});

/// The table of all hooks of the program.
pub(crate) fn table() -> &'static [&'static HookRecord] {
    &TABLE
}

impl HookRecord {
    /// As a part of the graph.
    pub(crate) fn root(&self) -> Root {
        let mut needs = Needs::default();
        (self.wants)(&mut needs);
        Root {
            origin: self.to_string(),
            needs: needs.into_components(),
            has_request: false,
        }
    }
}

impl fmt::Display for HookRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HookRecord {
            name,
            module,
            file,
            line,
            ..
        } = self;
        write!(formatter, "{module}::{name} ({file}:{line})")
    }
}

/// The hooks of an application that haven't been called.
#[derive(Default)]
pub(crate) struct Hooks {
    start: Vec<(&'static HookRecord, Prepared)>,
    stop: Vec<(&'static HookRecord, Prepared)>,
}

impl Hooks {
    pub(super) fn add(&mut self, record: &'static HookRecord, prepared: Prepared) {
        match record.when {
            When::Start => self.start.push((record, prepared)),
            When::Stop => self.stop.push((record, prepared)),
        }
    }

    /// Calls those of the start, in the order of their places in the source.
    ///
    /// # Errors
    ///
    /// That of the first that fails; the others are not called.
    pub(crate) fn start(&mut self) -> Result<()> {
        self.start
            .drain(..)
            .try_for_each(|(record, prepared)| call(record, prepared))
    }

    /// Calls those of the stop, in the reverse order. One that fails is logged and keeps none from being called.
    pub(crate) fn stop(&mut self) {
        for (record, prepared) in self.stop.drain(..).rev() {
            if let Err(error) = call(record, prepared) {
                log::error!("{error:?}");
            }
        }
    }
}

fn call(record: &HookRecord, prepared: Prepared) -> Result<()> {
    let failed = match told(prepared) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => format!("{error:?}"),
        Err(panicked) => panicked.to_string(),
    };
    Err(Error::from(format!("{record} has failed: {failed}")))
}

impl fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, stop) = (self.start.len(), self.stop.len());
        write!(formatter, "{start} hooks of the start, {stop} of the stop")
    }
}

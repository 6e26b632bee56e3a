//! A body that isn't in the request's buffer: on disk, or still on its way. Knows neither.

use std::io::Read;

use crate::spool::Spool;

/// What there is of a body beside the buffer.
#[derive(Default)]
pub(crate) enum Incoming {
    /// Nothing: the buffer has it all.
    #[default]
    Nothing,
    /// All of it.
    File(Spool),
    /// It is read while it arrives.
    Live(Box<dyn Read + Send>),
    /// An argument has it.
    Taken,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Incoming::Nothing => formatter.write_str("Nothing"),
            Incoming::File(spool) => write!(formatter, "File({} bytes)", spool.length()),
            Incoming::Live(_) => formatter.write_str("Live"),
            Incoming::Taken => formatter.write_str("Taken"),
        }
    }
}

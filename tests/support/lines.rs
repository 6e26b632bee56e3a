//! A logger that keeps lines, for tests of what is logged. A process has one, so all of its tests share the lines.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use log::{Level, LevelFilter, Log, Metadata, Record};

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Line {
    pub level: Level,
    pub target: String,
    pub text: String,
}

struct Lines(Mutex<Vec<Line>>);

static LINES: Lines = Lines(Mutex::new(Vec::new()));

/// From here on lines are kept.
pub fn keep() {
    static LOGGER: Once = Once::new();
    LOGGER.call_once(|| {
        log::set_logger(&LINES).expect("no other logger");
        log::set_max_level(LevelFilter::Info);
    });
}

/// The lines with this in them.
pub fn with(text: &str) -> Vec<Line> {
    let lines = LINES.lock();
    let wanted = lines.iter().filter(|line| line.text.contains(text));
    wanted.cloned().collect()
}

/// The lines of the access log.
pub fn of_the_access_log() -> Vec<String> {
    let lines = LINES.lock();
    let wanted = lines
        .iter()
        .filter(|line| line.target == "mini_spring::access");
    wanted.map(|line| line.text.clone()).collect()
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Vec<Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = Line {
            level: record.level(),
            target: record.target().to_owned(),
            text: record.args().to_string(),
        };
        self.lock().push(line);
    }

    fn flush(&self) {}
}

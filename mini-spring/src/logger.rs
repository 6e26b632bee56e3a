//! The logger that [`run`](crate::run) installs, unless the program has installed one.
//!
//! Lines are `12:34:56 INFO  message`, the time in UTC, on standard error. `RUST_LOG` chooses what is
//! shown, `info` by default. The feature `logger` turns all of it off.

use std::fmt::Display;

/// How a text looks on a terminal (ECMA-48, section 8.3.117).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// In the colour of this number.
    Colour(u8),
    /// In the second row.
    Dim,
    /// What to look at first.
    Bold,
}

impl Paint {
    /// The text with what turns its look on and off.
    pub(crate) fn over(self, text: impl Display) -> String {
        match self {
            Paint::Colour(number) => format!("\u{1b}[{number}m{text}\u{1b}[0m"),
            Paint::Dim => format!("\u{1b}[2m{text}\u{1b}[0m"),
            Paint::Bold => format!("\u{1b}[1m{text}\u{1b}[0m"),
        }
    }
}

/// Does nothing if a logger is set, and then it is false. `paints` says whether somebody sees colours, `filter` what is
/// shown, as `RUST_LOG` does.
#[cfg(feature = "logger")]
pub(crate) fn install(paints: bool, filter: &str) -> bool {
    // An error means that the program has a logger of its own, which is what it wants.
    let installed = env_logger::Builder::new()
        .parse_filters(filter)
        .format(move |out, record| {
            use std::io::Write;
            let (time, level) = (TimeOfDay::now(), record.level());
            if !paints {
                return writeln!(out, "{time} {level:5} {}", record.args());
            }
            let time = Paint::Dim.over(time);
            let level = paint_of(level).over(format_args!("{level:5}"));
            writeln!(out, "{time} {level} {}", record.args())
        })
        .try_init();
    installed.is_ok()
}

#[cfg(feature = "logger")]
fn paint_of(level: log::Level) -> Paint {
    match level {
        log::Level::Error => Paint::Colour(31),
        log::Level::Warn => Paint::Colour(33),
        log::Level::Info => Paint::Colour(32),
        log::Level::Debug => Paint::Colour(36),
        log::Level::Trace => Paint::Dim,
    }
}

/// There is no logger to install.
#[cfg(not(feature = "logger"))]
pub(crate) fn install(_paints: bool, _filter: &str) -> bool {
    false
}

/// A UTC time of day in whole seconds.
#[cfg(feature = "logger")]
struct TimeOfDay(u64);

#[cfg(feature = "logger")]
impl TimeOfDay {
    fn now() -> Self {
        let since_epoch = std::time::SystemTime::UNIX_EPOCH.elapsed();
        TimeOfDay(since_epoch.unwrap_or_default().as_secs() % (24 * 60 * 60))
    }
}

#[cfg(feature = "logger")]
impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (minutes, seconds) = (self.0 / 60, self.0 % 60);
        write!(
            formatter,
            "{:02}:{:02}:{seconds:02}",
            minutes / 60,
            minutes % 60
        )
    }
}

#[cfg(all(test, feature = "logger"))]
mod tests {
    use super::{Paint, TimeOfDay};

    #[test]
    fn what_is_painted_ends_as_it_was() {
        assert_eq!(Paint::Colour(31).over("a"), "\u{1b}[31ma\u{1b}[0m");
    }

    #[test]
    fn times_of_day() {
        assert_eq!(TimeOfDay(0).to_string(), "00:00:00");
        assert_eq!(TimeOfDay(24 * 60 * 60 - 1).to_string(), "23:59:59");
        assert_eq!(TimeOfDay::now().to_string().len(), 8);
    }
}

//! The logger that [`run`](crate::run) installs, unless the program has installed one.
//!
//! Lines are `12:34:56 INFO  message`, the time in UTC, on standard error. `RUST_LOG` chooses what is
//! shown, `info` by default. The feature `logger` turns all of it off.

/// Does nothing if a logger is set.
#[cfg(feature = "logger")]
pub(crate) fn install() {
    let filter = env_logger::Env::default().default_filter_or("info");
    // An error means that the program has a logger of its own, which is what it wants.
    let _ = env_logger::Builder::from_env(filter)
        .format(|out, record| {
            use std::io::Write;
            let time = TimeOfDay::now();
            writeln!(out, "{time} {:5} {}", record.level(), record.args())
        })
        .try_init();
}

/// There is no logger to install.
#[cfg(not(feature = "logger"))]
pub(crate) fn install() {}

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
    use super::TimeOfDay;

    #[test]
    fn times_of_day() {
        assert_eq!(TimeOfDay(0).to_string(), "00:00:00");
        assert_eq!(TimeOfDay(24 * 60 * 60 - 1).to_string(), "23:59:59");
        assert_eq!(TimeOfDay::now().to_string().len(), 8);
    }
}

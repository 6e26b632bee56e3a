//! What is logged while a request is answered, kept to be shown by the test that fails.
//!
//! The logger is installed with the first request, unless the program's tests have one, and prints nothing. Lines are
//! kept by thread: which test they belong to is known by the thread that answers its request.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Once, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};

/// The most lines that are kept, and the most bytes of one.
const MOST_LINES: usize = 100;
const LONGEST_LINE: usize = 2 * 1024;

thread_local! {
    /// Where the lines of this thread go.
    static LINES: RefCell<Option<Arc<Lines>>> = const { RefCell::new(None) };
}

/// The last lines that were logged.
#[derive(Debug, Default)]
pub(super) struct Lines {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    /// How many there were in all.
    count: usize,
}

impl Lines {
    /// How many lines there have been.
    pub(super) fn count(&self) -> usize {
        self.kept().count
    }

    /// The lines behind so many, each ended.
    pub(super) fn behind(&self, count: usize) -> String {
        let kept = self.kept();
        let gone = kept.count - kept.lines.len();
        let mut text = match gone.saturating_sub(count) {
            0 => String::new(),
            missing => format!(".. {missing} lines before\n"),
        };
        for line in kept.lines.iter().skip(count.saturating_sub(gone)) {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn add(&self, mut line: String) {
        if line.len() > LONGEST_LINE {
            let mut ends = (0..=LONGEST_LINE).rev();
            let end = ends.find(|&end| line.is_char_boundary(end));
            line.truncate(end.unwrap_or(0));
            line.push_str("..");
        }
        let mut kept = self.kept();
        kept.count += 1;
        kept.lines.push_back(line);
        if kept.lines.len() > MOST_LINES {
            kept.lines.pop_front();
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // Nothing panics under the lock.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs code, and keeps what this thread logs meanwhile.
pub(super) fn kept_in<T>(lines: &Arc<Lines>, code: impl FnOnce() -> T) -> T {
    let _restore = Restore(LINES.replace(Some(lines.clone())));
    code()
}

/// A handler may use a `TestApp` itself, and it may panic.
struct Restore(Option<Arc<Lines>>);

impl Drop for Restore {
    fn drop(&mut self) {
        LINES.set(self.0.take());
    }
}

/// Installs the logger, unless there is one.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the tests have a logger of their own, which is what they want.
        if log::set_logger(&ByThread).is_ok() {
            log::set_max_level(LevelFilter::Info);
        }
    });
}

/// Gives lines to whoever wants those of the thread.
struct ByThread;

impl Log for ByThread {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        // A thread that ends has nobody who wants its lines.
        LINES
            .try_with(|lines| lines.borrow().is_some())
            .unwrap_or(false)
    }

    fn log(&self, record: &Record<'_>) {
        // Not under the borrow: to show a message runs code of the program, which may log.
        let lines = LINES.try_with(|lines| lines.borrow().clone());
        if let Ok(Some(lines)) = lines {
            let (level, target) = (record.level(), record.target());
            lines.add(format!("{level:5} {target}: {}", record.args()));
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let lines = Lines::default();
        lines.add("one".to_owned());
        assert_eq!(lines.behind(0), "one\n");
        assert_eq!(lines.behind(lines.count()), "");
        for number in 0..MOST_LINES {
            lines.add(number.to_string());
        }
        let text = lines.behind(0);
        assert!(text.starts_with(".. 1 lines before\n0\n1\n"), "{text}");
        assert_eq!(lines.behind(1).lines().count(), MOST_LINES);
        assert_eq!(lines.behind(MOST_LINES), "99\n");
    }

    #[test]
    fn long_lines_are_cut() {
        let lines = Lines::default();
        lines.add("\u{e9}".repeat(LONGEST_LINE));
        let text = lines.behind(0);
        assert!(text.len() <= LONGEST_LINE + "..\n".len());
        assert!(text.ends_with("\u{e9}..\n"));
    }

    #[test]
    fn each_has_its_own() {
        install();
        let (outer, inner) = (Arc::new(Lines::default()), Arc::new(Lines::default()));
        log::info!("nobody's");
        kept_in(&outer, || {
            log::info!("first");
            let caught = std::panic::catch_unwind(|| {
                kept_in(&inner, || {
                    log::warn!("inside");
                    panic!("out of it");
                })
            });
            assert!(caught.is_err());
            log::info!("last");
        });
        let target = module_path!();
        assert_eq!(inner.behind(0), format!("WARN  {target}: inside\n"));
        let expected = format!("INFO  {target}: first\nINFO  {target}: last\n");
        assert_eq!(outer.behind(0), expected);
    }
}

//! What `RUST_LOG` says: the directives that are good, and those that would silently show nothing.
//!
//! Knows no logger. Its grammar is that of the crate env_logger: `level`, `target`, `target=level`, with commas between
//! them, and what lines must hold behind a slash.

use log::LevelFilter;

use crate::config::distance;

/// What is shown unless something else is said.
const USUAL: &str = "info";

const EXPECTED: &str = "`off`, `error`, `warn`, `info`, `debug` or `trace`, or `my_app=debug` for one crate, with commas between them";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Words that mean a level elsewhere.
const OTHER_LEVELS: [&str; 6] = ["all", "err", "none", "quiet", "verbose", "warning"];

/// What is to be shown, and what is wrong with how it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogFilter {
    pub(super) directives: String,
    pub(super) warnings: Vec<String>,
}

impl LogFilter {
    /// Of the variable; an empty one is none.
    pub(super) fn of(variable: &str) -> Self {
        let (list, holds) = match variable.split_once('/') {
            Some((list, holds)) => (list, Some(holds)),
            None => (variable, None),
        };
        let mut warnings = Vec::new();
        let mut kept = Vec::new();
        for directive in list.split(',').map(str::trim) {
            if directive.is_empty() {
                continue;
            }
            match is_good(directive) {
                true => kept.push(directive),
                false => warnings.push(format!(
                    "RUST_LOG: expected {EXPECTED}, found `{directive}`, which is ignored"
                )),
            }
        }
        let mut directives = match &kept[..] {
            [] => USUAL.to_owned(),
            kept => kept.join(","),
        };
        match holds {
            Some(holds) if holds.contains('/') => warnings.push(format!(
                "RUST_LOG: expected one `/`, behind which is what lines must hold, found `/{holds}`, which is ignored"
            )),
            Some(holds) => {
                directives.push('/');
                directives.push_str(holds);
            }
            None => {}
        }
        LogFilter {
            directives,
            warnings,
        }
    }
}

fn is_good(directive: &str) -> bool {
    let is_level = |text: &str| text.parse::<LevelFilter>().is_ok();
    match directive.split_once('=') {
        Some((target, level)) => {
            is_target(target.trim()) && (level.trim().is_empty() || is_level(level.trim()))
        }
        None => is_level(directive) || is_target(directive) && !is_meant_as_level(directive),
    }
}

fn is_target(text: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"_:-.".contains(&byte);
    !text.is_empty() && text.bytes().all(is_fit)
}

/// A crate of such a name is less likely than a slip, by which nothing else would be shown.
fn is_meant_as_level(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let letters = |text: &str| {
        let mut letters: Vec<u8> = text.bytes().collect();
        letters.sort_unstable();
        letters
    };
    // One letter is wrong, or some have changed places.
    let is_near = |level: &str| distance(&word, level) <= 1 || letters(&word) == letters(level);
    OTHER_LEVELS.contains(&&*word) || LEVELS.into_iter().any(is_near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_good_stays() {
        let check = |variable: &str, directives: &str| {
            let found = LogFilter::of(variable);
            assert_eq!(found.directives, directives, "{variable}");
            assert_eq!(found.warnings, [""; 0], "{variable}");
        };
        check("", "info");
        check(" , ", "info");
        check("Debug", "Debug");
        check(
            "warn,mini_spring::access=info",
            "warn,mini_spring::access=info",
        );
        check("my_app, info,hyper=", "my_app,info,hyper=");
        check("tracing", "tracing");
        check("cart", "cart");
        check("info/listening on", "info/listening on");
        check("/listening", "info/listening");
    }

    #[test]
    fn what_is_wrong_is_told_and_left_out() {
        let check = |variable: &str, directives: &str, found: &str| {
            let filter = LogFilter::of(variable);
            assert_eq!(filter.directives, directives, "{variable}");
            let expected =
                format!("RUST_LOG: expected {EXPECTED}, found `{found}`, which is ignored");
            assert_eq!(filter.warnings, [expected], "{variable}");
        };
        check("inof", "info", "inof");
        check("warning", "info", "warning");
        check("DEBAG", "info", "DEBAG");
        check("warn,my_app=verbose", "warn", "my_app=verbose");
        check("my_app=debug=x,warn", "warn", "my_app=debug=x");
        check("my app=debug", "info", "my app=debug");
        check("=debug", "info", "=debug");
        check("\u{1b}[0m", "info", "\u{1b}[0m");
        let filter = LogFilter::of("warn/a/b");
        assert_eq!(filter.directives, "warn");
        assert!(filter.warnings[0].ends_with("found `/a/b`, which is ignored"));
    }
}

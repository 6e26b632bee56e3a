//! Where settings come from: defaults, then the environment, then the command line.
//!
//! Each source is a layer of settings, applied one after the other, so that a later one wins. The
//! functions here take the sources as values and read neither the process's environment nor its
//! arguments; what is wrong in any of them is reported together, each with where it came from.

mod arguments;
mod environment;
mod keys;
mod server;
mod units;

pub use self::server::ServerConfig;

use self::keys::{KEYS, Key};
use crate::mistakes::Mistakes;

/// One setting of one source.
#[derive(Debug, PartialEq, Eq)]
struct Setting {
    /// The key, as far as it is known: `server.port`.
    key: &'static Key,
    value: String,
    /// How the source calls it: `--server.port`, `MINI_SPRING_SERVER_PORT`.
    origin: String,
}

/// The settings of one source, and what is wrong with it.
#[derive(Debug, Default)]
struct Layer {
    settings: Vec<Setting>,
    mistakes: Mistakes,
}

impl Layer {
    fn apply(self, config: &mut ServerConfig, mistakes: &mut Mistakes) {
        mistakes.extend(self.mistakes);
        for setting in self.settings {
            if let Err(expected) = (setting.key.set)(config, setting.value.trim()) {
                mistakes.add(format!(
                    "{}: expected {expected}, found `{}`",
                    setting.origin, setting.value
                ));
            }
        }
    }
}

/// The settings of the server from environment variables and arguments.
pub(crate) fn load(
    environment: impl IntoIterator<Item = (String, String)>,
    arguments: impl IntoIterator<Item = String>,
) -> Result<ServerConfig, Mistakes> {
    let mut config = ServerConfig::default();
    let mut mistakes = Mistakes::default();
    environment::layer(environment).apply(&mut config, &mut mistakes);
    arguments::layer(arguments).apply(&mut config, &mut mistakes);
    config.check(&mut mistakes);
    mistakes.or(config)
}

/// What to say of a name that isn't known: the known one that is nearest, or where to look.
fn did_you_mean(unknown: &str, spell: impl Fn(&Key) -> String) -> String {
    let spellings = KEYS.iter().map(spell);
    let nearest = spellings
        .map(|known| (distance(unknown, &known), known))
        .min();
    match nearest {
        Some((distance, known)) if distance <= 3 => {
            format!("{unknown}: there is no such setting; did you mean `{known}`?")
        }
        _ => {
            let keys: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            format!(
                "{unknown}: there is no such setting; the settings are {}",
                keys.join(", ")
            )
        }
    }
}

/// How many letters must be changed, added or taken away (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, wanted) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::ForwardedField;

    fn loaded(environment: &[(&str, &str)], arguments: &[&str]) -> Result<ServerConfig, Mistakes> {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        load(
            environment.iter().map(owned),
            arguments.iter().map(|&argument| argument.to_owned()),
        )
    }

    #[track_caller]
    fn check(environment: &[(&str, &str)], arguments: &[&str], expected: &str) {
        let report = loaded(environment, arguments).unwrap_err();
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn the_command_line_wins_over_the_environment() {
        let port = |environment, arguments| loaded(environment, arguments).unwrap().port;
        assert_eq!(port(&[], &[]), 8080);
        let environment = &[("MINI_SPRING_SERVER_PORT", "9000")];
        assert_eq!(port(environment, &[]), 9000);
        assert_eq!(port(environment, &["--server.port=9001"]), 9001);
        assert_eq!(port(environment, &["--server.port", "9002"]), 9002);
    }

    #[test]
    fn mistakes_are_reported_together_with_their_origin() {
        check(
            &[
                ("MINI_SPRING_SERVER_PORT", "80800"),
                ("MINI_SPRING_SERVER_HOTS", "::"),
                ("MINI_SPRING_OTHER", "fine"),
            ],
            &["serve", "--server.prot=1", "--server.body=2MB", "--colour"],
            "4 mistakes:\n  \
             - MINI_SPRING_SERVER_HOTS: there is no such setting; did you mean `MINI_SPRING_SERVER_HOST`?\n  \
             - MINI_SPRING_SERVER_PORT: expected a port from 0 to 65535, found `80800`\n  \
             - --server.prot: there is no such setting; did you mean `--server.port`?\n  \
             - --server.body: expected a size such as `2MiB`, `16KiB` or `512`, found `2MB`",
        );
    }

    #[test]
    fn proxies_are_named() {
        let config = loaded(
            &[("MINI_SPRING_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")],
            &["--server.forwarded-field=forwarded"],
        );
        let config = config.unwrap();
        assert_eq!(config.trusted_proxies.to_string(), "10.0.0.0/8, ::1");
        assert_eq!(config.forwarded_field, ForwardedField::Forwarded);
        check(
            &[],
            &[
                "--server.trusted_proxies=proxy",
                "--server.forwarded_field=X-Real-IP",
            ],
            "2 mistakes:\n  \
             - --server.trusted_proxies: expected IP addresses and networks such as `10.0.0.0/8, ::1`, found `proxy`\n  \
             - --server.forwarded_field: expected `X-Forwarded-For` or `Forwarded`, found `X-Real-IP`",
        );
    }

    #[test]
    fn a_name_that_is_near_to_nothing_lists_the_settings() {
        let report = loaded(&[], &["--server.frobnicate=1"]).unwrap_err();
        let start = "--server.frobnicate: there is no such setting; the settings are server.host, ";
        assert!(report.to_string().starts_with(start), "{report}");
    }

    #[test]
    fn distances() {
        assert_eq!(distance("prot", "port"), 2);
        assert_eq!(distance("", "port"), 4);
        assert_eq!(distance("port", "port"), 0);
        assert_eq!(distance("ports", "port"), 1);
    }
}

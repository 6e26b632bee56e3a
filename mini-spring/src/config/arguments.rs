//! Settings from the command line: `--server.port=9000` or `--server.port 9000`.
//!
//! Only what starts with `--server.` is read. Everything else is the program's own, and so is
//! everything behind `--`.

use super::keys::KEYS;
use super::{Layer, Setting, did_you_mean};

pub(super) fn layer(arguments: impl IntoIterator<Item = String>) -> Layer {
    let mut layer = Layer::default();
    let mut arguments = arguments
        .into_iter()
        .take_while(|argument| argument != "--")
        .peekable();
    while let Some(argument) = arguments.next() {
        if !argument.starts_with("--server.") {
            continue;
        }
        let (origin, inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let spelled = origin
            .replacen('-', "_", usize::MAX)
            .replacen("__", "--", 1);
        let key = KEYS.iter().find(|key| key.option() == spelled);
        // The value behind an unknown name is left to the program: it would be a guess.
        let value = match key {
            Some(_) if inline.is_none() => arguments.next_if(|next| !next.starts_with("--")),
            _ => inline,
        };
        match (key, value) {
            (Some(key), Some(value)) => layer.settings.push(Setting { key, value, origin }),
            (Some(_), None) => layer.mistakes.add(format!(
                "{origin}: expected a value, found nothing; write `{origin}=value`"
            )),
            (None, _) => layer
                .mistakes
                .add(did_you_mean(&origin, |key| key.option())),
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, expected: &[(&str, &str)]) {
        let layer = layer(arguments.split(' ').map(str::to_owned));
        let found: Vec<_> = layer
            .settings
            .iter()
            .map(|setting| (setting.key.name, setting.value.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn both_forms_are_read_and_others_are_left_alone() {
        check("--server.port=1", &[("server.port", "1")]);
        check("--server.port 1", &[("server.port", "1")]);
        check("--server.access-log=on", &[("server.access_log", "on")]);
        check("a --b=c -d --server.host=::", &[("server.host", "::")]);
        check("--server.host=a=b", &[("server.host", "a=b")]);
        check("--verbose -- --server.port=1", &[]);
        check(
            "--server.port=1 --server.port=2",
            &[("server.port", "1"), ("server.port", "2")],
        );
    }

    #[test]
    fn a_value_that_is_missing_is_a_mistake() {
        for arguments in ["--server.port", "--server.port --server.host=::"] {
            let layer = layer(arguments.split(' ').map(str::to_owned));
            assert_eq!(
                layer.mistakes.to_string(),
                "--server.port: expected a value, found nothing; write `--server.port=value`"
            );
        }
    }
}

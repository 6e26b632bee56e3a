//! Text for the log: what a client has sent can be in it.
//!
//! So it must neither look like a line of its own nor steer the terminal on which somebody reads it.

use std::fmt::Write;

/// The text on one line, with escapes in place of what isn't shown or changes how the rest is.
pub(crate) fn one_line(text: &str) -> String {
    let lines = text.split(['\r', '\n']).map(str::trim);
    let mut all = String::with_capacity(text.len());
    for line in lines.filter(|line| !line.is_empty()) {
        if !all.is_empty() {
            all.push(' ');
        }
        line.chars().for_each(|letter| push(&mut all, letter));
    }
    all
}

fn push(line: &mut String, letter: char) {
    match steers(letter) {
        // Writing to a string doesn't fail.
        true => drop(write!(line, "{}", letter.escape_default())),
        false => line.push(letter),
    }
}

/// Whether it is a control character, ends a line, or turns the direction of writing.
pub(crate) fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_one_line_without_commands() {
        let check = |text: &str, expected: &str| assert_eq!(one_line(text), expected);
        check("plain: \"ä\" 日本 \\", "plain: \"ä\" 日本 \\");
        check("", "");
        check(" a\r\n\n  b\rc\n", "a b c");
        check("a\x1b[31mb\0\tc", "a\\u{1b}[31mb\\u{0}\\tc");
        check("a\u{85}\u{2028}\u{202e}b", "a\\u{85}\\u{2028}\\u{202e}b");
    }
}

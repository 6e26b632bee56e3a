//! Text to values: numbers and switches; durations and sizes are read as in the options of a route.
//! An error says what was expected.

pub(super) use mini_spring_pattern::units::{duration, size};

pub(super) type Parsed<T> = Result<T, &'static str>;

pub(super) fn count(text: &str) -> Parsed<usize> {
    text.parse().map_err(|_| "a whole number")
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        _ => Err("`true` or `false`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches() {
        assert_eq!(switch("on"), Ok(true));
        assert_eq!(switch("0"), Ok(false));
        assert_eq!(switch("yes"), Err("`true` or `false`"));
        assert_eq!(count("-1"), Err("a whole number"));
    }
}

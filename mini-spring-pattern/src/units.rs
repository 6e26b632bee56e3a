//! Durations and sizes as they are written: in the options of a route, and in settings. An error says
//! what was expected.
//!
//! ```
//! use mini_spring_pattern::units;
//!
//! assert_eq!(units::size("30s"), Err("a size such as `2MiB`, `16KiB` or `512`"));
//! ```

use std::fmt;
use std::time::Duration;

/// `30s`, `500ms`, `2m`, `12h` or `7d`. Only nothing needs no unit: `0`.
///
/// ```
/// use std::time::Duration;
/// use mini_spring_pattern::units::duration;
///
/// assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
/// assert!(duration("2").is_err());
/// ```
///
/// # Errors
///
/// What was expected.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    let (number, unit) = split(text);
    let factor = match unit {
        "ms" => 1,
        "" if number == Some(0) => 1,
        "s" => 1_000,
        "m" => 60 * 1_000,
        "h" => 60 * 60 * 1_000,
        "d" => 24 * 60 * 60 * 1_000,
        _ => 0,
    };
    match number.and_then(|number| number.checked_mul(factor)) {
        Some(milliseconds) if factor > 0 => Ok(Duration::from_millis(milliseconds)),
        _ => Err("a duration such as `30s`, `500ms` or `2m`"),
    }
}

/// `2MiB`, `16KiB`, `1GiB`, or bytes without a unit.
///
/// ```
/// use mini_spring_pattern::units::size;
///
/// assert_eq!((size("2MiB"), size("512")), (Ok(2 << 20), Ok(512)));
/// assert!(size("2MB").is_err());
/// ```
///
/// # Errors
///
/// What was expected.
pub fn size(text: &str) -> Result<u64, &'static str> {
    let (number, unit) = split(text);
    let factor = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => 0,
    };
    match number.and_then(|number| number.checked_mul(factor)) {
        Some(bytes) if factor > 0 => Ok(bytes),
        _ => Err("a size such as `2MiB`, `16KiB` or `512`"),
    }
}

/// A duration as [`duration`] reads it, in the largest unit that leaves nothing over: `30s`, `1500ms`. What is
/// less than a millisecond isn't shown.
///
/// ```
/// use std::time::Duration;
/// use mini_spring_pattern::units::Span;
///
/// assert_eq!(Span(Duration::from_secs(120)).to_string(), "2m");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.as_millis();
        let units = [
            (24 * 60 * 60 * 1_000, "d"),
            (60 * 60 * 1_000, "h"),
            (60 * 1_000, "m"),
            (1_000, "s"),
            (1, "ms"),
        ];
        let is_whole = |(factor, _): &(u128, &str)| milliseconds.is_multiple_of(*factor);
        match units.into_iter().find(is_whole) {
            Some((factor, unit)) if milliseconds > 0 => {
                write!(formatter, "{}{unit}", milliseconds / factor)
            }
            _ => formatter.write_str("0"),
        }
    }
}

/// A size for people: `2 MiB`, `1500 bytes`. Nothing is rounded.
///
/// ```
/// use mini_spring_pattern::units::Size;
///
/// assert_eq!(Size(2 << 20).to_string(), "2 MiB");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
        let is_whole = |(shift, _): &(u32, &str)| self.0 > 0 && self.0.trailing_zeros() >= *shift;
        match (units.into_iter().find(is_whole), self.0) {
            (Some((shift, unit)), bytes) => write!(formatter, "{} {unit}", bytes >> shift),
            (None, 1) => formatter.write_str("1 byte"),
            (None, bytes) => write!(formatter, "{bytes} bytes"),
        }
    }
}

/// The number in front and the unit behind it.
fn split(text: &str) -> (Option<u64>, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    (number.parse().ok(), unit.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, milliseconds: Option<u64>| {
            assert_eq!(duration(text).ok(), milliseconds.map(Duration::from_millis));
        };
        check("30s", Some(30_000));
        check("500ms", Some(500));
        check("2m", Some(120_000));
        check("0", Some(0));
        check("10", None);
        check("2 m", Some(120_000));
        check("", None);
        check("s", None);
        check("-1s", None);
        check("1.5s", None);
        check("12h", Some(12 * 3_600_000));
        check("7d", Some(7 * 86_400_000));
        check("1w", None);
        check("1H", None);
        check("99999999999999999999", None);
        check("9999999999999999999m", None);
        assert_eq!(
            duration("x").unwrap_err(),
            "a duration such as `30s`, `500ms` or `2m`"
        );
    }

    #[test]
    fn durations_are_shown_as_they_are_read() {
        let check = |milliseconds, expected: &str| {
            let span = Duration::from_millis(milliseconds);
            assert_eq!(Span(span).to_string(), expected);
            assert_eq!(duration(expected), Ok(span));
        };
        check(0, "0");
        check(1, "1ms");
        check(1_500, "1500ms");
        check(30_000, "30s");
        check(90_000, "90s");
        check(120_000, "2m");
        check(2 * 3_600_000, "2h");
        check(3 * 86_400_000, "3d");
    }

    #[test]
    fn sizes_for_people() {
        let check = |bytes, expected: &str| {
            assert_eq!(Size(bytes).to_string(), expected);
            let read = expected.strip_suffix(" bytes").unwrap_or(expected);
            assert_eq!(size(read.trim_end_matches(" byte")), Ok(bytes));
        };
        check(0, "0 bytes");
        check(1, "1 byte");
        check(1023, "1023 bytes");
        check(1024, "1 KiB");
        check(1536, "1536 bytes");
        check(10 << 20, "10 MiB");
        check(3 << 29, "1536 MiB");
        check(5 << 30, "5 GiB");
        check(u64::MAX, "18446744073709551615 bytes");
    }

    #[test]
    fn sizes() {
        let check = |text: &str, bytes: Option<u64>| assert_eq!(size(text).ok(), bytes, "{text}");
        check("512", Some(512));
        check("512B", Some(512));
        check("16KiB", Some(16 << 10));
        check("2MiB", Some(2 << 20));
        check("1 GiB", Some(1 << 30));
        check("1kb", None);
        check("", None);
        check("18446744073709551615KiB", None);
    }
}

//! Which bytes a request asks for (RFC 9110, section 14).
//!
//! ```text
//! ranges-specifier = range-unit "=" range-set
//! range-set        = 1#range-spec
//! int-range        = first-pos "-" [ last-pos ]
//! suffix-range     = "-" suffix-length
//! ```
//!
//! Bounds: a request gets at most [`MOST`] parts, and no byte twice: ranges that overlap or nearly touch
//! become one. So no answer is longer than the whole by more than the heads of its parts, however a range
//! is repeated. Knows no file.

use std::ops::Range;

/// More ranges than this aren't heeded: the answer is the whole (RFC 9110, section 14.2 allows it).
pub(crate) const MOST: usize = 16;

/// Ranges with no more than this between them become one: a part of its own costs about as much (RFC 9110,
/// section 15.3.7.2).
const GAP: u64 = 80;

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it: the field isn't one for bytes, or not to be heeded.
    Whole,
    /// These parts, in the order in which they were asked for. There is one at least, none is empty.
    Parts(Vec<Range<u64>>),
    /// Nothing of what was asked for is there: 416 (RFC 9110, section 15.5.17).
    Nothing,
}

impl Wanted {
    /// By the value of `Range`, of so many bytes.
    pub(crate) fn of(value: &[u8], length: u64) -> Self {
        // Some clients always ask for a range; of nothing they get the whole, which is nothing.
        let Some(specs) = specs(value).filter(|_| length > 0) else {
            return Wanted::Whole;
        };
        let ranges = specs.iter().filter_map(|spec| spec.of(length));
        let parts = ranges.fold(Vec::new(), joined);
        match parts.is_empty() {
            true => Wanted::Nothing,
            false => Wanted::Parts(parts),
        }
    }
}

/// One element of the list. Numbers that are too large for us are as good as the largest (section 14.1.2).
#[derive(Debug, Clone, Copy)]
enum Spec {
    From(u64),
    Between(u64, u64),
    Last(u64),
}

/// All elements, if they are for bytes, valid, and not too many.
fn specs(value: &[u8]) -> Option<Vec<Spec>> {
    let text = std::str::from_utf8(value).ok()?;
    let (unit, set) = text.split_once('=')?;
    if !unit.trim_ascii().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let elements = set.split(',').map(str::trim_ascii);
    // Empty elements are passed over (section 5.6.1.2).
    let elements = elements.filter(|element| !element.is_empty());
    let specs: Vec<Spec> = elements
        .map(Spec::parse)
        .take(MOST + 1)
        .collect::<Option<_>>()?;
    (1..=MOST).contains(&specs.len()).then_some(specs)
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        match (first, last) {
            ("", last) => Some(Spec::Last(number(last)?)),
            (first, "") => Some(Spec::From(number(first)?)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                // A range that ends before it begins is invalid (section 14.1.1).
                (first <= last).then_some(Spec::Between(first, last))
            }
        }
    }

    /// The bytes that it stands for, if any of them are there (section 14.1.2).
    fn of(self, length: u64) -> Option<Range<u64>> {
        let range = match self {
            Spec::From(first) => first..length,
            Spec::Between(first, last) => first..last.saturating_add(1).min(length),
            Spec::Last(count) => length.saturating_sub(count)..length,
        };
        (!range.is_empty()).then_some(range)
    }
}

fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// The parts with one more, which takes up those that it overlaps or nearly touches. What is joined stands
/// where the first of it stood.
fn joined(mut parts: Vec<Range<u64>>, mut range: Range<u64>) -> Vec<Range<u64>> {
    let mut place = parts.len();
    // Growing, it may come near to parts that it was far from.
    while let Some(near) = parts.iter().position(|part| is_near(part, &range)) {
        let part = parts.remove(near);
        range = part.start.min(range.start)..part.end.max(range.end);
        place = place.min(near);
    }
    parts.insert(place.min(parts.len()), range);
    parts
}

fn is_near(one: &Range<u64>, other: &Range<u64>) -> bool {
    one.start <= other.end.saturating_add(GAP) && other.start <= one.end.saturating_add(GAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, length: u64, expected: &[(u64, u64)]) {
        let parts = expected.iter().map(|(start, end)| *start..*end).collect();
        assert_eq!(
            Wanted::of(value.as_bytes(), length),
            Wanted::Parts(parts),
            "{value}"
        );
    }

    #[track_caller]
    fn check_whole(value: &str) {
        assert_eq!(
            Wanted::of(value.as_bytes(), 10_000),
            Wanted::Whole,
            "{value}"
        );
    }

    #[track_caller]
    fn check_nothing(value: &str) {
        assert_eq!(
            Wanted::of(value.as_bytes(), 10_000),
            Wanted::Nothing,
            "{value}"
        );
    }

    /// The examples of RFC 9110, section 14.1.2, and their edges.
    #[test]
    fn one_range() {
        check("bytes=0-499", 10_000, &[(0, 500)]);
        check("bytes=500-999", 10_000, &[(500, 1_000)]);
        check("bytes=-500", 10_000, &[(9_500, 10_000)]);
        check("bytes=9500-", 10_000, &[(9_500, 10_000)]);
        check("bytes=0-0", 10_000, &[(0, 1)]);
        check("bytes=-1", 10_000, &[(9_999, 10_000)]);
        check("bytes=0-", 10_000, &[(0, 10_000)]);
        check("bytes=9999-20000", 10_000, &[(9_999, 10_000)]);
        check("bytes=-20000", 10_000, &[(0, 10_000)]);
        check("BYTES = 007-8 ", 10_000, &[(7, 9)]);
        let huge = "9".repeat(40);
        check(&format!("bytes=1-{huge}"), 10_000, &[(1, 10_000)]);
        check(&format!("bytes=-{huge}"), 10_000, &[(0, 10_000)]);
        check("bytes=0-18446744073709551615", u64::MAX, &[(0, u64::MAX)]);
    }

    #[test]
    fn several_ranges_keep_their_order() {
        check("bytes=500-600,0-99", 10_000, &[(500, 601), (0, 100)]);
        check("bytes= 0-0 ,, -1,", 10_000, &[(0, 1), (9_999, 10_000)]);
        check("bytes=0-99,20000-,500-600", 10_000, &[(0, 100), (500, 601)]);
    }

    /// RFC 9110, section 15.3.7.2.
    #[test]
    fn near_ranges_become_one() {
        check("bytes=0-99,50-199", 10_000, &[(0, 200)]);
        check("bytes=0-99,100-199", 10_000, &[(0, 200)]);
        check("bytes=0-99,180-199", 10_000, &[(0, 200)]);
        check("bytes=0-99,181-199", 10_000, &[(0, 100), (181, 200)]);
        check(
            "bytes=1000-1099,0-99,500-599,90-1010",
            10_000,
            &[(0, 1_100)],
        );
        check(
            "bytes=5000-5999,0-99,500-599,90-510",
            10_000,
            &[(5_000, 6_000), (0, 600)],
        );
        check("bytes=0-,0-,-1,5-6", 10_000, &[(0, 10_000)]);
    }

    #[test]
    fn what_is_not_heeded() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=a-b",
            "bytes=2-1",
            "bytes=0-1;2",
            "bytes=0-1,2-1",
            "bytes=0-1 2-3",
            "bytes=+1-2",
            "bytes=1--2",
            "bytes=0x1-2",
            "bytes:0-1",
            "lines=0-1",
            "bytes=0 - 1",
            "bytes=٣-٤",
        ] {
            check_whole(value);
        }
        assert_eq!(Wanted::of(b"bytes=0-1,\xff", 10), Wanted::Whole);
        let many = |count| format!("bytes={}", vec!["0-0"; count].join(","));
        check(&many(MOST), 10, &[(0, 1)]);
        check_whole(&many(MOST + 1));
        // Of an empty whole there is no range.
        assert_eq!(Wanted::of(b"bytes=0-", 0), Wanted::Whole);
        assert_eq!(Wanted::of(b"bytes=-5", 0), Wanted::Whole);
    }

    #[test]
    fn what_is_not_there() {
        check_nothing("bytes=10000-");
        check_nothing("bytes=10000-10001,20000-");
        check_nothing("bytes=-0");
        check_nothing(&format!("bytes={}-", "9".repeat(40)));
    }

    /// However a request repeats and shuffles them, no byte is sent twice and no part is empty.
    #[test]
    fn parts_are_apart() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..2_000 {
            let count = 1 + random(MOST as u64);
            let specs: Vec<String> = (0..count)
                .map(|_| {
                    let first = random(5_000);
                    format!("{first}-{}", first + random(300))
                })
                .collect();
            let value = format!("bytes={}", specs.join(","));
            let Wanted::Parts(mut parts) = Wanted::of(value.as_bytes(), 4_000) else {
                continue;
            };
            parts.sort_by_key(|part| part.start);
            assert!(
                parts
                    .iter()
                    .all(|part| part.start < part.end && part.end <= 4_000)
            );
            let is_apart = |pair: &[Range<u64>]| pair[0].end + GAP < pair[1].start;
            assert!(parts.windows(2).all(is_apart), "{value}: {parts:?}");
        }
    }
}

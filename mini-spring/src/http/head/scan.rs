//! What follows a run of allowed bytes.
//!
//! Values and targets are looked at in words: eight bytes of the buffer, the first in the lowest place.
//! Each test marks, by the highest bit of its place, the bytes that end a run. Carries and borrows go
//! upwards only, from bytes that are marked: the lowest mark is exact, and no other is looked at. Names
//! are looked at in one block of sixteen bytes, and what is short or rare byte by byte.
//!
//! Knows bytes and classes of bytes; knows no line.

use crate::http::is_token;

const WORD: usize = size_of::<u64>();

/// This byte in every place.
const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WORD])
}

/// The highest bit of every place.
const HIGHS: u64 = every(0x80);

/// What follows a field name, which is a token.
#[inline(always)]
pub(super) fn behind_name(bytes: &[u8]) -> &[u8] {
    // Nearly all names are at most fifteen letters and hyphens.
    if let Some(block) = bytes.first_chunk() {
        let marks = not_letters(block);
        let [low, high] = [0, WORD].map(|half| match marks[half..].first_chunk() {
            Some(half) => u64::from_le_bytes(*half),
            None => 0,
        });
        let place = match low {
            0 => WORD + high.trailing_zeros() as usize / 8,
            _ => low.trailing_zeros() as usize / 8,
        };
        if let Some(behind @ [b':', ..]) = bytes.get(place..) {
            return behind;
        }
    }
    behind_token(bytes)
}

/// What follows a token (RFC 9110, section 5.6.2).
#[inline(never)]
pub(super) fn behind_token(bytes: &[u8]) -> &[u8] {
    behind(bytes, &TOKEN)
}

/// What follows the bytes that are in a table, for what is short.
#[inline(always)]
pub(super) fn behind<'b>(mut bytes: &'b [u8], table: &[bool; 256]) -> &'b [u8] {
    while let Some((chunk, behind)) = bytes.split_first_chunk::<WORD>() {
        for (place, &byte) in chunk.iter().enumerate() {
            if !table[usize::from(byte)] {
                return &bytes[place..];
            }
        }
        bytes = behind;
    }
    one_by_one(bytes, |byte| table[usize::from(byte)])
}

/// Marks all but ASCII letters and hyphens. Alone and without a branch this becomes a few vector
/// instructions.
#[inline(never)]
fn not_letters(block: &[u8; 2 * WORD]) -> [u8; 2 * WORD] {
    let mut marks = [0; 2 * WORD];
    for (mark, &byte) in marks.iter_mut().zip(block) {
        let lower = byte | 0x20;
        let is_letter = lower.wrapping_sub(b'a') < 26;
        *mark = if is_letter | (byte == b'-') { 0 } else { 0xff };
    }
    marks
}

/// What follows the part of a field value that is printable ASCII, which is all of it nearly always.
#[inline(never)]
pub(super) fn behind_printable(bytes: &[u8]) -> &[u8] {
    behind_run(bytes, not_printable, |byte| matches!(byte, b' '..=b'~'))
}

/// What follows a field value: the first control character but HTAB (RFC 9110, section 5.5).
///
/// ```text
/// field-value = *( SP / HTAB / VCHAR / obs-text )
/// obs-text    = %x80-FF
/// ```
#[inline(never)]
pub(super) fn behind_value(bytes: &[u8]) -> &[u8] {
    one_by_one(bytes, |byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
}

/// What follows a path: `?` or `#`, or the end of the target.
#[inline(always)]
pub(super) fn behind_path(bytes: &[u8]) -> &[u8] {
    let mark = |word| not_printable(word) | is(word, b' ') | is(word, b'?') | is(word, b'#');
    behind_run(bytes, mark, |byte| {
        byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#')
    })
}

/// What follows a request target: a byte that is no visible ASCII.
#[inline(never)]
pub(super) fn behind_target(bytes: &[u8]) -> &[u8] {
    let mark = |word| not_printable(word) | is(word, b' ');
    behind_run(bytes, mark, |byte| byte.is_ascii_graphic())
}

/// What follows a run, from the first mark on. `goes_on` says the same of one byte.
#[inline(always)]
fn behind_run(mut bytes: &[u8], mark: impl Fn(u64) -> u64, goes_on: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((word, behind)) = bytes.split_first_chunk() {
        let marks = mark(u64::from_le_bytes(*word));
        if marks != 0 {
            return &bytes[marks.trailing_zeros() as usize / 8..];
        }
        bytes = behind;
    }
    last_of_run(bytes, goes_on)
}

#[inline(always)]
fn one_by_one(mut bytes: &[u8], goes_on: impl Fn(u8) -> bool) -> &[u8] {
    while let [byte, behind @ ..] = bytes
        && goes_on(*byte)
    {
        bytes = behind;
    }
    bytes
}

/// Not inlined: without it the loop over words keeps its few values in registers.
#[inline(never)]
fn last_of_run(bytes: &[u8], goes_on: impl Fn(u8) -> bool) -> &[u8] {
    one_by_one(bytes, goes_on)
}

/// Marks this byte, which is ASCII.
#[inline(always)]
fn is(word: u64, byte: u8) -> u64 {
    let zero_there = word ^ every(byte);
    zero_there.wrapping_sub(every(1)) & !zero_there & HIGHS
}

/// Marks all but space and visible ASCII.
#[inline(always)]
fn not_printable(word: u64) -> u64 {
    let below = word.wrapping_sub(every(b' '));
    let above = word.wrapping_add(every(0x80 - 0x7f));
    (below | above | word) & HIGHS
}

static TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = is_token(byte as u8);
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place behind allowed ones must be judged as a walk byte by byte does.
    #[track_caller]
    fn check(scan: impl Fn(&[u8]) -> &[u8], allowed: impl Fn(u8) -> bool) {
        for length in 0..36 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[place] = byte;
                    let expected = bytes.iter().position(|&byte| !allowed(byte));
                    let expected = &bytes[expected.unwrap_or(length)..];
                    assert_eq!(scan(&bytes), expected, "{bytes:x?}");
                }
            }
        }
    }

    /// So must pairs of bytes: a mark may carry into the byte above it, never below.
    #[track_caller]
    fn check_pairs(scan: impl Fn(&[u8]) -> &[u8], allowed: impl Fn(u8) -> bool) {
        for low in 0..=u8::MAX {
            for high in 0..=u8::MAX {
                let bytes = [b'a', low, high, b'a', b'a', b'a', b'a', b'a', b'\r'];
                let expected = bytes.iter().position(|&byte| !allowed(byte)).unwrap();
                assert_eq!(scan(&bytes), &bytes[expected..], "{bytes:x?}");
            }
        }
    }

    #[test]
    fn runs_end_where_they_must() {
        let is_value = |byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
        let is_target = |byte: u8| byte.is_ascii_graphic();
        let is_path = |byte| is_target(byte) && !matches!(byte, b'?' | b'#');
        let is_printable = |byte| matches!(byte, b' '..=b'~');
        check(behind_token, |byte| TOKEN[usize::from(byte)]);
        check(behind_name, |byte| TOKEN[usize::from(byte)]);
        check(behind_value, is_value);
        check(behind_printable, is_printable);
        check_pairs(behind_printable, is_printable);
        check(behind_target, is_target);
        check_pairs(behind_target, is_target);
        check(behind_path, is_path);
        check_pairs(behind_path, is_path);
    }

    #[test]
    fn token_characters() {
        let all: String = (0..=u8::MAX)
            .filter(|&byte| TOKEN[usize::from(byte)])
            .map(char::from)
            .collect();
        assert_eq!(
            all,
            "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
        );
    }
}

//! One segment of a path, read eight bytes at a time.
//!
//! Most segments of real paths are shorter than eight bytes, and behind the path of a request its
//! header fields follow in the same buffer; so one load finds the end of a segment, tells whether it
//! is encoded, and is the key by which it is looked up.

const WORD: usize = size_of::<u64>();
const ONES: u64 = u64::from_ne_bytes([0x01; WORD]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; WORD]);

/// A segment, still encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'b> {
    /// The buffer from the start of the segment on.
    rest: &'b [u8],
    pub(super) length: usize,
    /// See [`key`].
    pub(super) key: u64,
    /// There is a `%` in it.
    pub(super) encoded: bool,
}

impl<'b> Piece<'b> {
    /// The segment that starts at `start` and goes on to the next slash or to `end`.
    #[inline(always)]
    pub(super) fn at(buffer: &'b [u8], start: usize, end: usize) -> Self {
        let rest = &buffer[start..];
        let word = key(rest);
        let longest = end - start;
        let length = place(word, b'/').min(longest);
        if length == WORD {
            return Piece::long(&rest[..longest], word);
        }
        let key = word & low_bytes(length);
        Piece {
            rest,
            length,
            key,
            encoded: marks(key, b'%') != 0,
        }
    }

    /// A segment of eight bytes or more, at the start of what is left of the path.
    #[inline(never)]
    fn long(rest: &'b [u8], key: u64) -> Self {
        let slash = rest.iter().position(|&byte| byte == b'/');
        let length = slash.unwrap_or(rest.len());
        Piece {
            rest,
            length,
            key,
            encoded: rest[..length].contains(&b'%'),
        }
    }

    pub(super) fn bytes(&self) -> &'b [u8] {
        &self.rest[..self.length]
    }

    /// Whether it is this text, of which the key is the same.
    #[inline]
    pub(super) fn is(&self, text: &str) -> bool {
        self.length == text.len() && (text.len() <= WORD || self.bytes() == text.as_bytes())
    }
}

/// The first eight bytes, filled up with zeros.
#[inline]
pub(super) fn key(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_word(text),
    }
}

#[cold]
fn last_word(rest: &[u8]) -> u64 {
    let mut bytes = [0; WORD];
    bytes[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(bytes)
}

/// The place of the first such byte, 8 if there is none.
#[inline]
fn place(word: u64, byte: u8) -> usize {
    marks(word, byte).trailing_zeros() as usize / 8
}

/// Marks the bytes of a word that are this one. The subtraction borrows out of bytes that are zero:
/// the lowest mark is exact, and those above it may be wrong.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    let zero_there = word ^ (ONES * u64::from(byte));
    zero_there.wrapping_sub(ONES) & !zero_there & HIGHS
}

/// The mask of so many bytes, fewer than eight.
#[inline]
fn low_bytes(count: usize) -> u64 {
    (1 << (8 * count)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, segment: &str, encoded: bool) {
        for behind in ["", " HTTP/1.1\r\n", "/%/%/%/%/%/%"] {
            let buffer = format!("{path}{behind}");
            let piece = Piece::at(buffer.as_bytes(), 0, path.len());
            assert_eq!(piece.bytes(), segment.as_bytes(), "{buffer}");
            assert_eq!(piece.encoded, encoded, "{buffer}");
            assert_eq!(piece.key, key(segment.as_bytes()), "{buffer}");
        }
    }

    #[test]
    fn segments_of_every_length() {
        for length in 0..30 {
            let segment = "x".repeat(length);
            check(&segment, &segment, false);
            check(&format!("{segment}/%"), &segment, false);
            check(&format!("{segment}%/"), &format!("{segment}%"), true);
            check(&format!("%{segment}//"), &format!("%{segment}"), true);
        }
    }

    #[test]
    fn bytes_next_to_those_that_are_looked_for() {
        check("..0..000/", "..0..000", false);
        check("&$&$&$&$&/%", "&$&$&$&$&", false);
        check("é\u{80}\u{7f}\0/", "é\u{80}\u{7f}\0", false);
    }
}

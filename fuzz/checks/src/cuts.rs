//! Ways to cut bytes, as a network may: whole, byte by byte, in two at each place, and in pieces of all sizes.

/// So long may bytes be to be cut at each of their places.
const SHORT: usize = 160;

/// A source of numbers that are the same for the same bytes.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// FNV-1a, and then xorshift.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Dice(bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix) | 1)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// Places at which it is cut in two: all of them, or some where it is long.
pub(crate) fn places(bytes: &[u8]) -> Vec<usize> {
    if bytes.len() <= SHORT {
        return (0..bytes.len()).collect();
    }
    let mut dice = Dice::of(bytes);
    (0..SHORT / 4).map(|_| dice.below(bytes.len())).collect()
}

/// Pieces of `most` bytes or less.
pub(crate) fn pieces(bytes: &[u8], most: usize) -> Vec<&[u8]> {
    let mut dice = Dice::of(bytes);
    let (mut pieces, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at((1 + dice.below(most)).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// A few ways to cut them, of which the first is not to.
pub(crate) fn few_ways(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut ways = ways(bytes);
    // Another one of them for other bytes.
    let mut dice = Dice::of(bytes);
    while ways.len() > 12 {
        ways.swap_remove(4 + dice.below(ways.len() - 4));
    }
    ways
}

/// Some ways to cut them, of which the first is not to.
pub(crate) fn ways(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut ways = vec![
        vec![bytes],
        pieces(bytes, 1),
        pieces(bytes, 4),
        pieces(bytes, 64),
    ];
    let in_two = |place| {
        let (front, behind): (&[u8], &[u8]) = bytes.split_at(place);
        vec![front, behind]
    };
    ways.extend(places(bytes).into_iter().map(in_two));
    ways
}

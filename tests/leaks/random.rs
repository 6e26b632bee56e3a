//! Numbers that look random and come again: of a seed that a failure shows.

/// The variable that has them come again.
const SEED: &str = "MINI_SPRING_TEST_SEED";

/// SplitMix64, by Sebastiano Vigna.
pub(crate) struct Random(u64);

impl Random {
    /// Of the seed in the environment, or of the time. Says which.
    pub(crate) fn new() -> Self {
        let given = std::env::var(SEED).ok();
        let seed = match &given {
            Some(seed) => seed.parse().expect("a number"),
            None => std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64,
        };
        eprintln!("{SEED}={seed}");
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From zero to below this.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

//! Text that was made while a request is handled and must live as long as it: decoded parameters.
//!
//! A list that only grows while it is shared, so that `&str` handed out earlier stay valid without
//! unsafe code: blocks of doubling size, of which no place is ever filled twice. Empty for nearly all
//! requests: only what was percent-encoded comes here, and the name of a request that somebody asked for.

use std::cell::{Cell, OnceCell};

/// Places of the first block; each block has twice as many as the one before.
const FIRST: usize = 4;

/// So many blocks hold more texts than a request of any size can have parameters.
const BLOCKS: usize = 28;

/// The kept texts of one request.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    blocks: [OnceCell<Box<[OnceCell<String>]>>; BLOCKS],
    count: Cell<usize>,
    /// The name that was made for the request.
    id: OnceCell<String>,
}

impl Scratch {
    /// Keeps `text` until [`Scratch::clear`].
    pub(crate) fn keep(&self, text: String) -> &str {
        let index = self.count.replace(self.count.get() + 1);
        let (block, place) = locate(index);
        let size = FIRST << block;
        let places = self.blocks[block].get_or_init(|| vec![OnceCell::new(); size].into());
        places[place].get_or_init(|| text)
    }

    /// The name of the request, made when it is asked for first.
    pub(super) fn id(&self, make: impl FnOnce() -> String) -> &str {
        self.id.get_or_init(|| {
            // A place is counted though it stays empty: there is something to forget.
            self.count.set(self.count.get() + 1);
            make()
        })
    }

    /// The name of the request, if it has been asked for.
    pub(super) fn made_id(&self) -> Option<&str> {
        self.id.get().map(String::as_str)
    }

    /// Forgets all texts.
    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.count.get() > 0 {
            *self = Scratch::default();
        }
    }
}

/// The block of the text with this number, and its place in it.
fn locate(index: usize) -> (usize, usize) {
    let block = (index / FIRST + 1).ilog2() as usize;
    (block, index - FIRST * ((1 << block) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_used_one_after_the_other() {
        let places: Vec<_> = (0..14).map(locate).collect();
        assert_eq!(places[..5], [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]);
        assert_eq!(places[11..], [(1, 7), (2, 0), (2, 1)]);
    }

    #[test]
    fn texts_stay_where_they_are() {
        let mut scratch = Scratch::default();
        let texts: Vec<&str> = (0..10_000)
            .map(|number| scratch.keep(number.to_string()))
            .collect();
        assert_eq!(texts[7], "7");
        assert_eq!(texts[9_999], "9999");
        scratch.clear();
        assert_eq!(scratch.keep("again".to_owned()), "again");
    }
}

//! Text that was made while a request is handled and must live as long as it: decoded parameters.
//!
//! A list that only grows while it is shared, so that `&str` handed out earlier stay valid without
//! unsafe code. Empty for nearly all requests: only what was percent-encoded comes here.

use std::cell::OnceCell;

/// The kept texts of one request.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    first: OnceCell<Box<Node>>,
}

#[derive(Debug)]
struct Node {
    text: String,
    next: OnceCell<Box<Node>>,
}

impl Scratch {
    /// Keeps `text` until [`Scratch::clear`].
    pub(crate) fn keep(&self, text: String) -> &str {
        let mut place = &self.first;
        while let Some(node) = place.get() {
            place = &node.next;
        }
        let node = place.get_or_init(|| {
            Box::new(Node {
                text,
                next: OnceCell::new(),
            })
        });
        &node.text
    }

    /// Forgets all texts.
    pub(crate) fn clear(&mut self) {
        // One node at a time: dropping a long list by recursion could exhaust the stack.
        let mut next = self.first.take();
        while let Some(mut node) = next {
            next = node.next.take();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_where_they_are() {
        let mut scratch = Scratch::default();
        let texts: Vec<&str> = (0..100)
            .map(|number| scratch.keep(number.to_string()))
            .collect();
        assert_eq!(texts[7], "7");
        assert_eq!(texts[99], "99");
        scratch.clear();
        assert_eq!(scratch.keep("again".to_owned()), "again");
    }
}

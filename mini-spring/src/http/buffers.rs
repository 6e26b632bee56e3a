//! Byte buffers that a thread uses again and again.
//!
//! A response's fields and body are written into vectors taken from here, and the server gives them
//! back once they have been copied into its output. After the first few requests of a thread, an
//! answer therefore costs no heap allocation.
//!
//! Bounds: a thread keeps at most [`KEPT`] buffers, none larger than [`LARGEST`], and none while it has nothing to do.

use std::cell::RefCell;

/// How many unused buffers a thread keeps.
const KEPT: usize = 8;

/// A buffer whose capacity grew past this many bytes is freed rather than kept.
const LARGEST: usize = 64 * 1024;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer, with capacity left over from an earlier use where there is one.
pub(crate) fn take() -> Vec<u8> {
    SPARE
        .try_with(|spare| spare.borrow_mut().pop())
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Hands a buffer back to this thread; its content is forgotten.
pub(crate) fn give(mut buffer: Vec<u8>) {
    if buffer.capacity() == 0 || buffer.capacity() > LARGEST {
        return;
    }
    buffer.clear();
    // While the thread ends, its spare buffers are gone already: the buffer is simply freed.
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < KEPT {
            spare.push(buffer);
        }
    });
}

/// Frees what this thread keeps, which has nothing to do for now. Of a hundred workers that were needed once, most
/// never are again.
pub(crate) fn free() {
    let _ = SPARE.try_with(RefCell::take);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_and_with_its_capacity() {
        let mut buffer = Vec::with_capacity(100);
        buffer.extend_from_slice(b"left over");
        give(buffer);
        let again = take();
        assert!(again.is_empty());
        assert!(again.capacity() >= 100);
    }

    #[test]
    fn what_is_kept_can_be_freed() {
        give(Vec::with_capacity(100));
        free();
        assert_eq!(take().capacity(), 0);
    }

    #[test]
    fn huge_buffers_are_not_kept() {
        while take().capacity() > 0 {}
        give(Vec::with_capacity(LARGEST + 1));
        assert_eq!(take().capacity(), 0);
    }

    #[test]
    fn a_thread_keeps_a_bounded_number() {
        for _ in 0..KEPT + 5 {
            give(Vec::with_capacity(16));
        }
        let kept = std::iter::repeat_with(take).take_while(|buffer| buffer.capacity() > 0);
        assert_eq!(kept.count(), KEPT);
    }
}

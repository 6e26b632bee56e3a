//! An allocator that counts: what is held of the heap, what was held at most, and how often something was asked for.
//!
//! A test that needs it makes it its own: `#[global_allocator] static ALLOCATOR: Counting = Counting;`.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

/// Counts what all threads do but those that say they don't count.
pub struct Counting;

static BLOCKS: AtomicIsize = AtomicIsize::new(0);
static BYTES: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static IS_CLIENT: Cell<bool> = const { Cell::new(false) };
}

/// What this thread does from here on doesn't count: it plays the clients.
pub fn leave_out_this_thread() {
    IS_CLIENT.set(true);
}

/// How many blocks are held.
pub fn blocks() -> isize {
    BLOCKS.load(Ordering::SeqCst)
}

/// How many bytes are held.
pub fn bytes() -> isize {
    BYTES.load(Ordering::SeqCst)
}

/// How often a block was asked for, or another size of one.
pub fn allocations() -> usize {
    ALLOCATIONS.load(Ordering::SeqCst)
}

/// How many bytes more than before were held while this ran, at most, and what it gives back.
pub fn peak_of<T>(act: impl FnOnce() -> T) -> (isize, T) {
    let before = bytes();
    PEAK.store(before, Ordering::SeqCst);
    let value = act();
    (PEAK.load(Ordering::SeqCst) - before, value)
}

fn count(allocations: usize, blocks: isize, bytes: isize) {
    if !IS_CLIENT.try_with(Cell::get).unwrap_or(true) {
        ALLOCATIONS.fetch_add(allocations, Ordering::SeqCst);
        BLOCKS.fetch_add(blocks, Ordering::SeqCst);
        let held = BYTES.fetch_add(bytes, Ordering::SeqCst) + bytes;
        PEAK.fetch_max(held, Ordering::SeqCst);
    }
}

// SAFETY: everything is done by the system's allocator; counting doesn't allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, 1, layout.size() as isize);
        // SAFETY: the caller's promise about the layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, -1, -(layout.size() as isize));
        // SAFETY: the caller's promise about pointer and layout is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, 0, size as isize - layout.size() as isize);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

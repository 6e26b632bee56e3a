//! What is made for one request: each component once, and gone before the answer is sent.
//!
//! A request is answered on one thread, from the first middleware to the end of the handler. So what is made for
//! it stays on this thread and needs not be `Send`. An application may answer requests inside of a handler, so
//! there is a stack of them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::provider::PerRequest;
use super::record::MadeHere;
use crate::request::Request;
use crate::respond::Problem;
use crate::unwind::drop_quietly;

/// The components of one request, by the numbers of their providers, in the order in which they were made.
type Frame = Vec<(usize, Rc<MadeHere>)>;

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// While this lives, components that are made for a request are kept for it.
#[must_use = "the scope ends when it is dropped"]
pub(crate) struct Scope(());

impl Scope {
    /// Begins with nothing made.
    pub(crate) fn enter() -> Self {
        FRAMES.with_borrow_mut(|frames| frames.push(Frame::new()));
        Scope(())
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let frame = FRAMES.with_borrow_mut(Vec::pop);
        // Not while the frames are borrowed: a drop may ask for something itself.
        for made in frame.into_iter().flatten().rev() {
            drop_quietly(made);
        }
    }
}

/// The component for this request; the first who asks has it made.
pub(super) fn find<T: ?Sized + 'static>(
    component: &PerRequest,
    request: &Request,
) -> Result<Arc<T>, Problem> {
    let made = match known(component.provider) {
        Some(made) => made,
        None => keep(component.provider, (component.build)(request)?),
    };
    let shared = made.shared::<T>();
    shared.ok_or_else(|| Problem::internal("a component was made under another type than it said"))
}

fn known(provider: usize) -> Option<Rc<MadeHere>> {
    FRAMES.with_borrow(|frames| {
        let (_, made) = frames
            .last()?
            .iter()
            .find(|(known, _)| *known == provider)?;
        Some(made.clone())
    })
}

/// Without a scope it is only made, and kept by whoever asked.
fn keep(provider: usize, made: MadeHere) -> Rc<MadeHere> {
    let made = Rc::new(made);
    FRAMES.with_borrow_mut(|frames| {
        if let Some(frame) = frames.last_mut() {
            frame.push((provider, made.clone()));
        }
    });
    made
}

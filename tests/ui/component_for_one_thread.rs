//! Components that are made once and can't be used by many threads.

use std::cell::RefCell;
use std::rc::Rc;

use mini_spring::{Inject, Result, component};

struct Notes {
    texts: RefCell<Vec<String>>,
}

#[component]
fn notes() -> Notes {
    Notes {
        texts: RefCell::default(),
    }
}

#[component]
fn fallible() -> Result<Rc<u8>> {
    Ok(Rc::new(7))
}

struct Names(Rc<Vec<String>>);

#[component]
impl Names {
    fn new() -> Self {
        Names(Rc::default())
    }
}

trait Clock {}

struct System;

impl Clock for System {}

#[component(as dyn Clock)]
fn clock() -> System {
    System
}

#[component]
fn boxed() -> Box<dyn Clock> {
    Box::new(System)
}

#[component]
struct Appointments {
    clock: Inject<dyn Clock>,
}

fn main() {}

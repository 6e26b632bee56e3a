//! Dependency injection, as a program sees it. Only what a test reaches is made, so faulty components can stand
//! beside good ones.
#![allow(missing_docs, dead_code)]

#[path = "../support/mod.rs"]
mod support;

mod basics;
mod faults;
mod programs;
mod requests;

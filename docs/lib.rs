//! The pages for readers, compiled: their programs are doc tests of the root package.
//!
//! They stand here and not in the published crate, whose package has no files from above its folder.

#[doc = include_str!("../README.md")]
mod readme {}

#[doc = include_str!("nginx.md")]
mod nginx {}

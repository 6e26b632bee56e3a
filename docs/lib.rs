//! The pages for readers, compiled: their programs are doc tests of the root package.
//!
//! They stand here and not in the published crate, whose package has no files from above its folder.

#[doc = include_str!("../README.md")]
mod readme {}

#[doc = include_str!("limits.md")]
mod limits {}

#[doc = include_str!("paths.md")]
mod paths {}

#[doc = include_str!("http.md")]
mod http {}

#[doc = include_str!("nginx.md")]
mod nginx {}

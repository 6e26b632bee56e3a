//! The pages for readers, compiled: their programs are doc tests of the root package.
//!
//! They stand here and not in the published crate, whose package has no files from above its folder.

#[doc = include_str!("../README.md")]
mod readme {}

#[doc = include_str!("../mini-spring/README.md")]
mod readme_of_the_crate {}

#[doc = include_str!("limits.md")]
mod limits {}

#[doc = include_str!("paths.md")]
mod paths {}

#[doc = include_str!("http.md")]
mod http {}

#[doc = include_str!("nginx.md")]
mod nginx {}

#[doc = include_str!("first-steps.md")]
mod first_steps {}

#[doc = include_str!("sqlite.md")]
mod sqlite {}

#[doc = include_str!("routing.md")]
mod routing {}

#[doc = include_str!("arguments.md")]
mod arguments {}

#[doc = include_str!("uploads.md")]
mod uploads {}

#[doc = include_str!("results.md")]
mod results {}

#[doc = include_str!("events.md")]
mod events {}

#[doc = include_str!("errors.md")]
mod errors {}

#[doc = include_str!("middleware.md")]
mod middleware {}

#[doc = include_str!("components.md")]
mod components {}

#[doc = include_str!("testing.md")]
mod testing {}

#[doc = include_str!("blocking.md")]
mod blocking {}

#[doc = include_str!("production.md")]
mod production {}

#[doc = include_str!("extending.md")]
mod extending {}

#[doc = include_str!("coming-from.md")]
mod coming_from {}

#[doc = include_str!("inside.md")]
mod inside {}

#[doc = include_str!("settings.md")]
mod settings {}

#[doc = include_str!("faults.md")]
mod faults {}

#[doc = include_str!("systems.md")]
mod systems {}

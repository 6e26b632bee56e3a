//! The bookshop, as its clients see it.

mod support;

mod accounts;
mod books;
mod crowd;
mod orders;
mod replaced;
mod restart;

// All components are there, and every route and middleware has what it needs.
mini_spring::verify!(bookshop::app());

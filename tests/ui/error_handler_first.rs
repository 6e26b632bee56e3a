//! The error stands first, and is borrowed.

use std::{fmt, io};

use mini_spring::{Problem, Request, error_handler};

#[error_handler]
fn request_first(request: &Request, error: &fmt::Error) -> Problem {
    Problem::internal(format!("{} {error}", request.path()))
}

#[error_handler]
fn again(request: &mini_spring::Request, error: io::Error) -> Problem {
    Problem::internal(format!("{} {error}", request.path()))
}

#[error_handler]
fn by_value(error: io::Error) -> Problem {
    Problem::internal(error)
}

#[error_handler]
fn ignored(_: fmt::Error, request: &Request) -> Problem {
    Problem::internal(request.path())
}

fn main() {}

//! Another error is answered as what is in it, which doesn't say how.

use std::io;

use mini_spring::Problem;

#[derive(Debug, Problem)]
enum Failure {
    #[problem(transparent)]
    Disk(io::Error),
    #[problem(transparent)]
    Code { number: u8 },
    #[problem(transparent)]
    Fine(Problem),
}

fn main() {}

//! What stands behind the status of a problem, misspelled.

use mini_spring::Problem;

#[derive(Problem)]
#[problem(404, membres(id))]
struct List {
    id: u64,
}

#[derive(Problem)]
#[problem(404, members = [id])]
struct Assigned {
    id: u64,
}

#[derive(Problem)]
#[problem(404, code(gone))]
struct Code;

#[derive(Problem)]
#[problem(404, code = 7)]
struct Number;

#[derive(Problem)]
#[problem(404, title)]
struct Nothing;

fn main() {}

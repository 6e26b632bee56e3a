use mini_spring::{Problem, error_handler};

struct Errors;

impl Errors {
    #[error_handler]
    fn all(&self, problem: Problem) -> Problem {
        problem
    }
}

fn main() {
    drop(Errors.all(Problem::not_found("")));
}

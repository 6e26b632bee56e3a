//! Errors that don't say how they are answered, or say what can't be.

use mini_spring::Problem;

#[derive(Problem)]
enum Silent {
    #[problem(404)]
    Missing,
    Odd,
}

#[derive(Problem)]
struct Success;

#[derive(Problem)]
#[problem(200)]
struct NoError;

#[derive(Problem)]
#[problem("no book")]
struct NoStatus;

#[derive(Problem)]
#[problem(404, members(idd))]
struct NoField {
    id: u64,
}

#[derive(Problem)]
#[problem(transparent)]
struct Two(u8, u8);

#[derive(Problem)]
#[problem(404, code = "a", titel = "b")]
struct Slip;

#[derive(Problem)]
#[problem(404)]
struct Generic<T>(T);

#[derive(Problem)]
#[problem(404)]
enum OnTheEnum {}

fn main() {}

//! Errors: of the program, of a library, and what all of them look like. The recipes are files in the directory
//! that `RECIPES` names.
//!
//! ```sh
//! mkdir -p /tmp/recipes
//! RECIPES=/tmp/recipes cargo run --example errors
//! curl -d 'Boil it.' http://localhost:8080/recipes/rice
//! curl -i http://localhost:8080/recipes/rye
//! ```
//!
//! In a browser, <http://localhost:8080/recipes/rye> is a page.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::{env, fmt, fs, io};

use mini_spring::http::StatusCode;
use mini_spring::{Created, Problem, Request, error_handler, route};

/// What can be wrong with a recipe, and how it is answered.
#[derive(Debug, Problem)]
enum RecipeError {
    #[problem(
        404,
        "there is no recipe for {name}",
        code = "no_recipe",
        members(name)
    )]
    Missing { name: String },
    #[problem(409, "there is a recipe for {name} already", code = "recipe_taken")]
    Taken { name: String },
    #[problem(422, "a recipe has at most {most} letters", members(most))]
    TooLong { most: usize },
}

impl fmt::Display for RecipeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecipeError::Missing { name } => write!(formatter, "{name} is missing"),
            RecipeError::Taken { name } => write!(formatter, "{name} is taken"),
            RecipeError::TooLong { most } => write!(formatter, "more than {most} letters"),
        }
    }
}

impl Error for RecipeError {}

/// An error of a library: whoever gets one passes it on with `?`. The log tells what it was.
#[error_handler]
fn files(_: &io::Error) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_detail("the recipes can't be reached at the moment")
        .header("Retry-After", "60")
}

/// What every problem has, also a 404 of a path that doesn't exist. Returning something else than a `Problem`
/// would change the shape of all of them.
#[error_handler]
fn all(problem: Problem, request: &Request) -> Problem {
    let help = format!("https://example.org/errors#{}", problem.code());
    let problem = problem.with("help", help);
    match request.route() {
        Some(route) => problem.with("route", route),
        None => problem,
    }
}

const LONGEST: usize = 1_000;

/// The file of a recipe. Of the name only letters are taken, so that it leads to no other directory.
fn file(name: &str) -> PathBuf {
    let directory = env::var_os("RECIPES").unwrap_or("recipes".into());
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    PathBuf::from(directory).join(letters.collect::<String>() + ".txt")
}

#[route(GET, "/recipes/<name>", blocking)]
fn show(name: String) -> mini_spring::Result<String> {
    match fs::read_to_string(file(&name)) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(RecipeError::Missing { name }.into())
        }
        text => Ok(text?),
    }
}

#[route(POST, "/recipes/<name>", blocking)]
fn add(name: String, text: &str) -> mini_spring::Result<Created> {
    if text.chars().count() > LONGEST {
        return Err(RecipeError::TooLong { most: LONGEST }.into());
    }
    match fs::File::create_new(file(&name)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(RecipeError::Taken { name }.into());
        }
        file => file?.write_all(text.as_bytes())?,
    }
    Ok(Created::at(show::url(name)))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

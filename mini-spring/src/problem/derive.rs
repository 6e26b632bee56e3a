//! The attribute `#[derive(Problem)]`, with an example that needs this crate.

/// Says how the errors of an enum or a struct are answered:
///
/// ```
/// use mini_spring::{Problem, route};
///
/// #[derive(Debug, Problem)]
/// enum BookError {
///     #[problem(404, "no book {id}")]
///     Missing { id: u64 },
///     #[problem(500)]
///     Database(std::io::Error),
/// }
///
/// impl From<std::io::Error> for BookError {
///     fn from(error: std::io::Error) -> Self {
///         BookError::Database(error)
///     }
/// }
///
/// #[route(GET, "/books/<id>")]
/// fn book(id: u64) -> Result<String, BookError> {
///     match std::fs::read_to_string("books/7.txt")? {
///         text if id == 7 => Ok(text),
///         _ => Err(BookError::Missing { id }),
///     }
/// }
///
/// let problem = Problem::from(BookError::Missing { id: 8 });
/// assert_eq!((problem.status().as_u16(), problem.detail()), (404, Some("no book 8")));
/// ```
///
pub use mini_spring_macros::Problem;

//! How errors of the libraries are answered. What can be wrong with books, orders and accounts, their models say.

use mini_spring::Problem;
use mini_spring::error_handler;
use mini_spring::http::StatusCode;
use rusqlite::ErrorCode;

/// An unexpected error of the database is a 500, and the log tells more; one that is busy gets better.
#[error_handler]
fn database(error: &rusqlite::Error) -> Problem {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => busy(),
        _ => Problem::new(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// No connection has become free in time.
#[error_handler]
fn connections(_: &r2d2::Error) -> Problem {
    busy()
}

fn busy() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_detail("the shop is busy; try again in a moment")
        .header("Retry-After", "1")
}

/// Whether a row breaks this rule of its table, one of the `SQLITE_CONSTRAINT_..` codes.
pub fn breaks(error: &rusqlite::Error, rule: i32) -> bool {
    let error = error.sqlite_error();
    error.is_some_and(|error| error.extended_code == rule)
}

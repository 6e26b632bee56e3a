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

#[cfg(test)]
mod tests {
    use mini_spring::{App, Request, TestApp, errors};
    use rusqlite::ffi::{self, SQLITE_BUSY, SQLITE_CORRUPT};

    use super::*;

    #[test]
    fn only_what_gets_better_is_worth_another_try() {
        let failing = |code| {
            move |_: &Request| -> mini_spring::Result<()> {
                Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into())
            }
        };
        let app = App::empty()
            .error_handlers(errors![database])
            .route("GET", "/busy", failing(SQLITE_BUSY))
            .route("GET", "/corrupt", failing(SQLITE_CORRUPT));
        let app = TestApp::from_app(app);
        let busy = app.get("/busy").send();
        busy.assert_status(503).assert_header("Retry-After", "1");
        let corrupt = app.get("/corrupt").send();
        assert_eq!(corrupt.assert_status(500).header("Retry-After"), None);
    }
}

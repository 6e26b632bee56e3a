//! What becomes a problem by itself, and a problem as an error.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use super::Problem;

impl From<StatusCode> for Problem {
    fn from(status: StatusCode) -> Self {
        Problem::new(status)
    }
}

impl<D: Into<String>> From<(StatusCode, D)> for Problem {
    fn from((status, detail): (StatusCode, D)) -> Self {
        Problem::new(status).with_detail(detail)
    }
}

impl From<std::convert::Infallible> for Problem {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.status().as_u16(), self.title())?;
        match self.detail() {
            Some(detail) => write!(formatter, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Problem({self})")
    }
}

impl StdError for Problem {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.cause()?;
        Some(cause)
    }
}

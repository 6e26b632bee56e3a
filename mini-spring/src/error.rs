//! [`Error`]: one type that `?` turns every error into. Knows nothing of the web: how it is answered
//! stands with [`Problem`](struct@crate::Problem).

use std::borrow::Cow;
use std::error::Error as StdError;
use std::{fmt, io};

use http::StatusCode;

/// The result of functions that fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, for handlers, components and `main`.
///
/// `?` turns every error type into it, text too. As a handler's error it is an opaque 500 whose
/// cause goes to the log, unless the error is a [`Problem`](struct@crate::Problem), which is answered as it is. Its `Debug`
/// reads like its `Display`, with the causes behind it, because that is what `main` prints.
///
/// An error with `#[derive(Problem)]` is answered as its attributes say, in here too. A `From<MyError> for
/// Problem` that is written by hand is *not* asked once `?` has made a `MyError` an `Error`: then return
/// `Result<T, MyError>`, and give `MyError` a variant for everything else.
///
/// It is no `std::error::Error` itself; that is what lets it be made from all of them.
///
/// ```
/// fn parse(text: &str) -> mini_spring::Result<u16> {
///     if text.is_empty() {
///         return Err("expected a port, found nothing".into());
///     }
///     Ok(text.parse()?)
/// }
///
/// assert_eq!(parse("").unwrap_err().to_string(), "expected a port, found nothing");
/// assert_eq!(parse("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
pub struct Error {
    inner: Box<dyn StdError + Send + Sync>,
}

impl Error {
    /// The error in it, to look at its type: `error.as_std().downcast_ref::<MyError>()`.
    pub fn as_std(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.inner
    }

    /// The error in it.
    pub fn into_std(self) -> Box<dyn StdError + Send + Sync> {
        self.inner
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> From<E> for Error {
    fn from(error: E) -> Self {
        Error {
            inner: error.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, formatter)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Chain(&*self.inner), formatter)
    }
}

/// What a client did wrong while its request was being answered: no error of the program, though a handler
/// can only pass it on as one. A problem with one behind it is answered as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientFault {
    pub(crate) status: StatusCode,
    pub(crate) detail: Cow<'static, str>,
}

impl ClientFault {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        ClientFault { status, detail }
    }

    /// The first of these errors that is one. An `io::Error` hides what is in it from its sources.
    pub(crate) fn behind<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        let here = match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
            Some(Some(inner)) => inner.downcast_ref(),
            _ => error.downcast_ref(),
        };
        here.or_else(|| ClientFault::behind(error.source()?))
    }
}

impl fmt::Display for ClientFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl StdError for ClientFault {}

/// An error and its causes: `first: second: third`.
pub(crate) struct Chain<'e>(pub(crate) &'e (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        formatter.write_str(&said)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            // Some errors only say what their cause says.
            let text = cause.to_string();
            if text != said {
                write!(formatter, ": {text}")?;
                said = text;
            }
            source = cause.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_client_are_found() {
        let slow = ClientFault::new(StatusCode::REQUEST_TIMEOUT, "too slow");
        let in_io = || io::Error::new(io::ErrorKind::TimedOut, slow.clone());
        let wrapped =
            io::Error::other(crate::Problem::new(StatusCode::CONFLICT).with_cause(in_io()));
        assert_eq!(ClientFault::behind(&slow), Some(&slow));
        assert_eq!(ClientFault::behind(&in_io()), Some(&slow));
        assert_eq!(ClientFault::behind(&wrapped), Some(&slow));
        assert_eq!(ClientFault::behind(&io::Error::other("full")), None);
    }

    #[test]
    fn debug_reads_like_display_with_its_causes() {
        let error = Error::from(crate::Problem::internal("the disk is full"));
        assert_eq!(error.to_string(), "500 Internal Server Error");
        assert_eq!(
            format!("{error:?}"),
            "500 Internal Server Error: the disk is full"
        );
    }
}

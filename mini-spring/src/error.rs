//! [`Error`]: one type that `?` turns every error into. Knows nothing of the web: how it is answered
//! stands with [`Problem`](struct@crate::Problem).

mod causes;
mod handled;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

pub(crate) use self::causes::{Chain, ClientFault, Line, causes};
pub(crate) use self::handled::{Boxed, ErrorType, Handled};
use crate::trace::Trace;

/// The result of functions that fail with an [`Error`].
///
/// ```
/// fn port(text: &str) -> mini_spring::Result<u16> {
///     Ok(text.parse()?)
/// }
///
/// assert_eq!(port("8080")?, 8080);
/// # Ok::<(), mini_spring::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, for handlers, components and `main`.
///
/// `?` turns every error type into it, text too. As a handler's error it is an opaque 500 whose
/// cause goes to the log, unless the error is a [`Problem`](struct@crate::Problem), which is answered as it is. Its `Debug`
/// reads like its `Display`, with the causes behind it, because that is what `main` prints.
///
/// An error with `#[derive(Problem)]` is answered as its attributes say, in here too, and one that has an
/// [`#[error_handler]`](macro@crate::error_handler) by that. A `From<MyError> for Problem` that is written by
/// hand is *not* asked once `?` has made a `MyError` an `Error`: then return `Result<T, MyError>`, and give
/// `MyError` a variant for everything else.
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
    /// Where it was made, while the program is developed.
    trace: Option<Arc<Trace>>,
}

impl Error {
    /// The error in it, to look at its type: `error.as_std().downcast_ref::<MyError>()`.
    ///
    /// ```
    /// use std::num::ParseIntError;
    ///
    /// let error = mini_spring::Error::from("x".parse::<u8>().unwrap_err());
    /// assert!(error.as_std().is::<ParseIntError>());
    /// ```
    pub fn as_std(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.inner
    }

    /// The error in it.
    ///
    /// ```
    /// let error = mini_spring::Error::from("the shop is closed").into_std();
    /// assert_eq!(error.to_string(), "the shop is closed");
    /// ```
    pub fn into_std(self) -> Box<dyn StdError + Send + Sync> {
        self.inner
    }

    /// One whose place says nothing. To walk the stack takes a lock of the library, which somebody may hold who prints a
    /// panic to a log that takes nothing: at the end of a process that must not be waited for.
    pub(crate) fn untraced(message: String) -> Self {
        Error {
            inner: message.into(),
            trace: None,
        }
    }

    /// Where it was made.
    pub(crate) fn trace(&self) -> Option<Arc<Trace>> {
        self.trace.clone()
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> From<E> for Error {
    /// `?` is the caller.
    #[track_caller]
    fn from(error: E) -> Self {
        Error {
            inner: error.into(),
            trace: Trace::here(),
        }
    }
}

/// The error in it, as the boxes of other crates give it, too.
impl AsRef<dyn StdError + Send + Sync> for Error {
    fn as_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.as_std()
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

#[cfg(test)]
mod tests {
    use super::*;

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

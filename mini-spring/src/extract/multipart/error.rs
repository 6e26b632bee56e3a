//! [`MultipartError`]: why a form can't be read on, and whose fault that is.

use std::error::Error as StdError;
use std::{fmt, io};

use crate::error::ClientFault;
use crate::http::StatusCode;
use crate::problem::{ErrorMapping, Problem};

/// Why a [`Multipart`](crate::Multipart) can't be read on.
///
/// `?` turns it into a [`Problem`](struct@crate::Problem), an [`Error`](crate::Error) or an `io::Error`, so that
/// a handler may return any of them. What the client did wrong is answered as that; [`MultipartError::status`]
/// says how.
///
/// ```
/// use mini_spring::{Multipart, MultipartError, TestApp, route, routes};
///
/// #[route(POST, "/names")]
/// fn names(mut form: Multipart) -> Result<Vec<String>, MultipartError> {
///     let mut names = Vec::new();
///     while let Some(part) = form.next_part()? {
///         names.push(part.name().to_owned());
///     }
///     Ok(names)
/// }
///
/// let form = "multipart/form-data; boundary=x";
/// let app = TestApp::of(routes![names]);
/// app.post("/names").header("Content-Type", form).body("--x\r\nbroken off").send().assert_status(400);
/// ```
#[derive(Debug)]
pub struct MultipartError {
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Client(ClientFault),
    /// The body can't be read.
    Body(io::Error),
    /// The part can't be kept.
    Storage(io::Error),
}

impl MultipartError {
    /// The form is malformed: 400.
    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        ClientFault::new(StatusCode::BAD_REQUEST, detail.into()).into()
    }

    /// The form is larger than the handler accepts: 413.
    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        ClientFault::new(StatusCode::PAYLOAD_TOO_LARGE, detail.into()).into()
    }

    /// The part can't be written into a file: 507.
    pub(super) fn storage(error: io::Error) -> Self {
        let cause = Cause::Storage(error);
        MultipartError { cause }
    }

    /// How it is answered: 400 for a malformed or incomplete form, 408 for a client that is too slow, 413 where
    /// a limit is passed, 507 where a part can't be written into a file, else 500.
    ///
    /// ```
    /// use mini_spring::{FromRequest, Multipart, Request};
    ///
    /// let request = Request::post("/")
    ///     .header("Content-Type", "multipart/form-data; boundary=x")
    ///     .body("--x\r\nContent-Disposition: form-data\r\n")
    ///     .build()?;
    /// let mut form = Multipart::from_request(&request)?;
    /// let error = form.next_part().err();
    /// assert_eq!(error.map(|error| error.status().as_u16()), Some(400));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn status(&self) -> StatusCode {
        match (&self.cause, self.client_fault()) {
            (_, Some(fault)) => fault.status,
            (Cause::Storage(_), None) => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the client did wrong, if it was the client.
    pub(super) fn client_fault(&self) -> Option<&ClientFault> {
        match &self.cause {
            Cause::Client(fault) => Some(fault),
            Cause::Body(error) => ClientFault::behind(error),
            Cause::Storage(_) => None,
        }
    }
}

impl From<ClientFault> for MultipartError {
    fn from(fault: ClientFault) -> Self {
        let cause = Cause::Client(fault);
        MultipartError { cause }
    }
}

/// The body can't be read.
impl From<io::Error> for MultipartError {
    fn from(error: io::Error) -> Self {
        let cause = Cause::Body(error);
        MultipartError { cause }
    }
}

impl fmt::Display for MultipartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Client(fault) => fault.fmt(formatter),
            Cause::Body(_) => formatter.write_str("the body can't be read"),
            Cause::Storage(_) => formatter.write_str("a part of the form can't be kept"),
        }
    }
}

impl StdError for MultipartError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::Client(fault) => Some(fault),
            Cause::Body(error) | Cause::Storage(error) => Some(error),
        }
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        let status = error.status();
        match error.cause {
            Cause::Client(fault) => Problem::new(status).with_detail(fault.detail),
            Cause::Body(error) => Problem::internal(error),
            Cause::Storage(error) => Problem::new(status).with_cause(error),
        }
    }
}

impl From<MultipartError> for io::Error {
    fn from(error: MultipartError) -> Self {
        match error.cause {
            Cause::Client(fault) if fault.status == StatusCode::PAYLOAD_TOO_LARGE => {
                io::Error::new(io::ErrorKind::FileTooLarge, fault)
            }
            Cause::Client(fault) => io::Error::new(io::ErrorKind::InvalidData, fault),
            Cause::Body(error) | Cause::Storage(error) => error,
        }
    }
}

// What `?` has boxed is still answered as it is.
inventory::submit! {
    ErrorMapping {
        recover: |error| error.downcast::<MultipartError>().map(|error| (*error).into()),
        // What the client did wrong is found behind any error.
        told: |error| match error.downcast_ref::<MultipartError>()?.cause {
            Cause::Storage(_) => Some(Problem::new(StatusCode::INSUFFICIENT_STORAGE)),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn all() -> [(MultipartError, u16); 5] {
        let slow = ClientFault::new(StatusCode::REQUEST_TIMEOUT, "too slow");
        let slow = io::Error::new(io::ErrorKind::TimedOut, slow);
        [
            (MultipartError::malformed("no end"), 400),
            (MultipartError::too_large("too much"), 413),
            (slow.into(), 408),
            (io::Error::other("ended").into(), 500),
            (MultipartError::storage(io::Error::other("full")), 507),
        ]
    }

    #[test]
    fn it_is_answered_as_it_says_whatever_it_becomes() {
        for (error, status) in all() {
            assert_eq!(error.status(), status);
            assert_eq!(Problem::from(error).status(), status);
        }
        for (error, status) in all() {
            assert_eq!(Problem::from(Error::from(error)).status(), status);
        }
        for (error, status) in all() {
            let boxed: Box<dyn StdError + Send + Sync> = error.into();
            let problem = Problem::internal(boxed);
            assert_eq!(problem.status(), if status == 507 { 500 } else { status });
        }
        for (error, status) in all() {
            let problem = Problem::internal(io::Error::from(error));
            assert_eq!(problem.status(), if status == 507 { 500 } else { status });
        }
    }

    #[test]
    fn the_client_is_told_what_it_did_and_nothing_else() {
        let details = all().map(|(error, _)| Problem::from(error).detail().map(str::to_owned));
        let told = |text: &str| Some(text.to_owned());
        let expected = [
            told("no end"),
            told("too much"),
            told("too slow"),
            None,
            None,
        ];
        assert_eq!(details, expected);
        let texts = all().map(|(error, _)| format!("{:?}", Error::from(error)));
        assert_eq!(
            texts,
            [
                "no end",
                "too much",
                "the body can't be read: too slow",
                "the body can't be read: ended",
                "a part of the form can't be kept: full",
            ]
        );
    }
}

//! What stands behind an error: its sources, one after the other. Knows nothing of what they are.

use std::error::Error as StdError;
use std::{fmt, io};

/// An error whose sources have no end is looked at so far.
const DEPTH: usize = 64;

/// An error, then what caused it, and so on. An `io::Error` hides what is in it from its sources; here it
/// follows as the cause that it is.
pub(crate) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let causes = std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
            Some(Some(inner)) => Some(inner),
            _ => error.source(),
        }
    });
    causes.take(DEPTH)
}

/// What a client did wrong while its request was being answered: no error of the program, though a handler
/// can only pass it on as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientFault(pub(crate) &'static str);

impl ClientFault {
    /// Whether one of these errors is one.
    pub(crate) fn is_behind(error: &(dyn StdError + 'static)) -> bool {
        causes(error).any(|cause| cause.is::<ClientFault>())
    }
}

impl fmt::Display for ClientFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl StdError for ClientFault {}

/// An error and its causes: `first: second: third`.
pub(crate) struct Chain<'e>(pub(crate) &'e (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not `causes`: an `io::Error` says what the error in it says.
        let chain = std::iter::successors(Some(self.0), |&error| error.source());
        for (index, error) in chain.take(DEPTH).enumerate() {
            let colon = if index == 0 { "" } else { ": " };
            write!(formatter, "{colon}{error}")?;
        }
        Ok(())
    }
}

/// The same on one line: what a client has sent can be in it, and must not look like a line of its own.
pub(crate) struct Line<'e>(pub(crate) &'e (dyn StdError + 'static));

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain = Chain(self.0).to_string();
        let lines: Vec<&str> = chain.split(['\r', '\n']).map(str::trim).collect();
        formatter.write_str(lines.join(" ").trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It is its own cause.
    #[derive(Debug)]
    struct Endless;

    impl fmt::Display for Endless {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("again")
        }
    }

    impl StdError for Endless {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(self)
        }
    }

    #[test]
    fn faults_of_the_client_are_found() {
        let fault = || io::Error::new(io::ErrorKind::TimedOut, ClientFault("too slow"));
        assert!(ClientFault::is_behind(&fault()));
        assert!(ClientFault::is_behind(&ClientFault("too slow")));
        let problem = crate::Problem::internal(fault());
        assert!(ClientFault::is_behind(&problem));
        assert!(!ClientFault::is_behind(&io::Error::other("full")));
    }

    #[test]
    fn a_chain_without_end_is_cut_off() {
        assert_eq!(causes(&Endless).count(), DEPTH);
        let text = Chain(&Endless).to_string();
        assert_eq!(text.matches("again").count(), DEPTH);
    }

    #[test]
    fn what_an_io_error_holds_is_a_cause_and_said_once() {
        let error = io::Error::other(io::Error::other(ClientFault("gone")));
        assert_eq!(causes(&error).count(), 3);
        assert_eq!(Chain(&error).to_string(), "gone");
    }
}

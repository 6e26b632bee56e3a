//! Which types of errors a program handles by itself, so that an error of one of them is kept as it is until
//! its handler gets it. Knows no handler.

use std::any::{Any, TypeId, type_name};
use std::error::Error as StdError;
use std::io;

use super::ClientFault;

/// An error that nothing but its value is known of.
pub(crate) type Boxed = Box<dyn StdError + Send + Sync>;

/// A type of errors, as a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorType {
    pub(crate) id: TypeId,
    /// What it is called, in messages.
    pub(crate) name: &'static str,
    is: fn(&(dyn StdError + 'static)) -> bool,
    reboxed: fn(Box<dyn Any>) -> Boxed,
}

impl ErrorType {
    /// The type itself.
    pub(crate) fn of<E: StdError + Send + Sync + 'static>() -> Self {
        ErrorType {
            id: TypeId::of::<E>(),
            name: type_name::<E>(),
            is: |error| error.is::<E>(),
            reboxed: |value| match value.downcast::<E>() {
                Ok(error) => error,
                Err(_) => "an error isn't of the type that it was said to be".into(),
            },
        }
    }

    /// Whether an error is of it. An `io::Error` that only tells what a client did wrong with its body is none of
    /// the program's, and of no type.
    pub(crate) fn is_of(&self, error: &(dyn StdError + 'static)) -> bool {
        let tells_of_client = || error.is::<io::Error>() && ClientFault::behind(error).is_some();
        (self.is)(error) && !tells_of_client()
    }
}

/// All types of errors that have a handler in an application.
#[derive(Debug, Default)]
pub struct Handled {
    types: Vec<ErrorType>,
}

impl Handled {
    /// These types.
    pub(crate) fn of(types: impl IntoIterator<Item = ErrorType>) -> Self {
        Handled {
            types: types.into_iter().collect(),
        }
    }

    /// Whether there is a handler for this very error, its causes aside.
    pub(crate) fn has(&self, error: &(dyn StdError + 'static)) -> bool {
        self.types.iter().any(|known| known.is_of(error))
    }

    /// The value in a box, if it is an error of one of these types.
    ///
    /// # Errors
    ///
    /// The value, if it isn't.
    pub(crate) fn boxed<E: 'static>(&self, value: E) -> Result<Boxed, E> {
        let id = TypeId::of::<E>();
        match self.types.iter().find(|known| known.id == id) {
            Some(known) => Ok((known.reboxed)(Box::new(value))),
            None => Err(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_known_by_their_type() {
        let handled = Handled::of([ErrorType::of::<std::fmt::Error>()]);
        assert!(handled.has(&std::fmt::Error));
        assert!(!handled.has(&std::io::Error::other(std::fmt::Error)));
        let boxed = handled.boxed(std::fmt::Error).unwrap();
        assert!(boxed.is::<std::fmt::Error>());
        assert_eq!(handled.boxed(7).unwrap_err(), 7);
        assert!(!Handled::default().has(&std::fmt::Error));
    }

    #[test]
    fn what_a_client_did_wrong_is_not_for_those_of_io() {
        let handled = Handled::of([ErrorType::of::<io::Error>()]);
        assert!(handled.has(&io::Error::other("full")));
        let fault = ClientFault::new(http::StatusCode::BAD_REQUEST, "it breaks off");
        assert!(!handled.has(&io::Error::other(fault)));
    }
}

//! [`ReadError`]: what is wrong with a value, in the words of every other mistake.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use super::de::Spot;

/// Why a value can't be read.
#[derive(Debug)]
pub(crate) struct ReadError {
    message: String,
    /// The message says what was found.
    says_found: bool,
    /// It begins with where the value was written.
    says_where: bool,
}

impl ReadError {
    /// What somebody else said.
    pub(super) fn told(message: impl Display) -> Self {
        ReadError {
            message: message.to_string(),
            says_found: false,
            says_where: false,
        }
    }

    pub(super) fn expected(expected: impl Display, found: impl Display) -> Self {
        ReadError {
            message: format!("expected {expected}, found {found}"),
            says_found: true,
            says_where: false,
        }
    }

    /// A sentence that leaves nothing out.
    pub(super) fn whole(message: String) -> Self {
        ReadError {
            message,
            says_found: true,
            says_where: true,
        }
    }

    /// Adds where the value was written and what it is, unless that has been said.
    pub(super) fn at(mut self, spot: Spot<'_>) -> Self {
        if self.says_where {
            return self;
        }
        let about = spot.node.origin.about(&spot.path.to_string());
        self.message = match (spot.is_secret, self.says_found) {
            // What a type says may quote the value.
            (true, _) => format!("{about}: expected another value, found one that isn't shown"),
            (false, true) => format!("{about}: {}", self.message),
            (false, false) => format!("{about}: {}, found {}", self.message, spot.node.found()),
        };
        self.says_found = true;
        self.says_where = true;
        self
    }
}

impl Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Str(text) => format!("`{text}`"),
        Unexpected::Signed(number) => format!("`{number}`"),
        Unexpected::Unsigned(number) => format!("`{number}`"),
        Unexpected::Float(number) => format!("`{number}`"),
        Unexpected::Bool(switch) => format!("`{switch}`"),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => format!("`{only}`"),
        [others @ .., last] => format!("`{}` or `{last}`", others.join("`, `")),
    }
}

impl de::Error for ReadError {
    fn custom<T: Display>(message: T) -> Self {
        ReadError::told(message)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ReadError::expected(expected, found(unexpected))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ReadError::expected(expected, found(unexpected))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        ReadError::expected(expected, format!("{length} values"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        ReadError::expected(one_of(expected), format!("`{variant}`"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        ReadError::expected(one_of(expected), format!("`{field}`"))
    }

    fn missing_field(field: &'static str) -> Self {
        ReadError::expected(format!("`{field}`"), "none")
    }
}

//! Start-up mistakes: collected, and reported together.
//!
//! Knows nothing of what the mistakes are about.

use std::error::Error as StdError;
use std::fmt;

/// What is wrong with a program, one sentence each; an error once it is returned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mistakes {
    list: Vec<String>,
}

impl Mistakes {
    pub(crate) fn add(&mut self, mistake: impl Into<String>) {
        self.list.push(mistake.into());
    }

    pub(crate) fn extend(&mut self, other: Mistakes) {
        self.list.extend(other.list);
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// `value`, if there are no mistakes.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Mistakes> {
        match self.list.is_empty() {
            true => Ok(value),
            false => Err(self),
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.list[..] {
            [] => formatter.write_str("no mistake"),
            [only] => formatter.write_str(only),
            several => {
                write!(formatter, "{} mistakes:", several.len())?;
                several
                    .iter()
                    .try_for_each(|mistake| write!(formatter, "\n  - {mistake}"))
            }
        }
    }
}

impl StdError for Mistakes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_a_sentence_and_several_are_a_list() {
        let mut mistakes = Mistakes::default();
        mistakes.add("a is wrong");
        assert_eq!(mistakes.to_string(), "a is wrong");
        mistakes.add("b too");
        let report = mistakes.or(()).unwrap_err();
        assert_eq!(report.to_string(), "2 mistakes:\n  - a is wrong\n  - b too");
        assert!(Mistakes::default().or(()).is_ok());
    }
}

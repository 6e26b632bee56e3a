//! Books, and what can be wrong with them.

use garde::Validate;
use mini_spring::{ETag, Problem};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::Cents;

pub type BookId = i64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Book {
    pub id: BookId,
    #[serde(flatten)]
    pub details: BookDetails,
    /// How often it was changed, sales included.
    #[serde(skip)]
    pub version: u32,
}

/// All of a book that an admin decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct BookDetails {
    #[garde(custom(is_isbn))]
    pub isbn: String,
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    #[garde(length(chars, min = 1, max = 100))]
    pub author: String,
    #[garde(dive)]
    pub price_cents: Cents,
    #[garde(range(max = 1_000_000))]
    pub stock: u32,
}

#[derive(Debug, Error, Problem)]
pub enum BookError {
    #[error("there is no book {id}")]
    #[problem(404, code = "no_book", members(id))]
    Missing { id: BookId },
    #[error("there is a book of the ISBN {isbn} already")]
    #[problem(409, code = "isbn_taken", members(isbn))]
    Taken { isbn: String },
    #[error("book {id} has been ordered and must stay; set its stock to 0")]
    #[problem(409, code = "book_ordered", members(id))]
    Ordered { id: BookId },
}

impl Book {
    /// The state that a client has seen: it changes with every change.
    pub fn etag(&self) -> ETag {
        ETag::strong(self.version)
    }
}

/// 13 digits, of which the last is a check (ISO 2108).
fn is_isbn(isbn: &str, _: &()) -> garde::Result {
    let digits: Option<Vec<u32>> = isbn.chars().map(|digit| digit.to_digit(10)).collect();
    let is_right = digits.is_some_and(|digits| {
        let weights = [1, 3].into_iter().cycle();
        let sum: u32 = digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum();
        digits.len() == 13 && sum.is_multiple_of(10)
    });
    match is_right {
        true => Ok(()),
        false => Err(garde::Error::new("expected an ISBN of 13 digits")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_isbn_has_a_check_digit() {
        assert!(is_isbn("9783161484100", &()).is_ok());
        for wrong in ["9783161484101", "978316148410", "978-3161484100", ""] {
            assert!(is_isbn(wrong, &()).is_err(), "{wrong}");
        }
    }
}

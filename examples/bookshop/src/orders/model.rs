//! Orders, and what can be wrong with them.

use garde::Validate;
use mini_spring::Problem;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::books::BookId;
use crate::money::Cents;

pub type OrderId = i64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub id: OrderId,
    /// In UTC (RFC 3339).
    pub placed_at: String,
    pub total_cents: Cents,
    pub lines: Vec<Line>,
}

/// Copies of one book, at the price of the moment of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub book: BookId,
    pub title: String,
    pub price_cents: Cents,
    pub quantity: u32,
}

/// An order in a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub id: OrderId,
    pub placed_at: String,
    pub total_cents: Cents,
    pub copies: u32,
}

/// What a customer sends.
#[derive(Debug, Deserialize, Validate)]
pub struct NewOrder {
    #[garde(length(min = 1, max = 20), dive)]
    pub lines: Vec<Wanted>,
}

#[derive(Debug, Clone, Copy, Deserialize, Validate)]
pub struct Wanted {
    #[garde(skip)]
    pub book: BookId,
    #[garde(range(min = 1, max = 100))]
    pub quantity: u32,
}

#[derive(Debug, Error, Problem)]
pub enum OrderError {
    #[error("there is no order {id} of yours")]
    #[problem(404, code = "no_order", members(id))]
    Missing { id: OrderId },
    #[error("there is no book {book}")]
    #[problem(422, code = "no_book", members(book))]
    UnknownBook { book: BookId },
    #[error("of book {book} only {left} are left")]
    #[problem(409, code = "out_of_stock", members(book, left))]
    OutOfStock { book: BookId, left: u32 },
}

impl Line {
    pub fn total(&self) -> Cents {
        self.price_cents * self.quantity
    }
}

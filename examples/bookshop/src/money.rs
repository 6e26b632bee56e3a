//! Money, in whole cents: nothing is rounded, and it isn't mixed up with other numbers.

use std::iter::Sum;
use std::ops::Mul;

use garde::Validate;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// A price or a sum of prices. What clients send is at most 100,000.00, so the sum of an order, with its bounds on
/// lines and copies, is far from an overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(transparent)]
#[garde(transparent)]
pub struct Cents(#[garde(range(min = 0, max = 10_000_000))] pub i64);

impl Mul<u32> for Cents {
    type Output = Cents;

    fn mul(self, count: u32) -> Cents {
        Cents(self.0 * i64::from(count))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(prices: I) -> Cents {
        Cents(prices.map(|price| price.0).sum())
    }
}

impl ToSql for Cents {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Cents {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Cents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_multiplied_and_added() {
        let total: Cents = [Cents(1999) * 3, Cents(1)].into_iter().sum();
        assert_eq!(total, Cents(5998));
    }
}

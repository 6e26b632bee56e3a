//! The tables of the database, version by version. A new version is a new file at the end of the list; one that has been
//! released never changes.

use mini_spring::Result;
use rusqlite::{Connection, TransactionBehavior};

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/1-accounts.sql"),
    include_str!("../../migrations/2-books.sql"),
    include_str!("../../migrations/3-orders.sql"),
];

/// Where SQLite keeps a number for the program.
const VERSION: &str = "user_version";

/// Applies what is missing, all of it or nothing.
///
/// # Errors
///
/// The file was written by a newer version of the program.
pub(super) fn apply(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, VERSION, |row| row.get(0))?;
    let mut newest = 0;
    for (number, migration) in (1..).zip(MIGRATIONS) {
        if number > version {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, VERSION, number)?;
        }
        newest = number;
    }
    if version > newest {
        return Err(format!(
            "expected a database of version {newest} at most, found version {version}; start a newer program"
        )
        .into());
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_applied_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection).unwrap();
        apply(&mut connection).unwrap();
        let version: u32 = connection
            .pragma_query_value(None, VERSION, |row| row.get(0))
            .unwrap();
        assert_eq!(version as usize, MIGRATIONS.len());
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, VERSION, 99).unwrap();
        assert_eq!(
            apply(&mut connection).unwrap_err().to_string(),
            "expected a database of version 3 at most, found version 99; start a newer program"
        );
    }
}

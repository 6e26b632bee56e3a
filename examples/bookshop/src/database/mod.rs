//! SQLite: connections that read, and the one that writes.
//!
//! With its log written ahead, SQLite has any number of readers beside one writer. So there is a pool of connections
//! that read, and one of a single connection that writes: those who write wait for it in the program, each for
//! a bounded time, and SQLite's own lock is never fought for. Knows no table.

mod migrations;
mod transaction;

use std::path::Path;
use std::time::Duration;

use mini_spring::{Inject, Result, component};
use r2d2::{Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;

pub use self::transaction::Transaction;
use crate::settings::DatabaseSettings;

/// A connection that is given back to its pool when it is dropped.
type Connection = PooledConnection<SqliteConnectionManager>;

/// The database of the program, with its tables up to date.
pub struct Database {
    writer: Pool<SqliteConnectionManager>,
    readers: Pool<SqliteConnectionManager>,
}

#[component]
fn database(settings: Inject<DatabaseSettings>) -> Result<Database> {
    Database::open(&settings)
}

/// What is answered is on the disk, also when the power fails: `synchronous = FULL`.
const WRITES: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Writing outside of a transaction is a mistake, and SQLite says so.
const READS: &str = "PRAGMA query_only = ON;";

impl Database {
    /// Opens the file, or makes it, and brings its tables up to date.
    pub fn open(settings: &DatabaseSettings) -> Result<Self> {
        let DatabaseSettings {
            path,
            readers,
            patience,
        } = settings;
        // Before the pools, which would try again and again to open what can't be opened.
        migrations::apply(&mut rusqlite::Connection::open(path)?)?;
        let writer = pool(path, 1, *patience, WRITES)?;
        let readers = pool(path, *readers, *patience, READS)?;
        Ok(Database { writer, readers })
    }

    fn reader(&self) -> Result<Connection> {
        Ok(self.readers.get()?)
    }

    fn writer(&self) -> Result<Connection> {
        Ok(self.writer.get()?)
    }
}

fn pool(
    path: &Path,
    size: u32,
    patience: Duration,
    pragmas: &'static str,
) -> Result<Pool<SqliteConnectionManager>> {
    let manager = SqliteConnectionManager::file(path).with_init(move |connection| {
        connection.busy_timeout(patience)?;
        connection.execute_batch(pragmas)
    });
    let pool = Pool::builder()
        .max_size(size.max(1))
        .connection_timeout(patience)
        // A file doesn't go away as a server does.
        .test_on_check_out(false)
        .build(manager)?;
    Ok(pool)
}

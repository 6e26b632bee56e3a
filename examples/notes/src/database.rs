//! The database: opened once, before the port opens.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mini_spring::{Inject, Result, component, config};
use rusqlite::Connection;

#[config(prefix = "database")]
pub struct DatabaseConfig {
    /// The file of the database.
    #[config(default = "notes.db")]
    path: PathBuf,
}

pub struct Database {
    connection: Mutex<Connection>,
}

#[component]
fn database(config: Inject<DatabaseConfig>) -> Result<Database> {
    let connection = Connection::open(&config.path)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, text TEXT NOT NULL)",
    )?;
    let connection = Mutex::new(connection);
    Ok(Database { connection })
}

impl Database {
    /// Waits until nobody else has the connection.
    pub fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

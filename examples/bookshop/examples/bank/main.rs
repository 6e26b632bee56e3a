//! A bank: accounts and transfers as JSON, over SQLite.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use garde::Validate;
use mini_spring::http::StatusCode;
use mini_spring::{
    Created, Inject, Json, NoContent, Problem, Result, Valid, component, config, error_handler,
    route,
};
use r2d2::{Pool, PooledConnection};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

// Settings: `[database]` in mini-spring.toml, or `--database.path=..` on the command line.

#[config(prefix = "database")]
struct DatabaseConfig {
    /// The file, which is made if it isn't there.
    #[config(default = "bank.db")]
    path: PathBuf,
    /// How many requests may use it at a time.
    #[config(default = 8, unit = "connections")]
    connections: u32,
    /// How long a request waits for a connection, and for another one that writes.
    #[config(default = "5s")]
    patience: Duration,
}

// The database, made once before the port opens. An error here stops the start.

struct Database {
    pool: Pool<SqliteConnectionManager>,
}

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS accounts (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        cents INTEGER NOT NULL CHECK (cents >= 0)
    ) STRICT;";

#[component]
fn database(config: Inject<DatabaseConfig>) -> Result<Database> {
    let patience = config.patience;
    let manager = SqliteConnectionManager::file(&config.path)
        .with_init(move |connection| connection.busy_timeout(patience));
    let pool = Pool::builder()
        .max_size(config.connections)
        .connection_timeout(patience)
        .build(manager)?;
    pool.get()?.execute_batch(TABLES)?;
    Ok(Database { pool })
}

// The transaction of a request: all that takes an `Inject<Transaction>` in one request has the same.

struct Transaction {
    connection: Mutex<PooledConnection<SqliteConnectionManager>>,
}

#[component(scope = request)]
fn transaction(database: Inject<Database>) -> Result<Transaction> {
    let connection = Mutex::new(database.pool.get()?);
    Ok(Transaction { connection })
}

impl Transaction {
    /// Runs statements.
    fn with<T>(
        &self,
        statements: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let connection = self.connection.lock();
        let connection = connection.unwrap_or_else(PoisonError::into_inner);
        Ok(statements(&connection)?)
    }

    /// Does all of the work or nothing. `IMMEDIATE` waits for others that write before it reads.
    fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.with(|connection| connection.execute_batch("BEGIN IMMEDIATE"))?;
        let done = work()?;
        self.with(|connection| connection.execute_batch("COMMIT"))?;
        Ok(done)
    }
}

/// The request has ended; what wasn't committed is undone.
impl Drop for Transaction {
    fn drop(&mut self) {
        let undone = self.with(|connection| match connection.is_autocommit() {
            true => Ok(()),
            false => connection.execute_batch("ROLLBACK"),
        });
        if let Err(error) = undone {
            log::error!("a transaction can't be undone: {error}");
        }
    }
}

// The accounts: a trait, so that tests can put something else in its place.

#[derive(Clone, Serialize)]
struct Account {
    id: i64,
    owner: String,
    cents: i64,
}

trait Accounts: Send + Sync {
    fn open(&self, owner: &str, cents: i64) -> Result<i64>;

    fn find(&self, id: i64) -> Result<Option<Account>>;

    /// Adds to the balance, or takes away.
    fn add(&self, id: i64, cents: i64) -> Result<()>;
}

#[component(as dyn Accounts, scope = request)]
struct SqliteAccounts {
    transaction: Inject<Transaction>,
}

impl Accounts for SqliteAccounts {
    fn open(&self, owner: &str, cents: i64) -> Result<i64> {
        self.transaction.with(|connection| {
            let insert = "INSERT INTO accounts (owner, cents) VALUES (?1, ?2)";
            connection.prepare_cached(insert)?.insert((owner, cents))
        })
    }

    fn find(&self, id: i64) -> Result<Option<Account>> {
        self.transaction.with(|connection| {
            let select = "SELECT id, owner, cents FROM accounts WHERE id = ?1";
            let mut select = connection.prepare_cached(select)?;
            let account = select.query_row([id], |row| {
                Ok(Account {
                    id: row.get(0)?,
                    owner: row.get(1)?,
                    cents: row.get(2)?,
                })
            });
            account.optional()
        })
    }

    fn add(&self, id: i64, cents: i64) -> Result<()> {
        self.transaction.with(|connection| {
            let update = "UPDATE accounts SET cents = cents + ?2 WHERE id = ?1";
            connection.prepare_cached(update)?.execute((id, cents))?;
            Ok(())
        })
    }
}

// Routes. What a client sends is checked before the function is called: 400 or 422 with all that is wrong.

#[derive(Deserialize, Validate)]
struct NewAccount {
    #[garde(length(chars, min = 1, max = 80))]
    owner: String,
    #[garde(range(min = 0, max = 100_000_000))]
    cents: i64,
}

#[derive(Deserialize, Validate)]
struct Transfer {
    #[garde(skip)]
    from: i64,
    #[garde(skip)]
    to: i64,
    #[garde(range(min = 1, max = 100_000_000))]
    cents: i64,
}

#[route(POST, "/accounts", blocking)]
fn open(
    accounts: Inject<dyn Accounts>,
    Valid(Json(new)): Valid<Json<NewAccount>>,
) -> Result<Created<Account>> {
    let id = accounts.open(&new.owner, new.cents)?;
    let account = existing(&*accounts, id)?;
    Ok(Created::at(show::url(id)).with(account))
}

#[route(GET, "/accounts/<id>")]
fn show(accounts: Inject<dyn Accounts>, id: i64) -> Result<Json<Account>> {
    existing(&*accounts, id).map(Json)
}

#[route(POST, "/transfers", blocking)]
fn transfer(
    accounts: Inject<dyn Accounts>,
    transaction: Inject<Transaction>,
    Valid(Json(transfer)): Valid<Json<Transfer>>,
) -> Result<NoContent> {
    let Transfer { from, to, cents } = transfer;
    transaction.run(|| {
        accounts.add(existing(&*accounts, to)?.id, cents)?;
        if existing(&*accounts, from)?.cents < cents {
            return Err(Problem::conflict(format!("account {from} has less than that")).into());
        }
        accounts.add(from, -cents)?;
        Ok(NoContent)
    })
}

fn existing(accounts: &dyn Accounts, id: i64) -> Result<Account> {
    let account = accounts.find(id)?;
    Ok(account.ok_or_else(|| Problem::not_found(format!("there is no account {id}")))?)
}

/// All connections have been busy for too long. Any other error of SQLite is a 500, and a line in the log.
#[error_handler]
fn busy(_: &r2d2::Error) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE).header("Retry-After", "1")
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

#[cfg(test)]
mod tests;

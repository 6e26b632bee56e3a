//! [`Transaction`]: what a request reads and writes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mini_spring::{Inject, Result, component};

use super::{Connection, Database};

/// The transaction of a request.
///
/// A service says what belongs together with [`run`](Transaction::run); the repositories that it calls meanwhile have
/// their statements run [`with`](Transaction::with) the same connection. Outside of `run` they can only read.
pub struct Transaction {
    database: Inject<Database>,
    state: Mutex<State>,
}

enum State {
    /// Nothing but reading.
    Closed,
    /// Somebody has said that what follows belongs together; no statement has been run yet.
    Open,
    /// By this connection.
    Begun(Box<Connection>),
}

#[component(scope = request)]
fn transaction(database: Inject<Database>) -> Transaction {
    Transaction::new(database)
}

impl Transaction {
    pub fn new(database: Inject<Database>) -> Self {
        let state = Mutex::new(State::Closed);
        Transaction { database, state }
    }

    /// Does some work, all of it or nothing: what it has written is kept if it succeeds, and undone if it fails
    /// or panics. Work inside of other work is a part of that, so it is for the outer one to fail as well.
    ///
    /// The only connection that writes is taken with the first statement, so what takes long, such as hashing a
    /// password, comes before it.
    ///
    /// # Errors
    ///
    /// That of the work, or what keeps it from being written.
    pub fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if !self.open() {
            return work();
        }
        let _undo = Undo(self);
        let result = work()?;
        self.commit()?;
        Ok(result)
    }

    /// Has statements run, which must not come back here for others.
    ///
    /// # Errors
    ///
    /// Theirs, or that all connections are busy for too long.
    pub fn with<T>(
        &self,
        statements: impl FnOnce(&rusqlite::Connection) -> Result<T>,
    ) -> Result<T> {
        let mut state = self.state();
        match &mut *state {
            State::Closed => {
                drop(state);
                statements(&*self.database.reader()?)
            }
            State::Open => {
                let connection = self.database.writer()?;
                connection.execute_batch("BEGIN IMMEDIATE")?;
                *state = State::Begun(Box::new(connection));
                drop(state);
                self.with(statements)
            }
            State::Begun(connection) => statements(connection),
        }
    }

    fn open(&self) -> bool {
        let mut state = self.state();
        let is_closed = matches!(*state, State::Closed);
        if is_closed {
            *state = State::Open;
        }
        is_closed
    }

    fn commit(&self) -> Result<()> {
        if let State::Begun(connection) = &*self.state() {
            connection.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// Ends it. What hasn't been committed is undone before the connection is given back.
    fn close(&self) {
        let ended = std::mem::replace(&mut *self.state(), State::Closed);
        if let State::Begun(connection) = ended
            && !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            log::error!("a transaction can't be undone: {error}");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the transaction, however its work has ended.
struct Undo<'t>(&'t Transaction);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use mini_spring::Error;

    use super::*;
    use crate::settings::DatabaseSettings;

    /// A database with an empty table `notes`, below a directory that goes with it.
    fn database() -> (Inject<Database>, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let settings = DatabaseSettings {
            path: directory.path().join("notes.db"),
            readers: 1,
            patience: Duration::from_secs(30),
        };
        let database = Inject::new(Database::open(&settings).unwrap());
        let connection = database.writer().unwrap();
        connection
            .execute_batch("CREATE TABLE notes (note TEXT)")
            .unwrap();
        drop(connection);
        (database, directory)
    }

    fn write(transaction: &Transaction) -> Result<()> {
        transaction.with(|connection| {
            connection.execute("INSERT INTO notes VALUES ('a note')", [])?;
            Ok(())
        })
    }

    fn written(transaction: &Transaction) -> Result<u32> {
        transaction.with(|connection| {
            Ok(connection.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?)
        })
    }

    #[test]
    fn work_is_kept_if_it_succeeds() {
        let (database, _directory) = database();
        let [transaction, other] = [(); 2].map(|()| Transaction::new(database.clone()));
        let inside = transaction.run(|| {
            write(&transaction)?;
            // A part of it, which doesn't end it.
            transaction.run(|| write(&transaction))?;
            assert_eq!(written(&other)?, 0);
            written(&transaction)
        });
        assert_eq!(inside.unwrap(), 2);
        assert_eq!(written(&other).unwrap(), 2);
        transaction.run(|| write(&transaction)).unwrap();
        assert_eq!(written(&other).unwrap(), 3);
    }

    #[test]
    fn work_is_undone_if_it_fails_or_panics() {
        let (database, _directory) = database();
        let transaction = Transaction::new(database.clone());
        let failed: Result<()> = transaction.run(|| {
            write(&transaction)?;
            Err(Error::from("no"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no");
        let panicking = || {
            transaction.run(|| -> Result<()> {
                write(&transaction)?;
                panic!("no")
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(panicking)).is_err());
        assert_eq!(written(&transaction).unwrap(), 0);
        // The connection is whole.
        transaction.run(|| write(&transaction)).unwrap();
        assert_eq!(written(&transaction).unwrap(), 1);
    }

    #[test]
    fn nothing_is_written_outside_of_work() {
        let (database, _directory) = database();
        let transaction = Transaction::new(database);
        let refused = write(&transaction).unwrap_err().to_string();
        assert!(refused.contains("readonly"), "{refused}");
    }

    #[test]
    fn there_is_one_who_writes() {
        let (database, _directory) = database();
        let transaction = Transaction::new(database.clone());
        let is_free = || database.writer.try_get().is_some();
        let work = transaction.run(|| {
            // It is taken when it is needed.
            assert!(is_free());
            write(&transaction)?;
            Ok(is_free())
        });
        assert_eq!((work.unwrap(), is_free()), (false, true));
    }
}

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
    Begun(Connection),
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
    /// or panics. Work inside of other work is a part of that.
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
                *state = State::Begun(connection);
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

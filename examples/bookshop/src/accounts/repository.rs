//! Where accounts and sessions are kept.

use std::time::Duration;

use mini_spring::{Inject, Result, component};
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use rusqlite::{OptionalExtension, Row, named_params};

use super::model::{Account, AccountError, AccountId, Role};
use super::tokens::TokenHash;
use crate::database::Transaction;
use crate::errors::breaks;

pub trait Accounts: Send + Sync {
    /// Adds an account, unless there is one of this address.
    fn add(&self, email: &str, name: &str, role: Role, password_hash: &str) -> Result<AccountId>;

    /// The account of this address, and the hash of its password.
    fn find(&self, email: &str) -> Result<Option<(Account, String)>>;

    /// Begins a session, and forgets those that are over.
    fn begin_session(
        &self,
        token: &TokenHash,
        account: AccountId,
        lifetime: Duration,
    ) -> Result<()>;

    /// Whose session this is.
    fn find_by_session(&self, token: &TokenHash) -> Result<Option<Account>>;

    fn end_session(&self, token: &TokenHash) -> Result<()>;
}

#[component(as dyn Accounts, scope = request)]
pub struct SqliteAccounts {
    pub transaction: Inject<Transaction>,
}

impl Accounts for SqliteAccounts {
    fn add(&self, email: &str, name: &str, role: Role, password_hash: &str) -> Result<AccountId> {
        self.transaction.with(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO accounts (email, name, role, password_hash) VALUES (?1, ?2, ?3, ?4)",
            )?;
            match insert.insert((email, name, role, password_hash)) {
                Err(error) if breaks(&error, SQLITE_CONSTRAINT_UNIQUE) => {
                    let email = email.to_owned();
                    Err(AccountError::Taken { email }.into())
                }
                added => Ok(added?),
            }
        })
    }

    fn find(&self, email: &str) -> Result<Option<(Account, String)>> {
        self.transaction.with(|connection| {
            let mut select = connection.prepare_cached(
                "SELECT id, email, name, role, password_hash FROM accounts WHERE email = ?1",
            )?;
            let found = select.query_row([email], |row| Ok((account(row)?, row.get(4)?)));
            Ok(found.optional()?)
        })
    }

    fn begin_session(
        &self,
        token: &TokenHash,
        account: AccountId,
        lifetime: Duration,
    ) -> Result<()> {
        let seconds = i64::try_from(lifetime.as_secs())?;
        self.transaction.with(|connection| {
            connection
                .prepare_cached("DELETE FROM sessions WHERE expires_at <= unixepoch()")?
                .execute([])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO sessions (token_hash, account, expires_at)
                 VALUES (:token, :account, unixepoch() + :seconds)",
            )?;
            insert.execute(
                named_params! {":token": token, ":account": account, ":seconds": seconds},
            )?;
            Ok(())
        })
    }

    fn find_by_session(&self, token: &TokenHash) -> Result<Option<Account>> {
        self.transaction.with(|connection| {
            let mut select = connection.prepare_cached(
                "SELECT accounts.id, email, name, role
                 FROM sessions JOIN accounts ON accounts.id = sessions.account
                 WHERE token_hash = ?1 AND expires_at > unixepoch()",
            )?;
            Ok(select.query_row([token], account).optional()?)
        })
    }

    fn end_session(&self, token: &TokenHash) -> Result<()> {
        self.transaction.with(|connection| {
            connection
                .prepare_cached("DELETE FROM sessions WHERE token_hash = ?1")?
                .execute([token])?;
            Ok(())
        })
    }
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
    })
}

//! Registering, coming and leaving.

use mini_spring::{Inject, Result, component};
use serde::Serialize;

use super::model::{Account, AccountError, AccountId, Login, NewAccount, Role};
use super::passwords::Passwords;
use super::repository::Accounts;
use super::tokens;
use crate::database::Transaction;
use crate::settings::SessionSettings;

#[component(scope = request)]
pub struct AccountService {
    accounts: Inject<dyn Accounts>,
    passwords: Inject<Passwords>,
    transaction: Inject<Transaction>,
    settings: Inject<SessionSettings>,
}

/// What a client sends from now on: `Authorization: Bearer <token>`.
#[derive(Serialize)]
pub struct Session {
    pub token: String,
    /// In seconds.
    pub expires_in: u64,
}

impl AccountService {
    /// Makes an account of a customer.
    pub fn register(&self, new: &NewAccount) -> Result<AccountId> {
        let hash = self.passwords.hash(&new.password)?;
        self.transaction.run(|| {
            self.accounts
                .add(&new.email, &new.name, Role::Customer, &hash)
        })
    }

    /// Begins a session, for the right password.
    pub fn log_in(&self, login: &Login) -> Result<Session> {
        let account = self.checked(login)?;
        let (token, lifetime) = (tokens::new()?, self.settings.lifetime);
        self.transaction.run(|| {
            self.accounts
                .begin_session(&tokens::hash(&token), account.id, lifetime)
        })?;
        Ok(Session {
            token,
            expires_in: lifetime.as_secs(),
        })
    }

    fn checked(&self, login: &Login) -> Result<Account> {
        let found = self.accounts.find(&login.email)?;
        let hash = found.as_ref().map(|(_, hash)| hash.as_str());
        match (self.passwords.is_right(&login.password, hash)?, found) {
            (true, Some((account, _))) => Ok(account),
            _ => Err(AccountError::WrongCredentials.into()),
        }
    }

    /// Whose token this is, if it is still good.
    pub fn known(&self, token: &str) -> Result<Option<Account>> {
        self.accounts.find_by_session(&tokens::hash(token))
    }

    /// Ends a session.
    pub fn log_out(&self, token: &str) -> Result<()> {
        self.transaction
            .run(|| self.accounts.end_session(&tokens::hash(token)))
    }
}

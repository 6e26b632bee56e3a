//! Accounts, and what can be wrong with them.

use garde::Validate;
use mini_spring::{Problem, Secret};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub type AccountId = i64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Customer,
    Admin,
}

/// What somebody sends who wants an account.
#[derive(Deserialize, Validate)]
pub struct NewAccount {
    #[garde(length(chars, min = 3, max = 254), custom(is_address))]
    pub email: String,
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    #[garde(custom(is_good_password))]
    pub password: Secret<String>,
}

/// What somebody sends who has an account.
#[derive(Deserialize, Validate)]
pub struct Login {
    #[garde(length(chars, max = 254))]
    pub email: String,
    #[garde(custom(is_short_enough))]
    pub password: Secret<String>,
}

#[derive(Debug, Error, Problem)]
pub enum AccountError {
    #[error("there is an account of {email} already")]
    #[problem(409, code = "email_taken")]
    Taken { email: String },
    /// Which of both is wrong isn't told, nor whether there is such an account.
    #[error("wrong email address or password")]
    #[problem(401, code = "wrong_credentials")]
    WrongCredentials,
}

/// Only a mail shows whether there is such an address, so no more is asked of it than this.
fn is_address(email: &str, _: &()) -> garde::Result {
    match email.split_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() => Ok(()),
        _ => Err(garde::Error::new("expected an email address")),
    }
}

const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 200;

fn is_good_password(password: &Secret<String>, context: &()) -> garde::Result {
    match password.expose().chars().count() >= SHORTEST_PASSWORD {
        true => is_short_enough(password, context),
        false => Err(garde::Error::new(format!(
            "expected {SHORTEST_PASSWORD} characters at least"
        ))),
    }
}

fn is_short_enough(password: &Secret<String>, _: &()) -> garde::Result {
    match password.expose().chars().count() <= LONGEST_PASSWORD {
        true => Ok(()),
        false => Err(garde::Error::new(format!(
            "expected {LONGEST_PASSWORD} characters at most"
        ))),
    }
}

impl Role {
    const ALL: [Role; 2] = [Role::Customer, Role::Admin];

    fn name(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Admin => "admin",
        }
    }
}

impl ToSql for Role {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for Role {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        role.ok_or(FromSqlError::InvalidType)
    }
}

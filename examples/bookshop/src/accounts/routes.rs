//! `/accounts` and `/sessions`.

use mini_spring::{
    Bearer, Created, Inject, Json, NoContent, RateLimit, Result, Valid, middleware, route,
};

use super::model::{Account, Login, NewAccount};
use super::service::{AccountService, Session};

/// How often a client may have a password hashed: enough for people, too little to guess one.
const ATTEMPTS: u32 = 20;

#[middleware(RateLimit::per_minute(ATTEMPTS))]
#[route(POST, "/accounts", body_limit = "4KiB", blocking)]
pub fn register(
    accounts: Inject<AccountService>,
    Valid(Json(new)): Valid<Json<NewAccount>>,
) -> Result<Created> {
    accounts.register(&new)?;
    Ok(Created::at(me::url()))
}

/// Who asks.
#[route(GET, "/accounts/me")]
pub fn me(account: Inject<Account>) -> Json<Account> {
    Json(Account::clone(&account))
}

#[middleware(RateLimit::per_minute(ATTEMPTS))]
#[route(POST, "/sessions", status = 201, body_limit = "4KiB", blocking)]
pub fn log_in(
    accounts: Inject<AccountService>,
    Valid(Json(login)): Valid<Json<Login>>,
) -> Result<Json<Session>> {
    accounts.log_in(&login).map(Json)
}

/// Ends the session of the token that comes with it.
#[route(DELETE, "/sessions", blocking)]
pub fn log_out(accounts: Inject<AccountService>, Bearer(token): Bearer) -> Result<NoContent> {
    accounts.log_out(&token)?;
    Ok(NoContent)
}

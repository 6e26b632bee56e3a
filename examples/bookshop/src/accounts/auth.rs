//! Who asks. A handler that takes `Inject<Account>` is for those who are known, one that takes `Inject<Admin>` for
//! admins; nobody else gets to it.

use mini_spring::{Bearer, Inject, Problem, Result, component};

use super::model::{Account, Role};
use super::service::AccountService;

#[component(scope = request)]
fn account(Bearer(token): Bearer, accounts: Inject<AccountService>) -> Result<Account> {
    let account = accounts.known(&token)?;
    let unknown = || Problem::unauthorized("the token is unknown, or no longer good");
    account.ok_or_else(|| unknown().into())
}

/// Somebody who may change what the shop sells.
pub struct Admin;

#[component(scope = request)]
fn admin(account: Inject<Account>) -> Result<Admin, Problem> {
    match account.role {
        Role::Admin => Ok(Admin),
        Role::Customer => Err(Problem::forbidden("only admins may do this")),
    }
}

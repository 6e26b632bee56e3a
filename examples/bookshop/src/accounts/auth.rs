//! Who asks. A handler that takes `Inject<Account>` is for those who are known, one that takes `Inject<Admin>` for
//! admins; nobody else gets to it.

use mini_spring::{Inject, Problem, Result, component};

use super::model::{Account, Role};
use super::service::AccountService;

/// The token of a request.
pub struct Bearer {
    pub token: String,
}

#[component(scope = request)]
fn bearer(#[header("Authorization")] authorization: Option<&str>) -> Result<Bearer, Problem> {
    let token = authorization.and_then(|value| value.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let token = token.trim().to_owned();
            Ok(Bearer { token })
        }
        _ => Err(unknown("send the token of a session")),
    }
}

#[component(scope = request)]
fn account(bearer: Inject<Bearer>, accounts: Inject<AccountService>) -> Result<Account> {
    let account = accounts.known(&bearer.token)?;
    account.ok_or_else(|| unknown("the token is unknown, or no longer good").into())
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

fn unknown(detail: &str) -> Problem {
    Problem::unauthorized(detail).header("WWW-Authenticate", "Bearer")
}

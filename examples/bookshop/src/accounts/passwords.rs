//! Passwords, as hashes by Argon2id.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::Argon2;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use mini_spring::{Result, Secret, component};

/// Hashes one password at a time: each takes 19 MiB and a core for some 20 ms, and clients decide how many come.
#[derive(Default)]
pub struct Passwords {
    turn: Mutex<()>,
}

#[component]
fn passwords() -> Passwords {
    Passwords::default()
}

/// That of no account. It is checked where there is no account, so that this takes as long.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Passwords {
    /// The hash of a new password, with a salt of its own.
    pub fn hash(&self, password: &Secret<String>) -> Result<String> {
        let _turn = self.turn();
        let hash = Argon2::default().hash_password(password.expose().as_bytes())?;
        Ok(hash.to_string())
    }

    /// Whether this is the password; `None` is the hash of nobody.
    pub fn is_right(&self, password: &Secret<String>, hash: Option<&str>) -> Result<bool> {
        let _turn = self.turn();
        let password = password.expose().as_bytes();
        match Argon2::default().verify_password(password, hash.unwrap_or(NOBODYS)) {
            Ok(()) => Ok(hash.is_some()),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_right() {
        let passwords = Passwords::default();
        let [right, wrong] =
            ["correct horse", "incorrect horse"].map(|password| Secret::new(password.to_owned()));
        let hash = passwords.hash(&right).unwrap();
        assert!(passwords.is_right(&right, Some(&hash)).unwrap());
        assert!(!passwords.is_right(&wrong, Some(&hash)).unwrap());
        assert!(!passwords.is_right(&right, None).unwrap());
    }
}

//! Tokens: whoever has one is somebody. The database knows their hashes only.

use std::fmt::Write;

use mini_spring::Result;
use sha2::{Digest, Sha256};

/// What is kept of a token. It has 256 random bits, so its hash needs no salt.
pub type TokenHash = [u8; 32];

/// A new token.
pub fn new() -> Result<String> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    let mut token = String::with_capacity(2 * random.len());
    for byte in random {
        write!(token, "{byte:02x}")?;
    }
    Ok(token)
}

pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token).into()
}

//! [`Secret`]: a value that no log shows.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Visitor};

use super::read::SECRET;

/// A value that is never printed: its `Debug` and `Display` are `***`, and it isn't `Serialize`, so neither a log line
/// nor an answer shows it by accident.
///
/// As the type of a setting, in `#[config]`, it is masked in `--print-config`, a mistake doesn't quote it, and an empty text is
/// one: a secret that may be absent is an `Option<Secret<T>>`. It is no
/// protection against code that asks for it, and its memory isn't wiped.
///
/// ```
/// use mini_spring::Secret;
///
/// let password = Secret::new("swordfish".to_owned());
/// assert_eq!(format!("{password} {password:?}"), "*** ***");
/// assert_eq!(password.expose(), "swordfish");
/// ```
#[derive(Clone, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Secret(value)
    }

    /// The value, for whoever needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    ///
    /// ```
    /// use mini_spring::Secret;
    ///
    /// assert_eq!(Secret::new(7).into_inner(), 7);
    /// ```
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: AsRef<[u8]>> Secret<T> {
    /// Whether somebody has given the secret, in a time that tells nothing but its length.
    ///
    /// ```
    /// use mini_spring::Secret;
    ///
    /// let token = Secret::new("x7Fz".to_owned());
    /// assert!(token.matches("x7Fz") && !token.matches("x7F"));
    /// ```
    pub fn matches(&self, given: impl AsRef<[u8]>) -> bool {
        let (secret, given) = (self.0.as_ref(), given.as_ref());
        let pairs = secret.iter().zip(given);
        let differing = pairs.fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs));
        // What is computed of all bytes must not end at the first that differs.
        secret.len() == given.len() && std::hint::black_box(differing) == 0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Secret(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad("***")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad("***")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SECRET, Inside(PhantomData))
    }
}

struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = Secret<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a secret")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Secret<T>, D::Error> {
        T::deserialize(deserializer).map(Secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_what_is_in_it_and_never_shown() {
        let secret: Secret<Vec<u8>> = serde_json::from_str("[1, 2]").unwrap();
        assert_eq!(secret.expose(), &[1, 2]);
        assert_eq!(format!("{secret:#?}{secret:>5}"), "***  ***");
        assert_eq!(Secret::from(7).into_inner(), 7);
    }

    #[test]
    fn only_the_secret_matches() {
        let secret = Secret::new(b"a\0b".to_vec());
        assert!(secret.matches(b"a\0b"));
        for other in [&b""[..], b"a\0", b"a\0c", b"b\0b", b"a\0b\0"] {
            assert!(!secret.matches(other), "{other:?}");
        }
        assert!(Secret::new("").matches(""));
    }
}

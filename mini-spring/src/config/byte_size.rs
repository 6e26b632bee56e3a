//! [`ByteSize`]: a number of bytes, written `2MiB`.

use std::fmt;
use std::str::FromStr;

use mini_spring_pattern::units;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::read::BYTE_SIZE;

/// A number of bytes that is written with its unit: `2MiB`, `16KiB`, `1GiB`, or `512` for bytes.
///
/// ```
/// use mini_spring::ByteSize;
///
/// let size: ByteSize = "2MiB".parse().unwrap();
/// assert_eq!(size, ByteSize(2 * 1024 * 1024));
/// assert_eq!(size.to_string(), "2 MiB");
/// assert!("2MB".parse::<ByteSize>().is_err());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(
    /// The bytes.
    pub u64,
);

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let size = units::size(text.trim());
        size.map(ByteSize)
            .map_err(|expected| format!("expected {expected}"))
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        units::Size(self.0).fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(BYTE_SIZE, Bytes)
    }
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = ByteSize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a size such as `2MiB`, `16KiB` or `512`")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<ByteSize, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_u64<E: Error>(self, bytes: u64) -> Result<ByteSize, E> {
        Ok(ByteSize(bytes))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ByteSize, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_text_and_numbers() {
        let read = |json: &str| serde_json::from_str::<ByteSize>(json);
        assert_eq!(read("\"16 KiB\"").unwrap(), ByteSize(16 << 10));
        assert_eq!(read("7").unwrap(), ByteSize(7));
        let error = read("\"7 apples\"").unwrap_err().to_string();
        let expected = "expected a size such as `2MiB`, `16KiB` or `512`";
        assert!(error.starts_with(expected), "{error}");
        assert!(read("-1").is_err());
    }
}

//! The `Date` field, formatted once a second (RFC 9110, section 6.6.1).
//!
//! Knows no clock: the caller says what time it is.

use std::time::{Duration, SystemTime};

/// The length of an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
const LENGTH: usize = 29;

/// The date of the last second that was asked for.
#[derive(Debug)]
pub(crate) struct DateCache {
    second: u64,
    text: [u8; LENGTH],
}

impl DateCache {
    pub(crate) fn new() -> Self {
        DateCache {
            second: 0,
            text: *b"Thu, 01 Jan 1970 00:00:00 GMT",
        }
    }

    /// The date of this second of Unix time, as an IMF-fixdate.
    pub(crate) fn at(&mut self, second: u64) -> &[u8; LENGTH] {
        if second != self.second {
            self.second = second;
            self.text = format(second);
        }
        &self.text
    }
}

fn format(second: u64) -> [u8; LENGTH] {
    // httpdate ends with the year 9999; a clock that is off so far gets its last second.
    const LAST: u64 = 253_402_300_799;
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second.min(LAST));
    let text = httpdate::fmt_http_date(time);
    let mut bytes = *b"Thu, 01 Jan 1970 00:00:00 GMT";
    if text.len() == LENGTH {
        bytes.copy_from_slice(text.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let mut cache = DateCache::new();
        assert_eq!(cache.at(0), b"Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(cache.at(784_111_777), b"Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(cache.at(784_111_778), b"Sun, 06 Nov 1994 08:49:38 GMT");
        assert_eq!(cache.at(u64::MAX), b"Fri, 31 Dec 9999 23:59:59 GMT");
    }
}

//! The `Date` field, formatted once a second (RFC 9110, section 6.6.1).
//!
//! Knows no clock: the caller says what time it is.

use std::time::{Duration, SystemTime};

/// The status line of nearly every answer, and the field behind it.
const TEMPLATE: &[u8; 54] = b"HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

/// Where the field begins.
const FIELD: usize = 17;

/// Where the date begins.
const DATE: usize = FIELD + 6;

/// The length of an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
const LENGTH: usize = 29;

/// The date of the last second that was asked for.
#[derive(Debug)]
pub(crate) struct DateCache {
    second: u64,
    text: [u8; TEMPLATE.len()],
}

impl DateCache {
    pub(crate) fn new() -> Self {
        DateCache {
            second: 0,
            text: *TEMPLATE,
        }
    }

    /// The field line for this second of Unix time.
    pub(crate) fn field_at(&mut self, second: u64) -> &[u8] {
        &self.ok_at(second)[FIELD..]
    }

    /// The same behind the status line of a 200.
    pub(crate) fn ok_at(&mut self, second: u64) -> &[u8; TEMPLATE.len()] {
        if second != self.second {
            self.second = second;
            self.text[DATE..DATE + LENGTH].copy_from_slice(&format(second));
        }
        &self.text
    }
}

/// This second of Unix time as it is sent (RFC 9110, section 5.6.7).
pub(crate) fn format(second: u64) -> [u8; LENGTH] {
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
        let mut check = |second, date: &str| {
            let field = format!("date: {date}\r\n");
            assert_eq!(cache.field_at(second), field.as_bytes());
            let ok = format!("HTTP/1.1 200 OK\r\n{field}");
            assert_eq!(cache.ok_at(second), ok.as_bytes());
        };
        check(0, "Thu, 01 Jan 1970 00:00:00 GMT");
        check(784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT");
        check(784_111_778, "Sun, 06 Nov 1994 08:49:38 GMT");
        check(u64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}

//! The validators of a file: what names the state that it is in (RFC 9110, section 8.8).
//!
//! The entity tag is made of the file's length and of the time of its last change, as finely as the file
//! system has it. It is strong as soon as a second change could no longer go unseen: time stamps are
//! coarse, some systems write even seconds only, so for two seconds a file has a weak tag and no date.
//! That way a date that a client has is a strong validator, too (section 8.8.2.2), and none is later than
//! the answer's own (section 8.8.2.1).
//!
//! What it can't tell: a change that keeps both length and time, as tools make it that set times. The inode
//! isn't part of it, so that servers with copies of the same files agree.

use std::hash::{DefaultHasher, Hasher};
use std::time::{Duration, SystemTime};

use crate::http::etag::ETag;

/// So long after its last change a file may change again without another time.
const SETTLES: Duration = Duration::from_secs(2);

/// Builds that are to be reproducible leave such times, which tell nothing.
const NO_TIME: Duration = Duration::from_secs(1);

/// The validators.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) tag: Option<ETag>,
    /// Seconds of Unix time.
    pub(super) modified: Option<u64>,
}

impl Stamp {
    /// Those of a file that was opened now.
    pub(super) fn of_file(length: u64, modified: SystemTime, now: SystemTime) -> Self {
        let since = modified.duration_since(SystemTime::UNIX_EPOCH);
        let Some(since) = since.ok().filter(|since| *since > NO_TIME) else {
            return Stamp::default();
        };
        let state = format!("{:x}-{length:x}", since.as_nanos());
        // Not so where the file is newer than now.
        let is_settled = now.duration_since(modified).is_ok_and(|age| age >= SETTLES);
        match is_settled {
            true => Stamp {
                tag: Some(ETag::strong(state)),
                modified: Some(since.as_secs()),
            },
            false => Stamp {
                tag: Some(ETag::weak(state)),
                modified: None,
            },
        }
    }

    /// Those of bytes, which are named by what they are.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        // Not proof against somebody who makes two contents of one name, but they would be the program's.
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        let state = format!("{:x}-{:x}", hasher.finish(), bytes.len());
        Stamp {
            tag: Some(ETag::strong(state)),
            modified: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGED: Duration = Duration::from_nanos(784_111_777_123_456_789);

    fn stamp(modified: Duration, now: Duration) -> (Option<String>, Option<u64>) {
        let at = |since| SystemTime::UNIX_EPOCH + since;
        let stamp = Stamp::of_file(0x1000, at(modified), at(now));
        (stamp.tag.map(|tag| tag.to_string()), stamp.modified)
    }

    #[test]
    fn files_are_stamped_strongly_when_they_have_settled() {
        let strong = (
            Some("\"ae1b981c3a4d715-1000\"".to_owned()),
            Some(784_111_777),
        );
        let weak = (Some("W/\"ae1b981c3a4d715-1000\"".to_owned()), None);
        let after = |nanos: u64| stamp(CHANGED, CHANGED + Duration::from_nanos(nanos));
        assert_eq!(after(2_000_000_000), strong);
        assert_eq!(after(u64::MAX / 2), strong);
        assert_eq!(after(1_999_999_999), weak);
        assert_eq!(after(0), weak);
        // Its time lies in the future.
        assert_eq!(stamp(CHANGED, CHANGED - SETTLES), weak);
    }

    #[test]
    fn times_that_tell_nothing() {
        for modified in [Duration::ZERO, Duration::from_secs(1)] {
            assert_eq!(stamp(modified, CHANGED), (None, None));
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        let stamp = Stamp::of_file(0, before, SystemTime::UNIX_EPOCH + CHANGED);
        assert_eq!(stamp, Stamp::default());
    }

    #[test]
    fn bytes_are_stamped_by_what_they_are() {
        let [one, same, other] = ["a", "a", "b"].map(|text| Stamp::of_bytes(text.as_bytes()));
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert_ne!(Stamp::of_bytes(b""), Stamp::of_bytes(b"\0"));
    }
}

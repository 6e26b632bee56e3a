//! How the server's settings are written: text to values, and back.
//!
//! Durations and sizes are read as in the options of a route. An error says what was expected.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use mini_spring_pattern::units::{self, Size, Span};

use crate::http::{ForwardedField, InvalidNetworks, Networks};

pub(super) type Parsed<T> = Result<T, &'static str>;

/// How one type of values is written.
pub(super) struct Spelling<T> {
    /// In a word, for people.
    pub(super) unit: &'static str,
    pub(super) read: fn(&str) -> Parsed<T>,
    pub(super) show: fn(&T) -> String,
}

pub(super) const ADDRESS: Spelling<IpAddr> = Spelling {
    unit: "address",
    read: |text| {
        let address = text.parse();
        address.map_err(|_| "an IP address such as `127.0.0.1` or `::`")
    },
    show: IpAddr::to_string,
};

pub(super) const PORT: Spelling<u16> = Spelling {
    unit: "number",
    read: |text| text.parse().map_err(|_| "a port from 0 to 65535"),
    show: u16::to_string,
};

pub(super) const COUNT: Spelling<usize> = Spelling {
    unit: "number",
    read: |text| text.parse().map_err(|_| "a whole number"),
    show: usize::to_string,
};

/// A size that is used in memory.
pub(super) const BYTES: Spelling<usize> = Spelling {
    unit: "size",
    read: |text| {
        let bytes = units::size(text)?;
        bytes.try_into().map_err(|_| "a size that fits into memory")
    },
    show: |bytes| size_text(*bytes as u64),
};

pub(super) const SIZE: Spelling<u64> = Spelling {
    unit: "size",
    read: units::size,
    show: |bytes| size_text(*bytes),
};

pub(super) const DURATION: Spelling<Duration> = Spelling {
    unit: "duration",
    read: units::duration,
    show: |duration| Span(*duration).to_string(),
};

pub(super) const SWITCH: Spelling<bool> = Spelling {
    unit: "true or false",
    read: switch,
    show: bool::to_string,
};

pub(super) const DIRECTORY: Spelling<Option<PathBuf>> = Spelling {
    unit: "directory",
    read: |text| Ok((!text.is_empty()).then(|| text.into())),
    show: |path| {
        path.as_ref()
            .map_or_else(String::new, |path| path.display().to_string())
    },
};

pub(super) const NETWORKS: Spelling<Networks> = Spelling {
    unit: "list",
    read: |text| text.parse().map_err(|_| InvalidNetworks::EXPECTED),
    show: Networks::to_string,
};

pub(super) const FORWARDED_FIELD: Spelling<ForwardedField> = Spelling {
    unit: "field",
    read: |text| match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ForwardedField::XForwardedFor),
        "forwarded" => Ok(ForwardedField::Forwarded),
        _ => Err("`X-Forwarded-For` or `Forwarded`"),
    },
    show: |field| {
        let name = match field {
            ForwardedField::XForwardedFor => "X-Forwarded-For",
            ForwardedField::Forwarded => "Forwarded",
        };
        name.to_owned()
    },
};

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        _ => Err("`true` or `false`"),
    }
}

/// `2MiB`, or bytes: without the words that people like.
pub(super) fn size_text(bytes: u64) -> String {
    let text = Size(bytes).to_string().replace(' ', "");
    match text.ends_with("iB") {
        true => text,
        false => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches() {
        assert_eq!(switch("on"), Ok(true));
        assert_eq!(switch("0"), Ok(false));
        assert_eq!(switch("yes"), Err("`true` or `false`"));
        assert_eq!((COUNT.read)("-1"), Err("a whole number"));
    }

    #[test]
    fn sizes_are_shown_as_they_are_read() {
        let check = |bytes, expected: &str| {
            assert_eq!(size_text(bytes), expected);
            assert_eq!(units::size(expected), Ok(bytes));
        };
        check(0, "0");
        check(1, "1");
        check(1500, "1500");
        check(2 << 20, "2MiB");
    }
}

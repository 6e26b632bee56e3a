//! The bytes of an event stream, taken apart as a browser does (HTML standard, section 9.2.6).

use std::collections::VecDeque;
use std::time::Duration;

use super::TestEvent;

/// Events out of bytes that come in any portions.
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// The line that has begun.
    line: Vec<u8>,
    /// A CR has ended the last line: a LF behind it belongs to it.
    is_behind_cr: bool,
    is_behind_first_line: bool,
    name: String,
    data: String,
    id: Option<String>,
    retry: Option<Duration>,
    events: VecDeque<TestEvent>,
}

impl Parser {
    /// Takes what has come.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let is_of_cr = std::mem::replace(&mut self.is_behind_cr, byte == b'\r');
            match byte {
                b'\n' if is_of_cr => {}
                b'\n' | b'\r' => self.end_line(),
                byte => self.line.push(byte),
            }
        }
    }

    /// Whether there is an event to be taken.
    pub(super) fn has_event(&self) -> bool {
        !self.events.is_empty()
    }

    /// The next event that has come whole.
    pub(super) fn next(&mut self) -> Option<TestEvent> {
        self.events.pop_front()
    }

    /// How many bytes of an event that hasn't ended are kept.
    pub(super) fn size(&self) -> usize {
        self.line.len() + self.data.len()
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.line.clear();
        // A byte order mark in front of all is none of the text.
        let is_first = !std::mem::replace(&mut self.is_behind_first_line, true);
        let line = line
            .strip_prefix('\u{feff}')
            .filter(|_| is_first)
            .unwrap_or(&line);
        match line.split_once(':') {
            None if line.is_empty() => self.end_event(),
            None => self.field(line, ""),
            Some((name, value)) => self.field(name, value.strip_prefix(' ').unwrap_or(value)),
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "event" => self.name = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
            }
            // A comment, or nothing that anybody knows.
            _ => {}
        }
    }

    /// What has no data is no event.
    fn end_event(&mut self) {
        let (name, data) = (
            std::mem::take(&mut self.name),
            std::mem::take(&mut self.data),
        );
        let (id, retry) = (self.id.take(), self.retry.take());
        let Some(data) = data.strip_suffix('\n') else {
            return;
        };
        self.events.push_back(TestEvent {
            name: if name.is_empty() {
                "message".to_owned()
            } else {
                name
            },
            data: data.to_owned(),
            id,
            retry,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a stream, taken in whole and byte by byte.
    #[track_caller]
    fn check(stream: &str, expected: &[&str]) {
        for size in [stream.len(), 1] {
            let mut parser = Parser::default();
            for portion in stream.as_bytes().chunks(size) {
                parser.take(portion);
            }
            let events = std::iter::from_fn(|| parser.next());
            let events: Vec<_> = events.map(|event| event.to_string()).collect();
            assert_eq!(events, expected, "{stream:?} by {size}");
        }
    }

    #[test]
    fn events_end_with_an_empty_line() {
        check(
            "data: a\n\ndata:b\n\n",
            &["event: message\ndata: a", "event: message\ndata: b"],
        );
        check(
            "data: a\ndata: b\nevent: x\nid: 7\nretry: 20\n\n",
            &["event: x\nid: 7\nretry: 20\ndata: a\ndata: b"],
        );
        check("data: a\n", &[]);
        check("data\n\n", &["event: message\ndata: "]);
        check("data:  a\n\n", &["event: message\ndata:  a"]);
    }

    #[test]
    fn lines_end_in_three_ways() {
        let both = &[
            "event: message\ndata: a\ndata: b",
            "event: message\ndata: c",
        ];
        check("data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", both);
        check("data: a\rdata: b\r\rdata: c\r\r", both);
        check("data: a\rdata: b\n\r\ndata: c\n\n", both);
    }

    #[test]
    fn what_is_no_event_is_passed_over() {
        check(": hello\n\n:\n\nid: 7\n\nevent: x\n\n", &[]);
        check("event: x\n\ndata: a\n\n", &["event: message\ndata: a"]);
        check(
            "id: 1\u{0}\nretry: soon\nother: x\ndata: a\n\n",
            &["event: message\ndata: a"],
        );
        check(
            "\u{feff}data: a\n\n\u{feff}data: b\n\n",
            &["event: message\ndata: a"],
        );
    }
}

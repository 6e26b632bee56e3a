//! What a strict server sees in the bytes of a connection: one request after the other, up to the one that ends it.

use crate::chunked;
use crate::model::{self, Framing, Head, Read};

/// How much is taken.
pub(crate) struct Limits {
    pub(crate) line: usize,
    pub(crate) head: usize,
    pub(crate) fields: usize,
    pub(crate) body: usize,
}

/// A request that is answered by a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
}

/// What is behind the last request that is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing, or nothing that counts.
    Nothing,
    /// A head that is refused at once.
    Refused,
    /// A request that isn't all here. What of it is here may be refused.
    Unfinished,
}

/// All that is seen in some bytes.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) seen: Vec<Seen>,
    pub(crate) end: End,
    /// Whether what is refused at the end is HEAD: its answer has no body.
    pub(crate) ends_with_head: bool,
    /// The first request that may be answered before its body is here, and so may be the last.
    pub(crate) certain: usize,
}

impl Session {
    /// Reads them. `waits` says whether the answer waits for the body.
    pub(crate) fn of(bytes: &[u8], limits: &Limits, waits: fn(&Head) -> bool) -> Self {
        let mut session = Session {
            seen: Vec::new(),
            end: End::Nothing,
            ends_with_head: false,
            certain: usize::MAX,
        };
        let mut rest = bytes;
        while let Some(behind) = session.read(rest, limits, waits) {
            rest = behind;
        }
        session
    }

    /// Reads a request, and gives back what is behind it, if that counts.
    fn read<'b>(
        &mut self,
        bytes: &'b [u8],
        limits: &Limits,
        waits: fn(&Head) -> bool,
    ) -> Option<&'b [u8]> {
        let mut bytes = bytes;
        while let [b'\r', b'\n', rest @ ..] = bytes {
            bytes = rest;
        }
        if bytes.is_empty() {
            return None;
        }
        self.ends_with_head = bytes.starts_with(b"HEAD ");
        let head = match model::read(bytes) {
            Read::Head(head) => head,
            Read::Refused => return self.ends(End::Refused),
            Read::Unfinished => return self.ends(End::Unfinished),
        };
        let is_over =
            head.line > limits.line || head.end > limits.head || head.fields.len() > limits.fields;
        let announced = match head.framing {
            Framing::Length(length) => length,
            _ => 0,
        };
        let waits = waits(&head);
        if is_over || (waits && announced > limits.body as u64) {
            return self.ends(End::Refused);
        }
        if !waits && !matches!(head.framing, Framing::Empty | Framing::Length(0)) {
            self.certain = self.certain.min(self.seen.len());
        }
        let Some((body, behind)) = body(&head, &bytes[head.end..], limits) else {
            return self.ends(End::Unfinished);
        };
        self.seen.push(Seen {
            method: head.method.to_string(),
            target: String::from_utf8_lossy(&head.target).into_owned(),
            body,
        });
        head.keep_alive.then_some(behind)
    }

    fn ends<T>(&mut self, end: End) -> Option<T> {
        self.end = end;
        None
    }
}

/// The body, and what is behind it; `None`: it isn't all here, or refused.
fn body<'b>(head: &Head, bytes: &'b [u8], limits: &Limits) -> Option<(Vec<u8>, &'b [u8])> {
    match head.framing {
        Framing::Empty => Some((Vec::new(), bytes)),
        Framing::Length(length) => {
            let (body, behind) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
            Some((body.to_vec(), behind))
        }
        Framing::Chunked => {
            let (body, left) = chunked::decoded(bytes).ok()??;
            let is_small = body.len() <= limits.body;
            is_small.then(|| (body, &bytes[bytes.len() - left..]))
        }
    }
}

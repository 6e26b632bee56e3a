//! What is sent behind the head of an answer: bytes that are here, or something that makes them.

use std::fmt;
use std::io::{Read, Write};
use std::time::Duration;

use crate::channel::Receiver;
use crate::error::Result;

/// What is sent behind the head.
pub(crate) enum Body {
    /// Bytes that are here already.
    Bytes(Vec<u8>),
    /// Bytes that code of the program makes while they are sent. Boxed, so that answers without it are small
    /// to move.
    Produced(Box<Produced>),
    /// Bytes that come from other threads.
    Fed(Box<Feed>),
}

/// Code of the program that makes a body; the length may be known in advance.
#[derive(Debug)]
pub(crate) struct Produced {
    pub(crate) producer: Producer,
    pub(crate) length: Option<u64>,
}

/// Code that writes a body.
pub(crate) type WriteBody = dyn FnOnce(&mut dyn Write) -> Result<()> + Send;

/// Who makes a body.
pub(crate) enum Producer {
    /// It is asked for the next piece when the client has taken the last.
    Reader(Box<dyn Read + Send>),
    /// It is called once, and waits itself until the client has taken what it writes.
    Writer(Box<WriteBody>),
}

/// A body that other threads send. It ends when they say so, or with its client, or with the server.
pub(crate) struct Feed {
    pub(crate) receiver: Receiver,
    /// What is sent when nothing was for so long, so that everybody between here and the client sees that
    /// it still goes on.
    pub(crate) beat: (&'static [u8], Duration),
}

impl Body {
    /// What can be read.
    pub(crate) fn reader(reader: impl Read + Send + 'static, length: Option<u64>) -> Self {
        let producer = Producer::Reader(Box::new(reader));
        Body::Produced(Box::new(Produced { producer, length }))
    }

    /// The length, as far as it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Body::Bytes(bytes) => Some(bytes.len() as u64),
            Body::Produced(produced) => produced.length,
            Body::Fed(_) => None,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Bytes(bytes) => fmt::Debug::fmt(&String::from_utf8_lossy(bytes), formatter),
            Body::Produced(produced) => fmt::Debug::fmt(produced, formatter),
            Body::Fed(_) => formatter.write_str("Feed"),
        }
    }
}

impl fmt::Debug for Producer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Producer::Reader(_) => "Reader",
            Producer::Writer(_) => "Writer",
        })
    }
}

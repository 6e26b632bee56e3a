//! Bodies in a coding: bytes at once, and what is made while it is sent piece by piece.
//!
//! What is there is not held back for what isn't: a reader that gives less than it was asked for has no more at
//! the moment, and a writer flushes when it wants to be read.

use std::io::{self, Read, Write};
use std::mem;

use super::encoder::{Coding, Encoder};
use crate::http::buffers;
use crate::response::{Body, Produced, Producer};

/// Bytes that are taken at a time.
const PIECE: usize = 16 * 1024;

/// The body in this coding; what can't be compressed, or isn't smaller then, comes back.
pub(super) fn compressed(body: Body, coding: &'static Coding) -> Result<Body, Body> {
    match body {
        Body::Bytes(bytes) => match coding.encode(&bytes) {
            Ok(encoded) if encoded.len() < bytes.len() => {
                buffers::give(bytes);
                Ok(Body::Bytes(encoded))
            }
            _ => Err(Body::Bytes(bytes)),
        },
        Body::Produced(produced) => match coding.encoder() {
            Ok(encoder) => Ok(Body::Produced(Box::new(Produced {
                producer: through(encoder, produced.producer),
                length: None,
            }))),
            Err(_) => Err(Body::Produced(produced)),
        },
        Body::Fed(feed) => Err(Body::Fed(feed)),
    }
}

fn through(encoder: Encoder, producer: Producer) -> Producer {
    match producer {
        Producer::Reader(inner) => Producer::Reader(Box::new(Reader {
            inner,
            encoder: Some(encoder),
            input: vec![0; PIECE],
            output: Vec::new(),
            taken: 0,
        })),
        Producer::Writer(write) => Producer::Writer(Box::new(move |out| {
            let mut writer = Writer { encoder, out };
            write(&mut writer)?;
            let rest = writer.encoder.finish()?;
            writer.out.write_all(&rest)?;
            Ok(())
        })),
    }
}

/// Reads what another reader gives, compressed.
struct Reader {
    inner: Box<dyn Read + Send>,
    /// `None` behind the end.
    encoder: Option<Encoder>,
    input: Vec<u8>,
    output: Vec<u8>,
    /// How much of the output has been read.
    taken: usize,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.output.len() && self.encoder.is_some() && !buffer.is_empty() {
            self.more()?;
        }
        let length = (&self.output[self.taken..]).read(buffer)?;
        self.taken += length;
        Ok(length)
    }
}

impl Reader {
    /// Replaces the output, which has been read, by what comes of the next piece, which may be nothing.
    fn more(&mut self) -> io::Result<()> {
        let length = self.inner.read(&mut self.input)?;
        self.output.clear();
        self.taken = 0;
        if length == 0 {
            if let Some(encoder) = self.encoder.take() {
                self.output = encoder.finish()?;
            }
        } else if let Some(encoder) = &mut self.encoder {
            encoder.write(&self.input[..length])?;
            if length < self.input.len() {
                encoder.flush()?;
            }
            mem::swap(encoder.output(), &mut self.output);
        }
        Ok(())
    }
}

/// Writes to another writer, compressed.
struct Writer<'o> {
    encoder: Encoder,
    out: &'o mut dyn Write,
}

impl Writer<'_> {
    fn pass_on(&mut self) -> io::Result<()> {
        let output = self.encoder.output();
        self.out.write_all(output)?;
        output.clear();
        Ok(())
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(PIECE)];
        self.encoder.write(bytes)?;
        self.pass_on()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()?;
        self.pass_on()?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoder::CODINGS;
    use super::*;

    fn decoded(coding: &Coding, bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        // What is cut off is decoded as far as it goes.
        let _ = match coding.name {
            "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text),
            "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut text),
            #[cfg(feature = "zstd")]
            "zstd" => {
                zstd::Decoder::new(bytes).and_then(|mut decoder| decoder.read_to_end(&mut text))
            }
            other => panic!("{other}"),
        };
        text
    }

    /// Gives one item for each read.
    struct Items(Vec<Vec<u8>>);

    impl Read for Items {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.is_empty() {
                true => Ok(0),
                false => self.0.remove(0).as_slice().read(buffer),
            }
        }
    }

    fn producer(coding: &'static Coding, producer: Producer) -> Producer {
        let length = Some(7);
        let produced = Box::new(Produced { producer, length });
        match compressed(Body::Produced(produced), coding) {
            Ok(Body::Produced(produced)) => {
                assert_eq!(produced.length, None);
                produced.producer
            }
            _ => panic!("it isn't compressed"),
        }
    }

    #[test]
    fn a_reader_is_not_held_back() {
        for coding in CODINGS {
            let items = Items(vec![b"first".to_vec(), b"second".to_vec()]);
            let Producer::Reader(mut reader) = producer(coding, Producer::Reader(Box::new(items)))
            else {
                panic!("it was a reader");
            };
            let mut buffer = [0; 1000];
            let first = reader.read(&mut buffer).unwrap();
            let mut all = buffer[..first].to_vec();
            assert_eq!(decoded(coding, &all), b"first", "{}", coding.name);
            let second = reader.read(&mut buffer).unwrap();
            all.extend_from_slice(&buffer[..second]);
            assert_eq!(decoded(coding, &all), b"firstsecond", "{}", coding.name);
            reader.read_to_end(&mut all).unwrap();
            assert_eq!(decoded(coding, &all), b"firstsecond", "{}", coding.name);
            assert_eq!(reader.read(&mut buffer).unwrap(), 0);
        }
    }

    #[test]
    fn all_of_a_reader_arrives_in_pieces_of_any_size() {
        let text: Vec<u8> = (0..100_000_u32)
            .flat_map(|number| number.to_le_bytes())
            .collect();
        for coding in CODINGS {
            for size in [1, 7, 4096, 1 << 20] {
                let source = Producer::Reader(Box::new(io::Cursor::new(text.clone())));
                let Producer::Reader(mut reader) = producer(coding, source) else {
                    panic!("it was a reader");
                };
                let mut all = Vec::new();
                let mut buffer = vec![0; size];
                loop {
                    match reader.read(&mut buffer).unwrap() {
                        0 => break,
                        length => all.extend_from_slice(&buffer[..length]),
                    }
                }
                assert_eq!(decoded(coding, &all), text, "{} by {size}", coding.name);
            }
        }
    }

    /// Notes what there was at each flush.
    #[derive(Default)]
    struct Flushed {
        bytes: Vec<u8>,
        at: Vec<usize>,
    }

    impl Write for Flushed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.bytes.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.at.push(self.bytes.len());
            Ok(())
        }
    }

    #[test]
    fn a_writer_sends_what_it_flushes() {
        for coding in CODINGS {
            let source = Producer::Writer(Box::new(|out| {
                write!(out, "one ")?;
                out.flush()?;
                write!(out, "two ")?;
                out.flush()?;
                out.write_all(&[b'x'; 100_000])?;
                Ok(())
            }));
            let Producer::Writer(write) = producer(coding, source) else {
                panic!("it was a writer");
            };
            let mut flushed = Flushed::default();
            write(&mut flushed).unwrap();
            let at = |index: usize| decoded(coding, &flushed.bytes[..flushed.at[index]]);
            assert_eq!(at(0), b"one ", "{}", coding.name);
            assert_eq!(at(1), b"one two ", "{}", coding.name);
            let all = decoded(coding, &flushed.bytes);
            assert_eq!(all.len(), 100_008, "{}", coding.name);
            assert!(flushed.bytes.len() < 10_000);
        }
    }

    #[test]
    fn an_error_is_passed_on() {
        struct Broken;

        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::InvalidData.into())
            }
        }

        for coding in CODINGS {
            let Producer::Reader(mut reader) = producer(coding, Producer::Reader(Box::new(Broken)))
            else {
                panic!("it was a reader");
            };
            let error = reader.read(&mut [0; 10]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            let source = Producer::Writer(Box::new(|_| Err("broken".into())));
            let Producer::Writer(write) = producer(coding, source) else {
                panic!("it was a writer");
            };
            assert_eq!(write(&mut Vec::new()).unwrap_err().to_string(), "broken");
        }
    }

    #[test]
    fn what_does_not_get_smaller_stays() {
        let mut state = 7_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as u8
        })
        .take(2000)
        .collect();
        for coding in CODINGS {
            let kept = compressed(Body::Bytes(noise.clone()), coding);
            assert!(matches!(kept, Err(Body::Bytes(bytes)) if bytes == noise));
        }
    }
}

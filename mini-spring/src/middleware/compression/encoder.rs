//! The codings behind one face: bytes in, fewer bytes in a vector. Knows no answer.
//!
//! Their levels are those at which they are about as fast as gzip is by default.

use std::io::{self, Write};

use brotli::CompressorWriter;
use brotli::enc::BrotliEncoderParams;
use flate2::write::GzEncoder;

/// A content coding.
#[derive(Debug)]
pub(super) struct Coding {
    /// As fields have it (RFC 9110, section 8.4.1; RFC 7932; RFC 9659).
    pub(super) name: &'static str,
    make: fn() -> io::Result<Encoder>,
}

/// Those that are built in, the preferred ones first.
pub(super) const CODINGS: &[Coding] = &[
    #[cfg(feature = "zstd")]
    Coding {
        name: "zstd",
        make: zstd,
    },
    Coding {
        name: "br",
        make: brotli,
    },
    Coding {
        name: "gzip",
        make: gzip,
    },
];

/// Logarithm of the bytes in which brotli and zstd look for repetitions, which are in memory meanwhile.
const WINDOW: u8 = 19;

/// Bytes that brotli collects before it compresses them.
const BROTLI_PIECE: usize = 4096;

const BROTLI_QUALITY: i32 = 4;

#[cfg(feature = "zstd")]
const ZSTD_LEVEL: i32 = 3;

/// Something that compresses into a vector.
pub(super) enum Encoder {
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    #[cfg(feature = "zstd")]
    Zstd(Box<zstd::Encoder<'static, Vec<u8>>>),
}

fn gzip() -> io::Result<Encoder> {
    let level = flate2::Compression::default();
    let encoder = GzEncoder::new(Vec::new(), level);
    Ok(Encoder::Gzip(Box::new(encoder)))
}

fn brotli() -> io::Result<Encoder> {
    let parameters = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: WINDOW.into(),
        ..BrotliEncoderParams::default()
    };
    let writer = CompressorWriter::with_params(Vec::new(), BROTLI_PIECE, &parameters);
    Ok(Encoder::Brotli(Box::new(writer)))
}

#[cfg(feature = "zstd")]
fn zstd() -> io::Result<Encoder> {
    let mut encoder = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    encoder.window_log(WINDOW.into())?;
    Ok(Encoder::Zstd(Box::new(encoder)))
}

impl Coding {
    /// A new encoder.
    pub(super) fn encoder(&self) -> io::Result<Encoder> {
        (self.make)()
    }

    /// All of it at once.
    pub(super) fn encode(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoder = self.encoder()?;
        encoder.write(bytes)?;
        encoder.finish()
    }
}

impl Encoder {
    /// Takes all of these bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer().write_all(bytes)
    }

    /// Puts everything that was taken into the output, so that it can be decoded.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Encoder::Gzip(encoder) => encoder,
            Encoder::Brotli(encoder) => encoder,
            #[cfg(feature = "zstd")]
            Encoder::Zstd(encoder) => encoder,
        }
    }

    /// What has come out, to be taken away.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        match self {
            Encoder::Gzip(encoder) => encoder.get_mut(),
            Encoder::Brotli(encoder) => encoder.get_mut(),
            #[cfg(feature = "zstd")]
            Encoder::Zstd(encoder) => encoder.get_mut(),
        }
    }

    /// The rest of the output.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Encoder::Gzip(encoder) => encoder.finish(),
            // Nothing fails that writes into memory.
            Encoder::Brotli(encoder) => Ok(encoder.into_inner()),
            #[cfg(feature = "zstd")]
            Encoder::Zstd(encoder) => encoder.finish(),
        }
    }
}

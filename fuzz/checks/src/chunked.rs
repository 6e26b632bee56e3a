//! The decoder of chunked bodies: the same in any portions, and the same as the grammar read step by step.

use mini_spring::__inside::readers::{Chunks, Outcome, encode_chunk};

use crate::cuts;

/// Below the limits of extensions and trailers, which the grammar doesn't have.
const MOST: usize = 4096;

/// The body and how much is left behind it, or nothing if it isn't all here; `Err`: it is malformed.
pub(crate) type Decoded = Result<Option<(Vec<u8>, usize)>, ()>;

/// Checks the chunked body that `bytes` begin with.
pub fn check(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let expected = decoded(bytes);
    for way in cuts::ways(bytes) {
        assert_eq!(by_decoder(&way), expected, "{way:?}");
    }
    if let Ok(Some((body, _))) = expected {
        again(&body);
    }
}

fn by_decoder(way: &[&[u8]]) -> Decoded {
    let mut chunks = Chunks::default();
    let mut before = 0;
    for (index, piece) in way.iter().enumerate() {
        match chunks.feed(piece) {
            Outcome::Whole(left) => {
                let behind: usize = way[index + 1..].iter().map(|piece| piece.len()).sum();
                return Ok(Some((chunks.body().to_vec(), left + behind)));
            }
            Outcome::Partial => {}
            Outcome::Refused(status, _) => {
                assert_eq!(status, 400);
                return Err(());
            }
        }
        before += piece.len();
        assert!(chunks.body().len() <= before);
    }
    Ok(None)
}

/// A body that is encoded in pieces is decoded as what it was.
fn again(body: &[u8]) {
    let mut out = Vec::new();
    for piece in cuts::pieces(body, 40) {
        encode_chunk(&mut out, piece);
    }
    out.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(
        by_decoder(&cuts::pieces(&out, 9)),
        Ok(Some((body.to_vec(), 0)))
    );
}

/// What is still to be read; `None` where more must come.
type Step<T> = Result<Option<T>, ()>;

macro_rules! here {
    ($step:expr) => {
        match $step? {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

/// Reads a chunked body (RFC 9112, section 7.1).
pub(crate) fn decoded(bytes: &[u8]) -> Decoded {
    let (mut body, mut rest) = (Vec::new(), bytes);
    loop {
        let (size, behind) = here!(chunk_head(rest));
        rest = behind;
        if size == 0 {
            break;
        }
        let Some(data) = usize::try_from(size).ok().and_then(|size| rest.get(..size)) else {
            return Ok(None);
        };
        body.extend_from_slice(data);
        rest = here!(crlf(&rest[data.len()..]));
    }
    loop {
        match rest {
            [] => return Ok(None),
            [b'\r', ..] => break,
            _ => rest = here!(trailer(rest)),
        }
    }
    let rest = here!(crlf(rest));
    Ok(Some((body, rest.len())))
}

fn crlf(bytes: &[u8]) -> Step<&[u8]> {
    match bytes {
        [b'\r', b'\n', rest @ ..] => Ok(Some(rest)),
        [] | [b'\r'] => Ok(None),
        _ => Err(()),
    }
}

/// `chunk-size [ chunk-ext ] CRLF`.
fn chunk_head(bytes: &[u8]) -> Step<(u64, &[u8])> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    if digits > 16 {
        return Err(());
    }
    let (number, rest) = bytes.split_at(digits);
    if rest.is_empty() {
        return Ok(None);
    }
    let number = std::str::from_utf8(number).map_err(|_| ())?;
    let size = u64::from_str_radix(number, 16).map_err(|_| ())?;
    let spaces = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
    let behind = match &rest[spaces..] {
        [] => return Ok(None),
        [b';', extension @ ..] => {
            let length = extension.iter().take_while(|byte| is_text(**byte)).count();
            here!(crlf(&extension[length..]))
        }
        _ if spaces > 0 => return Err(()),
        _ => here!(crlf(rest)),
    };
    Ok(Some((size, behind)))
}

fn trailer(bytes: &[u8]) -> Step<&[u8]> {
    let name = bytes.iter().take_while(|byte| is_token(**byte)).count();
    let value = match &bytes[name..] {
        [] => return Ok(None),
        [b':', value @ ..] if name > 0 => value,
        _ => return Err(()),
    };
    let length = value.iter().take_while(|byte| is_text(**byte)).count();
    crlf(&value[length..])
}

fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// `tchar` (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

//! Percent-decoding of paths and queries, held against the rules read byte by byte, and against `form_urlencoded`.

use std::path::{Component, Path, PathBuf};

use mini_spring::__inside::readers::{decode_form, decode_segment, form_pairs, is_encoding_of};
use mini_spring::FromParam;

/// Checks `bytes` as a segment of a path, and as a query; behind a line feed stands what it may be the encoding of.
pub fn check(bytes: &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n');
    let (raw, text) = bytes.split_at(end.unwrap_or(bytes.len()));
    let (segment, form) = (decode_segment(raw), decode_form(raw));
    assert_eq!(segment.clone().ok(), decoded(raw));
    assert_eq!(form.ok(), decoded(&spaced(raw)));
    if let Ok(decoded) = &segment {
        assert!(is_encoding_of(raw, decoded));
        assert!(!decoded.contains('\0'));
        check_path(decoded);
    }
    let text = String::from_utf8_lossy(text.get(1..).unwrap_or_default());
    // Patterns hold no `%`.
    let text = text.replace(['%', '\0'], "");
    let is_same = segment.as_ref().is_ok_and(|decoded| *decoded == text);
    assert_eq!(is_encoding_of(raw, &text), is_same, "{text:?}");
    check_pairs(raw);
}

/// What stands for these bytes, or nothing if they are refused.
pub(crate) fn decoded(raw: &[u8]) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), raw);
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, rest @ ..] => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                bytes.push((digit(*high)? * 16 + digit(*low)?) as u8);
                rest
            }
            [b'%', ..] => return None,
            [byte, rest @ ..] => {
                bytes.push(*byte);
                rest
            }
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

fn spaced(raw: &[u8]) -> Vec<u8> {
    let space = |&byte: &u8| if byte == b'+' { b' ' } else { byte };
    raw.iter().map(space).collect()
}

/// What is taken for a path stays below the folder that it is looked up in.
fn check_path(text: &str) {
    let Ok(path) = PathBuf::from_param(text) else {
        return;
    };
    let (folder, mut depth) = (Path::new("/srv/files"), 0_i32);
    for component in path.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            other => panic!("{other:?} in {text:?}"),
        }
    }
    assert!(depth >= 0 && folder.join(&path).starts_with(folder));
    assert!(!text.contains(['\\', '\0']) && !text.split('/').any(|part| part == ".."));
}

fn check_pairs(raw: &[u8]) {
    let found = form_pairs(raw);
    let pieces = raw
        .split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty());
    assert_eq!(found.len(), pieces.clone().count());
    for ((found, piece), known) in found.iter().zip(pieces).zip(form_urlencoded::parse(raw)) {
        let equals = piece.iter().position(|&byte| byte == b'=');
        let value = equals.map(|equals| decoded(&spaced(&piece[equals + 1..])));
        let name = decoded(&spaced(&piece[..equals.unwrap_or(piece.len())]));
        let expected = match (name, value) {
            (Some(name), None) => Some((name, None)),
            (Some(name), Some(Some(value))) => Some((name, Some(value))),
            _ => None,
        };
        assert_eq!(found.clone().ok(), expected);
        if let Ok((name, value)) = found {
            assert_eq!(
                (&**name, value.as_deref().unwrap_or_default()),
                (&*known.0, &*known.1)
            );
        }
    }
}

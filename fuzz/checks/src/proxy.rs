//! The header of the PROXY protocol: read the same wherever it is cut, and as the two layouts say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use mini_spring::__inside::readers::introduction;

use crate::cuts;

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const LONGEST_LINE: usize = 107;
const LONGEST_BLOCK: usize = 4096;

type Read = Result<Option<(usize, Option<SocketAddr>)>, ()>;

/// Checks the header that `bytes` begin with, and headers with addresses that are made of them.
pub fn check(bytes: &[u8]) {
    let whole = introduction(bytes);
    for place in cuts::places(bytes) {
        let first = introduction(&bytes[..place]);
        let is_same = match &whole {
            Ok(Some((length, _))) if *length > place => first == Ok(None),
            Ok(None) => first == Ok(None),
            _ => first == whole || first == Ok(None),
        };
        assert!(is_same, "cut at {place}: {first:?}, then {whole:?}");
    }
    assert_eq!(whole.map_err(drop), read(bytes));
    if let Some((front, _)) = bytes.split_first_chunk::<36>() {
        compose(front);
    }
}

fn read(bytes: &[u8]) -> Read {
    let begins = |start: &[u8]| bytes.starts_with(&start[..start.len().min(bytes.len())]);
    if begins(b"PROXY ") {
        return line(bytes);
    }
    if begins(SIGNATURE) {
        return block(bytes);
    }
    Err(())
}

fn line(bytes: &[u8]) -> Read {
    let end = bytes.windows(2).position(|two| two == b"\r\n");
    let end = match end {
        Some(end) if end + 2 <= LONGEST_LINE => end,
        None if bytes.len() < LONGEST_LINE => return Ok(None),
        _ => return Err(()),
    };
    let text = std::str::from_utf8(&bytes[..end]).map_err(drop)?;
    let words: Vec<&str> = text.split(' ').collect();
    let client = match words[..] {
        ["PROXY", "UNKNOWN", ..] => None,
        ["PROXY", family, source, destination, port, other] => {
            let address = |text: &str| -> Result<IpAddr, ()> {
                Ok(match family {
                    "TCP4" => text.parse::<Ipv4Addr>().map_err(drop)?.into(),
                    "TCP6" => text.parse::<Ipv6Addr>().map_err(drop)?.into(),
                    _ => return Err(()),
                })
            };
            let _ = (address(destination)?, number(other)?);
            Some(SocketAddr::new(address(source)?, number(port)?))
        }
        _ => return Err(()),
    };
    Ok(Some((end + 2, client)))
}

/// A port in its only spelling.
fn number(text: &str) -> Result<u16, ()> {
    let number: u16 = text.parse().map_err(drop)?;
    (number.to_string() == text).then_some(number).ok_or(())
}

fn block(bytes: &[u8]) -> Read {
    let Some(&[version, family, high, low]) = bytes.get(12..16) else {
        return Ok(None);
    };
    let length = usize::from(high) * 256 + usize::from(low);
    if !matches!(version, 0x20 | 0x21) || length > LONGEST_BLOCK {
        return Err(());
    }
    let Some(block) = bytes.get(16..16 + length) else {
        return Ok(None);
    };
    let port = |at: usize| u16::from(block[at]) * 256 + u16::from(block[at + 1]);
    let client = match (version, family) {
        (0x20, _) | (_, 0x00 | 0x12 | 0x22 | 0x31 | 0x32) => None,
        (_, 0x11) if length >= 12 => {
            let address: [u8; 4] = block[..4].try_into().map_err(drop)?;
            Some(SocketAddr::new(address.into(), port(8)))
        }
        (_, 0x21) if length >= 36 => {
            let address: [u8; 16] = block[..16].try_into().map_err(drop)?;
            Some(SocketAddr::new(address.into(), port(32)))
        }
        _ => return Err(()),
    };
    Ok(Some((16 + length, client)))
}

/// Who is written into a header is read in it.
fn compose(block: &[u8; 36]) {
    let port = u16::from_be_bytes([block[32], block[33]]);
    let v6: [u8; 16] = block[..16].try_into().expect("sixteen bytes");
    let v4: [u8; 4] = block[..4].try_into().expect("four bytes");
    for (family, address) in [("TCP6", IpAddr::from(v6)), ("TCP4", IpAddr::from(v4))] {
        let header = format!("PROXY {family} {address} {address} {port} {port}\r\n");
        let client = SocketAddr::new(address, port);
        assert_eq!(
            introduction(header.as_bytes()),
            Ok(Some((header.len(), Some(client))))
        );
    }
    let header = [SIGNATURE, &[0x21, 0x21, 0, 36], block].concat();
    let client = SocketAddr::new(v6.into(), port);
    assert_eq!(introduction(&header), Ok(Some((52, Some(client)))));
}

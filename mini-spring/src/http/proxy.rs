//! The header that a proxy sends in front of a connection's first request, to say who its client is: HAProxy's
//! PROXY protocol, versions 1 and 2 (`doc/proxy-protocol.txt` of HAProxy).
//!
//! ```text
//! v1 = "PROXY" SP ( "TCP4" / "TCP6" ) SP source SP destination SP port SP port CRLF    ; at most 107 bytes
//!    / "PROXY UNKNOWN" [ SP *VCHAR ] CRLF
//! v2 = signature command family length addresses *tlv     ; 12 bytes, 1, 1, 2, and so many as they say
//! ```
//!
//! Only the source is of interest: the destination and the TLVs of version 2 are passed over, a checksum among
//! them too. Of datagrams, Unix sockets and unspecified families no address is taken, as section 2.2 allows.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// What a whole header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Introduction {
    /// How many bytes it has.
    pub(crate) length: usize,
    /// The client; `None`: the proxy itself, or it doesn't say.
    pub(crate) client: Option<SocketAddr>,
}

/// How the second version begins.
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// How the first one begins.
const PROXY: &[u8] = b"PROXY ";

/// The longest header of the first version, with its CRLF.
const LONGEST_LINE: usize = 107;

/// The most bytes of addresses and TLVs. Those that are in use are some hundred bytes.
const LONGEST_BLOCK: usize = 4096;

/// The first sixteen bytes of the second version.
const FIXED: usize = SIGNATURE.len() + 4;

/// Reads the header that `bytes` begin with; `None`: not all of it is here.
///
/// # Errors
///
/// Why it is none.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Introduction>, &'static str> {
    let begins = |start: &[u8]| bytes.iter().zip(start).all(|(byte, wanted)| byte == wanted);
    if begins(PROXY) {
        return line(bytes);
    }
    if begins(SIGNATURE) {
        return block(bytes);
    }
    Err("expected a PROXY header, found something else")
}

/// Version 1.
fn line(bytes: &[u8]) -> Result<Option<Introduction>, &'static str> {
    let window = &bytes[..bytes.len().min(LONGEST_LINE)];
    let Some(end) = window.windows(2).position(|pair| pair == b"\r\n") else {
        return match bytes.len() < LONGEST_LINE {
            true => Ok(None),
            false => Err("the PROXY header is longer than 107 bytes"),
        };
    };
    let text = std::str::from_utf8(&window[PROXY.len()..end]).map_err(|_| MALFORMED)?;
    Ok(Some(Introduction {
        length: end + 2,
        client: source(text).ok_or(MALFORMED)?,
    }))
}

const MALFORMED: &str = "the PROXY header is malformed";

/// The source in a line behind `PROXY`; the inner `None` is an unknown one.
fn source(text: &str) -> Option<Option<SocketAddr>> {
    let mut words = text.split(' ');
    let family = words.next()?;
    if family == "UNKNOWN" {
        return Some(None);
    }
    let (source, destination) = (words.next()?, words.next()?);
    let (port, _) = (self::port(words.next()?)?, self::port(words.next()?)?);
    if words.next().is_some() {
        return None;
    }
    Some(Some(match family {
        "TCP4" => both::<Ipv4Addr>(source, destination, port)?,
        "TCP6" => both::<Ipv6Addr>(source, destination, port)?,
        _ => return None,
    }))
}

fn both<A: std::str::FromStr + Into<std::net::IpAddr>>(
    source: &str,
    destination: &str,
    port: u16,
) -> Option<SocketAddr> {
    let (source, _) = (source.parse::<A>().ok()?, destination.parse::<A>().ok()?);
    Some(SocketAddr::new(source.into(), port))
}

/// A port without a sign, and without zeroes in front.
fn port(text: &str) -> Option<u16> {
    let is_plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| is_plain)
}

/// Version 2.
fn block(bytes: &[u8]) -> Result<Option<Introduction>, &'static str> {
    let Some([command, family, high, low]) = bytes.get(SIGNATURE.len()..FIXED) else {
        return Ok(None);
    };
    let is_local = match command {
        0x20 => true,
        0x21 => false,
        _ => return Err("the PROXY header is of another version, or of an unknown command"),
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length > LONGEST_BLOCK {
        return Err("the PROXY header is longer than 4 KiB");
    }
    let Some(block) = bytes.get(FIXED..FIXED + length) else {
        return Ok(None);
    };
    let client = match is_local {
        true => None,
        false => address(*family, block)?,
    };
    Ok(Some(Introduction {
        length: FIXED + length,
        client,
    }))
}

fn address(family: u8, block: &[u8]) -> Result<Option<SocketAddr>, &'static str> {
    const SHORT: &str = "the addresses of the PROXY header are cut off";
    match family {
        // TCP over IPv4: two addresses, then two ports.
        0x11 => {
            let [a, b, c, d, _, _, _, _, high, low, _, _] = *block.first_chunk().ok_or(SHORT)?;
            let port = u16::from_be_bytes([high, low]);
            Ok(Some(SocketAddr::from(([a, b, c, d], port))))
        }
        // TCP over IPv6.
        0x21 => {
            let block: &[u8; 36] = block.first_chunk().ok_or(SHORT)?;
            let source: &[u8; 16] = block.first_chunk().ok_or(SHORT)?;
            let port = u16::from_be_bytes([block[32], block[33]]);
            Ok(Some(SocketAddr::from((*source, port))))
        }
        // Unspecified, datagrams, Unix sockets.
        0x00 | 0x12 | 0x22 | 0x31 | 0x32 => Ok(None),
        _ => Err("the PROXY header is of an unknown family of addresses"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of the second version.
    fn v2(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
        let length = u16::try_from(block.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[command, family], &length, block].concat()
    }

    /// Source and destination of the second version, with ports 4711 and 80.
    fn ends(source: &[u8], destination: &[u8]) -> Vec<u8> {
        [
            source,
            destination,
            &4711_u16.to_be_bytes(),
            &80_u16.to_be_bytes(),
        ]
        .concat()
    }

    /// Reads it, whatever comes behind it and wherever it is cut.
    #[track_caller]
    fn check(header: &[u8], expected: &str) {
        for end in 0..header.len() {
            assert_eq!(parse(&header[..end]), Ok(None), "cut at {end}");
        }
        for behind in [&b""[..], b"GET / HTTP/1.1\r\n\r\n", b"\0\0"] {
            let found = parse(&[header, behind].concat()).unwrap().unwrap();
            assert_eq!(found.length, header.len());
            let client = found.client.map(|client| client.to_string());
            assert_eq!(client.as_deref().unwrap_or("none"), expected);
        }
    }

    /// Refuses it, wherever it is cut: before that it may be a header.
    #[track_caller]
    fn refuses(header: &[u8], expected: &str) {
        assert_eq!(parse(header), Err(expected));
        let first = (0..header.len()).find(|end| parse(&header[..*end]).is_err());
        for end in 0..header.len() {
            let read = parse(&header[..end]);
            let is_refused = first.is_some_and(|first| end >= first);
            assert_eq!(read.is_err(), is_refused, "cut at {end}");
            assert!(is_refused || read == Ok(None), "cut at {end}");
        }
    }

    #[test]
    fn version_1() {
        let check =
            |line: &str, expected: &str| check(format!("PROXY {line}\r\n").as_bytes(), expected);
        check("TCP4 192.0.2.7 10.0.0.1 4711 80", "192.0.2.7:4711");
        check(
            "TCP4 255.255.255.255 255.255.255.255 65535 65535",
            "255.255.255.255:65535",
        );
        check("TCP4 0.0.0.0 0.0.0.0 0 0", "0.0.0.0:0");
        check("TCP6 2001:db8::7 ::1 4711 80", "[2001:db8::7]:4711");
        let longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        check(
            &format!("TCP6 {longest} {longest} 65535 65535"),
            &format!("[{longest}]:65535"),
        );
        check("UNKNOWN", "none");
        check("UNKNOWN \u{e9} anything", "none");
        check(&format!("UNKNOWN {longest} {longest} 65535 65535"), "none");
    }

    #[test]
    fn version_1_malformed() {
        for line in [
            "TCP4",
            "TCP4 192.0.2.7 10.0.0.1 4711",
            "TCP4 192.0.2.7 10.0.0.1 4711 80 ",
            "TCP4 192.0.2.7 10.0.0.1 4711 80 1",
            "TCP4  192.0.2.7 10.0.0.1 4711 80",
            "TCP4\t192.0.2.7 10.0.0.1 4711 80",
            "TCP4 192.0.2.07 10.0.0.1 4711 80",
            "TCP4 192.0.2.7 10.0.0 4711 80",
            "TCP4 ::1 ::1 4711 80",
            "TCP6 192.0.2.7 10.0.0.1 4711 80",
            "TCP6 [::1] ::1 4711 80",
            "TCP4 192.0.2.7 10.0.0.1 04711 80",
            "TCP4 192.0.2.7 10.0.0.1 +4711 80",
            "TCP4 192.0.2.7 10.0.0.1 4711 65536",
            "TCP4 192.0.2.7 10.0.0.1 4711 ",
            "UDP4 192.0.2.7 10.0.0.1 4711 80",
            "tcp4 192.0.2.7 10.0.0.1 4711 80",
            "UNKNOWN2",
            "",
        ] {
            refuses(format!("PROXY {line}\r\n").as_bytes(), MALFORMED);
        }
        refuses(b"PROXY TCP4 \xff\r\n", MALFORMED);
        let long = "the PROXY header is longer than 107 bytes";
        refuses(
            format!("PROXY UNKNOWN {}", "x".repeat(200)).as_bytes(),
            long,
        );
        refuses(
            format!("PROXY UNKNOWN {}\r\n", "x".repeat(92)).as_bytes(),
            long,
        );
        check(
            format!("PROXY UNKNOWN {}\r\n", "x".repeat(91)).as_bytes(),
            "none",
        );
    }

    #[test]
    fn version_2() {
        let (v4, v6) = (
            ends(&[192, 0, 2, 7], &[10, 0, 0, 1]),
            ends(&[1; 16], &[2; 16]),
        );
        check(&v2(0x21, 0x11, &v4), "192.0.2.7:4711");
        check(
            &v2(0x21, 0x21, &v6),
            "[101:101:101:101:101:101:101:101]:4711",
        );
        // TLVs behind the addresses.
        let with_tlvs = [&v4[..], &[0x04, 0, 3, 1, 2, 3], b"whatever"].concat();
        check(&v2(0x21, 0x11, &with_tlvs), "192.0.2.7:4711");
        check(
            &v2(0x21, 0x11, &[&v4[..], &[0; LONGEST_BLOCK - 12]].concat()),
            "192.0.2.7:4711",
        );
        // The proxy itself, whatever it says of addresses.
        check(&v2(0x20, 0x00, &[]), "none");
        check(&v2(0x20, 0x11, &v4), "none");
        check(&v2(0x20, 0xff, &[1, 2, 3]), "none");
        // Unspecified, datagrams, and Unix sockets.
        check(&v2(0x21, 0x00, &[]), "none");
        check(&v2(0x21, 0x12, &v4), "none");
        check(&v2(0x21, 0x31, &[b'/'; 216]), "none");
    }

    #[test]
    fn version_2_malformed() {
        let v4 = ends(&[192, 0, 2, 7], &[10, 0, 0, 1]);
        let command = "the PROXY header is of another version, or of an unknown command";
        refuses(&v2(0x11, 0x11, &v4), command);
        refuses(&v2(0x31, 0x11, &v4), command);
        refuses(&v2(0x22, 0x11, &v4), command);
        let family = "the PROXY header is of an unknown family of addresses";
        refuses(&v2(0x21, 0x41, &v4), family);
        refuses(&v2(0x21, 0x13, &v4), family);
        refuses(&v2(0x21, 0x10, &v4), family);
        let short = "the addresses of the PROXY header are cut off";
        refuses(&v2(0x21, 0x11, &v4[..11]), short);
        refuses(&v2(0x21, 0x21, &[0; 35]), short);
        let long = "the PROXY header is longer than 4 KiB";
        refuses(&v2(0x21, 0x11, &[0; LONGEST_BLOCK + 1]), long);
    }

    #[test]
    fn what_is_no_header() {
        let other = "expected a PROXY header, found something else";
        refuses(b"GET / HTTP/1.1\r\n", other);
        refuses(b"POST / HTTP/1.1\r\n", other);
        refuses(b"PROXX", other);
        refuses(b"PROXY\t", other);
        refuses(b"proxy TCP4", other);
        refuses(b"\r\n\r\nGET", other);
        refuses(b"\r\n\r\n\0\r\nQUIT\r", other);
        refuses(b"\x16\x03\x01", other);
        assert_eq!(parse(b""), Ok(None));
    }
}

//! Whom proxies say that a request comes from: whatever a client sends, what a trusted proxy has added decides.

use std::net::IpAddr;
use std::sync::LazyLock;

use mini_spring::__inside::readers::origin;
use mini_spring::{ForwardedField, Networks};

static TRUSTED: LazyLock<Networks> =
    LazyLock::new(|| "10.0.0.0/8, fd00::/8".parse().expect("networks"));

const CLIENT: &str = "192.0.2.7";
const CLIENT_6: &str = "2001:db8::7";

/// Checks each line of `bytes` as a field that a client sends.
pub fn check(bytes: &[u8]) {
    let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').take(6).collect();
    let is_field = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    if !lines.iter().all(|line| line.iter().all(is_field)) {
        return;
    }
    check_forwarded(&lines);
    check_x(&lines);
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Where a request of a trusted proxy comes from that has these fields.
fn of(field: ForwardedField, lines: &[&[u8]]) -> (IpAddr, &'static str) {
    let name = match field {
        ForwardedField::Forwarded => "Forwarded",
        _ => "X-Forwarded-For",
    };
    let fields: Vec<(&str, &[u8])> = lines.iter().map(|line| (name, *line)).collect();
    let stranger = address("203.0.113.9");
    // A stranger isn't believed, whatever it says.
    assert_eq!(
        origin(&TRUSTED, field, stranger, &fields),
        (stranger, "http")
    );
    origin(&TRUSTED, field, address("10.0.0.1"), &fields)
}

/// What proxies do: a line of their own, or more of the last one.
fn with(lines: &[&[u8]], added: &[&str]) -> [Vec<Vec<u8>>; 2] {
    let mut apart: Vec<Vec<u8>> = lines.iter().map(|line| line.to_vec()).collect();
    let mut joined = apart.clone();
    let last = joined.last_mut().expect("a line");
    for element in added {
        apart.push(element.as_bytes().to_vec());
        last.extend_from_slice(b", ");
        last.extend_from_slice(element.as_bytes());
    }
    [apart, joined]
}

fn expect(field: ForwardedField, lines: &[&[u8]], added: &[&str], expected: (&str, &str)) {
    for lines in with(lines, added) {
        let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let (client, scheme) = of(field, &lines);
        assert_eq!(
            (client, scheme),
            (address(expected.0), expected.1),
            "{added:?}"
        );
    }
}

fn check_forwarded(lines: &[&[u8]]) {
    let field = ForwardedField::Forwarded;
    of(field, lines);
    let secure = format!("for={CLIENT};proto=https");
    expect(field, lines, &[&secure], (CLIENT, "https"));
    expect(field, lines, &[&secure, "for=10.1.2.3"], (CLIENT, "https"));
    let quoted = format!("by=10.0.0.1; for=\"[{CLIENT_6}]:4711\"");
    expect(field, lines, &[&quoted], (CLIENT_6, "http"));
    // What a proxy quotes of its client, such as the Host, isn't what it says itself.
    let said = String::from_utf8_lossy(lines[0])
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    let host = format!("for={CLIENT};host=\"{said}\";proto=https");
    expect(field, lines, &[&host], (CLIENT, "https"));
    let host = format!("host=\"{said}\";for={CLIENT}");
    expect(
        field,
        lines,
        &[&host, "for=10.9.9.9;proto=http"],
        (CLIENT, "http"),
    );
}

fn check_x(lines: &[&[u8]]) {
    let field = ForwardedField::XForwardedFor;
    let found = of(field, lines);
    expect(field, lines, &[CLIENT], (CLIENT, "http"));
    expect(
        field,
        lines,
        &[CLIENT_6, "10.3.3.3", "fd00::7"],
        (CLIENT_6, "http"),
    );
    if lines.iter().any(|line| line.contains(&b'"')) {
        return;
    }
    let whole = lines.join(&b", "[..]);
    let members = whole.split(|&byte| byte == b',').map(|member| {
        String::from_utf8_lossy(member)
            .trim_matches([' ', '\t'])
            .to_owned()
    });
    let members: Vec<String> = members.filter(|member| !member.is_empty()).collect();
    assert_eq!(of(field, &[&whole]), found);
    let mut client = address("10.0.0.1");
    for member in members.iter().rev() {
        // An address alone: what has a port or brackets is a matter of its own.
        match member.parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) if member.contains([':', '[', '_']) => return,
            Err(_) => break,
        }
        if !TRUSTED.contains(client) {
            break;
        }
    }
    assert_eq!(found, (client, "http"), "{members:?}");
}

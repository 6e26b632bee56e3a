//! Who sent a request that came through proxies: `Forwarded` (RFC 7239) and `X-Forwarded-For`.
//!
//! ```text
//! Forwarded       = 1#( [ pair ] *( ";" [ pair ] ) )      ; the nearest proxy is last
//! pair            = token "=" ( token / quoted-string )   ; for, by, host, proto
//! node            = ( IPv4 / "[" IPv6 "]" / "unknown" / "_" name ) [ ":" port ]
//! X-Forwarded-For = 1#address
//! ```
//!
//! Anybody can send these fields, and each proxy adds to them at the end whom it got the request from. So
//! they are read from there, as long as the one who added something is trusted; what stands in front of the
//! first that isn't is hearsay. One field only is read: a proxy passes on whatever its client has sent in
//! the other one, which is why that must not decide about anything. Of a list the pieces are found from
//! its end as well, so that a quote that a client leaves open doesn't reach into what a proxy has added.

use std::net::{IpAddr, SocketAddr};

use super::accept::pieces;
use super::media_type::unquoted;
use super::networks::Networks;

/// The field in which proxies say whom they got a request from.
///
/// ```
/// use mini_spring::{ForwardedField, ServerConfig};
///
/// let mut config = ServerConfig::default();
/// assert_eq!(config.forwarded_field, ForwardedField::XForwardedFor);
/// config.forwarded_field = ForwardedField::Forwarded;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ForwardedField {
    /// `X-Forwarded-For`, and `X-Forwarded-Proto` for the scheme: what most proxies send.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Whom a server believes about where requests come from.
#[derive(Debug, Default)]
pub(crate) struct Forwarding {
    pub(crate) trusted: Networks,
    pub(crate) field: ForwardedField,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) client: IpAddr,
    pub(crate) scheme: &'static str,
}

const HTTP: &str = "http";
const HTTPS: &str = "https";

impl Origin {
    /// Of a request that nobody has passed on.
    pub(crate) fn direct(peer: IpAddr) -> Self {
        Origin {
            client: peer.to_canonical(),
            scheme: HTTP,
        }
    }
}

impl Forwarding {
    /// Where a request comes from that `peer` has sent or passed on, by the fields of its head.
    pub(crate) fn origin<'f>(
        &self,
        peer: IpAddr,
        fields: impl DoubleEndedIterator<Item = (&'f str, &'f [u8])> + Clone,
    ) -> Origin {
        let direct = Origin::direct(peer);
        if !self.trusted.contains(peer) {
            return direct;
        }
        match self.field {
            ForwardedField::Forwarded => {
                let elements = from_the_end(fields, "forwarded").map_while(element);
                self.walk(direct, elements)
            }
            ForwardedField::XForwardedFor => {
                let scheme = from_the_end(fields.clone(), "x-forwarded-proto").next();
                let scheme = scheme.map_or(HTTP, scheme_of);
                let addresses = from_the_end(fields, "x-forwarded-for").map_while(address);
                let hops = addresses.map(|client| Origin { client, scheme });
                self.walk(Origin { scheme, ..direct }, hops)
            }
        }
    }

    /// The first that isn't trusted, from the nearest on, or else the last. The peer is trusted.
    fn walk(&self, peer: Origin, hops: impl Iterator<Item = Origin>) -> Origin {
        let mut origin = peer;
        for hop in hops {
            origin = hop;
            if !self.trusted.contains(hop.client) {
                break;
            }
        }
        origin
    }
}

/// The members of all fields of this name, the last one first.
fn from_the_end<'f>(
    fields: impl DoubleEndedIterator<Item = (&'f str, &'f [u8])>,
    name: &'static str,
) -> impl Iterator<Item = &'f [u8]> {
    let values = fields
        .rev()
        .filter(|(found, _)| found.eq_ignore_ascii_case(name));
    let members = values.flat_map(|(_, value)| backwards(value));
    // Empty members are allowed (RFC 9110, section 5.6.1).
    members
        .map(<[u8]>::trim_ascii)
        .filter(|member| !member.is_empty())
}

/// The members of a list, the last one first. A quote is none where it is escaped: what proxies quote can be what
/// their client has said, such as its `Host`.
fn backwards(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let list = rest?;
        let mut is_quoted = false;
        let comma = (0..list.len()).rev().find(|&place| {
            is_quoted ^= list[place] == b'"' && !is_escaped(&list[..place]);
            list[place] == b',' && !is_quoted
        });
        rest = comma.map(|comma| &list[..comma]);
        Some(&list[comma.map_or(0, |comma| comma + 1)..])
    })
}

/// Whether what follows these bytes is escaped.
fn is_escaped(before: &[u8]) -> bool {
    let backslashes = before.iter().rev().take_while(|&&byte| byte == b'\\');
    backslashes.count() % 2 == 1
}

/// What one proxy says in `Forwarded`; `None`: not whom it got the request from.
fn element(member: &[u8]) -> Option<Origin> {
    let mut origin = (None, HTTP);
    for pair in pieces(member, b';') {
        let Some(equals) = pair.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let value = unquoted(pair[equals + 1..].trim_ascii());
        match pair[..equals].trim_ascii() {
            name if name.eq_ignore_ascii_case(b"for") => origin.0 = address(&value),
            name if name.eq_ignore_ascii_case(b"proto") => origin.1 = scheme_of(&value),
            _ => {}
        }
    }
    let (client, scheme) = (origin.0?, origin.1);
    Some(Origin { client, scheme })
}

/// The address of a node, with or without a port. `unknown` and hidden ones are none.
fn address(node: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(node).ok()?;
    let plain = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address = plain().or_else(with_port).or_else(|| hidden_port(text));
    Some(address?.to_canonical())
}

/// An address in brackets, or one whose port has a name of the proxy's own: `_`.
fn hidden_port(text: &str) -> Option<IpAddr> {
    let host = match text.rsplit_once(":_") {
        Some((host, _)) => host,
        None => text,
    };
    match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    }
}

fn scheme_of(text: &[u8]) -> &'static str {
    match text.eq_ignore_ascii_case(HTTPS.as_bytes()) {
        true => HTTPS,
        false => HTTP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    #[track_caller]
    fn check(field: ForwardedField, peer: &str, fields: &[(&str, &str)], expected: &str) {
        let forwarding = Forwarding {
            trusted: "10.0.0.0/8, fd00::/8".parse().unwrap(),
            field,
        };
        let fields = fields.iter().map(|(name, value)| (*name, value.as_bytes()));
        let origin = forwarding.origin(peer.parse().unwrap(), fields);
        assert_eq!(format!("{}://{}", origin.scheme, origin.client), expected);
    }

    #[track_caller]
    fn x(values: &[&str], expected: &str) {
        let fields: Vec<_> = values
            .iter()
            .map(|value| ("X-Forwarded-For", *value))
            .collect();
        let expected = format!("http://{expected}");
        check(ForwardedField::XForwardedFor, PROXY, &fields, &expected);
    }

    #[track_caller]
    fn forwarded(values: &[&str], expected: &str) {
        let fields: Vec<_> = values.iter().map(|value| ("forwarded", *value)).collect();
        check(ForwardedField::Forwarded, PROXY, &fields, expected);
    }

    #[test]
    fn only_what_trusted_proxies_add_is_believed() {
        x(&[], PROXY);
        x(&["192.0.2.7"], "192.0.2.7");
        x(&["203.0.113.1, 192.0.2.7"], "192.0.2.7");
        x(&["203.0.113.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7");
        x(
            &["203.0.113.1", "192.0.2.7", "10.0.0.2,fd00::1"],
            "192.0.2.7",
        );
        x(&["10.0.0.3, 10.0.0.2"], "10.0.0.3");
        let spoofed = [
            ("X-Forwarded-For", "203.0.113.1"),
            ("X-Forwarded-Proto", "https"),
        ];
        check(
            ForwardedField::XForwardedFor,
            "192.0.2.7",
            &spoofed,
            "http://192.0.2.7",
        );
        check(
            ForwardedField::XForwardedFor,
            "::ffff:192.0.2.7",
            &spoofed,
            "http://192.0.2.7",
        );
        check(
            ForwardedField::XForwardedFor,
            "::ffff:10.0.0.1",
            &spoofed,
            "https://203.0.113.1",
        );
    }

    #[test]
    fn the_walk_ends_where_nothing_is_known() {
        x(&["192.0.2.7, unknown, 10.0.0.2"], "10.0.0.2");
        x(&["192.0.2.7, nonsense"], PROXY);
        x(&["192.0.2.7, 10.0.0.256"], PROXY);
        x(&["192.0.2.7, ,"], "192.0.2.7");
        x(&[""], PROXY);
    }

    #[test]
    fn addresses() {
        x(&["192.0.2.7:4711"], "192.0.2.7");
        x(&["2001:db8::7"], "2001:db8::7");
        x(&["[2001:db8::7]"], "2001:db8::7");
        x(&["[2001:db8::7]:80"], "2001:db8::7");
        x(&["::ffff:192.0.2.7"], "192.0.2.7");
        x(&["\u{e9}"], PROXY);
        x(&["[192.0.2.7]"], PROXY);
        x(&["2001:db8::7]"], PROXY);
    }

    #[test]
    fn only_the_field_that_was_chosen_is_read() {
        let both = [
            ("Forwarded", "for=203.0.113.1;proto=https"),
            ("X-Forwarded-For", "192.0.2.7"),
        ];
        check(
            ForwardedField::XForwardedFor,
            PROXY,
            &both,
            "http://192.0.2.7",
        );
        check(
            ForwardedField::Forwarded,
            PROXY,
            &both,
            "https://203.0.113.1",
        );
        check(
            ForwardedField::XForwardedFor,
            PROXY,
            &both[..1],
            "http://10.0.0.1",
        );
        check(
            ForwardedField::Forwarded,
            PROXY,
            &both[1..],
            "http://10.0.0.1",
        );
    }

    #[test]
    fn the_scheme_is_what_the_nearest_proxy_says() {
        let proto = |value, expected| {
            let fields = [
                ("X-Forwarded-Proto", value),
                ("x-forwarded-for", "192.0.2.7"),
            ];
            check(ForwardedField::XForwardedFor, PROXY, &fields, expected);
        };
        proto("https", "https://192.0.2.7");
        proto("HTTPS", "https://192.0.2.7");
        proto("https, http", "http://192.0.2.7");
        proto("javascript", "http://192.0.2.7");
        let alone = [("X-Forwarded-Proto", "https")];
        check(
            ForwardedField::XForwardedFor,
            PROXY,
            &alone,
            "https://10.0.0.1",
        );
    }

    /// RFC 7239, sections 4 to 7.
    #[test]
    fn forwarded_elements() {
        forwarded(&["for=192.0.2.7"], "http://192.0.2.7");
        forwarded(
            &["For=\"192.0.2.7:4711\";proto=https;by=203.0.113.60"],
            "https://192.0.2.7",
        );
        forwarded(&["by=\"_x\"; for = 192.0.2.7 ;host=a"], "http://192.0.2.7");
        forwarded(
            &["for=\"[2001:db8:cafe::17]:4711\""],
            "http://2001:db8:cafe::17",
        );
        forwarded(&["for=\"[2001:db8::1]:_p\""], "http://2001:db8::1");
        forwarded(&["for=\"192.0.2.7:_p\""], "http://192.0.2.7");
        forwarded(&["for=\"192\\.0.2.7\""], "http://192.0.2.7");
        let chain =
            "for=203.0.113.1;proto=http, for=192.0.2.7;proto=https, for=10.0.0.2;proto=http";
        forwarded(&[chain], "https://192.0.2.7");
        forwarded(&["for=192.0.2.7, for=unknown"], "http://10.0.0.1");
        forwarded(&["for=192.0.2.7, for=_hidden"], "http://10.0.0.1");
        forwarded(&["for=192.0.2.7, proto=https"], "http://10.0.0.1");
        forwarded(
            &["for=203.0.113.1", "for=192.0.2.7", "for=10.0.0.9"],
            "http://192.0.2.7",
        );
        forwarded(&["for=192.0.2.7;;"], "http://192.0.2.7");
        forwarded(&["for"], "http://10.0.0.1");
    }

    /// What a client leaves open stays its own.
    #[test]
    fn quotes_do_not_reach_from_one_proxy_into_the_next() {
        forwarded(&["for=203.0.113.1;x=\", for=192.0.2.7"], "http://192.0.2.7");
        forwarded(
            &["for=\"203.0.113.1, for=\"[2001:db8::1]\""],
            "http://2001:db8::1",
        );
        forwarded(
            &["\"\", for=203.0.113.1, \", for=\"192.0.2.7:1\""],
            "http://192.0.2.7",
        );
        forwarded(&["\\\", for=192.0.2.7"], "http://192.0.2.7");
        let quoted = "for=203.0.113.1, for=192.0.2.7;host=\"a,b\"";
        forwarded(&[quoted], "http://192.0.2.7");
        // Nor does what a proxy has quoted of its client's head.
        let host = r#"for=192.0.2.7;host="x\", for=203.0.113.1;y=\"z""#;
        forwarded(&[host], "http://192.0.2.7");
        forwarded(&[r#"for=192.0.2.7;host="x\\""#], "http://192.0.2.7");
        forwarded(
            &[r#"for=203.0.113.1;x="\, for=192.0.2.7;host="a\"b""#],
            "http://192.0.2.7",
        );
    }
}

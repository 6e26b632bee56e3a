//! The host of a request: `uri-host [ ":" port ]` (RFC 9110, section 4.2.4 and RFC 9112, section 3.2).

use super::{Reject, scan};

/// Refuses what is no host, user information included.
pub(super) fn check_host(host: &[u8]) -> Result<(), Reject> {
    let behind = match host {
        [b'[', ..] => behind_ip_literal(host),
        _ => scan::behind(host, &HOST),
    };
    match behind {
        [] => Ok(()),
        [b':', digits @ ..] if digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(Reject::bad("the host is malformed")),
    }
}

/// What follows the address between brackets (RFC 3986, section 3.2.2); all of it, if there is none.
#[cold]
fn behind_ip_literal(host: &[u8]) -> &[u8] {
    let in_address = |&byte: &u8| HOST[usize::from(byte)] || byte == b':';
    let length = host[1..].iter().take_while(|byte| in_address(byte)).count();
    match &host[1 + length..] {
        [b']', behind @ ..] if length > 0 => behind,
        _ => host,
    }
}

/// The bytes of a reg-name or an IPv4 address: unreserved, sub-delims and `%` (RFC 3986, section
/// 3.2.2).
static HOST: [bool; 256] = {
    let others = b"-._~%!$&'()*+,;=";
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut other = 0;
    while other < others.len() {
        table[others[other] as usize] = true;
        other += 1;
    }
    table
};

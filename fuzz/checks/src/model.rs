//! Requests as RFC 9110 and RFC 9112 have them, for a server that takes nothing else: what the server's own reader is
//! held against.
//!
//! Lines and fields are found by `httparse`; what it is more lenient about is refused here, and what fields mean is
//! written down in the simplest way. Knows no limits.

use http::{Method, Version};

/// How a body is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Empty,
    Length(u64),
    Chunked,
}

/// The head of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) version: Version,
    pub(crate) target: Vec<u8>,
    pub(crate) host: Vec<u8>,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) framing: Framing,
    pub(crate) keep_alive: bool,
    pub(crate) expects_continue: bool,
    /// How long the request line is.
    pub(crate) line: usize,
    pub(crate) end: usize,
}

/// What begins with these bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    Head(Box<Head>),
    /// More must come, or it is refused already: `httparse` doesn't say so.
    Unfinished,
    Refused,
}

/// The most fields that are looked at.
const FIELDS: usize = 300;

/// Reads a head.
pub(crate) fn read(bytes: &[u8]) -> Read {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(end)) => match strict(bytes, &request, end) {
            Some(head) => Read::Head(Box::new(head)),
            None => Read::Refused,
        },
        Ok(httparse::Status::Partial) => Read::Unfinished,
        Err(_) => Read::Refused,
    }
}

fn strict(bytes: &[u8], request: &httparse::Request<'_, '_>, end: usize) -> Option<Head> {
    let whole = &bytes[..end];
    if has_bare_lf(whole) {
        return None;
    }
    let start = whole.iter().position(|byte| !b"\r\n".contains(byte))?;
    let line = whole[start..].iter().position(|&byte| byte == b'\r')?;
    let method = Method::from_bytes(request.method?.as_bytes()).ok()?;
    let target = request.path?.as_bytes().to_vec();
    let fields = request.headers.iter();
    let fields: Vec<(String, Vec<u8>)> = fields
        .map(|field| (field.name.to_owned(), field.value.to_vec()))
        .collect();
    let version = match request.version? {
        0 => Version::HTTP_10,
        _ => Version::HTTP_11,
    };
    let named = |name: &str| -> Vec<&[u8]> {
        let same = fields
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        same.map(|(_, value)| &value[..]).collect()
    };
    let authority = authority(&method, &target)?;
    let host = host(version, authority, &named("host"))?;
    let options: Vec<String> = named("connection")
        .iter()
        .flat_map(|v| members(v))
        .collect();
    let says = |option: &str| options.iter().any(|known| known == option);
    let is_modern = version == Version::HTTP_11;
    Some(Head {
        line,
        end,
        framing: framing(
            version,
            &named("content-length"),
            &named("transfer-encoding"),
        )?,
        keep_alive: !says("close") && (is_modern || says("keep-alive")),
        expects_continue: expects(&named("expect"))? && is_modern,
        host,
        version,
        target,
        fields: fields.clone(),
        method,
    })
}

fn has_bare_lf(bytes: &[u8]) -> bool {
    let is_bare = |at: usize| bytes[at] == b'\n' && (at == 0 || bytes[at - 1] != b'\r');
    (0..bytes.len()).any(is_bare)
}

/// Lower-case members of a list.
fn members(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    let is_space = |letter: char| letter == ' ' || letter == '\t';
    let members = text.split(',').map(|one| one.trim_matches(is_space));
    members.map(str::to_owned).collect()
}

/// The host in a target, which is empty where there is none; `None`: a target that is no target.
fn authority<'t>(method: &Method, target: &'t [u8]) -> Option<&'t [u8]> {
    let is_visible = target.iter().all(|byte| (0x21..0x7f).contains(byte));
    if method == Method::CONNECT || !is_visible || target.contains(&b'#') {
        return None;
    }
    if target[0] == b'/' || (target == b"*" && method == Method::OPTIONS) {
        return Some(b"");
    }
    let text = target.to_ascii_lowercase();
    let mut schemes = [&b"http://"[..], b"https://"].into_iter();
    let scheme = schemes.find(|scheme| text.starts_with(scheme))?;
    let rest = &target[scheme.len()..];
    let end = rest.iter().position(|byte| b"/?".contains(byte));
    let authority = &rest[..end.unwrap_or(rest.len())];
    // RFC 9110, section 4.2.1: the host itself isn't empty.
    (is_host(authority) && !authority.is_empty() && authority[0] != b':').then_some(authority)
}

fn host(version: Version, authority: &[u8], fields: &[&[u8]]) -> Option<Vec<u8>> {
    let of_field = match fields {
        [] if version == Version::HTTP_10 => &b""[..],
        [host] if is_host(host) => host,
        _ => return None,
    };
    Some(match authority.is_empty() {
        true => of_field.to_vec(),
        false => authority.to_vec(),
    })
}

/// `uri-host [ ":" port ]`, with what the server takes for one.
fn is_host(host: &[u8]) -> bool {
    let Ok(host) = std::str::from_utf8(host) else {
        return false;
    };
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=".contains(c);
    let (name, port) = match host.strip_prefix('[') {
        Some(literal) => {
            let Some((address, port)) = literal.split_once(']') else {
                return false;
            };
            let is_address = address.chars().all(|c| is_of_name(c) || c == ':');
            (is_address && !address.is_empty(), port)
        }
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            (name.chars().all(is_of_name), port)
        }
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.len() <= 5 && digits.chars().all(|c| c.is_ascii_digit()),
        None => port.is_empty(),
    };
    name && is_port
}

/// RFC 9112, section 6.3.
fn framing(version: Version, lengths: &[&[u8]], codings: &[&[u8]]) -> Option<Framing> {
    match (lengths, codings) {
        ([], []) => Some(Framing::Empty),
        ([length], []) => {
            let text = std::str::from_utf8(length).ok()?;
            let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            let length = is_number.then(|| text.parse().ok())??;
            Some(Framing::Length(length))
        }
        ([], [coding]) => {
            let is_known = coding.eq_ignore_ascii_case(b"chunked") && version == Version::HTTP_11;
            is_known.then_some(Framing::Chunked)
        }
        _ => None,
    }
}

fn expects(fields: &[&[u8]]) -> Option<bool> {
    let is_known = |value: &&[u8]| value.eq_ignore_ascii_case(b"100-continue");
    fields.iter().all(is_known).then_some(!fields.is_empty())
}

//! What a server has sent, taken apart as strictly as a client may: each rule that an answer breaks is a failure,
//! whatever was asked for.

/// An answer, its body decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// In the order in which they came. The date is checked, and forgotten.
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Stands for any date.
const ANY_DATE: &str = "some time";

impl Answer {
    /// The value of the only field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Nothing comes behind it.
    pub fn is_last(&self) -> bool {
        self.field("connection") == Some("close")
    }
}

/// How the body of an answer ends (RFC 9112, section 6.3).
enum Framing {
    Length(usize),
    Chunked,
    Close,
}

/// Takes the next answer off `bytes`; to HEAD there is no body.
pub fn take(bytes: &mut &[u8], is_head: bool) -> Result<Answer, String> {
    let line = take_line(bytes)?;
    let status = status(&line)?;
    let mut fields = Vec::new();
    loop {
        let line = take_line(bytes)?;
        if line.is_empty() {
            break;
        }
        fields.push(field(&line)?);
    }
    check_date(status, &mut fields)?;
    let mut answer = Answer {
        status,
        fields,
        body: Vec::new(),
    };
    let framing = framing(&answer)?;
    check_demanded(&answer)?;
    answer.body = match framing {
        _ if is_head || has_no_body(status) => Vec::new(),
        Framing::Length(length) => take_bytes(bytes, length)?.to_vec(),
        Framing::Chunked => take_chunks(bytes)?,
        Framing::Close => std::mem::take(bytes).to_vec(),
    };
    forget_id(&mut answer);
    Ok(answer)
}

/// What differs from request to request, in head and body.
fn forget_id(answer: &mut Answer) {
    let mut fields = answer.fields.iter_mut();
    let Some((_, id)) = fields.find(|(name, _)| name == "x-request-id") else {
        return;
    };
    let id = std::mem::replace(id, "some id".to_owned());
    let body = String::from_utf8_lossy(&answer.body);
    answer.body = body.replace(&id, "some id").into_bytes();
    // Ids have different lengths, too. By its own, the body has been read.
    answer.fields.retain(|(name, _)| name != "content-length");
}

/// RFC 9112, section 4: `HTTP-version SP status-code SP [ reason-phrase ]`.
fn status(line: &str) -> Result<u16, String> {
    let rest = line.strip_prefix("HTTP/1.1 ");
    let words = rest.and_then(|rest| rest.split_once(' '));
    let digits = words.map(|(code, _)| code).filter(|code| code.len() == 3);
    digits
        .and_then(|code| code.parse().ok())
        .ok_or(format!("{line:?} is no status line"))
}

/// RFC 9112, section 5: no white space in front of the colon; and no control characters (RFC 9110, section 5.5).
fn field(line: &str) -> Result<(String, String), String> {
    let wrong = || format!("{line:?} is no field line");
    let (name, value) = line.split_once(':').ok_or_else(wrong)?;
    let in_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let in_value = |byte: u8| matches!(byte, b'\t' | b' '..=b'~');
    let is_right = !name.is_empty() && name.bytes().all(in_name) && value.bytes().all(in_value);
    match is_right {
        true => Ok((name.to_owned(), value.trim().to_owned())),
        false => Err(wrong()),
    }
}

/// RFC 9110, section 6.6.1: one Date, an IMF-fixdate (section 5.6.7); none is needed in a 1xx.
fn check_date(status: u16, fields: &mut [(String, String)]) -> Result<(), String> {
    let mut dates = fields.iter_mut().filter(|(name, _)| name == "date");
    let Some((_, date)) = dates.next() else {
        return match status {
            ..200 => Ok(()),
            _ => Err(format!("a {status} without a date")),
        };
    };
    if date.len() != "Sun, 06 Nov 1994 08:49:37 GMT".len() || !date.ends_with(" GMT") {
        return Err(format!("{date:?} is no IMF-fixdate"));
    }
    *date = ANY_DATE.to_owned();
    match dates.next() {
        Some(_) => Err("two dates".to_owned()),
        None => Ok(()),
    }
}

/// RFC 9110, sections 6.4.1 and 15.
fn has_no_body(status: u16) -> bool {
    matches!(status, 100..200 | 204 | 205 | 304)
}

/// RFC 9112, sections 6.1 to 6.3; RFC 9110, sections 8.6 and 15.3.6.
fn framing(answer: &Answer) -> Result<Framing, String> {
    let of = |name| -> Vec<&str> {
        let named = answer.fields.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    };
    let status = answer.status;
    match (&of("content-length")[..], &of("transfer-encoding")[..]) {
        ([], []) if has_no_body(status) && status != 205 => Ok(Framing::Length(0)),
        ([], []) if answer.is_last() => Ok(Framing::Close),
        ([_], []) | ([], [_]) if matches!(status, 100..200 | 204) => {
            Err(format!("a {status} with a length"))
        }
        (["0"], []) if status == 205 => Ok(Framing::Length(0)),
        ([length], []) if status != 205 => length
            .parse()
            .map(Framing::Length)
            .map_err(|_| format!("{length:?} is no length")),
        ([], ["chunked"]) if status != 205 => Ok(Framing::Chunked),
        (lengths, codings) => Err(format!(
            "a {status} delimited by {lengths:?} and {codings:?}"
        )),
    }
}

/// Fields without which an answer of its status is none (RFC 9110, sections 15.5.2, 15.5.6 and 15.5.22).
fn check_demanded(answer: &Answer) -> Result<(), String> {
    let demanded = match answer.status {
        401 => "www-authenticate",
        405 => "allow",
        426 => "upgrade",
        _ => return Ok(()),
    };
    match answer.field(demanded) {
        Some(_) => Ok(()),
        None => Err(format!("a {} without {demanded}", answer.status)),
    }
}

fn take_line(bytes: &mut &[u8]) -> Result<String, String> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n");
    let line = take_bytes(bytes, end.ok_or("an answer that breaks off in its head")?)?;
    let line = String::from_utf8(line.to_vec());
    take_bytes(bytes, 2)?;
    line.map_err(|_| "a line that isn't ASCII".to_owned())
}

fn take_bytes<'b>(bytes: &mut &'b [u8], length: usize) -> Result<&'b [u8], String> {
    let (taken, rest) = bytes
        .split_at_checked(length)
        .ok_or("a body that breaks off")?;
    *bytes = rest;
    Ok(taken)
}

/// RFC 9112, section 7.1. This server sends no trailer fields.
fn take_chunks(bytes: &mut &[u8]) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    loop {
        let size = take_line(bytes)?;
        let length = usize::from_str_radix(&size, 16);
        let length = length.map_err(|_| format!("{size:?} is no chunk-size"))?;
        body.extend_from_slice(take_bytes(bytes, length)?);
        match take_line(bytes)?.as_str() {
            "" if length == 0 => return Ok(body),
            "" => {}
            other => return Err(format!("{other:?} behind a chunk")),
        }
    }
}

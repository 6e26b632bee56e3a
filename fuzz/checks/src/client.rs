//! Answers as the strictest client reads them: whatever RFC 9110 and RFC 9112 don't let a server send is a panic.

use crate::chunked;

/// A final answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Without Date, which is checked and changes.
    pub fields: Vec<(String, String)>,
    /// The body, without chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of the only field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        only(&self.fields, name)
    }

    /// Whether it says that it is the last.
    pub(crate) fn is_last(&self) -> bool {
        self.field("connection") == Some("close")
    }
}

fn only<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    let mut same = fields
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let value = same.next().map(|(_, value)| value.as_str());
    assert!(same.next().is_none(), "`{name}` twice in {fields:?}");
    value
}

/// Reads all answers of a connection. The requests are HEAD where `is_head` says so, in order; it has no more entries
/// than there may be answers.
///
/// # Panics
///
/// Something in them isn't as it must be.
pub fn answers(bytes: &[u8], is_head: &[bool], is_closed: bool) -> Vec<Answer> {
    let (mut answers, mut rest, mut interim) = (Vec::new(), bytes, 0);
    while !rest.is_empty() {
        let index = answers.len();
        let is_head = is_head
            .get(index)
            .copied()
            .expect("no more answers than requests");
        let (status, fields, behind) = head(rest);
        if status == 100 {
            assert!(fields.is_empty() && interim == 0, "{status} {fields:?}");
            (interim, rest) = (1, behind);
            continue;
        }
        assert!((200..600).contains(&status), "{status}");
        let (body, behind) = body(status, &fields, behind, is_head, is_closed);
        let answer = checked(status, fields, body);
        assert!(
            !answer.is_last() || behind.is_empty(),
            "more behind the last"
        );
        answers.push(answer);
        (interim, rest) = (0, behind);
    }
    answers
}

type Fields = Vec<(String, String)>;

/// Status and fields, and what is behind them.
fn head(bytes: &[u8]) -> (u16, Fields, &[u8]) {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("the head of an answer has an end");
    let text = std::str::from_utf8(&bytes[..end]).expect("an answer in ASCII");
    assert!(text.is_ascii());
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let status = line.strip_prefix("HTTP/1.1 ").expect("HTTP/1.1");
    let (status, reason) = status.split_once(' ').expect("a space behind the status");
    let is_text = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    assert!(status.len() == 3 && is_text(reason), "{line:?}");
    let fields = lines.map(|line| {
        let (name, value) = line.split_once(": ").expect("a colon and a space");
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert!(!name.is_empty() && name.bytes().all(is_token), "{line:?}");
        assert!(is_text(value) && value.trim() == value, "{line:?}");
        (name.to_owned(), value.to_owned())
    });
    let fields = fields.collect();
    (status.parse().expect("a number"), fields, &bytes[end + 4..])
}

/// The body (RFC 9112, section 6.3), and what is behind it.
fn body<'b>(
    status: u16,
    fields: &Fields,
    bytes: &'b [u8],
    is_head: bool,
    is_closed: bool,
) -> (Vec<u8>, &'b [u8]) {
    let length = only(fields, "content-length");
    let coding = only(fields, "transfer-encoding");
    assert!(length.is_none() || coding.is_none(), "{fields:?}");
    assert!(
        status != 204 || (length.is_none() && coding.is_none()),
        "{fields:?}"
    );
    if is_head || status == 204 || status == 304 {
        return (Vec::new(), bytes);
    }
    match (length, coding) {
        (Some(length), _) => {
            assert!(length.bytes().all(|byte| byte.is_ascii_digit()));
            let length: usize = length.parse().expect("a length");
            let (body, behind) = bytes.split_at_checked(length).expect("a whole body");
            (body.to_vec(), behind)
        }
        (_, Some(coding)) => {
            assert_eq!(coding, "chunked");
            let (body, left) = chunked::decoded(bytes)
                .expect("chunks")
                .expect("all of them");
            (body, &bytes[bytes.len() - left..])
        }
        _ => {
            assert!(is_closed && only(fields, "connection") == Some("close"));
            (bytes.to_vec(), &[])
        }
    }
}

fn checked(status: u16, fields: Fields, body: Vec<u8>) -> Answer {
    let date = only(&fields, "date").expect("a Date");
    assert!(is_date(date), "{date:?}");
    // Nothing that a client sends may be a fault of the server; 501 and 505 are what it doesn't speak.
    assert!(
        status < 500 || matches!(status, 501 | 505),
        "{status} {fields:?}"
    );
    assert!(status != 405 || only(&fields, "allow").is_some());
    assert!(status != 416 || only(&fields, "content-range").is_some());
    let (mut fields, mut body) = (fields, body);
    fields.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
    same_boundary(&mut fields, &mut body);
    Answer {
        status,
        fields,
        body,
    }
}

/// IMF-fixdate (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
fn is_date(text: &str) -> bool {
    let form = "Aaa, 00 Aaa 0000 00:00:00 GMT";
    let fits = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        _ => byte == form,
    };
    // `GMT` stands for itself.
    let (front, end) = text.split_at_checked(26).unwrap_or((text, ""));
    end == "GMT" && front.bytes().zip(form.bytes()).all(fits)
}

/// The boundary of several ranges is another one each time, as long as this one.
fn same_boundary(fields: &mut Fields, body: &mut Vec<u8>) {
    const BEFORE: &str = "multipart/byteranges; boundary=";
    for (_, value) in fields {
        let Some(boundary) = value.strip_prefix(BEFORE).map(str::to_owned) else {
            continue;
        };
        let text = std::str::from_utf8(body).expect("text");
        *body = text.replace(&boundary, "the-boundary").into_bytes();
        *value = format!("{BEFORE}the-boundary");
    }
}

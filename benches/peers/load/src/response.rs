//! Reading an answer: only as much of HTTP as the servers of the comparison use.

/// An answer at the start of a buffer.
#[derive(Debug, PartialEq)]
pub struct Response {
    pub ok: bool,
    /// The server says that it closes the connection.
    pub closes: bool,
    /// Bytes of head and body.
    pub length: usize,
}

/// The answer at the start of `bytes`; `None` if it isn't complete.
///
/// # Errors
///
/// If its head names no `Content-Length`.
pub fn parse(bytes: &[u8]) -> Result<Option<Response>, &'static str> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let body: usize = field(&head, "content-length")
        .and_then(|value| value.parse().ok())
        .ok_or("an answer without Content-Length")?;
    let length = end + 4 + body;
    Ok((bytes.len() >= length).then(|| Response {
        ok: head.split(' ').nth(1) == Some("200"),
        closes: field(&head, "connection") == Some("close"),
        length,
    }))
}

fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n")
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str, expected: Result<Option<(bool, bool, usize)>, &'static str>) {
        let found = parse(bytes.as_bytes());
        assert_eq!(
            found.map(|response| response.map(|it| (it.ok, it.closes, it.length))),
            expected
        );
    }

    #[test]
    fn answers() {
        check("", Ok(None));
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", Ok(None));
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nH", Ok(None));
        check(
            "HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nHi",
            Ok(Some((true, false, 39))),
        );
        check(
            "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Ok(Some((false, true, 57))),
        );
        check(
            "HTTP/1.1 200 OK\r\n\r\n",
            Err("an answer without Content-Length"),
        );
    }
}

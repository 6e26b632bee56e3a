//! A client that takes nothing for granted: an answer that isn't whole or well formed is an error.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The connection serves no other request.
    pub(crate) is_last: bool,
}

impl Client {
    pub(crate) fn connect(port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(of("to connect"))?;
        stream.set_nodelay(true).map_err(of("to connect"))?;
        stream
            .set_read_timeout(Some(PATIENCE))
            .map_err(of("to connect"))?;
        stream
            .set_write_timeout(Some(PATIENCE))
            .map_err(of("to connect"))?;
        Ok(Client {
            stream: BufReader::with_capacity(64 * 1024, stream),
        })
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream
            .get_mut()
            .write_all(bytes)
            .map_err(of("to send"))
    }

    /// The socket, for who wants to misuse it.
    pub(crate) fn socket(&self) -> &TcpStream {
        self.stream.get_ref()
    }

    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.send(request)?;
        self.answer()
    }

    pub(crate) fn answer(&mut self) -> Result<Answer, String> {
        let line = self.line()?;
        let status = line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok());
        let status = status.ok_or_else(|| format!("expected a status line, found {line:?}"))?;
        let (mut length, mut is_last, mut is_chunked) = (None, false, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("expected a field, found {line:?}"))?;
            match name {
                "content-length" => {
                    length = Some(value.parse().map_err(|_| format!("a length of {value}"))?)
                }
                "transfer-encoding" => is_chunked = value == "chunked",
                "connection" => is_last = value == "close",
                _ => {}
            }
        }
        let body = match (is_chunked, length) {
            (true, None) => self.chunks()?,
            (false, Some(length)) => self.bytes(length)?,
            _ => return Err("expected one length of the body".to_owned()),
        };
        Ok(Answer {
            status,
            body,
            is_last,
        })
    }

    fn chunks(&mut self) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size =
                usize::from_str_radix(&line, 16).map_err(|_| format!("a chunk of {line:?}"))?;
            body.extend(self.bytes(size)?);
            if self.bytes(2)? != b"\r\n" {
                return Err("expected the end of a chunk".to_owned());
            }
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).map_err(of("a body"))?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).map_err(of("a line"))?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => Err(format!("expected a line, found {line:?} and the end")),
        }
    }
}

fn of(what: &str) -> impl Fn(std::io::Error) -> String {
    move |error| format!("expected {what}: {error}")
}

//! The head of a part: its header fields, and what Content-Disposition says (RFC 7578, section 4).
//!
//! Stricter than required: a line ends with CRLF only and isn't folded into the next, and a field that is
//! read stands there once.
//!
//! Names come as browsers send them, with `%22`, `%0D` and `%0A` for what would end them (WHATWG HTML,
//! "multipart/form-data encoding algorithm"), or as curl's `--form-escape` does, with backslashes. Both are undone;
//! that some `%22` was typed by somebody can't be told. `filename*` is forbidden to senders (section 4.2)
//! and ignored; a part that has nothing else is refused, because it would pass for a text field.

use super::parameters::{Parameters, Value, split};
use super::{Detail, quoted};
use crate::http::head::{Field, Span};
use crate::http::is_token;

/// The most header fields of one part. Browsers send two.
const MOST_FIELDS: usize = 16;

/// What stands above the content of a part.
#[derive(Clone)]
pub(crate) struct PartHead {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    name: String,
    file_name: Option<String>,
}

impl PartHead {
    /// Reads a head, without the CRLF that ends its last line.
    ///
    /// # Errors
    ///
    /// It is malformed, or says something that this server doesn't understand.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, Detail> {
        let mut head = PartHead {
            fields: read_fields(&bytes)?,
            bytes,
            name: String::new(),
            file_name: None,
        };
        let disposition = Disposition::of(&head)?;
        (head.name, head.file_name) = (disposition.name, disposition.file_name);
        head.check_content()?;
        Ok(head)
    }

    /// The name of the form's field.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file, if it is one.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// All fields in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.fields.iter().map(|field| {
            // Names are tokens.
            let name = std::str::from_utf8(field.name.of(&self.bytes)).unwrap_or_default();
            (name, field.value.of(&self.bytes))
        })
    }

    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&[u8]> {
        let mut fields = self.fields();
        let field = fields.find(|(found, _)| found.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value)
    }

    /// The value of the field of this name, of which there may be one.
    fn single(&self, name: &str) -> Result<Option<&[u8]>, Detail> {
        let fields = self.fields();
        let mut fields = fields.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        match (fields.next(), fields.next()) {
            (_, Some(_)) => {
                Err(format!("expected one header field `{name}`, found several").into())
            }
            (field, None) => Ok(field.map(|(_, value)| value)),
        }
    }

    /// Refuses content that isn't what it would be taken for.
    fn check_content(&self) -> Result<(), Detail> {
        if let Some(media_type) = self.single("Content-Type")?
            && starts_with(media_type, b"multipart/")
        {
            return Err(format!(
                "expected a field or a file, found {} inside of the form; \
                 send each file as a part of its own (RFC 7578, section 4.3)",
                quoted(media_type)
            )
            .into());
        }
        match self.single("Content-Transfer-Encoding")? {
            Some(encoding) if !is_identity(encoding) => Err(format!(
                "expected content as it is, found the Content-Transfer-Encoding {} (RFC 7578, section 4.7)",
                quoted(encoding)
            )
            .into()),
            _ => Ok(()),
        }
    }
}

impl std::fmt::Debug for PartHead {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("PartHead");
        debug
            .field("name", &self.name)
            .field("file_name", &self.file_name);
        debug.finish_non_exhaustive()
    }
}

fn starts_with(bytes: &[u8], beginning: &[u8]) -> bool {
    bytes
        .get(..beginning.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(beginning))
}

/// Whether an encoding changes nothing (RFC 2045, section 6.2).
fn is_identity(encoding: &[u8]) -> bool {
    ["7bit", "8bit", "binary"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known.as_bytes()))
}

fn read_fields(bytes: &[u8]) -> Result<Vec<Field>, Detail> {
    let mut fields = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let length = memchr::memmem::find(&bytes[start..], b"\r\n");
        let end = length.map_or(bytes.len(), |length| start + length);
        if fields.len() == MOST_FIELDS {
            return Err(format!("expected at most {MOST_FIELDS} header fields, found more").into());
        }
        fields.push(read_field(bytes, start, end)?);
        start = end + 2;
    }
    Ok(fields)
}

fn read_field(bytes: &[u8], start: usize, end: usize) -> Result<Field, Detail> {
    let line = &bytes[start..end];
    let name = line.iter().take_while(|byte| is_token(**byte)).count();
    let value = match line.get(name..) {
        Some([b':', value @ ..]) if name > 0 => value,
        _ => return Err(unnamed(line)),
    };
    if value
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        let name = quoted(&line[..name]);
        return Err(format!("the header field {name} holds a forbidden byte").into());
    }
    let in_front = value.len() - value.trim_ascii_start().len();
    let start_of_value = start + name + 1 + in_front;
    Ok(Field {
        name: Span::new(start, start + name),
        value: Span::new(start_of_value, start_of_value + value.trim_ascii().len()),
    })
}

#[cold]
fn unnamed(line: &[u8]) -> Detail {
    match line {
        [b' ' | b'\t', ..] => {
            "expected a header field on one line, found one that is folded".into()
        }
        _ => format!("expected a header field, found {}", quoted(line)).into(),
    }
}

/// What the part is called.
struct Disposition {
    name: String,
    file_name: Option<String>,
}

impl Disposition {
    fn of(head: &PartHead) -> Result<Self, Detail> {
        let Some(value) = head.single("Content-Disposition")? else {
            return Err(
                "expected the header field `Content-Disposition: form-data; name=\"..\"`, found none"
                    .into(),
            );
        };
        let parameters = |name| -> Result<Option<Value<'_>>, Detail> {
            let (_, parameters): (_, Parameters<'_>) = split(value);
            parameters.single(name)
        };
        let (kind, _) = split(value);
        if !kind.eq_ignore_ascii_case(b"form-data") {
            let kind = quoted(kind);
            return Err(
                format!("expected the Content-Disposition `form-data`, found {kind}").into(),
            );
        }
        let Some(name) = parameters("name")? else {
            return Err("expected a name in Content-Disposition, found none".into());
        };
        let file_name = parameters("filename")?;
        if file_name.is_none() && parameters("filename*")?.is_some() {
            return Err(
                "expected the parameter `filename`, found `filename*` alone; \
                 send the name as UTF-8 in `filename` (RFC 7578, section 4.2)"
                    .into(),
            );
        }
        Ok(Disposition {
            name: text("name", name)?,
            file_name: file_name.map(|value| text("filename", value)).transpose()?,
        })
    }
}

fn text(parameter: &str, value: Value<'_>) -> Result<String, Detail> {
    let bytes = value.unescaped();
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(without_browser_escapes(text)),
        Err(_) => Err(format!("expected `{parameter}` in UTF-8, found {}", quoted(&bytes)).into()),
    }
}

fn without_browser_escapes(text: &str) -> String {
    let mut meant = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        meant.push_str(&rest[..place]);
        let escaped = match rest.as_bytes()[place + 1..] {
            [b'2', b'2', ..] => Some('"'),
            [b'0', b'D' | b'd', ..] => Some('\r'),
            [b'0', b'A' | b'a', ..] => Some('\n'),
            _ => None,
        };
        meant.push(escaped.unwrap_or('%'));
        rest = &rest[place + if escaped.is_some() { 3 } else { 1 }..];
    }
    meant + rest
}

#[cfg(test)]
mod tests;

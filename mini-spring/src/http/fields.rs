//! The field lines of an answer, kept in the form in which they are sent.
//!
//! `name: value CRLF`, one after the other in one buffer (RFC 9112, section 5). Appending a field is
//! a copy; there is no map. Names and values come in as [`HeaderName`] and [`HeaderValue`], which
//! can hold neither CR, LF nor NUL: response splitting is impossible by type (RFC 9112, section 11.1).

use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG, LAST_MODIFIED, TRANSFER_ENCODING,
};
use http::{HeaderName, HeaderValue};

use super::buffers;

const CONTENT_TYPE_NAME: &str = "content-type";

/// The header fields of a [`Response`](crate::Response), in the order in which they were added, but `ETag` and
/// `Last-Modified` first.
///
/// ```
/// use mini_spring::Response;
/// use mini_spring::http::{HeaderValue, header};
///
/// let mut response = Response::ok("hello");
/// response.fields_mut().set(header::CACHE_CONTROL, &HeaderValue::from_static("no-store"));
/// assert_eq!(response.fields().get(&header::CACHE_CONTROL), Some(&b"no-store"[..]));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// The content type as long as it is one that this crate has set: most answers have no other
    /// field, and so cost no buffer for their lines. It goes before the lines.
    content_type: Option<&'static str>,
    /// Validators stand before all others: whether there is one is seen at the first byte.
    lines: Vec<u8>,
}

impl Fields {
    /// One field, the content type, of which the caller knows that it is valid.
    pub(crate) fn of_type(content_type: &'static str) -> Self {
        Fields {
            content_type: Some(content_type),
            lines: Vec::new(),
        }
    }

    /// The content type, if it is one that this crate has set.
    pub(crate) fn own_type(&self) -> Option<&'static str> {
        self.content_type
    }

    /// Replaces the content type by one that is valid.
    pub(crate) fn retype(&mut self, content_type: &'static str) {
        self.remove(&CONTENT_TYPE);
        self.content_type = Some(content_type);
    }

    /// Adds a field behind those of the same name. There is one `Content-Type`, one `ETag` and one
    /// `Last-Modified` only, which are replaced (RFC 9110, section 8).
    ///
    /// `Connection`, `Content-Length`, `Date` and `Transfer-Encoding` belong to the server, which
    /// knows them better: such a field is dropped (RFC 9112, sections 6 and 9.6).
    ///
    /// ```
    /// use mini_spring::Response;
    /// use mini_spring::http::{HeaderValue, header};
    ///
    /// let mut response = Response::ok("hello");
    /// let fields = response.fields_mut();
    /// for tag in ["en", "fr"] {
    ///     fields.append(header::CONTENT_LANGUAGE, &HeaderValue::from_static(tag));
    /// }
    /// assert_eq!(fields.iter().filter(|(name, _)| *name == "content-language").count(), 2);
    /// assert!(fields.remove(&header::CONTENT_LANGUAGE));
    /// assert!(!fields.remove(&header::CONTENT_LANGUAGE));
    /// ```
    pub fn append(&mut self, name: HeaderName, value: &HeaderValue) {
        if [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING].contains(&name) {
            return;
        }
        let is_validator = name == ETAG || name == LAST_MODIFIED;
        if is_validator || name == CONTENT_TYPE {
            self.remove(&name);
        }
        let before = self.lines.len();
        self.line(name.as_str().as_bytes(), value.as_bytes());
        if is_validator {
            let length = self.lines.len() - before;
            self.lines.rotate_right(length);
        }
    }

    /// Replaces all fields of this name by one.
    pub fn set(&mut self, name: HeaderName, value: &HeaderValue) {
        self.remove(&name);
        self.append(name, value);
    }

    /// Removes all fields of this name and tells whether there was one.
    pub fn remove(&mut self, name: &HeaderName) -> bool {
        let typed = name == CONTENT_TYPE && self.content_type.take().is_some();
        // What stays moves down once, however many lines go.
        let (mut at, mut kept) = (0, 0);
        while let Some(line) = Line::at(&self.lines, at) {
            let (end, goes) = (line.end, line.is(name));
            if !goes {
                if kept < at {
                    self.lines.copy_within(at..end, kept);
                }
                kept += end - at;
            }
            at = end;
        }
        let found = kept < at;
        self.lines.truncate(kept);
        typed || found
    }

    /// The value of the first field of this name.
    pub fn get(&self, name: &HeaderName) -> Option<&[u8]> {
        let typed = self.content_type.filter(|_| name == CONTENT_TYPE);
        typed.map(str::as_bytes).or_else(|| {
            self.lines()
                .find(|line| line.is(name))
                .map(|line| line.value)
        })
    }

    /// All fields, as name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let typed = self.content_type.iter();
        typed
            .map(|value| (CONTENT_TYPE_NAME, value.as_bytes()))
            .chain(
                self.lines()
                    .map(|line| (std::str::from_utf8(line.name).unwrap_or(""), line.value)),
            )
    }

    /// Adds all fields of `other`.
    pub(crate) fn extend(&mut self, other: &Fields) {
        other.write(&mut self.lines);
    }

    /// Adds the fields of `other` whose names aren't here yet, but for its content type.
    pub(crate) fn fill(&mut self, other: &Fields) {
        let own = self.lines.len();
        for line in other.lines() {
            let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(line.name),
                HeaderValue::from_bytes(line.value),
            ) else {
                continue;
            };
            let is_here = Fields::lines_of(&self.lines[..own]).any(|line| line.is(&name));
            if !is_here && name != CONTENT_TYPE {
                self.append(name, &value);
            }
        }
    }

    /// Whether there is an entity tag or a date of the last change, with which preconditions are compared.
    #[inline]
    pub(crate) fn has_validator(&self) -> bool {
        match self.lines.first() {
            Some(b'e') => self.lines.starts_with(b"etag:"),
            Some(b'l') => self.lines.starts_with(b"last-modified:"),
            _ => false,
        }
    }

    /// Writes the lines as they go out.
    #[inline(always)]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        if let Some(value) = self.content_type {
            out.extend_from_slice(b"content-type: ");
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        if !self.lines.is_empty() {
            out.extend_from_slice(&self.lines);
        }
    }

    /// Hands the memory back for the next answer.
    pub(crate) fn recycle(self) {
        if self.lines.capacity() > 0 {
            buffers::give(self.lines);
        }
    }

    fn line(&mut self, name: &[u8], value: &[u8]) {
        if self.lines.capacity() == 0 {
            self.lines = buffers::take();
        }
        self.lines.reserve(name.len() + value.len() + 4);
        self.lines.extend_from_slice(name);
        self.lines.extend_from_slice(b": ");
        self.lines.extend_from_slice(value);
        self.lines.extend_from_slice(b"\r\n");
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        Fields::lines_of(&self.lines)
    }

    fn lines_of(lines: &[u8]) -> impl Iterator<Item = Line<'_>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let line = Line::at(lines, at)?;
            at = line.end;
            Some(line)
        })
    }
}

/// One field line and where it ends.
struct Line<'a> {
    name: &'a [u8],
    value: &'a [u8],
    end: usize,
}

impl<'a> Line<'a> {
    /// The line that starts at `start`. Names hold no colon and values no CR, so both ends are plain.
    fn at(lines: &'a [u8], start: usize) -> Option<Self> {
        let rest = lines.get(start..)?;
        let colon = rest.iter().position(|&byte| byte == b':')?;
        let length = rest.iter().position(|&byte| byte == b'\r')?;
        Some(Line {
            name: &rest[..colon],
            value: &rest[colon + 2..length],
            end: start + length + 2,
        })
    }

    fn is(&self, name: &HeaderName) -> bool {
        self.name.eq_ignore_ascii_case(name.as_str().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::{ALLOW, LOCATION, SET_COOKIE};

    fn written(fields: &Fields) -> String {
        let mut out = Vec::new();
        fields.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_content_type_is_a_field_like_the_others() {
        let mut fields = Fields::of_type("text/plain");
        fields.append(LOCATION, &value("/"));
        assert_eq!(fields.get(&CONTENT_TYPE), Some(&b"text/plain"[..]));
        assert_eq!(
            written(&fields),
            "content-type: text/plain\r\nlocation: /\r\n"
        );
        assert_eq!(
            fields.iter().next(),
            Some(("content-type", &b"text/plain"[..]))
        );
        fields.set(CONTENT_TYPE, &value("text/html"));
        assert_eq!(
            written(&fields),
            "location: /\r\ncontent-type: text/html\r\n"
        );
        assert!(fields.remove(&CONTENT_TYPE));
        assert_eq!(fields.get(&CONTENT_TYPE), None);
        assert!(fields.remove(&LOCATION));
        fields.append(CONTENT_TYPE, &value("text/css"));
        assert_eq!(written(&fields), "content-type: text/css\r\n");
    }

    fn value(text: &'static str) -> HeaderValue {
        HeaderValue::from_static(text)
    }

    fn example() -> Fields {
        let mut fields = Fields::default();
        fields.append(SET_COOKIE, &value("a=1"));
        fields.append(LOCATION, &value("/x: y"));
        fields.append(SET_COOKIE, &value("b=2"));
        fields
    }

    #[test]
    fn fields_keep_their_order_and_their_wire_form() {
        assert_eq!(
            written(&example()),
            "set-cookie: a=1\r\nlocation: /x: y\r\nset-cookie: b=2\r\n"
        );
        let all: Vec<_> = example().iter().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(all, ["set-cookie", "location", "set-cookie"]);
    }

    #[test]
    fn get_finds_the_first() {
        assert_eq!(example().get(&SET_COOKIE), Some(&b"a=1"[..]));
        assert_eq!(example().get(&LOCATION), Some(&b"/x: y"[..]));
        assert_eq!(example().get(&ALLOW), None);
    }

    #[test]
    fn remove_takes_all_of_a_name() {
        let mut fields = example();
        assert!(fields.remove(&SET_COOKIE));
        assert!(!fields.remove(&SET_COOKIE));
        assert_eq!(written(&fields), "location: /x: y\r\n");
    }

    #[test]
    fn fields_are_filled_in_where_they_are_missing() {
        let mut fields = Fields::of_type("text/plain");
        fields.append(LOCATION, &value("/y"));
        let mut other = example();
        other.append(CONTENT_TYPE, &value("text/css"));
        fields.fill(&other);
        assert_eq!(
            written(&fields),
            "content-type: text/plain\r\nlocation: /y\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"
        );
    }

    #[test]
    fn the_fields_of_the_server_are_dropped() {
        let mut fields = Fields::default();
        fields.append(CONTENT_LENGTH, &value("1"));
        fields.set(TRANSFER_ENCODING, &value("chunked"));
        assert_eq!(written(&fields), "");
    }

    #[test]
    fn validators_are_one_each_and_stand_first() {
        let mut fields = example();
        assert!(!fields.has_validator());
        for tag in ["\"a\"", "\"b\""] {
            fields.append(ETAG, &value(tag));
        }
        assert!(fields.has_validator());
        fields.set(LAST_MODIFIED, &value("now"));
        let expected = "last-modified: now\r\netag: \"b\"\r\nset-cookie: a=1\r\n";
        assert!(written(&fields).starts_with(expected));
        assert!(fields.remove(&LAST_MODIFIED) && fields.has_validator());
        assert!(fields.remove(&ETAG) && !fields.has_validator());
        assert_eq!(written(&fields), written(&example()));
        // Others begin with the same letters.
        let mut fields = Fields::default();
        fields.append(LOCATION, &value("/"));
        assert!(!fields.has_validator());
    }

    #[test]
    fn set_replaces() {
        let mut fields = example();
        fields.set(SET_COOKIE, &value(""));
        assert_eq!(written(&fields), "location: /x: y\r\nset-cookie: \r\n");
    }
}

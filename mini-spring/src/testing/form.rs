//! [`TestForm`]: a form with files while it is composed (RFC 7578).

/// A form with files, for [`TestRequest::multipart`](super::TestRequest::multipart).
///
/// ```
/// use mini_spring::{MultipartForm, TestApp, route, routes};
///
/// #[route(POST, "/upload")]
/// fn upload(form: MultipartForm) -> String {
///     let types = form.files().iter().map(|file| file.content_type().unwrap_or("none"));
///     format!("{:?}: {:?}", form.text("note"), types.collect::<Vec<_>>())
/// }
///
/// let app = TestApp::of(routes![upload]);
/// let request = app.post("/upload").multipart(|form| {
///     form.text("note", "two").file("file", "a", "1").file_of_type("file", "b.png", "image/png", "2")
/// });
/// request.send().assert_text(r#"Some("two"): ["application/octet-stream", "image/png"]"#);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a form does nothing until it is sent"]
pub struct TestForm {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    /// The parameters of its `Content-Disposition`, and its other fields.
    head: String,
    content: Vec<u8>,
}

impl TestForm {
    /// Adds a field of text.
    pub fn text(self, name: impl AsRef<str>, text: impl Into<String>) -> Self {
        let head = format!("name=\"{}\"", escaped(name.as_ref()));
        self.part(head, text.into().into_bytes())
    }

    /// Adds a file of this name, as `application/octet-stream`.
    pub fn file(
        self,
        name: impl AsRef<str>,
        file_name: impl AsRef<str>,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        self.file_of_type(name, file_name, "application/octet-stream", content)
    }

    /// Adds a file of this name and of this type, such as `image/png`.
    pub fn file_of_type(
        self,
        name: impl AsRef<str>,
        file_name: impl AsRef<str>,
        content_type: impl AsRef<str>,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        let head = format!(
            "name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}",
            escaped(name.as_ref()),
            escaped(file_name.as_ref()),
            content_type.as_ref()
        );
        self.part(head, content.into())
    }

    fn part(mut self, head: String, content: Vec<u8>) -> Self {
        self.parts.push(Part { head, content });
        self
    }

    /// The content type and the body.
    pub(super) fn encode(&self) -> (String, Vec<u8>) {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for Part { head, content } in &self.parts {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }

    /// A boundary that stands in no part.
    fn boundary(&self) -> String {
        let is_in =
            |content: &[u8], text: &str| super::wire::cut(content, text.as_bytes()).is_some();
        let is_free = |text: &String| !self.parts.iter().any(|part| is_in(&part.content, text));
        let mut boundaries = (0_u64..).map(|number| format!("test-form-{number:04}"));
        // There are more numbers than bytes in the parts.
        boundaries.find(is_free).unwrap_or_default()
    }
}

/// A name as browsers send it (HTML standard, section 4.10.21.8, "Multipart form data").
fn escaped(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_boundaries() {
        let form = TestForm::default().text("a\"\r\n", "b").file_of_type(
            "f",
            "x.txt",
            "text/plain",
            "--test-form-0000",
        );
        let (content_type, body) = form.encode();
        assert_eq!(content_type, "multipart/form-data; boundary=test-form-0001");
        assert_eq!(
            String::from_utf8(body).unwrap(),
            "--test-form-0001\r\nContent-Disposition: form-data; name=\"a%22%0D%0A\"\r\n\r\nb\r\n\
             --test-form-0001\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n--test-form-0000\r\n--test-form-0001--\r\n"
        );
        assert_eq!(TestForm::default().encode().1, b"--test-form-0000--\r\n");
    }
}

//! Uploads: files of any size that are saved while they arrive, and a small form as a whole.
//!
//! ```sh
//! cargo run --release --example upload
//! curl -F note=hello -F file=@README.md http://localhost:8080/upload
//! ```
//!
//! Files are saved in the directory `UPLOADS`, or else below the one for temporary files.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use mini_spring::http::StatusCode;
use mini_spring::{Html, Multipart, MultipartForm, Problem, route};
use serde::{Deserialize, Serialize};

const PAGE: &str = r#"<!doctype html><title>Uploads</title>
<form method=post action=upload enctype=multipart/form-data>
<input name=note placeholder=note><input name=file type=file multiple><button>Upload</button>
</form>"#;

/// The form, and what has been uploaded.
#[route(GET, "/")]
fn index() -> io::Result<Html<String>> {
    let mut page = PAGE.to_owned();
    for entry in fs::read_dir(directory()?)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let length = entry.metadata()?.len();
        page += &format!("\n<p>{}: {length} bytes", escaped(&name));
    }
    Ok(Html(page))
}

#[derive(Serialize)]
struct Saved {
    note: String,
    files: Vec<String>,
}

/// Reads the parts one by one while they come: of a file of any size, no more than a piece is in memory.
#[route(POST, "/upload", body_limit = "10GiB", status = 201)]
fn upload(mut form: Multipart) -> mini_spring::Result<Saved> {
    let (mut note, mut files) = (String::new(), Vec::new());
    let directory = directory()?;
    while let Some(part) = form.next_part()? {
        if part.name() == "note" {
            note = part.text()?;
        } else if part.file_name().is_some_and(|name| !name.is_empty()) {
            let Some(name) = part.safe_file_name().map(str::to_owned) else {
                return Err(Problem::unprocessable("no file can have that name here").into());
            };
            let path = directory.join(&name);
            if path.exists() {
                return Err(Problem::conflict(format!("there is a file `{name}` already")).into());
            }
            // A name of its own only when it is here whole.
            part.spool()?.persist(path)?;
            files.push(name);
        }
    }
    Ok(Saved { note, files })
}

#[derive(Deserialize)]
struct Profile<'f> {
    name: &'f str,
    age: Option<u8>,
}

/// Takes a form as a whole, when all of it is here: a slow client holds no thread.
#[route(POST, "/profile", body_limit = "5MiB")]
fn profile(form: MultipartForm) -> Result<String, Problem> {
    let Profile { name, age } = form.read()?;
    let Some(photo) = form.file("photo") else {
        return Err(Problem::bad_request("choose a photo"));
    };
    let kind = photo.content_type().unwrap_or_default();
    if !kind.starts_with("image/") {
        let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        return Err(problem.with_detail("the photo must be an image"));
    }
    let length = photo.file().length();
    Ok(format!("{name} ({age:?}): {kind} of {length} bytes\n"))
}

/// That others are served meanwhile.
#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

fn directory() -> io::Result<PathBuf> {
    let named = std::env::var_os("UPLOADS").map(PathBuf::from);
    let directory = named.unwrap_or_else(|| std::env::temp_dir().join("uploads"));
    match fs::create_dir(&directory) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(directory),
    }
}

/// What users have written must not become a part of the page.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

//! Files of forms: kept in memory or on disk, persisted, and gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use mini_spring::{MultipartForm, Problem};
use serde::Deserialize;

use super::support::until;
use super::*;

/// A directory that goes away with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Directory(path)
    }

    fn files(&self) -> usize {
        fs::read_dir(&self.0).unwrap().count()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 7 % 251) as u8).collect()
}

#[test]
fn files_are_spooled_and_persisted() {
    static KEPT: Mutex<Option<PathBuf>> = Mutex::new(None);
    #[route(POST, "/keep", body_limit = "1MiB")]
    fn keep(mut form: Multipart) -> mini_spring::Result<String> {
        let kept = KEPT.lock().unwrap().clone().unwrap();
        let mut answer = String::new();
        while let Some(part) = form.next_part()? {
            let name = part.safe_file_name().unwrap_or("unnamed").to_owned();
            let mut seen = Vec::new();
            let file = part.spool_with(|piece| seen.extend_from_slice(piece))?;
            let mut spooled = Vec::new();
            file.open()?.read_to_end(&mut spooled)?;
            assert!(seen == spooled, "{name}");
            let place = file.path().map_or("memory", |_| "disk");
            answer += &format!("{name}: {} in {place}\n", file.length());
            file.persist(kept.join(name))?;
        }
        Ok(answer)
    }
    let (temporary, kept) = (Directory::new("temporary"), Directory::new("kept"));
    *KEPT.lock().unwrap() = Some(kept.0.clone());
    let server = server(routes![keep], |config| {
        config.temp_dir = Some(temporary.0.clone());
        config.body_buffer = 1000;
    });
    let body = [
        part("name=f; filename=\"../../small\"", content(1000)),
        part("name=f; filename=\"C:\\large\"", content(300_000)),
        part("name=f; filename=\"..\"", content(1001)),
        b"--x--".to_vec(),
    ]
    .concat();
    let mut client = server.connect();
    client.send(post("/keep", "x", &body));
    assert_eq!(
        client.answer().body,
        "small: 1000 in memory\nlarge: 300000 in disk\nunnamed: 1001 in disk\n"
    );
    for (name, length) in [("small", 1000), ("large", 300_000), ("unnamed", 1001)] {
        assert_eq!(
            fs::read(kept.0.join(name)).unwrap(),
            content(length),
            "{name}"
        );
    }
    assert_eq!(temporary.files(), 0);
    // One that breaks off leaves nothing behind.
    client.send(&post("/keep", "x", &body)[..200_000]);
    client.end();
    assert_eq!(client.answer().status, 400);
    until("the file goes away", || temporary.files() == 0);
    assert_eq!(kept.files(), 3);
}

#[derive(Deserialize)]
struct Photo<'f> {
    title: &'f str,
    year: Option<u16>,
    #[serde(default)]
    tag: Vec<&'f str>,
}

#[route(POST, "/photo", body_limit = "1MiB")]
fn photo(form: MultipartForm) -> Result<String, Problem> {
    let Photo { title, year, tag } = form.read()?;
    let files = form.files().iter().map(|file| {
        let place = file.file().path().map_or("memory", |_| "disk");
        format!(
            "{}={:?} {} in {place}, {:?}",
            file.name(),
            file.file_name(),
            file.file().length(),
            file.content_type()
        )
    });
    let files: Vec<String> = files.collect();
    Ok(format!("{title} {year:?} {tag:?}\n{}", files.join("\n")))
}

#[test]
fn forms_are_collected() {
    let temporary = Directory::new("collected");
    let server = server(routes![photo, health], |config| {
        config.temp_dir = Some(temporary.0.clone())
    });
    let typed = |content: &[u8]| {
        let head = "--x\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n";
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    let body = [
        part("name=title", "caf\u{e9}"),
        part("name=year", ""),
        part("name=tag", "one"),
        typed(&content(200_000)),
        part("name=tag", "two"),
        part("name=other; filename=b", "12"),
        part("name=none; filename=\"\"", ""),
        b"--x--\r\n".to_vec(),
    ]
    .concat();
    let mut client = server.connect();
    client.send([post("/photo", "x", &body), HEALTH.into()].concat());
    let answer = client.answer();
    assert_eq!(
        answer.body,
        "caf\u{e9} None [\"one\", \"two\"]\n\
         photo=\"a.png\" 200000 in disk, Some(\"image/png\")\n\
         other=\"b\" 2 in memory, None"
    );
    assert_eq!(client.answer().body, "up");
    until("the files go away", || temporary.files() == 0);
    // What is missing or malformed is named, all as in other forms.
    let body = [
        part("name=year", "x"),
        part("name=title", "a"),
        b"--x--".to_vec(),
    ]
    .concat();
    client.send(post("/photo", "x", &body));
    let answer = client.answer();
    assert_eq!(answer.status, 400);
    assert!(
        answer
            .body
            .contains(r#"{"in":"body","name":"year","detail":"#),
        "{}",
        answer.body
    );
    client.send(post("/photo", "x", b"--x--"));
    assert!(
        client
            .answer()
            .body
            .contains(r#"{"in":"body","name":"title","#)
    );
}

/// The worst of forms: as many files as there may be, none of which fits into memory.
#[test]
fn a_thousand_files_take_few_descriptors() {
    #[route(POST, "/many")]
    fn many(form: MultipartForm) -> String {
        let links = fs::read_dir("/proc/self/fd").unwrap();
        let is_temporary = |link: &PathBuf| link.to_string_lossy().contains("descriptors-");
        let links = links.filter_map(|link| fs::read_link(link.ok()?.path()).ok());
        let on_disk = form.files().iter().filter_map(|file| file.file().path());
        let on_disk = on_disk.filter(|path: &&Path| path.exists()).count();
        format!(
            "{on_disk} files, {} open",
            links.filter(is_temporary).count()
        )
    }
    let temporary = Directory::new("descriptors");
    let server = server(routes![many], |config| {
        config.temp_dir = Some(temporary.0.clone());
        config.body_buffer = 10;
    });
    let body = [
        part("name=f; filename=g", "12345678901").repeat(1_000),
        b"--x--".to_vec(),
    ]
    .concat();
    let mut client = server.connect();
    client.send(post("/many", "x", &body));
    assert_eq!(client.answer().body, "1000 files, 0 open");
    until("the files go away", || temporary.files() == 0);
}

#[test]
fn what_cannot_be_kept_is_507() {
    #[route(POST, "/spool")]
    fn spool(mut form: Multipart) -> mini_spring::Result<String> {
        while let Some(part) = form.next_part()? {
            part.spool()?;
        }
        Ok("kept".to_owned())
    }
    let directory = Directory::new("full");
    let server = server(routes![spool, health], |config| {
        config.temp_dir = Some(directory.0.clone())
    });
    fs::remove_dir(&directory.0).unwrap();
    let mut client = server.connect();
    let body = [
        part("name=f; filename=g", content(100_000)),
        b"--x--".to_vec(),
    ]
    .concat();
    client.send(post("/spool", "x", &body));
    let answer = client.answer();
    assert_eq!(answer.status, 507);
    assert!(!answer.body.contains("full-"), "{}", answer.body);
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

//! Forms read from memory, whole and in pieces of every size.

use std::io::{self, Read};

use super::*;

/// A part as it was read: name, name of the file, content.
type Seen = (String, Option<String>, Vec<u8>);

/// Gives its bytes in pieces, which begin at these places; they are in order.
struct Pieces {
    bytes: Vec<u8>,
    cuts: std::iter::Peekable<std::vec::IntoIter<usize>>,
    given: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.cuts.next_if(|cut| *cut <= self.given).is_some() {}
        let end = self.cuts.peek().map_or(self.bytes.len(), |cut| *cut);
        let end = end.min(self.bytes.len());
        let length = (&self.bytes[self.given..end]).read(into)?;
        self.given += length;
        Ok(length)
    }
}

fn form(bytes: &[u8], cuts: Vec<usize>, boundary: &str) -> Multipart {
    let source = Pieces {
        bytes: bytes.to_vec(),
        cuts: cuts.into_iter().peekable(),
        given: 0,
    };
    let content_type = format!("multipart/form-data; boundary=\"{boundary}\"");
    let boundary = Boundary::of(content_type.as_bytes()).unwrap();
    Multipart::new(Box::new(source), boundary, Arc::default())
}

fn read(mut form: Multipart) -> Result<Vec<Seen>, MultipartError> {
    let mut seen = Vec::new();
    while let Some(part) = form.next_part()? {
        let (name, file_name) = (part.name().to_owned(), part.file_name().map(str::to_owned));
        seen.push((name, file_name, part.bytes(u64::MAX)?));
    }
    Ok(seen)
}

const TYPICAL: &[u8] = b"--x\r\n\
    Content-Disposition: form-data; name=\"title\"\r\n\r\n\
    a\r\n--\r\n-x\r\r\n--\r\n--y\r\n\
    --x \t\r\n\
    Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
    Content-Type: application/octet-stream\r\n\r\n\
    \r\n--\x00\xff\r\n--\r\n\r\n\
    --x\r\n\
    Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n\
    --x\r\n\
    Content-Disposition: form-data; name=\"without its CRLF\"\r\n\r\n\
    --x--\t\r\nepilogue\r\n--x\r\n";

fn typical() -> Vec<Seen> {
    let field = |name: &str, content: &[u8]| (name.to_owned(), None, content.to_vec());
    vec![
        field("title", b"a\r\n--\r\n-x\r\r\n--\r\n--y"),
        (
            "file".to_owned(),
            Some("a.bin".to_owned()),
            b"\r\n--\x00\xff\r\n--\r\n".to_vec(),
        ),
        field("empty", b""),
        field("without its CRLF", b""),
    ]
}

#[test]
fn a_form_is_the_same_however_it_is_cut() {
    for preamble in ["", "\r\n", "preamble\r\n--\r\n", "--xx is no line\r\n"] {
        // By itself a line that begins with the boundary is one.
        let preamble = preamble.replace("--xx", " --xx");
        let bytes = [preamble.as_bytes(), TYPICAL].concat();
        for cut in 0..=bytes.len() {
            let seen = read(form(&bytes, vec![cut], "x")).unwrap();
            assert_eq!(seen, typical(), "cut at {cut}");
        }
        for size in 1..=bytes.len() {
            let cuts = (0..bytes.len()).step_by(size).collect();
            let seen = read(form(&bytes, cuts, "x")).unwrap();
            assert_eq!(seen, typical(), "in pieces of {size}");
        }
    }
}

#[test]
fn parts_that_are_not_read_are_left_out() {
    for size in 1..TYPICAL.len() {
        for read in 0..6 {
            let cuts = (0..TYPICAL.len()).step_by(size).collect();
            let mut form = form(TYPICAL, cuts, "x");
            let mut names = Vec::new();
            while let Some(mut part) = form.next_part().unwrap() {
                names.push(part.name().to_owned());
                let length = part.read(&mut [0; 6][..read]).unwrap();
                assert!(length <= read);
            }
            let expected: Vec<_> = typical().into_iter().map(|(name, ..)| name).collect();
            assert_eq!(names, expected);
            assert!(form.next_part().unwrap().is_none());
        }
    }
}

/// A form of one field with this content.
fn one(content: &str) -> Vec<u8> {
    format!("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{content}\r\n--x--")
        .into_bytes()
}

#[test]
fn a_form_may_have_no_parts() {
    for bytes in [
        "--x--",
        "--x--\r\n",
        "\r\n--x--",
        "preamble\r\n--x--\r\nepilogue",
    ] {
        assert_eq!(read(form(bytes.as_bytes(), vec![], "x")).unwrap(), []);
    }
}

#[test]
fn content_larger_than_the_buffer_arrives_whole() {
    for length in [65_000, 65_536, 65_537, 200_000] {
        let content: Vec<u8> = (0..length).map(|index| b"\r\n--x"[index % 4]).collect();
        let content = String::from_utf8(content).unwrap();
        for size in [1_000, 65_536, 70_000] {
            let bytes = one(&content);
            let cuts = (0..bytes.len()).step_by(size).collect();
            let [(_, _, seen)] = &read(form(&bytes, cuts, "x")).unwrap()[..] else {
                panic!("one part");
            };
            assert_eq!(seen, content.as_bytes());
        }
    }
}

/// The same error wherever the bytes are cut, and again when the form is asked once more.
#[track_caller]
fn refused(bytes: &[u8], status: u16, expected: &str) {
    let mut sizes = vec![1, 2, 3, 7, 1_000];
    sizes.extend((bytes.len() < 1_000).then_some(bytes.len()));
    for size in sizes {
        let cuts = (0..bytes.len()).step_by(size.max(1)).collect();
        let mut form = form(bytes, cuts, "x");
        let error = loop {
            match form.next_part() {
                Ok(Some(part)) => {
                    if let Err(error) = part.text() {
                        break error;
                    }
                }
                Ok(None) => panic!("in pieces of {size}: no error"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.to_string(), expected, "in pieces of {size}");
        assert_eq!(error.status(), status, "{expected}");
        if status == 400 && !expected.contains("UTF-8, found something") {
            assert_eq!(form.next_part().unwrap_err().to_string(), expected);
        }
    }
}

#[test]
fn a_form_that_breaks_off_is_refused_wherever_it_does() {
    let whole = one("text");
    for end in 0..whole.len() {
        let mut form = form(&whole[..end], vec![], "x");
        let error = loop {
            match form.next_part() {
                Ok(Some(part)) => drop(part),
                Ok(None) => panic!("no error at {end}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.status(), 400);
        let message = error.to_string();
        assert!(
            message.ends_with(", found the end of the body"),
            "{message}"
        );
    }
}

#[test]
fn malformed_forms_are_refused() {
    let boundary = "expected the boundary `--x--`, found the end of the body";
    refused(b"", 400, boundary);
    refused(b"a=1&b=2", 400, boundary);
    refused(
        b"--y\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--y--",
        400,
        boundary,
    );
    // A boundary begins a line, and a line begins behind CRLF.
    refused(b" --x--", 400, boundary);
    refused(b"\n--x--", 400, boundary);
    refused(&one("text")[..57], 400, boundary);
    refused(
        b"--x\nContent-Disposition: form-data; name=a\n\n1\n--x--\n",
        400,
        "expected `--` or the end of the line behind the boundary, found something else",
    );
    refused(
        &one("text\r\n--xy\r\n"),
        400,
        "expected `--` or the end of the line behind the boundary, found something else",
    );
    refused(
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--x",
        400,
        "expected `--` or the end of the line behind the boundary, found something else",
    );
    refused(
        b"--x\r\nContent-Disposition: form-data; name=a\r\n--x--",
        400,
        "expected an empty line behind the head of a part, found the end of the body",
    );
    refused(
        b"--x\r\n\r\ntext\r\n--x--",
        400,
        "part 1 of the form: expected the header field `Content-Disposition: form-data; name=\"..\"`, found none",
    );
    let second =
        b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--x\r\nA\r\n\r\n\r\n--x--";
    refused(
        second,
        400,
        "part 2 of the form: expected a header field, found `A`",
    );
    refused(
        b"--x\r\nContent-Disposition: form-data; name=caf\xc3\xa9\r\n\r\n\r\n--x--",
        400,
        "part 1 of the form: expected `; name=value` with a token or a quoted value, found `é`",
    );
    let mut latin = one("caf?");
    let place = latin.iter().position(|byte| *byte == b'?').unwrap();
    latin[place] = 0xe9;
    refused(
        &latin,
        400,
        "the part `a` of the form: expected UTF-8, found something else at byte 3",
    );
}

#[test]
fn heads_are_limited_to_the_byte() {
    let with = |length: usize| {
        let start = "Content-Disposition: form-data; name=a\r\nX: ";
        let head = start.to_owned() + &"y".repeat(length - start.len());
        format!("--x\r\n{head}\r\n\r\ntext\r\n--x--").into_bytes()
    };
    assert!(read(form(&with(8 * 1024), vec![], "x")).is_ok());
    let more = "expected the head of a part in 8192 bytes, found more";
    refused(&with(8 * 1024 + 1), 413, more);
    let endless = [b"--x\r\nA: ", &b"b".repeat(100_000)[..]].concat();
    refused(&endless, 413, more);
    refused(
        &[b"--x", &b" ".repeat(100_000)[..]].concat(),
        400,
        "expected at most 256 spaces behind the boundary, found more",
    );
}

/// Who looks for the boundary first would see other parts.
#[test]
fn a_head_holds_no_boundary() {
    let expected = "expected an empty line behind the head of a part, found the boundary";
    for line in ["--x: y", "--x", "--x--", "--xy: z"] {
        let head = format!("Content-Disposition: form-data; name=a\r\n{line}\r\n\r\n");
        let form = format!("--x\r\n{head}text\r\n--x--");
        refused(form.as_bytes(), 400, expected);
    }
}

#[test]
fn the_number_of_parts_is_limited() {
    let part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
    let of = |count: usize| (part.repeat(count) + "--x--").into_bytes();
    assert_eq!(read(form(&of(1_000), vec![], "x")).unwrap().len(), 1_000);
    refused(&of(1_001), 413, "expected at most 1000 parts, found more");
    let two = read(form(&of(3), vec![], "x").limit_parts(2));
    assert_eq!(
        two.unwrap_err().to_string(),
        "expected at most 2 parts, found more"
    );
    assert_eq!(
        read(form(&of(2), vec![], "x").limit_parts(2))
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn text_is_limited_to_the_byte() {
    let bytes = one("12345678");
    let text = |limit: usize| {
        let mut form = form(&bytes, vec![bytes.len() / 2], "x").limit_text(limit);
        form.next_part()?.unwrap().text()
    };
    assert_eq!(text(8).unwrap(), "12345678");
    let error = text(7).unwrap_err();
    assert_eq!(error.status(), 413);
    assert_eq!(
        error.to_string(),
        "the part `a` of the form: expected at most 7 bytes, found more"
    );
    let mut whole = form(&bytes, vec![], "x");
    let part = whole.next_part().unwrap().unwrap();
    // The smaller of two limits counts.
    let error = part.limit(3).bytes(5).unwrap_err();
    assert!(error.to_string().contains("at most 3 bytes"), "{error}");
    assert!(whole.next_part().unwrap().is_none());
}

#[test]
fn parts_are_readers() {
    let bytes = one("one\r\ntwo\r\n");
    for size in 1..bytes.len() {
        let cuts = (0..bytes.len()).step_by(size).collect();
        let mut form = form(&bytes, cuts, "x");
        let part = form.next_part().unwrap().unwrap();
        let lines: io::Result<Vec<String>> = io::BufRead::lines(part).collect();
        assert_eq!(lines.unwrap(), ["one", "two"]);
    }
    let mut form = form(&one("text")[..55], vec![], "x");
    let part = form.next_part().unwrap().unwrap();
    let error = io::read_to_string(part).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert_eq!(Problem::internal(error).status(), 400);
}

#[test]
fn parts_stay_in_memory_while_they_are_small() {
    let storage = Storage {
        memory: 10,
        directory: None,
    };
    for (length, is_small) in [(0, true), (10, true), (11, false), (100_000, false)] {
        let bytes = one(&"y".repeat(length));
        let mut form = form(&bytes, (0..bytes.len()).step_by(7).collect(), "x");
        form.storage = Arc::new(storage.clone());
        let file = form.next_part().unwrap().unwrap().spool().unwrap();
        assert_eq!(file.length(), length as u64);
        assert_eq!(file.path().is_none(), is_small, "{length}");
        let text = io::read_to_string(file.open().unwrap()).unwrap();
        assert_eq!(text, "y".repeat(length));
        assert!(form.next_part().unwrap().is_none());
    }
}

#[test]
fn a_part_that_cannot_be_kept_is_507() {
    let bytes = one(&"y".repeat(100_000));
    let mut form = form(&bytes, vec![], "x");
    form.storage = Arc::new(Storage {
        memory: 10,
        directory: Some("/nowhere/at/all".into()),
    });
    let error = form.next_part().unwrap().unwrap().spool().unwrap_err();
    assert_eq!(error.status(), 507);
}

#[test]
fn collected_forms_share_their_limits() {
    let part = |disposition: &str, content: &str| {
        format!("--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
    };
    let bytes = [
        part("name=a", "12"),
        part("name=f; filename=one", "123456"),
        part("name=a", "345"),
        part("name=f; filename=two", "12345"),
        part("name=g; filename=\"\"", ""),
        part("name=f; filename=\"\"", "1"),
    ]
    .concat()
        + "--x--";
    let collect = |text: usize| {
        let mut form = form(bytes.as_bytes(), vec![], "x").limit_text(text);
        form.storage = Arc::new(Storage {
            memory: 8,
            directory: None,
        });
        form.collect()
    };
    let mut collected = collect(5).unwrap();
    assert_eq!(collected.text("a"), Some("12"));
    assert_eq!(collected.texts("a").collect::<Vec<_>>(), ["12", "345"]);
    assert_eq!(collected.text("f"), None);
    let files = collected.files().iter();
    let files: Vec<_> = files
        .map(|file| (file.file_name(), file.file().path().is_some()))
        .collect();
    assert_eq!(files, [("one", false), ("two", true), ("", false)]);
    assert_eq!(collected.take_file("f").unwrap().file().length(), 6);
    assert_eq!(collected.file("f").unwrap().file_name(), "two");
    assert!(collected.take_file("g").is_none());
    assert_eq!(collected.into_files().len(), 2);
    let error = collect(4).unwrap_err();
    assert_eq!(error.status(), 413);
    assert_eq!(
        error.to_string(),
        "the part `a` of the form: expected at most 4 bytes of text in all fields, found more"
    );
}

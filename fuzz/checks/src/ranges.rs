//! Answers with parts of a file: what they say of it is true.

use crate::client::Answer;

/// Checks an answer that gives the whole file, one part of it, several, or none.
pub(crate) fn judge(answer: &Answer, file: &[u8]) {
    match answer.status {
        200 => assert_eq!(answer.body, file),
        206 => partial(answer, file),
        416 => {
            let range = format!("bytes */{}", file.len());
            assert_eq!(answer.field("content-range"), Some(&*range));
        }
        _ => panic!("{answer:?}"),
    }
}

fn partial(answer: &Answer, file: &[u8]) {
    if let Some(range) = answer.field("content-range") {
        return part(range, &answer.body, file);
    }
    let kind = answer.field("content-type").unwrap_or_default();
    let (_, boundary) = kind
        .split_once("multipart/byteranges; boundary=")
        .expect("a boundary");
    let body = String::from_utf8(answer.body.clone()).expect("text");
    let delimiter = format!("--{boundary}");
    let mut pieces = body.split(&delimiter);
    assert!(matches!(pieces.next(), Some("" | "\r\n")), "{body:?}");
    let mut count = 0;
    for piece in pieces.by_ref() {
        if piece.starts_with("--") {
            break;
        }
        let piece = piece.strip_prefix("\r\n").expect("a line");
        let (head, content) = piece.split_once("\r\n\r\n").expect("the head of a part");
        let content = content.strip_suffix("\r\n").expect("a line");
        let range = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Range: "));
        let range = range.or_else(|| head.lines().find_map(|l| l.strip_prefix("content-range: ")));
        part(range.expect("Content-Range"), content.as_bytes(), file);
        count += 1;
    }
    assert!(
        (2..=16).contains(&count) && pieces.next().is_none(),
        "{body:?}"
    );
}

/// `bytes 0-4/26` is what is in it.
fn part(range: &str, content: &[u8], file: &[u8]) {
    let numbers = range.strip_prefix("bytes ").expect("bytes");
    let (places, length) = numbers.split_once('/').expect("a length");
    let (first, last) = places.split_once('-').expect("two places");
    let number = |text: &str| text.parse::<usize>().expect("a number");
    assert_eq!(number(length), file.len());
    assert_eq!(&file[number(first)..=number(last)], content, "{range}");
}

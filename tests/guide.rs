//! The pages for readers, held against what they quote: whole programs stand in an example, data can be parsed, and
//! links lead somewhere. Their other programs are documentation tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A fenced block of a page.
struct Block {
    place: String,
    kind: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose names end so.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&path, end));
        } else if path.ends_with(end) {
            found.push(path.into());
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn blocks(page: &Path) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in read(page).lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(kind)) => {
                open = Some(Block {
                    place: format!("{}:{}", page.display(), number + 1),
                    kind: kind.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text += line;
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of {} has no end", page.display());
    blocks
}

fn all_blocks() -> Vec<Block> {
    let pages = files("docs", ".md");
    assert!(pages.len() > 15, "{pages:?}");
    pages.iter().flat_map(|page| blocks(page)).collect()
}

/// What can't run as a documentation test is an example, or a file of one: programs that serve until they are
/// stopped, and, marked as `rs`, modules of tests and the files of a program over SQLite. What
/// is `foreign` names what this repository has not: other frameworks, a library of the reader.
#[test]
fn programs_are_examples() {
    let mut sources: Vec<String> = files("examples", ".rs").iter().map(|f| read(f)).collect();
    sources.push(read(Path::new("tests/first_program.rs")));
    let is_quoted = |block: &Block| {
        let is_program = block.kind.contains("no_run") && block.text.contains("fn main");
        block.kind == "rs" || is_program
    };
    let quoted: Vec<Block> = all_blocks().into_iter().filter(is_quoted).collect();
    assert!(quoted.len() > 4);
    for Block { place, text, .. } in quoted {
        assert!(
            sources.iter().any(|source| source.contains(&text)),
            "{place}: no example has\n{text}"
        );
    }
}

#[test]
fn data_can_be_parsed() {
    for Block { place, kind, text } in all_blocks() {
        match &*kind {
            "toml" => {
                let table = text.parse::<toml::Table>();
                assert!(table.is_ok(), "{place}: {table:?}\n{text}");
            }
            "json" => {
                let value = serde_json::from_str::<serde_json::Value>(&text);
                assert!(value.is_ok(), "{place}: {value:?}\n{text}");
            }
            _ => {}
        }
    }
}

/// The manifest in the page is that of the example, but for the path to the framework.
#[test]
fn the_manifest_of_the_notes_is_whole() {
    let manifest = read(Path::new("examples/notes/Cargo.toml"));
    let manifest = manifest.replace("../../mini-spring", "../mini-spring/mini-spring");
    let mut blocks = blocks(Path::new("docs/sqlite.md")).into_iter();
    assert!(blocks.any(|block| block.kind == "toml" && block.text == manifest));
}

/// What a heading is called in links: its letters in lower case, with `-` for spaces.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(page: &Path) -> BTreeSet<String> {
    let text = read(page);
    let mut is_prose = true;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_prose = !is_prose;
        } else if is_prose && line.starts_with('#') {
            found.insert(anchor(line));
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    for page in files("docs", ".md") {
        let text = read(&page);
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.contains(' ')) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.clone(),
                _ => page.parent().unwrap().join(file),
            };
            let place = format!("{}: `{target}`", page.display());
            assert!(root().join(&path).exists(), "{place} isn't there");
            if !anchor.is_empty() && file.ends_with(".md") | file.is_empty() {
                assert!(anchors(&path).contains(anchor), "{place}: no such heading");
            }
        }
    }
}

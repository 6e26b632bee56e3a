//! The lines around a place, from the source file if it is still there.
//!
//! What is read is a plain file whose name ends with `.rs`, and no larger than sources are: the names come from the
//! compiler, which may have run on another machine.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::Place;

/// The largest source that is read.
const LARGEST: u64 = 1 << 20;

/// How many lines are before and behind the one that counts.
const AROUND: u32 = 4;

/// How many directories above are looked in: names are relative to where the compiler ran, which is the root of a
/// workspace.
const ABOVE: usize = 6;

impl Place {
    /// A few lines around it, with their numbers.
    pub(crate) fn lines(&self) -> Option<Vec<(u32, String)>> {
        let text = read(&find(&self.file)?)?;
        let first = self.line.saturating_sub(AROUND).max(1);
        let last = self.line.saturating_add(AROUND);
        let numbered = (1..).zip(text.lines());
        let around = numbered.filter(|(number, _)| (first..=last).contains(number));
        let lines: Vec<(u32, String)> = around
            .map(|(number, line)| (number, line.to_owned()))
            .collect();
        let is_there = lines.iter().any(|(number, _)| *number == self.line);
        is_there.then_some(lines)
    }
}

/// The file of this name, as it is or below one of the directories around this process and its program.
fn find(name: &str) -> Option<PathBuf> {
    let name = Path::new(name);
    if name.is_absolute() {
        return is_source(name).then(|| name.to_owned());
    }
    if name.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    let directory = std::env::current_dir().unwrap_or_default();
    let program = std::env::current_exe().unwrap_or_default();
    let around = directory.ancestors().take(ABOVE);
    let around = around.chain(program.ancestors().skip(1).take(ABOVE));
    around
        .map(|above| above.join(name))
        .find(|path| is_source(path))
}

fn is_source(path: &Path) -> bool {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    // A link isn't followed, and a device isn't opened.
    is_rust
        && fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST)
}

fn read(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_place() {
        let line = line!();
        let lines = Place::new(file!(), line).lines().unwrap();
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[4], (line, "        let line = line!();".to_owned()));
        let first = Place::new(file!(), 1).lines().unwrap();
        assert_eq!((first.len(), first[0].0), (5, 1));
        assert_eq!(Place::new(file!(), 100_000).lines(), None);
        assert_eq!(Place::new(file!(), u32::MAX).lines(), None);
    }

    #[test]
    fn only_sources_are_read() {
        for name in [
            "/dev/zero",
            "/etc/passwd",
            "Cargo.toml",
            "nothing.rs",
            "",
            "src",
            "../mini-spring/src/lib.rs",
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}

//! Names of files as clients send them, made safe.

use crate::http::file_path;

/// The longest name that file systems take, in bytes.
const LONGEST: usize = 255;

/// The last segment of a path of any system, if it can be the name of a file.
///
/// What remains is one name in the directory that it is joined to.
pub(super) fn safe(file_name: &str) -> Option<&str> {
    let name = file_name.rsplit(['/', '\\']).next()?;
    (name.len() <= LONGEST && file_path::is_plain(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Component, Path};

    #[test]
    fn the_last_segment_is_the_name() {
        for (sent, expected) in [
            ("photo.jpg", "photo.jpg"),
            ("/home/ada/photo.jpg", "photo.jpg"),
            (r"C:\photos\photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            (r"..\..\x/..y", "..y"),
            (".hidden", ".hidden"),
            ("日本 語.txt", "日本 語.txt"),
        ] {
            assert_eq!(safe(sent), Some(expected), "{sent}");
            let mut components = Path::new(expected).components();
            assert!(matches!(components.next(), Some(Component::Normal(_))));
            assert_eq!(components.next(), None);
        }
        assert_eq!(safe(&"x".repeat(255)).map(str::len), Some(255));
    }

    #[test]
    fn what_is_no_name_is_none() {
        let long = "x".repeat(256);
        for sent in [
            "", ".", "..", "a/", r"a\", "a/..", "a\0", "a\nb", "C:x", "x:stream", "...", "a.exe.",
            "a ", "nul.txt", &long,
        ] {
            assert_eq!(safe(sent), None, "{sent:?}");
        }
    }
}

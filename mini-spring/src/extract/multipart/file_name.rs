//! Names of files as clients send them, made safe.

use crate::http::file_path;

/// The longest name that file systems take, in bytes.
const LONGEST: usize = 255;

/// The last segment of a path of any system, if it can be the name of a file here: what a client calls a file, made safe to be
/// joined to a directory.
///
/// It is `photo.jpg` of `C:\photos\photo.jpg`, and `None` for what is empty, `.`, `..`, longer than 255 bytes, has a control
/// character or a colon in it, a dot or a space at its end, or is a device of Windows, such as `nul.txt`. Other files may
/// have that name already.
///
/// ```
/// use mini_spring::safe_file_name;
///
/// assert_eq!(safe_file_name("../../etc/passwd"), Some("passwd"));
/// assert_eq!(safe_file_name(".."), None);
/// ```
pub fn safe_file_name(file_name: &str) -> Option<&str> {
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
            assert_eq!(safe_file_name(sent), Some(expected), "{sent}");
            let mut components = Path::new(expected).components();
            assert!(matches!(components.next(), Some(Component::Normal(_))));
            assert_eq!(components.next(), None);
        }
        assert_eq!(safe_file_name(&"x".repeat(255)).map(str::len), Some(255));
    }

    #[test]
    fn what_is_no_name_is_none() {
        let long = "x".repeat(256);
        for sent in [
            "", ".", "..", "a/", r"a\", "a/..", "a\0", "a\nb", "C:x", "x:stream", "...", "a.exe.",
            "a ", "nul.txt", &long,
        ] {
            assert_eq!(safe_file_name(sent), None, "{sent:?}");
        }
    }
}

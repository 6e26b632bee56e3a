//! The media type of a file, by the end of its name.
//!
//! The registered types (IANA) of what the web is made of, and where none is registered what browsers know.
//! Text is taken for UTF-8 and says so, unless the format says by itself how it is encoded: JSON always is
//! UTF-8 (RFC 8259, section 8.1), XML declares it (RFC 7303, section 3). Knows nothing of what is in a file.

use std::path::Path;

/// What a file is of which the name tells nothing.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The type of a file of this name, if that tells it.
pub(super) fn of(name: &Path) -> Option<&'static str> {
    let extension = name.extension().and_then(|extension| extension.to_str());
    let extension = extension.map(str::to_ascii_lowercase).unwrap_or_default();
    let index = TYPES.binary_search_by_key(&&*extension, |(known, _)| known);
    Some(TYPES[index.ok()?].1)
}

/// In the order of the alphabet.
const TYPES: &[(&str, &str)] = &[
    ("7z", "application/x-7z-compressed"),
    ("aac", "audio/aac"),
    ("apng", "image/apng"),
    ("atom", "application/atom+xml"),
    ("avi", "video/x-msvideo"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("bz2", "application/x-bzip2"),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("eot", "application/vnd.ms-fontobject"),
    ("epub", "application/epub+zip"),
    ("flac", "audio/flac"),
    ("geojson", "application/geo+json"),
    ("gif", "image/gif"),
    ("glb", "model/gltf-binary"),
    ("gltf", "model/gltf+json"),
    ("gz", "application/gzip"),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("jar", "application/java-archive"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("jsonld", "application/ld+json"),
    ("jxl", "image/jxl"),
    ("log", "text/plain; charset=utf-8"),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4a", "audio/mp4"),
    ("m4v", "video/mp4"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mid", "audio/midi"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("mkv", "video/x-matroska"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpd", "application/dash+xml"),
    ("mpeg", "video/mpeg"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/ogg"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("rar", "application/vnd.rar"),
    ("rss", "application/rss+xml"),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("toml", "application/toml"),
    ("ts", "video/mp2t"),
    ("ttc", "font/collection"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn types_by_name() {
        let check =
            |name: &str, expected| assert_eq!(of(Path::new(name)), Some(expected), "{name}");
        check("logo.png", "image/png");
        check("static/Index.HTML", "text/html; charset=utf-8");
        check("app.min.js", "text/javascript; charset=utf-8");
        check("data.json", "application/json");
        check("dump.tar.gz", "application/gzip");
        for name in [
            "",
            "README",
            ".png",
            "a.",
            "a.unknown",
            "a.png/b",
            "a.é",
            "a.7",
        ] {
            assert_eq!(of(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_can_be_sent() {
        assert!(TYPES.is_sorted_by(|one, other| one.0 < other.0));
        for (extension, kind) in TYPES {
            assert_eq!(*extension, extension.to_ascii_lowercase());
            assert!(HeaderValue::from_str(kind).is_ok());
            let is_plain_text = kind.starts_with("text/");
            assert_eq!(
                kind.ends_with("; charset=utf-8"),
                is_plain_text,
                "{extension}"
            );
        }
    }
}

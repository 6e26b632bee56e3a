//! The frames of a backtrace, read off its printed form: the library has no other way to them.
//!
//! ```text
//!    7: shop::total
//!              at ./src/shop.rs:12:5
//! ```

use super::Place;

/// More frames than this aren't looked at: a recursion has thousands, which say the same.
const MOST: usize = 128;

/// Crates that stand between a handler and whoever has called it.
const CRATES: [&str; 7] = [
    "std",
    "core",
    "alloc",
    "mini_spring",
    "threadpool",
    "test",
    "__rustc",
];

/// Where sources lie that aren't the program's: the standard library's, and what Cargo has fetched.
const FOREIGN: [&str; 4] = [
    "/rustc/",
    "/lib/rustlib/",
    "/.cargo/registry/",
    "/.cargo/git/",
];

/// One function that was running.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) symbol: String,
    /// Known where the program has debug information.
    pub(crate) place: Option<Place>,
    /// It is the program's, and not of a library.
    pub(crate) is_own: bool,
}

pub(super) fn parse(printed: &str) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for line in printed.lines() {
        let line = line.trim();
        match (line.strip_prefix("at "), frames.last_mut()) {
            (Some(place), Some(frame)) if frame.place.is_none() => frame.place = parse_place(place),
            _ => match parse_symbol(line) {
                Some(_) if frames.len() == MOST => break,
                Some(symbol) => frames.push(Frame {
                    symbol: symbol.to_owned(),
                    place: None,
                    is_own: false,
                }),
                None => {}
            },
        }
    }
    for frame in &mut frames {
        frame.is_own = is_own(frame);
    }
    frames
}

/// What is behind the number of the frame.
fn parse_symbol(line: &str) -> Option<&str> {
    let (number, symbol) = line.split_once(": ")?;
    number.parse::<u32>().ok()?;
    Some(symbol.trim())
}

/// A file may have colons in its name, on Windows it has; line and column are the last two parts.
fn parse_place(text: &str) -> Option<Place> {
    let mut parts = text.rsplitn(3, ':');
    let (_column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Place::new(file, line.parse().ok()?))
}

/// By the place, if it is known, for what is inlined has no more than a function's name; else by the crate. What
/// attributes make stands at the program's lines, and says nothing.
fn is_own(frame: &Frame) -> bool {
    if frame.symbol.contains(" as mini_spring::") || frame.symbol.contains("::__mini_spring") {
        return false;
    }
    match &frame.place {
        Some(place) => is_of_the_program(&place.file),
        None => is_of_a_crate(&frame.symbol),
    }
}

fn is_of_a_crate(symbol: &str) -> bool {
    let path = symbol.trim_start_matches(['<', '&', '*', '[', '(']);
    let path = path.trim_start_matches("dyn ").trim_start_matches("mut ");
    // Functions of C have no path, nor has `main`, as the linker calls it.
    path.split_once("::").is_some_and(|(name, _)| {
        // A crate may have a hash behind its name.
        let name = name.split('[').next().unwrap_or(name);
        !CRATES.contains(&name)
    })
}

/// Whether a source may be the program's.
pub(super) fn is_of_the_program(file: &str) -> bool {
    let file = file.replace('\\', "/");
    let here = file!().replace('\\', "/");
    let here = here.strip_suffix("trace/frames.rs");
    let is_of_this_crate = here.is_some_and(|here| file.contains(here));
    let is_rust = file.ends_with(".rs");
    is_rust && !is_of_this_crate && !FOREIGN.iter().any(|folder| file.contains(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "   0: std::backtrace::Backtrace::force_capture
   1: <mini_spring::error::Error as core::convert::From<E>>::from
             at /home/a/.cargo/registry/src/x/mini-spring-0.1.0/src/error.rs:60:9
   2: shop::total::{{closure}}
             at ./src/shop.rs:12:5
   3: <shop::Order as core::ops::drop::Drop>::drop
             at C:\\shop\\src\\order.rs:3:9
   4: serde_json::de::from_str
             at /home/a/.cargo/registry/src/x/serde_json-1.0.1/src/de.rs:2:1
   5: no number
   6: <core::option::Option<T> as shop::Sum>::sum
   7: <shop::order as mini_spring::handler::Handle<0_usize>>::handle
             at ./src/shop.rs:10:1
   8: inlined
             at ./src/shop.rs:20:5
   9: shop[1f2e]::main
  10: main
  11: start_thread
             at ./nptl/pthread_create.c:442:8
  12: shop::log::__mini_spring_answer
             at ./src/shop.rs:30:1
";

    #[test]
    fn frames_of_the_program_are_told_from_others() {
        let frames = parse(PRINTED);
        let own: Vec<&str> = frames
            .iter()
            .filter(|frame| frame.is_own)
            .map(|frame| &*frame.symbol)
            .collect();
        let expected = [
            "shop::total::{{closure}}",
            "<shop::Order as core::ops::drop::Drop>::drop",
            "inlined",
            "shop[1f2e]::main",
        ];
        assert_eq!(own, expected);
        let places: Vec<String> = frames
            .iter()
            .filter_map(|frame| frame.place.as_ref())
            .map(Place::to_string)
            .collect();
        assert_eq!(
            places[1..3],
            ["./src/shop.rs:12", "C:\\shop\\src\\order.rs:3"]
        );
        assert_eq!(frames.len(), 13);
    }

    #[test]
    fn nonsense_is_no_frame() {
        assert_eq!(parse("disabled backtrace\nat nowhere\n: \n x: y"), []);
        let frames = parse("1: a::b\nat c\nat d.rs:x:1");
        assert_eq!((frames.len(), &frames[0].place), (1, &None));
    }

    #[test]
    fn a_recursion_is_cut_off() {
        let endless: String = (0..1000)
            .map(|number| format!("{number}: a::b\n"))
            .collect();
        assert_eq!(parse(&endless).len(), MOST);
    }

    #[test]
    fn this_crate_is_no_part_of_the_program() {
        assert!(!is_of_the_program(file!()));
        assert!(is_of_the_program("src/main.rs"));
        assert!(!is_of_the_program("/rustc/1a2b/library/core/src/option.rs"));
    }
}

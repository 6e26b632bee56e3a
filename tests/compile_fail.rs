//! What the macros refuse, and what they say: one file of `tests/ui` for each mistake, with the
//! compiler's output beside it. The files of `tests/ui-pass` must compile, without a warning.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/ui-pass/*.rs");
}

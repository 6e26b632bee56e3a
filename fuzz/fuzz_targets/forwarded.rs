//! See `checks/src/forwarded.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mini_spring_checks::forwarded(bytes));

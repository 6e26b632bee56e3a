//! See `checks/src/proxy.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mini_spring_checks::proxy(bytes));

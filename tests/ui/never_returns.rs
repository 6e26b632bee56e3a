use mini_spring::{error_handler, route};

#[route(GET, "/panics")]
fn panics() -> ! {
    panic!("always")
}

#[error_handler]
fn gives_up(error: &std::fmt::Error) -> ! {
    panic!("{error}")
}

fn main() {}

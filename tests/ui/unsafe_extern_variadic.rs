use mini_spring::route;

#[route(GET, "/unsafe")]
unsafe fn unchecked() -> &'static str {
    "unchecked"
}

#[route(GET, "/extern")]
extern "C" fn foreign() -> u8 {
    0
}

fn main() {}

use mini_spring::route;

#[route(FETCH, "/")]
fn fetch() -> &'static str {
    "fetched"
}

#[route([GET, GET], "/twice")]
fn twice() -> &'static str {
    "twice"
}

#[route([], "/never")]
fn never() -> &'static str {
    "never"
}

fn main() {}

use mini_spring::route;

enum Failure {
    Broken,
}

#[route(GET, "/")]
fn index() -> Result<&'static str, Failure> {
    Err(Failure::Broken)
}

#[route(GET, "/boxed")]
fn boxed() -> Result<String, Box<dyn std::error::Error>> {
    Ok(std::fs::read_to_string("/")?)
}

fn main() {}

use mini_spring::route;

struct Point {
    x: f64,
    y: f64,
}

#[route(GET, "/points/<point>")]
fn show(point: Point) -> String {
    format!("{} {}", point.x, point.y)
}

#[route(GET, "/points?<near>")]
fn near(near: Option<Point>) -> String {
    format!("{}", near.is_some())
}

fn main() {}

use mini_spring::route;

struct Database;

struct Point;

#[route(GET, "/points/<point>")]
#[route(DELETE, "/old/points/<point>")]
fn get(point: Point, database: Database) -> Database {
    drop(point);
    database
}

fn main() {}

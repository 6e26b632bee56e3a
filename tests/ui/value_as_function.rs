use mini_spring::{App, Cors};

fn main() {
    let _ = App::new().middleware(Cors::permissive());
    let _ = App::new().layer("auth");
}

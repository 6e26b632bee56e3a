use mini_spring::{Cookies, Extension, Json, Next, Request, Response, middleware};

struct User;

#[middleware]
fn borrowed(request: &mut Request, next: Next, #[header("X")] x: &str) -> Response {
    next.run(request)
}

#[middleware]
fn borrowed_perhaps(request: &mut Request, next: Next, #[cookie("x")] x: Option<&str>) -> Response {
    next.run(request)
}

#[middleware]
fn borrowed_unseen(request: &mut Request, next: Next, user: Extension<User>) -> Response {
    next.run(request)
}

#[middleware]
fn borrowed_cookies(request: &mut Request, next: Next, cookies: Cookies) -> Response {
    next.run(request)
}

#[middleware]
fn body(request: &mut Request, next: Next, body: Json<Vec<u32>>) -> Response {
    next.run(request)
}

#[middleware]
fn no_extractor(request: &mut Request, next: Next, user: User) -> Response {
    next.run(request)
}

#[middleware]
fn no_answer(request: &mut Request, next: Next) -> User {
    User
}

fn main() {}

use mini_spring::{Next, Problem, Request, Response, middleware};

#[middleware]
fn nothing() -> Response {
    Response::ok("")
}

#[middleware]
fn shared(request: &Request, next: Next) -> Response {
    Response::ok("")
}

#[middleware]
fn extractor_first(#[header("X")] x: String, request: &mut Request, next: Next) -> Response {
    next.run(request)
}

#[middleware]
fn no_answer(request: &mut Request, next: Next) {
    next.run(request);
}

#[middleware]
async fn waits(request: &mut Request, next: Next<'_>) -> Response {
    next.run(request)
}

#[middleware]
fn generic<T: Default>(request: &mut Request, next: Next, value: T) -> Response {
    next.run(request)
}

#[middleware(provide = u32)]
fn misspelt(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

#[middleware(provides = u32, u8)]
fn two_types(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

#[middleware]
#[middleware]
fn twice(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

struct Auth;

impl Auth {
    #[middleware]
    fn method(&self, request: &mut Request, next: Next) -> Result<Response, Problem> {
        Ok(next.run(request))
    }
}

#[middleware]
struct NoFunction;

fn main() {
    let app = mini_spring::App::empty();
    // That they didn't compile is no second mistake.
    let _ = app.middleware(nothing).middleware(extractor_first);
}

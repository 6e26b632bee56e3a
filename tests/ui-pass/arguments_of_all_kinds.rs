//! Header fields, cookies and the variants of extractors, beside each other and under aliases.

use mini_spring::{Cookies, Form, Problem, Query, Request, route, routes};

type Pairs = Vec<(String, String)>;
type Maybe<T> = Option<T>;

#[route(POST, "/a/<id>")]
fn all(
    Form(form): Form<Pairs>,
    id: u64,
    #[header("X-Key")] key: &str,
    #[cookie("sid")] mut sid: Maybe<String>,
    query: Maybe<Query<Pairs>>,
    cookies: Cookies<'_>,
    request: &Request,
) -> String {
    sid.get_or_insert_default();
    let query = query.map(|Query(pairs)| pairs.len());
    let count = cookies.iter().count() + form.len() + request.body().len();
    format!("{id} {key} {sid:?} {query:?} {count}")
}

#[route(POST, "/b")]
fn tried(form: Result<Form<Pairs>, Problem>) -> Result<String, Problem> {
    Ok(form?.0.len().to_string())
}

fn main() {
    let _ = routes![all, tried];
    let _ = all(
        Form(Vec::new()),
        7,
        "key",
        None,
        None,
        cookies(),
        &Request::get("/").build().unwrap(),
    );
}

fn cookies() -> Cookies<'static> {
    use mini_spring::FromRequest;
    let request = Box::leak(Box::new(Request::get("/").build().unwrap()));
    let Ok(cookies) = Cookies::from_request(request);
    cookies
}

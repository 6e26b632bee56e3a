use mini_spring::group;

mod empty {
    super::group! {}
}

mod parameter {
    super::group! { prefix: "/<tenant>" }
}

mod query {
    super::group! { prefix: "/api?<page>" }
}

mod root {
    super::group! { prefix: "/" }
}

mod slash {
    super::group! { prefix: "api" }
}

mod misspelt {
    super::group! { prefix: "/api", midleware: [auth] }
}

mod twice {
    super::group! { prefix: "/api", prefix: "/v1" }
}

mod bare {
    super::group! { middleware: auth }
}

mod equals {
    super::group! { prefix = "/api" }
}

mod number {
    super::group! { prefix: 7 }
}

mod no_middleware {
    super::group! { middleware: ["auth"] }
}

fn main() {}

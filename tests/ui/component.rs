//! What is no component.

use mini_spring::{component, on_start, on_stop, profile, Inject};

struct Database;

#[component]
fn returns_nothing() {}

#[component]
fn opaque() -> impl Send {
    Database
}

#[component]
async fn asynchronous() -> Database {
    Database
}

#[component]
fn generic<T>() -> Database {
    Database
}

#[component]
fn of_a_request(#[header("X-Key")] key: String) -> Database {
    let _ = key;
    Database
}

#[component(scope = session)]
fn unknown_scope() -> Database {
    Database
}

#[component(named = "a")]
fn unknown_option() -> Database {
    Database
}

#[component(profile = "dev")]
fn profile_as_option() -> Database {
    Database
}

#[component(as Database)]
fn as_no_trait() -> Database {
    Database
}

#[component(primary, primary)]
fn twice() -> Database {
    Database
}

#[component]
fn not_injectable(path: String) -> Database {
    let _ = path;
    Database
}

#[component]
struct Fields {
    database: Inject<Database>,
    path: String,
}

#[component]
impl Fields {
    fn open() -> Self {
        loop {}
    }
}

#[component]
enum Choice {}

#[profile("dev")]
fn no_component() -> Database {
    Database
}

#[component]
#[profile]
fn no_profile() -> Database {
    Database
}

#[on_start]
fn with_a_result() -> u32 {
    7
}

#[on_stop("now")]
fn with_parentheses() {}

trait Orders: Send + Sync {}

#[component(as dyn Orders)]
fn does_not_implement() -> Database {
    Database
}

fn main() {}

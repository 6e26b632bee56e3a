//! The program of the comparison on axum: `peer-axum PORT [BLOCKING_THREADS]`.

use std::thread;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::{runtime, signal, task};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId {
    user_id: String,
}

async fn plaintext() -> &'static str {
    "Hello, World!"
}

async fn health() -> Json<Health> {
    Json(Health { status: "up" })
}

async fn user(Path(user_id): Path<String>) -> Json<UserId> {
    Json(UserId { user_id })
}

async fn echo(body: Bytes) -> Bytes {
    body
}

async fn sleep() -> &'static str {
    let slept = task::spawn_blocking(|| {
        thread::sleep(Duration::from_millis(50));
        "slept"
    });
    slept.await.expect("sleeping doesn't panic")
}

async fn serve(port: u16) -> std::io::Result<()> {
    let app = Router::new()
        .route("/plaintext", get(plaintext))
        .route("/health", get(health))
        .route("/users/{id}", get(user))
        .route("/echo", post(echo))
        .route("/sleep", get(sleep));
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        served = axum::serve(listener, app) => served,
        _ = terminate.recv() => Ok(()),
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).flat_map(|text| text.parse());
    let port = arguments.next().expect("the port is the first argument");
    let blocking_threads = arguments.next().unwrap_or(512);
    runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(blocking_threads.into())
        .enable_all()
        .build()?
        .block_on(serve(port))
}

//! Uploads that others watch: the progress of a form that arrives, as server-sent events.
//!
//! ```sh
//! cargo run --example progress
//! curl -N http://localhost:8080/uploads/7/progress
//! curl -F file=@large.iso http://localhost:8080/uploads/7
//! ```

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use mini_spring::{
    Broadcast, Event, Html, Inject, Multipart, Problem, Result, Sse, component, config, route,
};
use serde::Serialize;

#[config(prefix = "uploads")]
struct UploadConfig {
    /// Where files are kept.
    #[config(default = "uploads")]
    directory: PathBuf,
}

/// What is told of each upload.
#[derive(Default)]
struct Uploads {
    told: Mutex<HashMap<u64, Arc<Broadcast>>>,
}

#[component]
fn uploads() -> Uploads {
    Uploads::default()
}

impl Uploads {
    /// Those who come late get the last event at once.
    fn told(&self, id: u64) -> Arc<Broadcast> {
        let mut told = self.told.lock().unwrap();
        // Where nobody listens any more and nothing arrives, there is nothing to tell.
        told.retain(|_, told| told.listeners() > 0 || Arc::strong_count(told) > 1);
        let new = || Arc::new(Broadcast::new(1));
        told.entry(id).or_insert_with(new).clone()
    }

    /// With the broadcast, the answers of those who listen end.
    fn end(&self, id: u64) {
        self.told.lock().unwrap().remove(&id);
    }
}

#[derive(Serialize)]
struct Progress {
    received: u64,
    total: Option<u64>,
}

#[derive(Serialize)]
struct Saved {
    name: String,
    length: u64,
}

#[route(GET, "/uploads/<id>/progress")]
fn progress(id: u64, uploads: Inject<Uploads>) -> Sse {
    uploads.told(id).listen_after(None)
}

/// The id is the client's choice, so that it can watch before it sends.
#[route(POST, "/uploads/<id>", body_limit = "10GiB", status = 201)]
fn upload(
    id: u64,
    #[header("Content-Length")] total: Option<u64>,
    mut form: Multipart,
    uploads: Inject<Uploads>,
    config: Inject<UploadConfig>,
) -> Result<Vec<Saved>> {
    let told = uploads.told(id);
    let saved = save(&mut form, &config, |received| {
        let progress = Progress { received, total };
        if let Ok(event) = Event::json(&progress) {
            told.send(event.name("progress"));
        }
    });
    // However it has ended.
    uploads.end(id);
    saved
}

fn save(
    form: &mut Multipart,
    config: &UploadConfig,
    mut tell: impl FnMut(u64),
) -> Result<Vec<Saved>> {
    fs::create_dir_all(&config.directory)?;
    let (mut saved, mut received) = (Vec::new(), 0);
    while let Some(part) = form.next_part()? {
        // Never the name that the client says, but its last segment, if that can be the name of a file.
        let Some(name) = part.safe_file_name().map(str::to_owned) else {
            let unnamed = "each part is a file, whose name a file of this server can have";
            return Err(Problem::unprocessable(unnamed).into());
        };
        let path = config.directory.join(&name);
        if path.exists() {
            return Err(Problem::conflict(format!("there is a file `{name}` already")).into());
        }
        let file = part.spool_with(|piece| {
            received += piece.len() as u64;
            tell(received);
        })?;
        let length = file.length();
        // It has a name only when it is here whole.
        file.persist(path)?;
        saved.push(Saved { name, length });
    }
    Ok(saved)
}

#[route(GET, "/")]
fn page() -> Html<&'static str> {
    Html(
        "<!doctype html><title>Upload</title><input type=file id=file><progress id=bar value=0></progress>
        <script>
        file.onchange = () => {
            const id = Math.floor(Math.random() * 2 ** 50);
            const events = new EventSource(`/uploads/${id}/progress`);
            events.addEventListener('progress', event => {
                const {received, total} = JSON.parse(event.data);
                bar.value = total ? received / total : 0;
            });
            const form = new FormData();
            form.append('file', file.files[0]);
            events.onopen = async () => {
                events.onopen = null;
                await fetch(`/uploads/${id}`, {method: 'POST', body: form});
                events.close();
                bar.value = 1;
            };
        };
        </script>",
    )
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mini_spring::TestApp;
    use serde_json::json;

    use super::*;

    mini_spring::verify!();

    #[test]
    fn who_watches_sees_it_arrive() {
        let directory = tempfile::tempdir().unwrap();
        let app = TestApp::new().replace(Arc::new(UploadConfig {
            directory: directory.path().join("uploads"),
        }));
        let events = app.get(progress::url(7)).events();
        let form = || {
            let request = app.post(upload::url(7));
            request.multipart(|form| form.file("file", "zeroes", vec![0; 100_000]))
        };
        let saved = form().send();
        saved
            .assert_status(201)
            .assert_json(json!([{"name": "zeroes", "length": 100_000}]));

        // The last sender is dropped, so the events end.
        let received = events.map(|event| {
            assert_eq!(event.name, "progress");
            event.json::<serde_json::Value>()["received"].as_u64()
        });
        assert_eq!(received.last(), Some(Some(100_000)));
        form().send().assert_status(409);
    }
}

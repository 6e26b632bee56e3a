//! Uploads that others watch: the progress of a form that arrives, as server-sent events.
//!
//! ```sh
//! cargo run --example progress
//! curl -N http://localhost:8080/uploads/7/progress
//! curl -F file=@large.iso http://localhost:8080/uploads/7
//! ```

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Mutex;

use mini_spring::{
    Event, EventSender, Html, Inject, Multipart, Problem, Result, Sse, TrySendError, component,
    config, route,
};
use serde::Serialize;

#[config(prefix = "uploads")]
struct UploadConfig {
    /// Where files are kept.
    #[config(default = "uploads")]
    directory: PathBuf,
}

/// Who watches which upload.
#[derive(Default)]
struct Watchers {
    of: Mutex<HashMap<u64, Vec<EventSender>>>,
}

#[component]
fn watchers() -> Watchers {
    Watchers::default()
}

impl Watchers {
    fn watch(&self, upload: u64) -> Sse {
        let (sender, sse) = Sse::channel(16);
        let mut watched = self.of.lock().unwrap();
        // Those who left before an upload began are forgotten here.
        watched.retain(|_, senders| {
            senders.retain(|sender| !sender.is_gone());
            !senders.is_empty()
        });
        watched.entry(upload).or_default().push(sender);
        sse
    }

    /// Waits for nobody: who is slow misses an event, and sees the next.
    fn tell(&self, upload: u64, event: &Event) {
        if let Some(senders) = self.of.lock().unwrap().get_mut(&upload) {
            senders.retain(|sender| sender.try_send(event.clone()) != Err(TrySendError::Gone));
        }
    }

    /// The answer of a watcher ends when its sender is dropped.
    fn end(&self, upload: u64) {
        self.of.lock().unwrap().remove(&upload);
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
fn progress(id: u64, watchers: Inject<Watchers>) -> Sse {
    watchers.watch(id)
}

/// The id is the client's choice, so that it can watch before it sends.
#[route(POST, "/uploads/<id>", body_limit = "10GiB", status = 201)]
fn upload(
    id: u64,
    #[header("Content-Length")] total: Option<u64>,
    mut form: Multipart,
    watchers: Inject<Watchers>,
    config: Inject<UploadConfig>,
) -> Result<Vec<Saved>> {
    let saved = save(id, total, &mut form, &watchers, &config);
    // However it has ended.
    watchers.end(id);
    saved
}

fn save(
    id: u64,
    total: Option<u64>,
    form: &mut Multipart,
    watchers: &Watchers,
    config: &UploadConfig,
) -> Result<Vec<Saved>> {
    fs::create_dir_all(&config.directory)?;
    let arriving = config.directory.join(format!("{id}.part"));
    let (mut saved, mut received) = (Vec::new(), 0);
    while let Some(mut part) = form.next_part()? {
        // Never the name that the client says, but its last segment, if that can be the name of a file.
        let Some(name) = part.safe_file_name().map(str::to_owned) else {
            continue;
        };
        let path = config.directory.join(&name);
        if path.exists() {
            return Err(Problem::conflict(format!("there is a file `{name}` already")).into());
        }
        let mut file = File::create(&arriving)?;
        let (mut length, mut piece) = (0, vec![0; 64 << 10]);
        loop {
            let count = part.read(&mut piece)?;
            if count == 0 {
                break;
            }
            file.write_all(&piece[..count])?;
            length += count as u64;
            received += count as u64;
            let event = Event::json(&Progress { received, total })?;
            watchers.tell(id, &event.name("progress"));
        }
        // A name of its own only when it is here whole.
        fs::rename(&arriving, path)?;
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

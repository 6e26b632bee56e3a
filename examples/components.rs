//! Dependency injection in one file: an implementation for each profile, settings, who asks as a component of the
//! request, a thread that works in the background, and tests that put something else in the place of a component.
//!
//! ```sh
//! cargo run --example components
//! curl -H 'X-User: ada' -d 'to=grace@example.org&text=hello' http://localhost:8080/mails
//! cargo run --example components -- --profile=prod --mail.directory=/tmp/mails
//! cargo test --example components
//! ```

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::{fs, io};

use mini_spring::http::StatusCode;
use mini_spring::{Form, Inject, Problem, component, config, on_start, on_stop, route};
use serde::Deserialize;

/// How mails are sent.
#[config(prefix = "mail")]
struct MailConfig {
    /// How many mails wait at most.
    #[config(default = 100, unit = "mails")]
    queue: usize,
    /// Where mails are put for whoever delivers them.
    #[config(default = "mails")]
    directory: PathBuf,
}

#[derive(Debug, Clone, PartialEq)]
struct Mail {
    from: String,
    to: String,
    text: String,
}

/// Whatever sends mails. A component is shared by all threads.
trait Mailer: Send + Sync {
    fn send(&self, mail: &Mail) -> io::Result<()>;
}

/// While developing, mails are only shown.
struct Log;

impl Mailer for Log {
    fn send(&self, mail: &Mail) -> io::Result<()> {
        log::info!("mail from {} to {}: {}", mail.from, mail.to, mail.text);
        Ok(())
    }
}

#[component(as dyn Mailer)]
#[profile("dev", "test")]
fn log_mailer() -> Log {
    Log
}

/// In earnest, each is a file.
struct Directory {
    path: PathBuf,
}

impl Mailer for Directory {
    fn send(&self, mail: &Mail) -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .suffix(".txt")
            .disable_cleanup(true)
            .tempfile_in(&self.path)?;
        let Mail { from, to, text } = mail;
        io::Write::write_all(
            &mut file,
            format!("From: {from}\nTo: {to}\n\n{text}\n").as_bytes(),
        )
    }
}

/// An error of a component stops the start.
#[component(as dyn Mailer)]
#[profile("prod")]
fn directory(config: Inject<MailConfig>) -> io::Result<Directory> {
    fs::create_dir_all(&config.directory)?;
    Ok(Directory {
        path: config.directory.clone(),
    })
}

/// Mails that wait, and the thread that sends them.
struct Outbox {
    worker: Mutex<Option<Worker>>,
}

struct Worker {
    queue: SyncSender<Mail>,
    thread: JoinHandle<()>,
}

#[component]
fn outbox() -> Outbox {
    Outbox {
        worker: Mutex::new(None),
    }
}

impl Outbox {
    /// Waits for nobody: whether there is room is known at once.
    fn add(&self, mail: Mail) -> Result<(), Problem> {
        let worker = self.worker.lock().unwrap();
        let sent = worker.as_ref().map(|worker| worker.queue.try_send(mail));
        match sent {
            Some(Ok(())) => Ok(()),
            _ => {
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE)
                    .with_detail("too many mails wait"))
            }
        }
    }
}

/// Before the port opens.
#[on_start]
fn start(
    outbox: Inject<Outbox>,
    mailer: Inject<dyn Mailer>,
    config: Inject<MailConfig>,
) -> io::Result<()> {
    let (queue, mails) = sync_channel(config.queue);
    let thread = thread::Builder::new()
        .name("outbox".to_owned())
        .spawn(move || {
            for mail in mails {
                if let Err(error) = mailer.send(&mail) {
                    log::error!("a mail to {} isn't sent: {error}", mail.to);
                }
            }
        })?;
    *outbox.worker.lock().unwrap() = Some(Worker { queue, thread });
    Ok(())
}

/// After the last answer: what waits is still sent.
#[on_stop]
fn stop(outbox: Inject<Outbox>) {
    if let Some(Worker { queue, thread }) = outbox.worker.lock().unwrap().take() {
        drop(queue);
        if thread.join().is_err() {
            log::error!("the outbox has panicked");
        }
    }
}

/// Who asks.
struct User {
    name: String,
}

/// Made once for each request that needs it, of what handlers take; its error is the answer.
#[component(scope = request)]
fn user(#[header("X-User")] name: Option<&str>) -> Result<User, Problem> {
    let name = name.ok_or_else(|| Problem::unauthorized("say who you are, as X-User"))?;
    Ok(User {
        name: name.to_owned(),
    })
}

#[derive(Deserialize)]
struct NewMail {
    to: String,
    text: String,
}

#[route(POST, "/mails", status = 202)]
fn send(
    user: Inject<User>,
    outbox: Inject<Outbox>,
    Form(mail): Form<NewMail>,
) -> Result<String, Problem> {
    let answer = format!("on its way to {}\n", mail.to);
    outbox.add(Mail {
        from: user.name.clone(),
        to: mail.to,
        text: mail.text,
    })?;
    Ok(answer)
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mini_spring::TestApp;

    use super::*;

    // Whatever the program needs is there, in the profile of this build.
    mini_spring::verify!();

    #[derive(Default)]
    struct Kept(Mutex<Vec<Mail>>);

    impl Mailer for Kept {
        fn send(&self, mail: &Mail) -> io::Result<()> {
            self.0.lock().unwrap().push(mail.clone());
            Ok(())
        }
    }

    #[test]
    fn what_waits_is_sent_before_the_end() {
        let kept = Arc::new(Kept::default());
        let app = TestApp::new().replace::<dyn Mailer>(kept.clone());
        let mail = [("to", "grace@example.org"), ("text", "hello")];
        let sent = app.post("/mails").header("X-User", "ada").form(mail).send();
        sent.assert_status(202)
            .assert_text("on its way to grace@example.org\n");
        drop(app);
        let expected = Mail {
            from: "ada".to_owned(),
            to: "grace@example.org".to_owned(),
            text: "hello".to_owned(),
        };
        assert_eq!(*kept.0.lock().unwrap(), [expected]);
    }

    #[test]
    fn strangers_send_nothing() {
        let mail = [("to", "grace@example.org"), ("text", "hello")];
        let refused = TestApp::new().post("/mails").form(mail).send();
        refused.assert_status(401);
    }

    /// A handler is a function, and a component an argument.
    #[test]
    fn without_a_worker_nothing_is_taken() {
        let user = Inject::new(User {
            name: "ada".to_owned(),
        });
        let mail = Form(NewMail {
            to: "grace@example.org".to_owned(),
            text: "hello".to_owned(),
        });
        let refused = send(user, Inject::new(outbox()), mail).unwrap_err();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}

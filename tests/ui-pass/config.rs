//! Structs of settings of all kinds, without a warning.
#![deny(warnings, missing_docs)]

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use mini_spring::{ByteSize, Inject, Secret, component, config, route};
use serde::Deserialize;

/// Settings that all may see.
#[config(prefix = "mail")]
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// Where it goes.
    pub host: String,
    /// Of the server.
    #[config(default = 25)]
    pub port: u16,
    /// A word that is one of the language.
    #[config(default = "plain")]
    pub r#type: String,
    /// For this system only.
    #[cfg(unix)]
    #[config(default = "/var/spool")]
    pub spool: PathBuf,
    /// For no system at all.
    #[cfg(any())]
    pub never: Nowhere,
}

mod inner {
    /// Of the same prefix, deeper.
    #[mini_spring::config(prefix = "mail.limits-of-all")]
    #[allow(dead_code)]
    pub(super) struct Limits {
        #[config(default = "10MiB", unit = "bytes a day")]
        size: super::ByteSize,
        #[config(default = -1)]
        least: i64,
        #[config(default = 'x')]
        letter: char,
        #[config(default = 0.5)]
        ratio: f32,
        #[config(default = true)]
        strict: bool,
        #[config(default)]
        names: super::HashMap<String, super::Duration>,
    }

    impl Limits {
        pub(super) fn is_strict(&self) -> bool {
            self.strict
        }
    }
}

/// The same keys once more.
#[config(prefix = "mail",)]
struct Sender {
    /// Nobody sees it.
    password: Option<Secret<String>>,
    retry: Option<Retry>,
}

#[derive(Deserialize)]
struct Retry {
    times: u8,
    #[serde(default)]
    after: Vec<u64>,
}

#[cfg(any())]
#[config(prefix = "none")]
struct Unseen {
    value: Nowhere,
}

struct Mail {
    line: String,
}

#[component]
fn mail(mail: Inject<MailConfig>, sender: Inject<Sender>, limits: Inject<inner::Limits>) -> Mail {
    let password = sender.password.as_ref().map_or(0, |password| password.expose().len());
    let retry = sender.retry.as_ref().map_or(0, |retry| usize::from(retry.times) + retry.after.len());
    Mail {
        line: format!("{mail:?} {password} {retry} {}", limits.is_strict()),
    }
}

#[route(GET, "/mail")]
fn line(mail: Inject<Mail>) -> String {
    mail.line.clone()
}

fn main() {}

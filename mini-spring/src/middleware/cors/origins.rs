//! Which origins are trusted. Knows no request and no answer.

use std::fmt;
use std::sync::Arc;

type Rule = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Some origins, or all.
#[derive(Clone, Default)]
pub(super) struct Origins {
    pub(super) is_any: bool,
    list: Vec<String>,
    rules: Vec<Rule>,
}

impl Origins {
    /// Adds one that is written as browsers write it (RFC 6454, section 6.2): else it would never be met.
    pub(super) fn add(&mut self, origin: &str) -> Result<(), String> {
        if origin == "*" {
            return Err("`*` is no origin; write `any_origin()`".to_owned());
        }
        if let Some(fault) = fault_of(origin) {
            return Err(format!(
                "`{origin}` is no origin: {fault}; write it as `https://example.org`"
            ));
        }
        self.list.push(origin.to_owned());
        Ok(())
    }

    pub(super) fn add_rule(&mut self, rule: impl Fn(&str) -> bool + Send + Sync + 'static) {
        self.rules.push(Arc::new(rule));
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.is_any && self.list.is_empty() && self.rules.is_empty()
    }

    /// Whether this origin, as a browser has sent it, is one of them.
    pub(super) fn has(&self, origin: &str) -> bool {
        let is_listed = || self.list.iter().any(|known| known == origin);
        let is_chosen = || self.rules.iter().any(|rule| rule(origin));
        self.is_any || is_listed() || is_chosen()
    }
}

/// Why it isn't what a browser would send.
fn fault_of(origin: &str) -> Option<&'static str> {
    if origin == "null" {
        return None;
    }
    let Some((scheme, host)) = origin.split_once("://") else {
        return Some("the scheme is missing");
    };
    let is_printable = origin.bytes().all(|byte| byte.is_ascii_graphic());
    if host.is_empty() || !is_printable {
        return Some("there is no host in it, or it isn't ASCII");
    }
    if host.contains(['/', '?', '#']) {
        return Some("it ends with the host or the port");
    }
    if origin.contains(|letter: char| letter.is_ascii_uppercase()) {
        return Some("it is in lower case");
    }
    let default = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    host.ends_with(default)
        .then_some("the port of the scheme is left out")
}

impl fmt::Debug for Origins {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Origins")
            .field("is_any", &self.is_any)
            .field("list", &self.list)
            .field("rules", &self.rules.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_write_them() {
        for origin in [
            "https://example.org",
            "http://localhost:3000",
            "http://[::1]:8080",
            "null",
            "tauri://localhost",
            "https://example.org:80",
        ] {
            assert_eq!(Origins::default().add(origin), Ok(()), "{origin}");
        }
        let check = |origin: &str, fault: &str| {
            let message = Origins::default().add(origin).unwrap_err();
            assert!(message.contains(fault), "{message}");
        };
        check("*", "write `any_origin()`");
        check("example.org", "the scheme is missing");
        check("https://", "there is no host in it");
        check("https://exämple.org", "isn't ASCII");
        check("https://example.org/", "it ends with the host or the port");
        check("https://Example.org", "it is in lower case");
        check("https://example.org:443", "the port of the scheme");
        check("http://example.org:80", "the port of the scheme");
    }
}

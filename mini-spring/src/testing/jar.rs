//! The cookies that answers have set, kept and sent back as a browser does (RFC 6265bis, sections 5.6 to 5.8).
//!
//! What only matters between sites is left out: `SameSite`, since all requests are of one site, and the list of
//! public suffixes. `Secure` cookies are sent, as browsers do to the machine that they run on. Knows no clock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// The most cookies that are kept; beyond, the oldest is forgotten.
const MOST_COOKIES: usize = 300;

/// The longest name and value together, and the longest attribute, in bytes (section 5.6).
const LONGEST_PAIR: usize = 4096;
const LONGEST_ATTRIBUTE: usize = 1024;

/// One cookie that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    name: String,
    value: String,
    domain: String,
    /// It was set without a domain: it is for that very host.
    is_host_only: bool,
    path: String,
    /// `None`: as long as the jar.
    until: Option<SystemTime>,
}

/// Where a request goes, as far as cookies tell requests apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'r> {
    pub(super) host: &'r str,
    pub(super) path: &'r str,
}

/// Cookies, shared by all requests of a test.
#[derive(Debug, Default)]
pub(super) struct Jar {
    cookies: Mutex<Vec<Kept>>,
}

impl Jar {
    /// Keeps what an answer to a request to this place has set; what no browser would keep is passed over.
    pub(super) fn keep(&self, set_cookie: &str, place: Place<'_>, now: SystemTime) {
        let Some(cookie) = Kept::read(set_cookie, place, now) else {
            return;
        };
        let mut cookies = self.cookies();
        let known = cookies.iter().position(|kept| kept.is_replaced_by(&cookie));
        match known {
            // The new one has the age of the old one (section 5.7, step 23).
            Some(known) if cookie.is_over(now) => drop(cookies.remove(known)),
            Some(known) => cookies[known] = cookie,
            None if cookie.is_over(now) => {}
            None => cookies.push(cookie),
        }
        if cookies.len() > MOST_COOKIES {
            cookies.remove(0);
        }
    }

    /// Names and values for a request to this place, longer paths first, then the older ones (section 5.8.3).
    pub(super) fn for_request(&self, place: Place<'_>, now: SystemTime) -> Vec<(String, String)> {
        let mut cookies = self.cookies();
        cookies.retain(|cookie| !cookie.is_over(now));
        let mut sent: Vec<&Kept> = cookies.iter().filter(|kept| kept.is_for(place)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs = sent.into_iter();
        pairs
            .map(|kept| (kept.name.clone(), kept.value.clone()))
            .collect()
    }

    /// The value of a cookie of this name, whatever its place; of several, that with the longest path.
    pub(super) fn value(&self, name: &str, now: SystemTime) -> Option<String> {
        let cookies = self.cookies();
        let named = cookies
            .iter()
            .filter(|cookie| cookie.name == name && !cookie.is_over(now));
        let found = named.max_by_key(|cookie| cookie.path.len())?;
        Some(found.value.clone())
    }

    pub(super) fn clear(&self) {
        self.cookies().clear();
    }

    fn cookies(&self) -> MutexGuard<'_, Vec<Kept>> {
        // Nothing panics under the lock.
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The cookie that a field `Set-Cookie` sets.
    fn read(text: &str, place: Place<'_>, now: SystemTime) -> Option<Self> {
        if text
            .bytes()
            .any(|byte| byte.is_ascii_control() && byte != b'\t')
        {
            return None;
        }
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || name.len() + value.len() > LONGEST_PAIR {
            return None;
        }
        let attributes = Attributes::read(attributes, now);
        if !attributes.suit(name) {
            return None;
        }
        let host = place.host.to_ascii_lowercase();
        let (domain, is_host_only) = match attributes.domain {
            None => (host, true),
            Some(domain) if is_within(&host, &domain) => (domain, false),
            Some(_) => return None,
        };
        Some(Kept {
            name: name.to_owned(),
            value: value.to_owned(),
            domain,
            is_host_only,
            path: attributes
                .path
                .unwrap_or_else(|| directory(place.path).to_owned()),
            until: attributes.max_age.or(attributes.expires),
        })
    }

    fn is_replaced_by(&self, other: &Kept) -> bool {
        let key = |cookie: &Kept| {
            (
                cookie.name.clone(),
                cookie.domain.clone(),
                cookie.path.clone(),
            )
        };
        key(self) == key(other) && self.is_host_only == other.is_host_only
    }

    fn is_over(&self, now: SystemTime) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    fn is_for(&self, place: Place<'_>) -> bool {
        let host = place.host.to_ascii_lowercase();
        let is_there = match self.is_host_only {
            true => host == self.domain,
            false => is_within(&host, &self.domain),
        };
        is_there && is_below(place.path, &self.path)
    }
}

/// What stands behind the value; of several attributes of one name the last counts.
#[derive(Debug, Default)]
struct Attributes {
    domain: Option<String>,
    path: Option<String>,
    max_age: Option<SystemTime>,
    expires: Option<SystemTime>,
    is_secure: bool,
}

impl Attributes {
    fn read(text: &str, now: SystemTime) -> Self {
        let mut attributes = Attributes::default();
        for attribute in text.split(';') {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim();
            if value.len() > LONGEST_ATTRIBUTE {
                continue;
            }
            match &*name.trim().to_ascii_lowercase() {
                "domain" => {
                    let domain = value.strip_prefix('.').unwrap_or(value);
                    attributes.domain =
                        Some(domain.to_ascii_lowercase()).filter(|name| !name.is_empty());
                }
                "path" => {
                    attributes.path = Some(value.to_owned()).filter(|path| path.starts_with('/'))
                }
                "max-age" => attributes.max_age = until(value, now).or(attributes.max_age),
                "expires" => {
                    let date = httpdate::parse_http_date(value).ok();
                    attributes.expires = date.or(attributes.expires);
                }
                "secure" => attributes.is_secure = true,
                _ => {}
            }
        }
        attributes
    }

    /// Whether a cookie of this name has what its prefix promises (section 4.1.3).
    fn suit(&self, name: &str) -> bool {
        let begins = |prefix: &str| {
            let begin = name.get(..prefix.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
        };
        let is_of_host = self.domain.is_none() && self.path.as_deref() == Some("/");
        let is_promised = begins("__Secure-") || begins("__Host-");
        (!is_promised || self.is_secure) && (!begins("__Host-") || is_of_host)
    }
}

/// When a Max-Age ends; zero and less are over at once.
fn until(seconds: &str, now: SystemTime) -> Option<SystemTime> {
    let digits = seconds.strip_prefix('-').unwrap_or(seconds);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // 400 days is the most (section 5.5).
    const LONGEST: u64 = 400 * 24 * 60 * 60;
    match seconds.starts_with('-') {
        true => Some(SystemTime::UNIX_EPOCH),
        false => Some(now + Duration::from_secs(digits.parse().unwrap_or(LONGEST).min(LONGEST))),
    }
}

/// Whether a host is this domain or below it (section 5.1.3).
fn is_within(host: &str, domain: &str) -> bool {
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    let above = host
        .strip_suffix(domain)
        .and_then(|rest| rest.strip_suffix('.'));
    host == domain || (above.is_some() && !is_address)
}

/// Whether a path is this one or below it (section 5.1.4).
fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || above.ends_with('/'))
}

/// The path of a cookie that was set without one: that of the request up to its last slash (section 5.1.4).
fn directory(path: &str) -> &str {
    match path.rfind('/') {
        Some(end @ 1..) => &path[..end],
        _ => "/",
    }
}

#[cfg(test)]
mod tests;

//! What is kept, and with which requests it is sent.

use super::*;

const PLACE: Place<'_> = Place {
    host: "localhost",
    path: "/a/login",
};

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

/// Keeps these, one after the other, and tells what is sent to a path of the same host.
#[track_caller]
fn check(set: &[&str], path: &str, expected: &str) {
    let jar = Jar::default();
    for text in set {
        jar.keep(text, PLACE, now());
    }
    let place = Place { path, ..PLACE };
    assert_eq!(sent(&jar, place, now()), expected, "{set:?} to {path}");
}

fn sent(jar: &Jar, place: Place<'_>, now: SystemTime) -> String {
    let pairs = jar.for_request(place, now).into_iter();
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

#[test]
fn cookies_are_for_their_path() {
    check(&["a=1; Path=/"], "/", "a=1");
    check(&["a=1; Path=/x"], "/x/y", "a=1");
    check(&["a=1; Path=/x/"], "/x/y", "a=1");
    check(&["a=1; Path=/x"], "/x", "a=1");
    check(&["a=1; Path=/x"], "/xy", "");
    check(&["a=1; Path=/x"], "/", "");
    // Without one it is that of the request, up to its last slash; so is one without a slash.
    check(&["a=1"], "/a/b", "a=1");
    check(&["a=1"], "/b", "");
    check(&["a=1; Path=x"], "/a", "a=1");
    check(&["a=1; Path=/; Path=/x"], "/", "");
}

#[test]
fn the_longest_path_comes_first_then_the_oldest() {
    let set = ["a=1; Path=/", "b=2; Path=/x", "c=3; Path=/", "b=4; Path=/"];
    check(&set, "/x", "b=2; a=1; c=3; b=4");
    // A cookie that is set again keeps its place.
    let again = ["a=1; Path=/", "c=3; Path=/", "a=5; path=/"];
    check(&again, "/", "a=5; c=3");
}

#[test]
fn cookies_end() {
    check(&["a=1; Path=/; Max-Age=60"], "/", "a=1");
    check(&["a=1; Path=/", "a=; Path=/; Max-Age=0"], "/", "");
    check(&["a=1; Path=/", "a=; Path=/; Max-Age=-1"], "/", "");
    check(&["a=1; Path=/", "a=; Path=/x; Max-Age=0"], "/", "a=1");
    let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    check(&["a=1; Path=/", &format!("a=; Path=/; {past}")], "/", "");
    // Max-Age wins wherever it stands; what can't be read doesn't count.
    check(&[&format!("a=1; Path=/; Max-Age=60; {past}")], "/", "a=1");
    check(&["a=1; Path=/; Max-Age=soon; Expires=never"], "/", "a=1");
    let jar = Jar::default();
    jar.keep("a=1; Path=/; Max-Age=60", PLACE, now());
    let later = |seconds| now() + Duration::from_secs(seconds);
    assert_eq!(jar.value("a", later(59)), Some("1".to_owned()));
    assert_eq!(jar.value("a", later(60)), None);
    assert_eq!(sent(&jar, PLACE, later(60)), "");
    jar.keep("a=1; Path=/; Max-Age=99999999999999999999", PLACE, now());
    assert_eq!(
        jar.value("a", later(399 * 24 * 60 * 60)),
        Some("1".to_owned())
    );
}

#[test]
fn cookies_are_for_their_host() {
    let at = |host| Place { host, path: "/" };
    let jar = Jar::default();
    jar.keep("own=1", at("shop.example"), now());
    jar.keep("all=2; Domain=.Example", at("shop.example"), now());
    jar.keep("other=3; Domain=other.example", at("shop.example"), now());
    jar.keep("part=4; Domain=hop.example", at("shop.example"), now());
    assert_eq!(sent(&jar, at("SHOP.example"), now()), "own=1; all=2");
    assert_eq!(sent(&jar, at("a.shop.example"), now()), "all=2");
    assert_eq!(sent(&jar, at("example"), now()), "all=2");
    assert_eq!(sent(&jar, at("otherexample"), now()), "");
    jar.keep("ip=5; Domain=0.0.1", at("127.0.0.1"), now());
    assert_eq!(sent(&jar, at("127.0.0.1"), now()), "");
}

#[test]
fn what_no_browser_would_keep_is_passed_over() {
    check(&["a"], "/a", "");
    check(&["=1"], "/a", "");
    check(&["a=\x01"], "/a", "");
    check(&[&format!("a={}", "x".repeat(LONGEST_PAIR))], "/a", "");
    check(&["__Secure-a=1"], "/a", "");
    check(&["__Secure-a=1; Secure"], "/a", "__Secure-a=1");
    check(&["__Host-a=1; Secure"], "/a", "");
    check(&["__host-a=1; Secure; Path=/; Domain=localhost"], "/", "");
    check(&["__Host-a=1; Secure; Path=/"], "/", "__Host-a=1");
    check(&["a=b=c; Secure; HttpOnly; SameSite=Strict"], "/a", "a=b=c");
    check(&[" a = 1 ;Path=/"], "/", "a=1");
}

#[test]
fn the_oldest_is_forgotten() {
    let jar = Jar::default();
    for number in 0..=MOST_COOKIES {
        jar.keep(&format!("a{number}=1; Path=/"), PLACE, now());
    }
    assert_eq!(jar.value("a0", now()), None);
    assert_eq!(jar.for_request(PLACE, now()).len(), MOST_COOKIES);
    jar.clear();
    assert!(jar.for_request(PLACE, now()).is_empty());
}

//! Fields in which proxies say whom they got a request from.

use mini_spring::ForwardedField;

use super::{ask, server};

const X: &str = "X-Forwarded-For: 203.0.113.1, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n";
const FORWARDED: &str = "Forwarded: for=203.0.113.1, for=\"[2001:db8::7]:80\";proto=https\r\n";

#[test]
fn nobody_is_believed_unless_the_settings_say_so() {
    let server = server(|_| {});
    let mut client = server.connect();
    for fields in ["", X, FORWARDED] {
        assert_eq!(ask(&mut client, fields), "http://127.0.0.1 by 127.0.0.1");
    }
}

#[test]
fn a_proxy_that_is_not_trusted_is_a_client() {
    let server = server(|config| config.trusted_proxies = "127.0.0.2".parse().unwrap());
    let mut client = server.connect();
    assert_eq!(ask(&mut client, X), "http://127.0.0.1 by 127.0.0.1");
}

#[test]
fn trusted_proxies_are_believed_one_after_the_other() {
    let networks = "127.0.0.0/8, 10.0.0.0/8";
    let server = server(|config| config.trusted_proxies = networks.parse().unwrap());
    let mut client = server.connect();
    let client = &mut client;
    assert_eq!(ask(client, X), "https://192.0.2.7 by 127.0.0.1");
    let through_two = format!("{X}X-Forwarded-For: 10.1.2.3\r\n");
    assert_eq!(ask(client, &through_two), "https://192.0.2.7 by 127.0.0.1");
    // Of the request before nothing is left.
    assert_eq!(ask(client, ""), "http://127.0.0.1 by 127.0.0.1");
    assert_eq!(ask(client, FORWARDED), "http://127.0.0.1 by 127.0.0.1");
    let both = format!("{FORWARDED}{X}");
    assert_eq!(ask(client, &both), "https://192.0.2.7 by 127.0.0.1");
}

#[test]
fn the_settings_choose_the_field() {
    let server = server(|config| {
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
        config.forwarded_field = ForwardedField::Forwarded;
    });
    let mut client = server.connect();
    let client = &mut client;
    assert_eq!(ask(client, FORWARDED), "https://2001:db8::7 by 127.0.0.1");
    assert_eq!(ask(client, X), "http://127.0.0.1 by 127.0.0.1");
}

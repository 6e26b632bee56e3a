//! Why a server can't listen, and what helps.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use super::taken;
use crate::error::Error;

pub(super) fn cannot_listen(address: SocketAddr, error: &io::Error) -> Error {
    let (host, port) = (address.ip(), address.port());
    let another = |port: u16| {
        format!("choose another one with --server.port={port} or MINI_SPRING_SERVER_PORT={port}")
    };
    let why = match error.kind() {
        ErrorKind::AddrInUse => {
            let who = match taken::by(port) {
                Some(process) => process.to_string(),
                None => "another program".to_owned(),
            };
            let next = port.checked_add(1).unwrap_or(8080);
            format!(
                "port {port} is taken by {who}; {}, or stop it",
                another(next)
            )
        }
        ErrorKind::PermissionDenied if port < 1024 => format!(
            "port {port} needs a privilege, as all below 1024 do; {}, or have systemd hand the socket over",
            another(8080)
        ),
        ErrorKind::AddrNotAvailable => format!(
            "this machine doesn't have the address {host}; choose one that it has with \
             --server.host=127.0.0.1 or MINI_SPRING_SERVER_HOST=127.0.0.1, or all with 0.0.0.0"
        ),
        _ => format!("{error}; {}", another(8080)),
    };
    Error::from(format!("can't listen on {address}: {why}"))
}

pub(super) fn cannot_inherit(error: &io::Error) -> Error {
    Error::from(format!(
        "can't listen on the socket that the program was started with: expected a TCP socket as descriptor 3, \
         found {error}; look at `ListenStream=` in the .socket unit"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_is_said() {
        let check = |address: &str, kind: ErrorKind, expected: &str| {
            let error = cannot_listen(address.parse().unwrap(), &kind.into());
            assert_eq!(
                error.to_string(),
                format!("can't listen on {address}: {expected}")
            );
        };
        check(
            "127.0.0.1:80",
            ErrorKind::PermissionDenied,
            "port 80 needs a privilege, as all below 1024 do; choose another one with --server.port=8080 or \
             MINI_SPRING_SERVER_PORT=8080, or have systemd hand the socket over",
        );
        check(
            "203.0.113.1:8080",
            ErrorKind::AddrNotAvailable,
            "this machine doesn't have the address 203.0.113.1; choose one that it has with \
             --server.host=127.0.0.1 or MINI_SPRING_SERVER_HOST=127.0.0.1, or all with 0.0.0.0",
        );
        check(
            "127.0.0.1:9000",
            ErrorKind::PermissionDenied,
            "permission denied; choose another one with --server.port=8080 or MINI_SPRING_SERVER_PORT=8080",
        );
    }
}

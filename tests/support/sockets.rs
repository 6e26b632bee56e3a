//! What the kernel knows of a server's connections: the server's own side of them, as proc(5) shows it.
//! So one server can be told from those of other tests in the same process.

use std::net::SocketAddr;

/// The states of a socket that hasn't ended its side (include/net/tcp_states.h).
const ESTABLISHED: &str = "01";
const CLOSE_WAIT: &str = "08";
const LISTEN: &str = "0A";

/// A server's socket for one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socket {
    /// The client's port.
    pub client: u16,
    /// The server has not ended its side.
    pub is_open: bool,
    /// How a descriptor of it is called in /proc/self/fd.
    descriptor: String,
}

/// The sockets that the server at this address has for its connections.
pub fn of(server: SocketAddr) -> Vec<Socket> {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table of sockets");
    let lines = table.lines().skip(1);
    lines
        .filter_map(|line| parse(line, server.port()))
        .collect()
}

/// One line of the table, if it is about a connection of this server.
fn parse(line: &str, server: u16) -> Option<Socket> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [_, local, remote, state, _, _, _, _, _, inode, ..] = columns[..] else {
        panic!("expected ten columns, found {line}");
    };
    (port(local) == server && state != LISTEN).then(|| Socket {
        client: port(remote),
        is_open: [ESTABLISHED, CLOSE_WAIT].contains(&state),
        descriptor: format!("socket:[{inode}]"),
    })
}

/// The port of `0100007F:1F90`.
fn port(address: &str) -> u16 {
    let (_, port) = address.split_once(':').expect("an address and a port");
    u16::from_str_radix(port, 16).expect("a port")
}

/// How many of these sockets this process still has descriptors of.
pub fn held(sockets: &[Socket]) -> usize {
    let links = std::fs::read_dir("/proc/self/fd").expect("the descriptors of this process");
    // One that is closed meanwhile can't be read.
    let names = links.filter_map(|link| std::fs::read_link(link.ok()?.path()).ok());
    let is_one = |name: &std::path::PathBuf| {
        let name = name.to_string_lossy();
        sockets.iter().any(|socket| socket.descriptor == name)
    };
    names.filter(is_one).count()
}

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
    let rows = table().into_iter();
    rows.filter(|row| row.local == server.port() && row.state != LISTEN)
        .map(|row| Socket {
            client: row.remote,
            is_open: [ESTABLISHED, CLOSE_WAIT].contains(&&*row.state),
            descriptor: row.descriptor,
        })
        .collect()
}

/// The port that a process listens on, once it does.
pub fn listening(process: u32) -> Option<u16> {
    let own = descriptors(&format!("/proc/{process}/fd"));
    let rows = table();
    let mut listeners = rows.iter().filter(|row| row.state == LISTEN);
    let is_own = |row: &&Row| own.contains(&row.descriptor);
    listeners.find(is_own).map(|row| row.local)
}

/// A line of the kernel's table.
struct Row {
    local: u16,
    remote: u16,
    state: String,
    descriptor: String,
}

fn table() -> Vec<Row> {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table of sockets");
    table.lines().skip(1).map(row).collect()
}

fn row(line: &str) -> Row {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [_, local, remote, state, _, _, _, _, _, inode, ..] = columns[..] else {
        panic!("expected ten columns, found {line}");
    };
    Row {
        local: port(local),
        remote: port(remote),
        state: state.to_owned(),
        descriptor: format!("socket:[{inode}]"),
    }
}

/// What the descriptors in a folder of proc(5) stand for; one that is closed meanwhile can't be read.
fn descriptors(folder: &str) -> Vec<String> {
    let links = std::fs::read_dir(folder).into_iter().flatten();
    let names = links.filter_map(|link| std::fs::read_link(link.ok()?.path()).ok());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// The port of `0100007F:1F90`.
fn port(address: &str) -> u16 {
    let (_, port) = address.split_once(':').expect("an address and a port");
    u16::from_str_radix(port, 16).expect("a port")
}

/// How many of these sockets this process still has descriptors of.
pub fn held(sockets: &[Socket]) -> usize {
    let own = descriptors("/proc/self/fd");
    let is_one = |name: &&String| sockets.iter().any(|socket| socket.descriptor == **name);
    own.iter().filter(is_one).count()
}

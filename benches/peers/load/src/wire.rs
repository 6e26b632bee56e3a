//! Sockets and the epoll that both loads wait on.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::num::NonZeroU64;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{Timespec, epoll};
use rustix::net::{self, AddressFamily, SocketFlags, SocketType, sockopt};

/// Waits for sockets; each is known by an index.
pub struct Poller {
    epoll: OwnedFd,
    events: Vec<epoll::Event>,
}

impl Poller {
    /// A poller for this thread, whose timers it makes exact: the default slack of 50 µs would be the
    /// client's lateness.
    pub fn new() -> io::Result<Poller> {
        rustix::thread::set_current_timer_slack(NonZeroU64::new(1))?;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        Ok(Poller {
            epoll,
            events: Vec::with_capacity(1024),
        })
    }

    /// Waits for a socket to become readable, level-triggered.
    pub fn reads(&self, socket: &TcpStream, index: usize) -> io::Result<()> {
        let data = epoll::EventData::new_u64(index as u64);
        Ok(epoll::add(
            &self.epoll,
            socket,
            data,
            epoll::EventFlags::IN,
        )?)
    }

    /// Doesn't wait for a socket any more.
    pub fn forget(&self, socket: &TcpStream) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, socket)?)
    }

    /// The sockets that are readable after at most `timeout`.
    pub fn wait(&mut self, timeout: Duration) -> io::Result<Vec<usize>> {
        let timeout = Timespec::try_from(timeout).map_err(io::Error::other)?;
        self.events.clear();
        let buffer = rustix::buffer::spare_capacity(&mut self.events);
        epoll::wait(&self.epoll, buffer, Some(&timeout))?;
        let indices = self.events.iter().map(|event| event.data.u64() as usize);
        Ok(indices.collect())
    }
}

/// A connection that never waits once it is open, and that is reset when it is dropped while the server
/// still has it open: it then leaves no port behind in TIME_WAIT.
pub fn connect(port: u16) -> io::Result<TcpStream> {
    let socket = net::socket_with(
        AddressFamily::INET,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    sockopt::set_socket_linger(&socket, Some(Duration::ZERO))?;
    net::connect(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let stream = TcpStream::from(socket);
    stream.set_nonblocking(true)?;
    Ok(stream)
}

/// Sends a request, which is small enough for any send buffer.
pub fn send(mut stream: &TcpStream, request: &[u8]) -> io::Result<()> {
    match stream.write(request)? {
        sent if sent == request.len() => Ok(()),
        _ => Err(io::Error::other("a request didn't fit the send buffer")),
    }
}

/// Appends what has arrived; `false` if the stream has ended.
pub fn receive(mut stream: &TcpStream, buffer: &mut Vec<u8>) -> io::Result<bool> {
    let mut bytes = [0; 4096];
    match stream.read(&mut bytes) {
        Ok(0) => Ok(false),
        Ok(count) => {
            buffer.extend_from_slice(&bytes[..count]);
            Ok(true)
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// A GET request, with further field lines that each end in CR LF.
pub fn request(path: &str, port: u16, fields: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fields}\r\n").into_bytes()
}

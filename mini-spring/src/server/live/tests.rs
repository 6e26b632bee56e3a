//! A body on a socket whose client does what it likes.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use super::*;
use crate::http::encode::CONTINUE;

/// The server's end of a connection, and the client's.
fn connection() -> (Arc<TcpStream>, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (socket, _) = listener.accept().unwrap();
    socket.set_nonblocking(true).unwrap();
    (Arc::new(socket), client)
}

/// A body of three bytes, none of which has come, that may take so long.
fn arriving(socket: &Arc<TcpStream>, timeout: Duration) -> Arriving {
    Arriving {
        socket: Some(socket.clone()),
        buffer: Vec::new(),
        given: 0,
        cursor: Cursor { read: 0, write: 0 },
        rest: Rest::Length(3),
        limit: 3,
        left: 3,
        timeout,
        due: Due::default(),
        expects_continue: true,
        failed: None,
    }
}

/// Sends until the client has to read first. How much that was.
fn fill(mut socket: &TcpStream) -> usize {
    let (mut sent, mut times_full) = (0, 0);
    // Room may come back while the client's side takes what is on its way, which can be late on a busy machine.
    while times_full < 4 {
        match socket.write(&[b'x'; 64 * 1024]) {
            Ok(length) => (sent, times_full) = (sent + length, 0),
            Err(_) => {
                os::wait_for_output(socket, Duration::from_millis(100)).unwrap();
                times_full += 1;
            }
        }
    }
    sent
}

/// What the client gets behind the `x`s until the end.
fn behind(mut client: TcpStream, filled: usize) -> Vec<u8> {
    let mut all = Vec::new();
    client.read_to_end(&mut all).unwrap();
    assert!(all[..filled].iter().all(|&byte| byte == b'x'));
    all.split_off(filled)
}

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(20);

#[test]
fn what_does_not_fit_is_sent_later() {
    let (socket, mut client) = connection();
    let filled = fill(&socket);
    let interim = Interim::expected(socket.clone());
    assert_eq!(interim.send().unwrap(), Invited::NotYet);
    client.read_exact(&mut vec![0; filled]).unwrap();
    while interim.send().unwrap() == Invited::NotYet {
        os::wait_for_output(&socket, LONG).unwrap();
    }
    interim.end();
    drop((socket, interim));
    assert_eq!(behind(client, 0), CONTINUE);
}

#[test]
fn a_client_that_reads_late_gets_its_100() {
    let (socket, mut client) = connection();
    let filled = fill(&socket);
    let mut reader = Live::new(arriving(&socket, LONG)).reader();
    let reads = thread::spawn(move || {
        let mut body = Vec::new();
        reader.read_to_end(&mut body).map(|_| body)
    });
    let mut all = vec![0; filled + CONTINUE.len()];
    client.read_exact(&mut all).unwrap();
    assert_eq!(&all[filled..], CONTINUE);
    client.write_all(b"abc").unwrap();
    assert_eq!(reads.join().unwrap().unwrap(), b"abc");
    drop(socket);
    assert_eq!(behind(client, 0), b"");
}

#[test]
fn a_client_that_makes_no_room_for_its_100_is_too_slow() {
    let (socket, client) = connection();
    let filled = fill(&socket);
    let live = Live::new(arriving(&socket, SHORT));
    let mut reader = live.reader();
    for _ in 0..2 {
        let error = reader.read(&mut [0]).unwrap_err();
        assert_eq!(error.to_string(), TOO_SLOW.detail);
    }
    assert!(matches!(live.end(), Ended::Failed(TOO_SLOW)));
    drop((socket, live, reader));
    assert_eq!(behind(client, filled), b"");
}

#[test]
fn no_100_follows_the_answer() {
    let (socket, client) = connection();
    let filled = fill(&socket);
    let live = Live::new(arriving(&socket, LONG));
    let mut reader = live.reader();
    thread::scope(|scope| {
        let reads = scope.spawn(|| reader.read(&mut [0]).unwrap_err());
        // Before it waits for room or while it does.
        live.cut();
        reads.join().unwrap();
    });
    drop((socket, live, reader));
    assert_eq!(behind(client, filled), b"");
}

#[test]
fn who_keeps_a_reader_keeps_no_socket() {
    for end in [|live: &Live| drop(live.end()), Live::cut] {
        let (socket, mut client) = connection();
        client.write_all(b"abc").unwrap();
        let live = Live::new(arriving(&socket, LONG));
        let mut reader = live.reader();
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 3);
        end(&live);
        assert_eq!(Arc::strong_count(&socket), 1);
        reader.read(&mut [0]).unwrap_err();
    }
}

#[test]
fn who_reads_at_the_end_lets_go_of_the_socket() {
    let (socket, _client) = connection();
    let live = Live::new(arriving(&socket, LONG));
    let mut reader = live.reader();
    thread::scope(|scope| {
        let reads = scope.spawn(|| reader.read(&mut [0]).unwrap_err());
        live.cut();
        reads.join().unwrap();
    });
    assert_eq!(Arc::strong_count(&socket), 1);
}

//! A client that vanishes: in the middle of its request, or in the middle of the answer, with or without a word.

use std::io::Read;
use std::net::Shutdown;

use crate::client::Client;
use crate::random::Random;
use crate::work::Work;

/// One connection that comes to a bad end.
pub(crate) fn vanish(port: u16, random: &mut Random) -> Result<(), String> {
    let mut client = Client::connect(port)?;
    let work = Work::any(random);
    let sent = random.below(work.request.len() as u64 + 1) as usize;
    if random.below(2) == 0 {
        // The server may have refused it before the end.
        let _ = client.send(&work.request[..sent]);
    } else {
        let _ = client.send(&work.request);
        let mut piece = vec![0; 1 + random.below(2_000) as usize];
        let _ = client.socket().read(&mut piece);
    }
    // What is unread makes the close a reset; else it is an orderly end.
    if random.below(2) == 0 {
        let _ = client.socket().shutdown(Shutdown::Write);
    }
    Ok(())
}

/// Bytes that are no request.
pub(crate) fn babble(port: u16, random: &mut Random) -> Result<(), String> {
    let mut client = Client::connect(port)?;
    let length = 1 + random.below(4_000);
    let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
    let _ = client.send(&bytes);
    let _ = client.socket().shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    // It may be closed by a reset.
    let _ = client.socket().read_to_end(&mut answer);
    match answer.is_empty()
        || answer.starts_with(b"HTTP/1.1 4")
        || answer.starts_with(b"HTTP/1.1 5")
    {
        true => Ok(()),
        false => Err(format!(
            "noise is answered with {:?}",
            String::from_utf8_lossy(&answer)
        )),
    }
}

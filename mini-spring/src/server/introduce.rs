//! The begin of a connection from a proxy: it says who its client is, before the first request.
//!
//! Nothing is answered to what doesn't: it may be anything but HTTP. Knows how a run goes on.

use std::io::ErrorKind;

use log::Level;

use super::connection::Phase;
use super::poller::Interest;
use super::run::{After, Run};
use crate::http::proxy;

impl Run<'_> {
    /// Reads the header of the PROXY protocol, and goes on with the first request.
    #[cold]
    pub(super) fn introduce(&mut self) -> After {
        loop {
            match proxy::parse(self.worker.exchange.unread()) {
                Ok(Some(introduction)) => {
                    self.worker.exchange.skip(introduction.length);
                    self.connection.peer = introduction.client.unwrap_or(self.connection.peer);
                    self.connection.phase = Phase::Open;
                    return self.go();
                }
                Ok(None) if self.drained => return After::Wait(Interest::Read),
                Ok(None) => {}
                Err(fault) => {
                    let peer = self.connection.peer;
                    self.worker
                        .say(Level::Debug, format_args!("{peer}: closed: {fault}"));
                    return After::Close;
                }
            }
            match self.receive() {
                Ok(1..) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return After::Wait(Interest::Read);
                }
                _ => return After::Close,
            }
        }
    }
}

//! Calls with a time limit: they are made apart from their connection.
//!
//! Nobody can stop a thread, but its client needn't wait for it. So the connection is let go before
//! the call, with the limit as its deadline, and whoever is first answers: the worker that makes the
//! call hands its answer over, or the clock answers 504 and the late answer is dropped. Knows no
//! poller.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use log::Level;

use super::access_log::Logged;
use super::answer::{Asked, shed};
use super::clock::{Deadline, Tick};
use super::connection::Phase;
use super::exchange::Exchange;
use super::handover::Handover;
use super::live::Live;
use super::slot::Owned;
use super::state::Hangup;
use super::worker::{Worker, in_user_code};
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::unwind::{caught, drop_quietly};

/// A call that is made apart from its connection, as both know it.
#[derive(Debug)]
pub(super) struct Call {
    handover: Handover<Answered>,
    pub(super) method: Method,
    /// The target that is answered.
    pub(super) target: usize,
    /// For the access log, if there is one.
    logged: Option<Logged>,
    pub(super) timeout: Duration,
    /// The body, if the handler reads it while it arrives.
    live: Option<Arc<Live>>,
}

/// What comes back of a call.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) exchange: Box<Exchange>,
    pub(super) asked: Asked,
    pub(super) response: Response,
}

impl Call {
    /// What has come back of it.
    pub(super) fn answered(&self) -> Option<Answered> {
        self.handover.take()
    }

    /// What the access log tells of it.
    pub(super) fn logged(&self) -> Option<Logged> {
        self.logged.clone()
    }

    /// Its time is over. False: it has come back.
    pub(super) fn give_up(&self) -> bool {
        let is_late = self.handover.give_up();
        if let Some(live) = self.live.as_ref().filter(|_| is_late) {
            live.cut();
        }
        is_late
    }
}

impl Worker {
    /// Lets a connection go and answers its request, which is complete. `Some`: this worker is its
    /// runner again.
    pub(super) fn call_apart<'s>(&mut self, mut owned: Owned<'s>) -> Option<Owned<'s>> {
        let body = self.exchange.take_ready()?;
        let asked = Asked::by(self, &mut owned, body);
        let call = Arc::new(self.begin(&asked));
        let due = Tick::exact().after(call.timeout);
        owned.phase = Phase::Calling { due };
        owned.call = Some(call.clone());
        owned.set_deadline(Some(Deadline::busy(due)));
        let slot = owned.slot();
        // What happens to it meanwhile is looked at after the call, which always reads to the end.
        while let Err((again, _)) = owned.let_go() {
            owned = again;
        }
        let response = caught(|| self.call(asked.is_head)).unwrap_or_else(|panicked| {
            self.say(
                Level::Error,
                format_args!("making an answer has {panicked}"),
            );
            shed(&mut self.exchange.request);
            Problem::internal(panicked).into_response()
        });
        let fresh = self.fresh_exchange();
        let exchange = std::mem::replace(&mut self.exchange, fresh);
        let answered = Answered {
            exchange,
            asked,
            response,
        };
        match call.handover.leave(answered) {
            Ok(()) => slot.event(Hangup::Unknown),
            Err(late) => {
                self.drop_late(&call, late);
                None
            }
        }
    }

    fn begin(&mut self, asked: &Asked) -> Call {
        let target = self.exchange.target();
        let timeout = self.shared.service.timeout(target).unwrap_or(Duration::MAX);
        let now = Instant::now();
        let request = &mut self.exchange.request;
        request.deadline = now.checked_add(timeout);
        let is_logged = self.shared.aside.logs_answers;
        Call {
            handover: Handover::new(),
            method: request.method().clone(),
            target,
            logged: is_logged.then(|| Logged {
                about: Some((request.method().clone(), request.target().to_owned())),
                client: request.client_ip(),
                // One that is made later is the handler's, which comes too late.
                id: request.known_id().map(str::to_owned),
                began: now,
            }),
            timeout,
            live: asked.live.clone(),
        }
    }

    /// The client has had its 504. What the handler returned is a value of the program, whose drop
    /// may block or panic.
    #[cold]
    fn drop_late(&mut self, call: &Call, late: Answered) {
        let name = self.shared.service.route_name(call.target);
        self.say(
            Level::Warn,
            format_args!("{name} has answered after its timeout: the answer is dropped"),
        );
        let gatekeeper = &self.gatekeeper;
        in_user_code(gatekeeper, &mut self.grip, call.target, || {
            gatekeeper.step_down();
            drop_quietly(late);
        });
    }
}

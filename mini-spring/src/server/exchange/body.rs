//! The body of a request on its way in: kept in the buffer, written into a file piece by piece, or
//! left to the handler. Which of them, the route's arguments decide.

use std::io;

use super::{BodyState, Exchange, Piece, Stage, Step};
use crate::config::ServerConfig;
use crate::http::chunked::{Cursor, Decoder};
use crate::http::head::{Framing, Progress, Reject};
use crate::request::{Incoming, Request};
use crate::server::live::Rest;
use crate::spool::Spool;

impl Exchange {
    pub(super) fn begin_body(&mut self, config: &ServerConfig) -> Result<Step, Reject> {
        let head = &self.request.head;
        let end = head.end;
        self.request.body = end..end;
        self.stage = Stage::Length { end };
        let limit = self.plan.body_limit.unwrap_or(config.body);
        match head.framing {
            Framing::Empty | Framing::Length(0) => return Ok(Step::Ready(BodyState::Whole)),
            Framing::Length(length) => {
                let here = usize::try_from(length).unwrap_or(usize::MAX);
                self.stage = Stage::Length {
                    end: end.saturating_add(here),
                };
                // An answer like 404 doesn't wait for the body, however long: see `decode_body`.
                if length > limit && self.plan.found {
                    return Err(Reject::body_over(limit));
                }
            }
            Framing::Chunked => {
                self.stage = Stage::Chunked {
                    decoder: Decoder::default(),
                    cursor: Cursor {
                        read: end,
                        write: end,
                    },
                };
            }
        }
        self.plan.body_limit = Some(limit);
        match self.read_body(config)? {
            Step::NeedMore if self.plan.is_live() => Ok(Step::Ready(BodyState::Live)),
            Step::NeedMore if self.request.head.expects_continue => Ok(Step::Continue),
            step => Ok(step),
        }
    }

    pub(super) fn read_body(&mut self, config: &ServerConfig) -> Result<Step, Reject> {
        let step = self.decode_body()?;
        if !self.plan.is_spooled() {
            return Ok(step);
        }
        let is_large = self.body_here() > config.body_buffer;
        Ok(match step {
            Step::Ready(BodyState::Whole) if self.spooled > 0 || is_large => {
                Step::Spool(Piece::Last)
            }
            Step::NeedMore if is_large => Step::Spool(Piece::Another),
            step => step,
        })
    }

    /// How many bytes of the body are in the buffer.
    fn body_here(&self) -> usize {
        let end = match &self.stage {
            Stage::Head { .. } => return 0,
            Stage::Length { end } => self.request.buffer.len().min(*end),
            Stage::Chunked { cursor, .. } => cursor.write,
        };
        end - self.request.head.end
    }

    /// Writes what is here of the body into its file.
    ///
    /// # Errors
    ///
    /// The file can't be made or written.
    pub(in crate::server) fn spool(
        &mut self,
        piece: Piece,
        config: &ServerConfig,
    ) -> io::Result<()> {
        let begin = self.request.head.end;
        let here = begin..begin + self.body_here();
        let Request {
            buffer, incoming, ..
        } = &mut self.request;
        let incoming = incoming.get_mut();
        if !matches!(incoming, Incoming::File(_)) {
            *incoming = Incoming::File(Spool::new(config.temp_dir.as_deref())?);
        }
        if let Incoming::File(spool) = incoming {
            spool.append(&buffer[here.clone()])?;
            self.spooled = spool.length();
        }
        if piece == Piece::Last {
            self.request.body = begin..begin;
            self.ready = Some(BodyState::Whole);
            return Ok(());
        }
        buffer.truncate(begin);
        match &mut self.stage {
            Stage::Head { .. } => {}
            Stage::Length { end } => *end -= here.len(),
            Stage::Chunked { cursor, .. } => (cursor.read, cursor.write) = (begin, begin),
        }
        Ok(())
    }

    /// Takes the rest of the body out of the exchange, which goes on behind it: what has arrived of
    /// it, what is to come, and how much all of it may be.
    pub(in crate::server) fn take_live(&mut self) -> (Vec<u8>, Rest, u64) {
        let begin = self.request.head.end;
        let here = self.request.buffer.split_off(begin);
        let limit = self.plan.body_limit.unwrap_or(u64::MAX);
        let rest = match std::mem::replace(&mut self.stage, Stage::Length { end: begin }) {
            Stage::Head { .. } => Rest::End,
            Stage::Length { end } => Rest::Length((end - begin - here.len()) as u64),
            Stage::Chunked { decoder, .. } => Rest::Chunked(decoder),
        };
        (here, rest, limit)
    }

    /// More bytes have arrived, by another way.
    pub(in crate::server) fn append(&mut self, bytes: &[u8]) {
        self.request.buffer.extend_from_slice(bytes);
    }

    fn decode_body(&mut self) -> Result<Step, Reject> {
        let begin = self.request.head.end;
        let buffer = &mut self.request.buffer;
        match &mut self.stage {
            Stage::Head { .. } => return Ok(Step::NeedMore),
            Stage::Length { end } if buffer.len() >= *end => {
                self.request.body = begin..*end;
                return Ok(Step::Ready(BodyState::Whole));
            }
            Stage::Length { .. } => {}
            Stage::Chunked { decoder, cursor } => {
                let progress = decoder.decode(buffer, cursor);
                let here = (cursor.write - begin) as u64;
                // A chunk may announce as much as a number can say. What is too large comes first, also where
                // something malformed has come with it, so that it doesn't matter how it comes.
                let length = (self.spooled + here).saturating_add(decoder.announced());
                let limit = self.plan.body_limit.unwrap_or(u64::MAX);
                if length > limit {
                    return Err(Reject::body_over(limit));
                }
                if progress? == Progress::Complete {
                    self.request.body = begin..cursor.write;
                    return Ok(Step::Ready(BodyState::Whole));
                }
                // All of it is used up: room for what comes, however small the chunks are.
                buffer.truncate(cursor.write);
                cursor.read = cursor.write;
            }
        }
        Ok(if self.plan.found {
            Step::NeedMore
        } else {
            Step::Ready(BodyState::Unread)
        })
    }
}

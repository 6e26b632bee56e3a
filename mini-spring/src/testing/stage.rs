//! Where an application under test answers: in this process without a socket, or as a server on a port of its own.
//!
//! Knows neither requests nor answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::log::{self, Lines};
use crate::config::ServerConfig;
use crate::error::Result;
use crate::request::Directory;
use crate::server::{Running, Server};
use crate::service::Service;

/// How long the end of a test waits for what its server still answers.
const GRACE: Duration = Duration::from_secs(5);

/// Which of them it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    Memory,
    Socket,
}

/// An application that is ready to answer.
#[derive(Debug)]
pub(super) enum Stage {
    Memory(Box<Here>),
    Socket(Site),
}

/// An application that answers in this process, between its start and its stop.
#[derive(Debug)]
pub(super) struct Here {
    pub(super) service: Service,
    /// Its limits.
    pub(super) config: ServerConfig,
}

impl Here {
    fn start(service: Service, config: ServerConfig) -> Result<Self> {
        service.start()?;
        Ok(Here { service, config })
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.service.stop();
    }
}

impl Stage {
    /// Has a service answer.
    ///
    /// # Errors
    ///
    /// What it does at its start fails, or its server can't be started.
    pub(super) fn open(medium: Medium, service: Service, config: ServerConfig) -> Result<Self> {
        log::install();
        match medium {
            Medium::Memory => Ok(Stage::Memory(Box::new(Here::start(service, config)?))),
            Medium::Socket => Ok(Stage::Socket(Site::start(service, config)?)),
        }
    }

    /// Its routes and components.
    pub(super) fn directory(&self) -> &Directory {
        match self {
            Stage::Memory(here) => here.service.directory(),
            Stage::Socket(site) => &site.directory,
        }
    }
}

/// A server that stops with its test.
#[derive(Debug)]
pub(super) struct Site {
    running: Running,
    /// What its handlers log.
    pub(super) lines: Arc<Lines>,
    directory: Arc<Directory>,
}

impl Site {
    fn start(service: Service, mut config: ServerConfig) -> Result<Self> {
        config.host = [127, 0, 0, 1].into();
        config.port = 0;
        config.access_log = false;
        config.shutdown_grace = config.shutdown_grace.min(GRACE);
        let lines = Arc::new(Lines::default());
        let directory = service.directory().clone();
        let kept = lines.clone();
        let service =
            service.around(move |request, next| log::kept_in(&kept, || next.run(request)));
        let running = Server::bind_with(config)?.start(service)?;
        Ok(Site {
            running,
            lines,
            directory,
        })
    }

    pub(super) fn addr(&self) -> SocketAddr {
        self.running.addr()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.running.shutdown();
        // A handler that goes on can't be stopped, and whether it is a fault the test knows best.
        let _ = self.running.join();
    }
}

//! The server as a process: started, looked at in /proc, and ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The server's process.
pub(crate) struct Process {
    child: Child,
    pub(crate) port: u16,
}

/// What the kernel knows of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// KiB of memory that are resident.
    pub(crate) memory: u64,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(crate) fn start() -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server can't be started: {error}"))?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output")?;
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let port = line
            .trim()
            .parse()
            .map_err(|_| "the server has not said its port")?;
        Ok(Process { child, port })
    }

    pub(crate) fn sample(&self) -> Result<Sample, String> {
        let directory = format!("/proc/{}", self.child.id());
        let count = |what: &str| {
            let entries = fs::read_dir(format!("{directory}/{what}"));
            entries
                .map(Iterator::count)
                .map_err(|error| format!("the server is gone: {error}"))
        };
        let status =
            fs::read_to_string(format!("{directory}/status")).map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        Ok(Sample {
            memory: memory.ok_or("the server's memory is unknown")?,
            descriptors: count("fd")?,
            threads: count("task")?,
        })
    }

    /// Seconds of processor time that it has used.
    pub(crate) fn processor(&self) -> Result<f64, String> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))
            .map_err(|error| error.to_string())?;
        // Behind the name, which ends with the last parenthesis; ticks are hundredths of a second.
        let fields = stat.rsplit_once(") ").map(|(_, rest)| rest.split(' '));
        let ticks = fields.map(|fields| {
            fields
                .skip(11)
                .take(2)
                .filter_map(|field| field.parse::<f64>().ok())
                .sum::<f64>()
        });
        ticks
            .map(|ticks| ticks / 100.0)
            .ok_or_else(|| "the server's time is unknown".to_owned())
    }

    /// Ends it as its operator would.
    pub(crate) fn end(mut self) -> Result<(), String> {
        drop(self.child.stdin.take());
        let status = self.child.wait().map_err(|error| error.to_string())?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| format!("the server ended with {status}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After a clean end there is nothing left to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

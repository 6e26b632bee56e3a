//! Who listens on a port already, where the system has files about it (proc(5)). Elsewhere nobody knows.

use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::one_line::one_line;

/// How much of a table of sockets is read, and how many processes and descriptors are looked at.
const MOST_BYTES: u64 = 1 << 20;
const MOST_PROCESSES: usize = 4096;
const MOST_DESCRIPTORS: usize = 1024;

/// A process that listens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Process {
    id: u32,
    name: String,
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` (process {})", self.name, self.id)
    }
}

/// Who listens on this port, if that can be found out. It is of the same user, or this is root's.
pub(super) fn by(port: u16) -> Option<Process> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let sockets: Vec<String> = tables
        .iter()
        .filter_map(|table| read(Path::new(table), MOST_BYTES))
        .flat_map(|table| listening(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let processes = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((id, entry.path()))
    });
    let (id, path) = processes
        .take(MOST_PROCESSES)
        .find(|(_, path)| has_one(path, &sockets))?;
    let name = read(&path.join("comm"), 64)?;
    Some(Process {
        id,
        name: one_line(&name),
    })
}

/// The sockets of a table that listen on this port.
fn listening(table: &str, port: u16) -> Vec<String> {
    let lines = table.lines().filter_map(|line| {
        let mut columns = line.split_whitespace();
        let (_, local) = columns.nth(1)?.rsplit_once(':')?;
        let state = columns.nth(1)?;
        let is_it = u16::from_str_radix(local, 16) == Ok(port) && state == "0A";
        columns.nth(5).filter(|_| is_it).map(str::to_owned)
    });
    lines.collect()
}

fn has_one(process: &Path, sockets: &[String]) -> bool {
    let Ok(descriptors) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    let links = descriptors.flatten().take(MOST_DESCRIPTORS);
    let mut links = links.filter_map(|entry| fs::read_link(entry.path()).ok());
    links.any(|link| {
        let link = link.to_string_lossy();
        sockets.iter().any(|socket| *socket == link)
    })
}

fn read(path: &Path, most: u64) -> Option<String> {
    let mut text = String::new();
    File::open(path)
        .ok()?
        .take(most)
        .read_to_string(&mut text)
        .ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_sockets() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
                     0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 x\n   \
                     1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 x\n   \
                     2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 x\n\
                     nonsense\n";
        assert_eq!(listening(table, 8080), ["4711"]);
        assert_eq!(listening(table, 80), ["4713"]);
        assert!(listening(table, 81).is_empty());
    }
}

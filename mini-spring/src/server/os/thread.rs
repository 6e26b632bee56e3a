//! What Linux tells of a thread: whether it waits, and how long it has run.
//!
//! A thread opens the file that tells of it once, and whoever watches it reads that file: a look must
//! be possible when no more descriptors are to be had, which is when much waits.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

/// As much of a thread's `stat` as is read: its number, its name of 64 bytes at most, and its state.
const STAT: usize = 128;

thread_local! {
    static HERE: RefCell<ThreadWatch> = const { RefCell::new(ThreadWatch(None)) };
}

/// What is known of a thread; nothing where there is no /proc.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct ThreadWatch(Option<Arc<Known>>);

#[derive(Debug)]
struct Known {
    /// `/proc/self/task/<number>/stat` (proc(5)).
    stat: File,
    /// Runs while the thread does.
    clock: libc::clockid_t,
}

impl ThreadWatch {
    /// The calling thread's. All but the first are copies of that.
    pub(in crate::server) fn of_this_thread() -> Self {
        HERE.with_borrow_mut(|here| {
            // Where there was no descriptor left for it, there may be one now.
            if here.0.is_none() {
                here.0 = Known::of_this_thread().ok().map(Arc::new);
            }
            here.clone()
        })
    }

    /// Whether the kernel says that it waits.
    pub(in crate::server) fn waits(&self) -> bool {
        let mut stat = [0; STAT];
        let read = self
            .0
            .as_ref()
            .map(|known| known.stat.read_at(&mut stat, 0));
        matches!(read, Some(Ok(length)) if waits(&stat[..length]))
    }

    /// How long it has run, in all.
    pub(in crate::server) fn cpu_time(&self) -> Option<Duration> {
        time(self.0.as_ref()?.clock)
    }
}

impl Known {
    fn of_this_thread() -> io::Result<Self> {
        let stat = File::open("/proc/thread-self/stat")?;
        let mut clock = 0;
        // SAFETY: the thread lives, since it calls this, and the pointer is to a number of our own.
        match unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) } {
            0 => Ok(Known { stat, clock }),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
}

/// The state is the field behind the name, which stands in parentheses and may itself hold some.
fn waits(stat: &[u8]) -> bool {
    let name_end = stat.iter().rposition(|&byte| byte == b')');
    let state = name_end.map_or(&[][..], |end| &stat[end..]);
    matches!(state, [b')', b' ', b'S' | b'D', ..])
}

/// What a clock shows, unless its thread has ended.
fn time(clock: libc::clockid_t) -> Option<Duration> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a timespec of our own, which the call fills in.
    let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
    (result == 0).then(|| Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::process::Command;
    use std::sync::mpsc::channel;
    use std::{env, thread};

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    #[test]
    fn states_of_threads() {
        assert!(waits(b"7 (worker) S 1 2 3"));
        assert!(waits(b"7 (a) b) D 1 2 3"));
        assert!(!waits(b"7 (worker) R 1 2 3"));
        assert!(!waits(b"7 (S) S) R 1 2 3"));
        assert!(!waits(b"7 worker"));
    }

    /// Looks at this thread, and at one that waits and then runs, after this has been done.
    fn look_after(preparation: impl FnOnce()) {
        let (tell, told) = channel();
        let (go_on, may_go_on) = channel::<()>();
        let (stop, may_stop) = channel::<()>();
        let other = thread::spawn(move || {
            tell.send(ThreadWatch::of_this_thread()).unwrap();
            may_go_on.recv().unwrap();
            while may_stop.try_recv().is_err() {}
        });
        let here = ThreadWatch::of_this_thread();
        let there = told.recv().unwrap();
        preparation();
        assert!(!here.waits() && here.cpu_time().is_some());
        while !there.waits() {
            thread::yield_now();
        }
        let before = there.cpu_time().unwrap();
        go_on.send(()).unwrap();
        while there.cpu_time().unwrap() < before + Duration::from_millis(5) {
            thread::yield_now();
        }
        stop.send(()).unwrap();
        other.join().unwrap();
    }

    fn use_up_descriptors() {
        let limit = getrlimit(Resource::Nofile);
        let current = Some(64);
        setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
        while let Ok(file) = File::open("/dev/null") {
            std::mem::forget(file);
        }
    }

    #[test]
    fn a_thread_is_seen_waiting_and_running() {
        look_after(|| {});
    }

    #[test]
    fn a_thread_opens_one_file() {
        let first = ThreadWatch::of_this_thread().0.unwrap();
        let second = ThreadWatch::of_this_thread().0.unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }

    /// Runs itself in a process of its own, where nobody else needs a descriptor.
    #[test]
    fn a_look_needs_no_descriptor() {
        const ALONE: &str = "MINI_SPRING_TEST_IS_ALONE";
        const NAME: &str = "server::os::thread::tests::a_look_needs_no_descriptor";
        if env::var_os(ALONE).is_some() {
            return look_after(use_up_descriptors);
        }
        let mut again = Command::new(env::current_exe().unwrap());
        let output = again.args(["--exact", NAME]).env(ALONE, "").output();
        let printed = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
    }
}

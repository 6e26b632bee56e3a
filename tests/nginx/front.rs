//! A real nginx in front of a server, with the configuration of `docs/nginx.md`.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::Client;

const PAGE: &str = include_str!("../../docs/nginx.md");

/// Where packages put the modules that aren't built in.
const STREAM: &str = "/usr/lib/nginx/modules/ngx_stream_module.so";

/// An nginx that runs until it is dropped.
pub(crate) struct Front {
    child: Child,
    pub(crate) addr: SocketAddr,
    directory: TempDir,
}

/// The blocks of the page, in their order.
fn blocks() -> Vec<&'static str> {
    let fenced = PAGE.split("```nginx\n").skip(1);
    fenced
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// The whole site, for HTTP.
pub(crate) fn site() -> String {
    format!("http {{\n{HTTP}\n{}\n}}", blocks()[0])
}

/// The site with the page's error pages.
pub(crate) fn site_with_error_pages() -> String {
    let end = site().rfind('}').unwrap();
    let end = site()[..end].rfind('}').unwrap();
    let mut site = site();
    site.insert_str(end, blocks()[2]);
    site
}

/// The one that passes connections on. `None`: this nginx can't.
pub(crate) fn connections() -> Option<String> {
    if !Path::new(STREAM).exists() {
        left_out("its module `stream` isn't installed (libnginx-mod-stream)");
        return None;
    }
    Some(format!("stream {{\n{}\n}}", blocks()[1]))
}

/// What a site needs to run beside others, and without being installed.
const HTTP: &str = "access_log off;
client_body_temp_path body;
proxy_temp_path proxy;
fastcgi_temp_path fastcgi;
uwsgi_temp_path uwsgi;
scgi_temp_path scgi;";

impl Front {
    /// In front of the server at this address. `None`: there is no nginx here, which was said.
    pub(crate) fn start(backend: SocketAddr) -> Option<Front> {
        Front::with(site(), backend)
    }

    /// The same with another configuration, in which the page's addresses stand.
    pub(crate) fn with(configuration: String, backend: SocketAddr) -> Option<Front> {
        let program = program()?;
        // nginx takes it over, so nobody else can have its port meanwhile.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("nginx.conf");
        let text = whole(&configuration, backend, addr);
        std::fs::write(&path, text).unwrap();
        let child = start(&program, directory.path(), listener);
        Some(Front {
            child,
            addr,
            directory,
        })
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.addr)
    }
}

fn whole(configuration: &str, backend: SocketAddr, addr: SocketAddr) -> String {
    let replace = |text: &str, old: &str, new: &str| {
        assert!(text.contains(old), "no `{old}` in {text}");
        text.replace(old, new)
    };
    let text = replace(
        configuration,
        "server 127.0.0.1:8080;",
        &format!("server {backend};"),
    );
    let text = replace(&text, "listen 80;", &format!("listen {addr};"));
    let module = match configuration.starts_with("stream") {
        true => format!("load_module {STREAM};\n"),
        false => String::new(),
    };
    format!(
        "{module}daemon off;\nworker_processes 1;\nuser root;\npid nginx.pid;\nerror_log error.log info;\n\
         events {{ worker_connections 1024; }}\n{text}\n"
    )
}

/// The listener becomes the descriptor that nginx is told of; the shell becomes nginx.
fn start(program: &Path, directory: &Path, listener: TcpListener) -> Child {
    Command::new("sh")
        .args(["-c", "exec 3<&0 </dev/null; NGINX='3;' exec \"$0\" \"$@\""])
        .arg(program)
        .args(["-c", "nginx.conf", "-e", "error.log", "-p"])
        .arg(directory)
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .stdout(Stdio::null())
        .spawn()
        .expect("a shell")
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Where Debian has it, which isn't always among the places for everybody.
    let places = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = places
        .map(|place| place.join("nginx"))
        .find(|program| program.is_file());
    if found.is_none() {
        left_out("it isn't installed (apt-get install nginx-light libnginx-mod-stream)");
    }
    found
}

/// Not through `eprintln`, which nobody sees of a test that passes.
fn left_out(why: &str) {
    let mut error = std::io::stderr();
    writeln!(error, "LEFT OUT, a test with nginx: {why}").unwrap();
}

impl Drop for Front {
    fn drop(&mut self) {
        // Not killed: its worker, which is a process of its own, would stay.
        let process = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        if !told.is_ok_and(|told| told.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.directory.path().join("error.log");
            let log = std::fs::read_to_string(log).unwrap_or_default();
            let warnings = log.lines().filter(|line| !line.contains("[info]"));
            eprintln!("nginx has said: {:#?}", warnings.collect::<Vec<_>>());
        }
    }
}

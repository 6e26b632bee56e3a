//! Bodies that become files.

use super::*;

/// More uploads than workers, all of them half-way: whoever is quick is served.
#[test]
fn slow_uploads_into_files_hold_no_worker() {
    let server = server(routes![file, health], |config| {
        config.workers = 2 * permits()
    });
    let body = bytes(200_000);
    let message = with_length("/file", &body);
    let mut slow: Vec<_> = (0..20 * permits())
        .map(|_| {
            let mut client = server.connect();
            client.send(&message[..150_000]);
            client
        })
        .collect();
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
    for client in &mut slow {
        client.send(&message[150_000..]);
    }
    let expected = format!("{} disk", digest(&body[..]).unwrap());
    for client in &mut slow {
        assert_eq!(client.answer().body, expected);
    }
}

#[test]
fn a_file_may_be_absent() {
    #[route(POST, "/perhaps")]
    fn perhaps(file: Option<TempFile>) -> String {
        format!("{:?}", file.map(|file| file.length()))
    }
    let server = server(routes![perhaps], |_| {});
    let mut client = server.connect();
    for (length, expected) in [(0, "None"), (3, "Some(3)"), (100_000, "Some(100000)")] {
        client.send(with_length("/perhaps", &bytes(length)));
        assert_eq!(client.answer().body, expected);
    }
}

#[test]
fn a_file_can_be_kept_and_else_goes_away() {
    static PATHS: Mutex<Vec<std::path::PathBuf>> = Mutex::new(Vec::new());
    #[route(PUT, "/keep/<name>")]
    fn keep(name: &str, file: TempFile) -> io::Result<()> {
        let mut paths = PATHS.lock().unwrap();
        let temporary = file.path().unwrap().to_owned();
        let kept = temporary.with_file_name(name);
        file.persist(&kept)?;
        paths.extend([temporary, kept]);
        Ok(())
    }
    #[route(PUT, "/look")]
    fn look(file: TempFile) {
        let mut paths = PATHS.lock().unwrap();
        paths.push(file.path().unwrap().to_owned());
    }
    let directory = std::env::temp_dir().join(format!("bodies-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let temp_dir = directory.clone();
    let server = server(routes![keep, look], |config| {
        config.temp_dir = Some(temp_dir)
    });
    let mut client = server.connect();
    let body = bytes(100_000);
    let put = |path: &str| {
        let message = with_length(path, &body);
        [b"PUT", &message["POST".len()..]].concat()
    };
    client.send(put("/keep/photo"));
    assert_eq!(client.answer().status, 204);
    client.send(put("/look"));
    assert_eq!(client.answer().status, 204);
    // One that nobody takes, and one that breaks off.
    client.send(&put("/look")[..90_000]);
    client.end();
    assert_eq!(client.rest(), "");
    drop(client);
    drop(server);
    let [temporary, kept, looked] = &PATHS.lock().unwrap()[..] else {
        panic!("two requests");
    };
    assert!(!temporary.exists() && !looked.exists());
    assert_eq!(std::fs::read(kept).unwrap(), body);
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_file_that_cannot_be_made_is_507() {
    let directory = std::env::temp_dir().join(format!("gone-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let temp_dir = directory.clone();
    let server = server(routes![file, health], |config| {
        config.temp_dir = Some(temp_dir)
    });
    std::fs::remove_dir(&directory).unwrap();
    let mut client = server.connect();
    client.send(with_length("/file", &bytes(100_000)));
    assert_eq!(client.answer().status, 507);
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

/// The process may end with them, so nobody else would remove them.
#[test]
fn what_is_on_its_way_at_the_end_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let files = || std::fs::read_dir(directory.path()).unwrap().count();
    let mut config = support::config();
    config.temp_dir = Some(directory.path().to_owned());
    config.shutdown_grace = Duration::from_millis(500);
    let server = Server::bind_with(config).unwrap();
    let server = server
        .start(App::empty().mount("/", routes![file]))
        .unwrap();
    let message = with_length("/file", &bytes(200_000));
    let mut clients: Vec<_> = (0..5).map(|_| Client::connect(server.addr())).collect();
    for client in &mut clients {
        client.send(&message[..150_000]);
    }
    until("files", || files() == clients.len());
    server.shutdown();
    assert!(server.join().is_err());
    assert_eq!(files(), 0);
}

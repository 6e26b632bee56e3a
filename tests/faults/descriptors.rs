//! A process without descriptors: what needs one fails in order, what needs none goes on, and both recover.

use super::programs::{Lines, Started, assert_up, faulty, form, order, post};
use super::support::example::Example;
use super::*;

#[test]
fn without_descriptors_files_fail_in_order_and_then_work_again() {
    let files = tempfile::tempdir().unwrap();
    let mut started = faulty();
    started.arg(format!("--server.temp_dir={}", files.path().display()));
    // A thread that is watched takes a descriptor when it first has something to do, which may be the last one.
    started.arg("--server.watchdog_tick=0");
    let mut example = Example::start(started);
    let lines = Lines::of(&mut example);
    let [mut keeper, mut client] = [example.connect(), example.connect()];
    assert_up(&mut keeper);
    let requests = [
        (get("/named"), 500, "/named: "),
        (get("/own"), 500, "/own: "),
        (form("/parts", 100_000), 507, "/parts: "),
        (post("/file", 100_000), 507, "can't be kept in a file"),
    ];
    for (request, ..) in &requests {
        client.send(request);
        assert_eq!(client.answer().status, 200);
    }
    order(&mut keeper, "PUT /descriptors/200");
    for (request, status, said) in &requests {
        client.send(request);
        let answer = client.answer();
        assert_eq!(answer.status, *status, "{said}");
        let line = lines.find(said);
        assert!(line.contains("Too many open files"), "{line}");
        if answer.field("connection") == Some("close") {
            assert!(client.is_closed());
            // There is a descriptor for another one, and for no more than that.
            client = example.connect();
        }
        assert_up(&mut client);
    }
    let mut stranger = example.connect();
    stranger.send(GET);
    assert_up(&mut keeper);
    order(&mut keeper, "DELETE /descriptors");
    assert_eq!(stranger.answer().body, "up");
    let mut client = example.connect();
    for (request, ..) in &requests {
        client.send(request);
        assert_eq!(client.answer().status, 200);
    }
    assert_eq!(std::fs::read_dir(files.path()).unwrap().count(), 0);
    assert_eq!(example.stop().0, Some(0));
}

/// Out of descriptors, accepting pauses for 100 ms: one warning and no busy loop; and it goes on when
/// there are some again. The example is started with 40 descriptors.
#[test]
fn running_out_of_descriptors_is_calm() {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    let started = Command::new("sh")
        .args(["-c", "ulimit -Sn 40; ulimit -Hn 40; exec \"$0\" \"$@\""])
        .arg(profile.join("examples/users"))
        .args(["--server.port=0", "--server.host=127.0.0.1"])
        .arg("--server.access_log=false")
        .env_remove("RUST_LOG")
        .stderr(Stdio::piped())
        .spawn();
    let mut example = Started(started.unwrap());
    let (told, log) = channel();
    let lines = BufReader::new(example.0.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        lines
            .map_while(Result::ok)
            .try_for_each(|line| told.send(line))
    });
    let addr: SocketAddr = loop {
        let line = log.recv_timeout(PATIENCE).expect("the example listens");
        if let Some((_, addr)) = line.split_once("listening on http://") {
            break addr.trim().parse().unwrap();
        }
    };
    let mut clients: Vec<Client> = (0..60).map(|_| Client::connect(addr)).collect();
    let warning = log.recv_timeout(PATIENCE).unwrap();
    assert!(warning.contains("out of file descriptors"), "{warning}");
    // Ten pauses, in which nothing more is said and next to nothing is done.
    let before = cpu(&example.0);
    let more = log.recv_timeout(ms(1000));
    assert_eq!(more, Err(RecvTimeoutError::Timeout));
    let spent = cpu(&example.0) - before;
    assert!(spent < ms(200), "CPU time {spent:?}");
    // Those that were accepted are served; the last of the others waits for a place.
    let mut last = clients.pop().unwrap();
    last.send(GET);
    clients[0].send(GET);
    assert_eq!(clients[0].answer().status, 200);
    drop(clients);
    assert_eq!(last.answer().status, 200);
    let mut new = Client::connect(addr);
    new.send(GET);
    assert_eq!(new.answer().status, 200);
}

/// CPU time of a process (proc(5): the fields 14 and 15 of its stat, in hundredths of a second).
fn cpu(process: &Child) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ms(ticks * 10)
}

//! The bank, as its clients see it, and with components replaced.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mini_spring::TestApp;
use serde_json::json;

use super::*;

// All components are there, and every route has what it needs: one test in one line.
mini_spring::verify!();

/// The whole program, with an empty database in memory that this test has for itself.
fn bank() -> TestApp {
    TestApp::new().replace(Arc::new(DatabaseConfig {
        path: ":memory:".into(),
        // Each connection to `:memory:` would be another database.
        connections: 1,
        patience: Duration::from_secs(5),
    }))
}

fn opened(app: &TestApp, owner: &str, cents: i64) -> i64 {
    let account = json!({"owner": owner, "cents": cents});
    let opened = app.post("/accounts").json(&account).send();
    opened.assert_status(201);
    opened.json::<serde_json::Value>()["id"].as_i64().unwrap()
}

#[test]
fn money_changes_hands() {
    let app = bank();
    let (ada, grace) = (opened(&app, "Ada", 1000), opened(&app, "Grace", 0));
    let transfer = json!({"from": ada, "to": grace, "cents": 250});
    let done = app.post("/transfers").json(&transfer).send();
    done.assert_status(204);
    let account = app.get(show::url(ada)).send();
    account.assert_json(json!({"id": ada, "owner": "Ada", "cents": 750}));
}

#[test]
fn a_transfer_that_fails_leaves_nothing() {
    let app = bank();
    let (ada, grace) = (opened(&app, "Ada", 100), opened(&app, "Grace", 0));
    let transfer = json!({"from": ada, "to": grace, "cents": 250});
    let refused = app.post("/transfers").json(&transfer).send();
    refused
        .assert_status(409)
        .assert_json_at("/detail", "account 1 has less than that");
    // Grace had been given the money already when the transfer failed; that was undone.
    app.get(show::url(grace)).send().assert_json_at("/cents", 0);
}

#[test]
fn what_is_invalid_is_told_at_once() {
    let invalid = json!({"owner": "", "cents": -1});
    let refused = bank().post("/accounts").json(&invalid).send();
    refused
        .assert_status(422)
        .assert_json_at("/errors/0/pointer", "/cents")
        .assert_json_at("/errors/1/pointer", "/owner");
}

/// Accounts without SQLite.
#[derive(Default)]
struct InMemory {
    accounts: Mutex<BTreeMap<i64, Account>>,
}

impl Accounts for InMemory {
    fn open(&self, owner: &str, cents: i64) -> Result<i64> {
        let mut accounts = self.accounts.lock().unwrap();
        let id = accounts.len() as i64 + 1;
        let owner = owner.to_owned();
        accounts.insert(id, Account { id, owner, cents });
        Ok(id)
    }

    fn find(&self, id: i64) -> Result<Option<Account>> {
        Ok(self.accounts.lock().unwrap().get(&id).cloned())
    }

    fn add(&self, _: i64, _: i64) -> Result<()> {
        Err("the disk is full".into())
    }
}

#[test]
fn components_are_replaced() {
    let fake = Arc::new(InMemory::default());
    let app = bank().replace::<dyn Accounts>(fake.clone());
    let id = opened(&app, "Ada", 1000);
    // The test sees what the handler has done to the component.
    assert_eq!(fake.find(id).unwrap().unwrap().owner, "Ada");
    app.get("/accounts/7").send().assert_status(404);

    // An unexpected error is a 500 that tells the client nothing.
    let transfer = json!({"from": id, "to": id, "cents": 1});
    let failed = app.post("/transfers").json(&transfer).send();
    assert!(!failed.assert_status(500).text().contains("disk"));
}

#[test]
fn a_handler_is_a_function() {
    let accounts: Arc<dyn Accounts> = Arc::new(InMemory::default());
    let id = accounts.open("Ada", 5).unwrap();
    let Ok(Json(account)) = show(accounts.into(), id) else {
        panic!("there is an account {id}");
    };
    assert_eq!(account.cents, 5);
}

#[test]
fn many_clients_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let app = TestApp::new().replace(Arc::new(DatabaseConfig {
        path: directory.path().join("bank.db"),
        connections: 4,
        patience: Duration::from_secs(30),
    }));
    // A real server on a free port, which requests reach from any thread.
    let app = app.over_tcp();
    let (ada, grace) = (opened(&app, "Ada", 1000), opened(&app, "Grace", 0));
    let transfer = json!({"from": ada, "to": grace, "cents": 100});
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| app.post("/transfers").json(&transfer).send());
        }
    });
    let account = app.get(show::url(grace)).send();
    account.assert_json_at("/cents", 1000);
}

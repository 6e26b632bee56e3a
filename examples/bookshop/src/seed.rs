//! What there must be to begin with: an admin, and while the program is developed something to sell.

use mini_spring::{Inject, Result, Secret, component, on_start, profile};

use crate::accounts::passwords::Passwords;
use crate::accounts::{Accounts, Role, SqliteAccounts};
use crate::books::{BookDetails, Books, Filter, SqliteBooks};
use crate::database::{Database, Transaction};
use crate::money::Cents;
use crate::paging::Page;
use crate::settings::AdminSettings;

/// Makes the admin of the settings.
#[on_start]
fn admin(
    settings: Inject<AdminSettings>,
    database: Inject<Database>,
    passwords: Inject<Passwords>,
) -> Result<()> {
    match (&settings.email, &settings.password) {
        (Some(email), Some(password)) => make_admin(&database, &passwords, email, password),
        (None, None) => Ok(()),
        _ => Err("expected both admin.email and admin.password, found one of them".into()),
    }
}

fn make_admin(
    database: &Inject<Database>,
    passwords: &Passwords,
    email: &str,
    password: &Secret<String>,
) -> Result<()> {
    let transaction = Inject::new(Transaction::new(database.clone()));
    let accounts = SqliteAccounts {
        transaction: transaction.clone(),
    };
    match accounts.find(email)? {
        Some((account, _)) if account.role == Role::Admin => return Ok(()),
        Some(_) => {
            return Err(format!("{email} is a customer; choose another admin.email").into());
        }
        None => {}
    }
    let hash = passwords.hash(password)?;
    transaction.run(|| accounts.add(email, "Admin", Role::Admin, &hash))?;
    log::info!("{email} is an admin from now on");
    Ok(())
}

/// What is there while the program is developed.
struct Samples {
    admin: (&'static str, &'static str),
    books: [(&'static str, &'static str, &'static str, i64); 4],
}

#[profile("dev")]
#[component]
fn samples() -> Samples {
    Samples {
        admin: ("admin@bookshop.example", "only while developing"),
        books: [
            ("9780141439518", "Pride and Prejudice", "Jane Austen", 899),
            ("9780141439662", "Sense and Sensibility", "Jane Austen", 799),
            ("9780141439556", "Wuthering Heights", "Emily Brontë", 849),
            ("9780141441146", "Jane Eyre", "Charlotte Brontë", 949),
        ],
    }
}

#[on_start]
fn plant(
    samples: Option<Inject<Samples>>,
    database: Inject<Database>,
    passwords: Inject<Passwords>,
) -> Result<()> {
    let Some(samples) = samples else {
        return Ok(());
    };
    let (email, password) = samples.admin;
    make_admin(
        &database,
        &passwords,
        email,
        &Secret::new(password.to_owned()),
    )?;
    let transaction = Inject::new(Transaction::new(database));
    let books = SqliteBooks {
        transaction: transaction.clone(),
    };
    transaction.run(|| {
        let first = Page { number: 1, size: 1 };
        if books.list(&Filter::default(), first)?.total > 0 {
            return Ok(());
        }
        for (isbn, title, author, cents) in samples.books {
            books.add(&BookDetails {
                isbn: isbn.to_owned(),
                title: title.to_owned(),
                author: author.to_owned(),
                price_cents: Cents(cents),
                stock: 10,
            })?;
        }
        Ok(())
    })
}

//! The routes below `/notes`.

use garde::Validate;
use mini_spring::{Created, Inject, Json, NoContent, Problem, Result, Valid, group, route};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use crate::database::Database;

group! { prefix: "/notes" }

#[derive(Deserialize, Validate)]
struct NewNote {
    #[garde(length(min = 1, max = 100))]
    title: String,
    #[garde(length(max = 10_000))]
    #[serde(default)]
    text: String,
}

#[derive(Serialize)]
struct Note {
    id: i64,
    title: String,
    text: String,
}

fn read(row: &Row) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get("id")?,
        title: row.get("title")?,
        text: row.get("text")?,
    })
}

#[route(GET, "/?<limit=50>")]
fn list(limit: u32, database: Inject<Database>) -> Result<Vec<Note>> {
    let connection = database.lock();
    let mut select = connection.prepare("SELECT * FROM notes ORDER BY id LIMIT ?1")?;
    let notes = select.query_map([limit], read)?;
    Ok(notes.collect::<rusqlite::Result<_>>()?)
}

#[route(GET, "/<id>")]
fn get(id: i64, database: Inject<Database>) -> Result<Note> {
    let connection = database.lock();
    let note = connection
        .query_row("SELECT * FROM notes WHERE id = ?1", [id], read)
        .optional()?;
    Ok(note.ok_or_else(|| Problem::not_found(format!("there is no note {id}")))?)
}

#[route(POST, "/")]
fn add(
    Valid(Json(new)): Valid<Json<NewNote>>,
    database: Inject<Database>,
) -> Result<Created<Note>> {
    let id = insert(&database.lock(), &new)?;
    let NewNote { title, text } = new;
    let note = Note { id, title, text };
    Ok(Created::at(get::url(id)).with(note))
}

/// All of them or none: a transaction that is dropped before it is committed is undone.
#[route(POST, "/all")]
fn add_all(
    Valid(Json(new)): Valid<Json<Vec<NewNote>>>,
    database: Inject<Database>,
) -> Result<NoContent> {
    let mut connection = database.lock();
    let transaction = connection.transaction()?;
    for note in &new {
        insert(&transaction, note)?;
    }
    transaction.commit()?;
    Ok(NoContent)
}

/// The id of the new note, or 409: no two have the same title, which is the only rule that can be broken.
fn insert(connection: &Connection, note: &NewNote) -> Result<i64> {
    let inserted = connection.execute(
        "INSERT INTO notes (title, text) VALUES (?1, ?2)",
        [&note.title, &note.text],
    );
    match inserted {
        Ok(_) => Ok(connection.last_insert_rowid()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            let taken = format!("there is a note `{}` already", note.title);
            Err(Problem::conflict(taken).into())
        }
        Err(error) => Err(error.into()),
    }
}

#[route(DELETE, "/<id>")]
fn remove(id: i64, database: Inject<Database>) -> Result<NoContent> {
    match database
        .lock()
        .execute("DELETE FROM notes WHERE id = ?1", [id])?
    {
        0 => Err(Problem::not_found(format!("there is no note {id}")).into()),
        _ => Ok(NoContent),
    }
}

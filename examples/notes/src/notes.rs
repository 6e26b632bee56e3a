//! The routes below `/notes`.

use garde::Validate;
use mini_spring::{Created, Inject, Json, NoContent, Problem, Result, Valid, group, route};
use rusqlite::{OptionalExtension, Row};
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
    let NewNote { title, text } = new;
    let connection = database.lock();
    connection.execute(
        "INSERT INTO notes (title, text) VALUES (?1, ?2)",
        [&title, &text],
    )?;
    let id = connection.last_insert_rowid();
    let note = Note { id, title, text };
    Ok(Created::at(get::url(id)).with(note))
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

//! `/books`.

use mini_spring::http::Uri;
use mini_spring::{Created, ETag, Inject, Json, NoContent, Preconditions, Result, Valid, route};

use super::model::{Book, BookDetails, BookId};
use super::repository::Filter;
use super::service::BookService;
use crate::accounts::Admin;
use crate::paging::{Page, PageNumber, PageSize, Paged};

#[route(GET, "/books?<page=1>&<size=20>&<author>&<text>")]
pub fn list(
    books: Inject<BookService>,
    page: PageNumber,
    size: PageSize,
    author: Option<&str>,
    text: Option<&str>,
    uri: Uri,
) -> Result<Paged<Book>> {
    let page = Page::new(page, size);
    let found = books.list(&Filter { author, text }, page)?;
    Ok(found.on(page, &uri))
}

#[route(GET, "/books/<id>")]
pub fn get(books: Inject<BookService>, id: BookId) -> Result<(ETag, Json<Book>)> {
    let book = books.get(id)?;
    Ok((book.etag(), Json(book)))
}

#[route(POST, "/books", body_limit = "16KiB", blocking)]
pub fn add(
    _admin: Inject<Admin>,
    books: Inject<BookService>,
    Valid(Json(details)): Valid<Json<BookDetails>>,
) -> Result<(ETag, Created<Json<Book>>)> {
    let book = books.add(&details)?;
    let location = get::url(book.id);
    Ok((book.etag(), Created::at(location).with(Json(book))))
}

/// With `If-Match`, only over the state that the client has read.
#[route(PUT, "/books/<id>", body_limit = "16KiB", blocking)]
pub fn change(
    _admin: Inject<Admin>,
    books: Inject<BookService>,
    id: BookId,
    seen: Preconditions<'_>,
    Valid(Json(details)): Valid<Json<BookDetails>>,
) -> Result<(ETag, Json<Book>)> {
    let book = books.change(id, seen, &details)?;
    Ok((book.etag(), Json(book)))
}

#[route(DELETE, "/books/<id>", blocking)]
pub fn remove(
    _admin: Inject<Admin>,
    books: Inject<BookService>,
    id: BookId,
    seen: Preconditions<'_>,
) -> Result<NoContent> {
    books.remove(id, seen)?;
    Ok(NoContent)
}

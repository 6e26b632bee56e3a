//! Lists in pages: `?page=2&size=20`, and where the others are (RFC 8288).

use std::str::FromStr;

use mini_spring::http::Uri;
use mini_spring::{IntoResponse, Json, Response};
use serde::Serialize;

/// The number of a page, from 1.
#[derive(Debug, Clone, Copy)]
pub struct PageNumber(u32);

/// How many items are on a page, at most 100.
#[derive(Debug, Clone, Copy)]
pub struct PageSize(u32);

impl PageNumber {
    const MOST: u32 = 1_000_000;
}

impl PageSize {
    const MOST: u32 = 100;
}

impl FromStr for PageNumber {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        between_one_and(PageNumber::MOST, text).map(PageNumber)
    }
}

impl FromStr for PageSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        between_one_and(PageSize::MOST, text).map(PageSize)
    }
}

fn between_one_and(most: u32, text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(format!("expected a number from 1 to {most}")),
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub number: u32,
    pub size: u32,
}

impl Page {
    pub fn new(number: PageNumber, size: PageSize) -> Self {
        Page {
            number: number.0,
            size: size.0,
        }
    }

    /// How many items stand on the pages before.
    pub fn offset(self) -> u32 {
        (self.number - 1) * self.size
    }
}

/// The items of one page, and how many there are on all pages.
#[derive(Debug)]
pub struct Items<T> {
    pub items: Vec<T>,
    pub total: u32,
}

impl<T> Items<T> {
    /// As an answer. The other pages are found by the same query, so filters stay as they are.
    pub fn on(self, page: Page, uri: &Uri) -> Paged<T> {
        let last = self.total.div_ceil(page.size).max(1);
        let others = [
            ("first", (page.number > 1).then_some(1)),
            ("prev", (page.number > 1).then(|| last.min(page.number - 1))),
            ("next", (page.number < last).then_some(page.number + 1)),
            ("last", (page.number != last).then_some(last)),
        ];
        let links = others.into_iter().filter_map(|(relation, number)| {
            Some(format!("<{}>; rel=\"{relation}\"", at(uri, number?)))
        });
        Paged {
            links: links.collect::<Vec<_>>().join(", "),
            body: Body {
                page: page.number,
                size: page.size,
                total: self.total,
                items: self.items,
            },
        }
    }
}

/// The same list at another page.
fn at(uri: &Uri, number: u32) -> String {
    let pairs = uri.query().unwrap_or_default().split('&');
    let kept = pairs.filter(|pair| !pair.is_empty() && !pair.starts_with("page="));
    let query: String = kept.map(|pair| format!("{pair}&")).collect();
    format!("{}?{query}page={number}", uri.path())
}

/// A page as it is answered: the items with their number, and links to the other pages.
pub struct Paged<T> {
    links: String,
    body: Body<T>,
}

#[derive(Serialize)]
struct Body<T> {
    items: Vec<T>,
    page: u32,
    size: u32,
    total: u32,
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let response = Json(self.body).into_response();
        match self.links.is_empty() {
            true => response,
            false => response.header("Link", self.links),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: u32, total: u32, expected: &str) {
        let page = Page { number, size: 10 };
        let items = Items::<()> {
            items: Vec::new(),
            total,
        };
        let uri = "/books?author=Ada&page=9&size=10".parse().unwrap();
        assert_eq!(items.on(page, &uri).links, expected);
    }

    #[test]
    fn links_lead_to_the_other_pages() {
        check(1, 0, "");
        check(1, 10, "");
        check(
            1,
            11,
            "</books?author=Ada&size=10&page=2>; rel=\"next\", </books?author=Ada&size=10&page=2>; rel=\"last\"",
        );
        check(
            9,
            11,
            "</books?author=Ada&size=10&page=1>; rel=\"first\", </books?author=Ada&size=10&page=2>; rel=\"prev\", \
             </books?author=Ada&size=10&page=2>; rel=\"last\"",
        );
    }

    #[test]
    fn pages_begin_with_one_and_are_bounded() {
        for text in ["0", "101", "-1", "x"] {
            assert_eq!(
                text.parse::<PageSize>().unwrap_err(),
                "expected a number from 1 to 100"
            );
        }
        let (number, size) = ("3".parse().unwrap(), "20".parse().unwrap());
        assert_eq!(Page::new(number, size).offset(), 40);
    }
}

//! The arguments of one call: taken in order, with what is invalid collected into one answer.
//!
//! [`Inputs`] is what generated code drives. For each argument it gives `Some` value, or `None` where
//! the input was invalid and has been noted, or the rejection that ends the call at once. Which type
//! an argument has, generated code finds out by the probes at the end of this file. Knows no router:
//! it reads parameters by their place in the pattern.

use std::fmt::Display;
use std::str::FromStr;

use super::param::Short;
use super::{FromParam, FromRequest, Needs, ParamError, Slot};
use crate::http::percent::Malformed;
use crate::probe::{First, Second, Third};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The arguments of one call while they are taken.
pub struct Inputs<'r> {
    request: &'r Request,
    invalid: Option<Problem>,
}

impl<'r> Inputs<'r> {
    /// Nothing taken, nothing invalid.
    #[inline]
    pub fn of(request: &'r Request) -> Self {
        Inputs {
            request,
            invalid: None,
        }
    }

    /// The parameter at this place of the pattern's path.
    #[inline]
    pub fn path<T>(&mut self, index: usize, name: &str, parse: Parse<'r, T>) -> Option<T> {
        let value = match self.request.parameter(index) {
            Ok(text) => (parse.text)(text),
            Err(malformed) => Err(reason(malformed)),
        };
        value.map_err(|error| self.note("path", name, error)).ok()
    }

    /// The declared query parameter.
    #[inline]
    pub fn query<T, S: Shape<T>>(
        &mut self,
        field: &'static Field,
        shape: S,
        parse: Parse<'r, T>,
    ) -> Option<S::Output> {
        let mut values = self
            .request
            .query_values(field.name)
            .filter_map(|value| parse.value(value))
            .peekable();
        let absent = values.peek().is_none();
        let default = field.default.filter(|_| absent).map(parse.text);
        let value = shape.gather(values.chain(default), parse.absent);
        value
            .map_err(|error| self.note("query", field.name, error))
            .ok()
    }

    /// The header field of this name. `Vec` takes the field as often as it was sent.
    #[inline]
    pub fn header<T, S: Shape<T>>(
        &mut self,
        name: &'static str,
        shape: S,
        parse: Parse<'r, T>,
    ) -> Option<S::Output> {
        let fields = self.request.headers();
        let values = fields.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let values = values.filter_map(|(_, value)| parse.plain(std::str::from_utf8(value).ok()));
        let value = shape.gather(values, || None);
        value.map_err(|error| self.note("header", name, error)).ok()
    }

    /// The cookie of this name, the first if there are several. `Vec` takes all of them.
    #[inline]
    pub fn cookie<T, S: Shape<T>>(
        &mut self,
        name: &'static str,
        shape: S,
        parse: Parse<'r, T>,
    ) -> Option<S::Output> {
        let request = self.request;
        let values = request
            .cookies()
            .filter(|(found, _)| *found == name.as_bytes());
        let values = values.filter_map(|(_, value)| parse.plain(request.cookie_text(value)));
        // A browser sends one for each path and domain, the closest first (RFC 6265, section 5.4).
        let value = shape.gather(values.take(S::MOST), || None);
        value.map_err(|error| self.note("cookie", name, error)).ok()
    }

    /// An extractor in the order of the signature; one that takes the body is left for later.
    #[inline]
    pub fn early<T>(
        &mut self,
        extractor: Extractor<'r, T>,
        slot: &'static Slot,
    ) -> Result<Option<T>, Problem> {
        if extractor.takes_body {
            return Ok(None);
        }
        self.take(extractor, slot)
    }

    /// An extractor that was left for later, else what was taken already.
    #[inline]
    pub fn late<T>(
        &mut self,
        taken: Option<T>,
        extractor: Extractor<'r, T>,
        slot: &'static Slot,
    ) -> Result<Option<T>, Problem> {
        if extractor.takes_body {
            return self.take(extractor, slot);
        }
        Ok(taken)
    }

    /// What was invalid, in one document.
    #[cold]
    pub fn refusal(self) -> Problem {
        self.invalid
            .unwrap_or_else(|| Problem::internal("an argument is missing, but nothing was noted"))
    }

    #[inline]
    fn take<T>(
        &mut self,
        extractor: Extractor<'r, T>,
        slot: &'static Slot,
    ) -> Result<Option<T>, Problem> {
        match (extractor.take)(self.request, slot) {
            Ok(value) => Ok(Some(value)),
            Err(problem) if problem.is_invalid_input() => {
                self.collect(problem);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    #[cold]
    fn note(&mut self, place: &'static str, name: &str, error: ParamError) {
        self.collect(Problem::invalid(Fault::new(place, name, error.to_string())));
    }

    #[cold]
    fn collect(&mut self, problem: Problem) {
        match &mut self.invalid {
            Some(document) => document.merge(problem),
            None => self.invalid = Some(problem),
        }
    }
}

fn reason(malformed: Malformed) -> ParamError {
    ParamError::new(malformed.reason())
}

/// A query parameter as the pattern declares it.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The text that stands for it when it is absent.
    pub default: Option<&'static str>,
}

impl Field {
    /// Adds a fault to the needs when the default is no value of the parameter's type, so that the
    /// program doesn't start.
    pub fn check_default<'r, T>(&self, needs: &mut Needs, parse: Parse<'r, T>) {
        if let Some(Err(error)) = self.default.map(parse.text) {
            needs.fault(format!("the default of `?<{}>`: {error}", self.name));
        }
    }
}

/// How an argument is taken from the request: all that generated code asks of [`FromRequest`], in
/// one place, so that a type that is no extractor is reported once.
pub struct Extractor<'r, T> {
    take: fn(&'r Request, &'static Slot) -> Result<T, Problem>,
    /// Adds what it needs.
    pub requires: fn(&mut Needs),
    /// Whether no other argument can take the body.
    pub takes_body: bool,
}

impl<T> Clone for Extractor<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Extractor<'_, T> {}

/// The extractor of a type.
#[inline]
pub const fn extractor<'r, T: FromRequest<'r>>() -> Extractor<'r, T> {
    Extractor {
        take: take::<T>,
        requires: Needs::of::<T>,
        takes_body: T::TAKES_BODY,
    }
}

#[inline]
fn take<'r, T: FromRequest<'r>>(request: &'r Request, slot: &'static Slot) -> Result<T, Problem> {
    T::from_slot(request, slot).map_err(|rejection| refused(request, rejection))
}

/// A rejection whose type has a handler is kept for it.
#[cold]
fn refused<R: Into<Problem> + 'static>(request: &Request, rejection: R) -> Problem {
    match request.directory.handled.boxed(rejection) {
        Ok(error) => Problem::kept(error),
        Err(rejection) => rejection.into(),
    }
}

/// How a text becomes a `T`.
pub struct Parse<'r, T> {
    text: fn(&'r str) -> Result<T, ParamError>,
    flag: fn() -> Option<T>,
    absent: fn() -> Option<T>,
    empty: bool,
}

impl<'r, T> Parse<'r, T> {
    /// What a field of the query says: nothing where it is empty and the type has no empty value.
    #[inline]
    fn value(&self, raw: Option<Result<&'r str, Malformed>>) -> Option<Result<T, ParamError>> {
        let text = match raw {
            Some(Ok(text)) => text,
            Some(Err(malformed)) => return Some(Err(reason(malformed))),
            None => match (self.flag)() {
                Some(value) => return Some(Ok(value)),
                None => "",
            },
        };
        (self.empty || !text.is_empty()).then(|| (self.text)(text))
    }

    /// What a field of the head says, if it is text.
    #[inline]
    fn plain(&self, text: Option<&'r str>) -> Option<Result<T, ParamError>> {
        match text {
            Some(text) => (self.empty || !text.is_empty()).then(|| (self.text)(text)),
            None => Some(Err(ParamError::new("expected UTF-8, found something else"))),
        }
    }
}

/// How many values of the query an argument takes.
pub trait Shape<T> {
    /// The argument.
    type Output;

    /// The most values that it takes.
    const MOST: usize;

    /// Makes the argument of the values, or of the default; or, where one must be there and isn't, of what
    /// the type itself says.
    fn gather(
        self,
        values: impl Iterator<Item = Result<T, ParamError>>,
        absent: impl FnOnce() -> Option<T>,
    ) -> Result<Self::Output, ParamError>;
}

/// Exactly one.
pub struct One;

/// One or none.
pub struct Optional;

/// Any number.
pub struct Many;

impl<T> Shape<T> for Optional {
    type Output = Option<T>;
    const MOST: usize = 1;

    #[inline]
    fn gather(
        self,
        mut values: impl Iterator<Item = Result<T, ParamError>>,
        _: impl FnOnce() -> Option<T>,
    ) -> Result<Option<T>, ParamError> {
        let first = values.next().transpose()?;
        match values.next() {
            None => Ok(first),
            // Two parties that read such a query may read different values.
            Some(_) => Err(ParamError::new("expected one value, found several")),
        }
    }
}

impl<T> Shape<T> for One {
    type Output = T;
    const MOST: usize = 1;

    #[inline]
    fn gather(
        self,
        values: impl Iterator<Item = Result<T, ParamError>>,
        absent: impl FnOnce() -> Option<T>,
    ) -> Result<T, ParamError> {
        let value = Optional.gather(values, || None)?;
        value
            .or_else(absent)
            .ok_or_else(|| ParamError::new("expected a value, found none"))
    }
}

impl<T> Shape<T> for Many {
    type Output = Vec<T>;
    const MOST: usize = usize::MAX;

    #[inline]
    fn gather(
        self,
        values: impl Iterator<Item = Result<T, ParamError>>,
        _: impl FnOnce() -> Option<T>,
    ) -> Result<Vec<T>, ParamError> {
        values.collect()
    }
}

// The probes: how many values, and how one is read. Each level has one candidate, so that a type that
// doesn't exist is no ambiguity on top.

impl<T> First<Option<T>> {
    /// May be absent.
    pub fn shape(&self) -> Optional {
        Optional
    }

    /// What may be absent.
    pub fn item(&self) -> First<T> {
        crate::probe::probe()
    }
}

impl<T> Second<Vec<T>> {
    /// May repeat.
    pub fn shape(&self) -> Many {
        Many
    }

    /// What may repeat.
    pub fn item(&self) -> First<T> {
        crate::probe::probe()
    }
}

impl<T> Third<T> {
    /// Must be there.
    pub fn shape(&self) -> One {
        One
    }

    /// What must be there.
    pub fn item(&self) -> First<T> {
        crate::probe::probe()
    }
}

impl<'r, T: FromParam<'r>> First<T> {
    /// Reads it by [`FromParam`].
    pub fn parse(&self) -> Parse<'r, T> {
        by_from_param()
    }
}

impl<T: FromStr<Err: Display>> Second<T> {
    /// Reads it by `FromStr`.
    pub fn parse<'r>(&self) -> Parse<'r, T> {
        Parse {
            text: |text| {
                let error = |error| format!("{error}, found `{}`", Short(text));
                text.parse().map_err(error).map_err(ParamError::new)
            },
            flag: || None,
            absent: || None,
            empty: false,
        }
    }
}

impl<T> Third<T> {
    /// Doesn't compile: what comes here is no [`FromParam`], and the compiler says what to do.
    pub fn parse<'r>(&self) -> Parse<'r, T>
    where
        T: FromParam<'r>,
    {
        by_from_param()
    }
}

fn by_from_param<'r, T: FromParam<'r>>() -> Parse<'r, T> {
    Parse {
        text: T::from_param,
        flag: T::from_flag,
        absent: T::when_absent,
        empty: T::EMPTY,
    }
}

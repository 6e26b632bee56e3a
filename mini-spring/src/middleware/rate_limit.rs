//! [`RateLimit`]: how often a client may ask. The arithmetic is that of the crate governor; `store` keeps what it knows
//! of each client in bounded memory.
//!
//! Without governor's feature `std`, which brings futures: so clock and store are ours, and small.

mod store;

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, StatusCode};

use self::store::{Key, Keys, Store};
use super::{Middleware, Next, Provides};
use crate::extract::Needs;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

type KeyOf = Arc<dyn Fn(&Keys, &Request) -> Option<Key> + Send + Sync>;

type Limiter = RateLimiter<Key, Store, Machine, StateInformationMiddleware>;

/// Lets each client ask so often, and answers 429 to what is more (RFC 6585, section 4), with `Retry-After`.
///
/// A client may ask as often at once as in the whole time, and then again as time passes: with 60 per minute,
/// each second once more. Who is a client is its address, [`Request::client_ip`], which behind a proxy needs
/// `server.trusted_proxies`; of IPv6 the first 64 bits, which a client has as a whole. [`RateLimit::by`] tells
/// clients apart in another way.
///
/// ```
/// use mini_spring::{App, RateLimit, Request, TestApp};
///
/// let app = App::empty()
///     .route("GET", "/", |_: &Request| "hello")
///     .layer(RateLimit::per_minute(2));
/// let app = TestApp::from_app(app);
/// app.get("/").send().assert_status(200);
/// app.get("/").send().assert_status(200);
/// let refused = app.get("/").send();
/// refused.assert_status(429).assert_header("Retry-After", "30");
/// ```
///
/// Each value counts by itself, and where it is around several routes it counts them together. It keeps
/// at most 65,536 clients, 24 bytes each: if more of them ask at a time, those are forgotten first that have asked
/// least. What it knows is in this process only.
#[derive(Clone)]
pub struct RateLimit {
    limiter: Result<Arc<Limiter>, String>,
    amount: u32,
    period: Duration,
    key: KeyOf,
    tells: bool,
    keys: Arc<Keys>,
}

impl RateLimit {
    /// So often each second. Zero stops the start.
    ///
    /// ```
    /// use mini_spring::RateLimit;
    ///
    /// let limit = RateLimit::per_second(10).burst(50);
    /// ```
    pub fn per_second(requests: u32) -> Self {
        RateLimit::per(requests, Duration::from_secs(1))
    }

    /// So often each minute. Zero stops the start.
    pub fn per_minute(requests: u32) -> Self {
        RateLimit::per(requests, Duration::from_secs(60))
    }

    /// So often each hour. Zero stops the start.
    pub fn per_hour(requests: u32) -> Self {
        RateLimit::per(requests, Duration::from_secs(60 * 60))
    }

    /// So often in this time. Zero requests or no time stop the start.
    pub fn per(requests: u32, period: Duration) -> Self {
        RateLimit {
            limiter: limiter(requests, period, requests),
            amount: requests,
            period,
            key: Arc::new(|keys, request| Some(keys.of_address(request.client_ip()))),
            tells: false,
            keys: Arc::default(),
        }
    }

    /// So often at once, instead of as often as in the whole time: with `per_minute(60).burst(5)` a client that
    /// asks every second is never refused, and one that asks six times at once is. Zero stops the start.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mini_spring::{App, RateLimit, Request, TestApp};
    ///
    /// let limit = RateLimit::per(10, Duration::from_secs(10 * 60)).burst(1);
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello").layer(limit);
    /// let app = TestApp::from_app(app);
    /// app.get("/").send().assert_status(200);
    /// app.get("/").send().assert_status(429);
    /// ```
    pub fn burst(mut self, requests: u32) -> Self {
        self.limiter = limiter(self.amount, self.period, requests);
        self
    }

    /// Tells clients apart by what this makes of the request. `None`: the request isn't counted.
    ///
    /// ```
    /// use mini_spring::{App, RateLimit, Request, TestApp};
    ///
    /// let by_key = RateLimit::per_hour(1).by(|request| request.header("X-Api-Key").map(str::to_owned));
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello").layer(by_key);
    /// let app = TestApp::from_app(app);
    /// app.get("/").header("X-Api-Key", "a").send().assert_status(200);
    /// app.get("/").header("X-Api-Key", "b").send().assert_status(200);
    /// app.get("/").header("X-Api-Key", "a").send().assert_status(429);
    /// app.get("/").send().assert_status(200);
    /// ```
    pub fn by<K: Hash>(
        mut self,
        key: impl Fn(&Request) -> Option<K> + Send + Sync + 'static,
    ) -> Self {
        self.key = Arc::new(move |keys, request| key(request).map(|key| keys.of(&key)));
        self
    }

    /// Tells clients in every answer how much is left, in the fields `RateLimit` and `RateLimit-Policy` of
    /// [draft-ietf-httpapi-ratelimit-headers-10](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
    /// As long as that is a draft they may change with it.
    ///
    /// ```
    /// use mini_spring::{App, RateLimit, Request, TestApp};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .layer(RateLimit::per_minute(60).with_fields());
    /// let response = TestApp::from_app(app).get("/").send();
    /// response.assert_header("RateLimit-Policy", r#""default";q=60;w=60"#);
    /// response.assert_header("RateLimit", r#""default";r=59;t=1"#);
    /// ```
    pub fn with_fields(mut self) -> Self {
        self.tells = true;
        self
    }

    /// Counts the request: how much is left, or how long it must wait.
    fn count(&self, request: &Request) -> Option<Result<u32, Duration>> {
        let limiter = self.limiter.as_ref().ok()?;
        let key = (self.key)(&self.keys, request)?;
        Some(match limiter.check_key(&key) {
            Ok(snapshot) => Ok(snapshot.remaining_burst_capacity()),
            Err(refused) => Err(refused.wait_time_from(limiter.clock().now())),
        })
    }

    fn tell(&self, response: &mut Response, left: u32, wait: u64) {
        let seconds = self.period.as_secs().max(1);
        let policy = format!("\"default\";q={};w={seconds}", self.amount);
        let limit = format!("\"default\";r={left};t={wait}");
        for (name, text) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                response.fields_mut().set(name, &value);
            }
        }
    }

    /// Until when one more request may come, in seconds.
    fn step(&self) -> u64 {
        seconds(self.period / self.amount.max(1))
    }
}

fn limiter(requests: u32, period: Duration, burst: u32) -> Result<Arc<Limiter>, String> {
    let Some((each, burst)) = NonZeroU32::new(requests).zip(NonZeroU32::new(burst)) else {
        return Err("nobody may ask; allow one request at least".to_owned());
    };
    let quota = Quota::with_period(period / each.get());
    let quota = quota.ok_or("the time is too short; make it longer, or allow fewer requests")?;
    let quota = quota.allow_burst(burst);
    let clock = Machine(Instant::now());
    let limiter = Limiter::new(quota, Store::new(clock), clock);
    Ok(Arc::new(limiter))
}

/// Whole seconds, not less than it takes.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// The machine's clock, since a moment of its own.
#[derive(Debug, Clone, Copy)]
struct Machine(Instant);

impl Clock for Machine {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Middleware for RateLimit {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        // One that the application knows would have stopped the start; this one is called by other code.
        if let Err(fault) = &self.limiter {
            return Problem::internal(format!("a `RateLimit` is no limit: {fault}"))
                .into_response();
        }
        let (mut response, left, wait) = match self.count(request) {
            None => return next.run(request),
            Some(Ok(left)) => (next.run(request), left, self.step()),
            Some(Err(wait)) => {
                let wait = seconds(wait).max(1);
                (refusal(wait), 0, wait)
            }
        };
        if self.tells {
            self.tell(&mut response, left, wait);
        }
        response
    }

    fn requires(&self, needs: &mut Needs) {
        if let Err(fault) = &self.limiter {
            needs.fault(fault.clone());
        }
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }

    fn always_provides() -> Provides {
        Provides::nothing()
    }
}

#[cold]
fn refusal(wait: u64) -> Response {
    let unit = if wait == 1 { "second" } else { "seconds" };
    Problem::new(StatusCode::TOO_MANY_REQUESTS)
        .with_detail(format!("too many requests; try again in {wait} {unit}"))
        .header(RETRY_AFTER, wait.to_string())
        .into_response()
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "RateLimit({} per {:?})",
            self.amount, self.period
        )
    }
}

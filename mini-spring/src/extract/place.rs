//! Where a request has come to, and from where: host, route, and the peer of the connection.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::{FromRequest, OptionalFromRequest};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The host that the client asked for, from the request target or the Host field (RFC 9112, section 3.2).
///
/// Where the client named none, which HTTP/1.0 allows, it is 400, and `None` as an `Option`. Any client can
/// name any host: compare it with those that you know before you build a link of it.
///
/// ```
/// use mini_spring::{App, Host, Request, route, routes};
///
/// #[route(GET, "/")]
/// fn index(host: Host) -> String {
///     format!("{} at port {:?}", host.name(), host.port())
/// }
///
/// let app = App::empty().mount("/", routes![index]);
/// let request = Request::get("/").header("Host", "shop.example:8080");
/// let response = app.call(request.build()?);
/// assert_eq!(response.body_bytes(), Some(&b"shop.example at port Some(8080)"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host<'r> {
    text: &'r str,
}

impl<'r> Host<'r> {
    /// The name or address without the port; an IPv6 address is in brackets. Names are compared without
    /// case (RFC 9110, section 4.2.3).
    pub fn name(&self) -> &'r str {
        self.split().0
    }

    /// The port, if one was named: a client that means the usual one names none.
    pub fn port(&self) -> Option<u16> {
        self.split().1.parse().ok()
    }

    /// Both, as they were sent.
    ///
    /// ```
    /// use mini_spring::{Host, TestApp, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn host(host: Host<'_>) -> String {
    ///     host.as_str().to_owned()
    /// }
    ///
    /// let app = TestApp::of(routes![host]);
    /// app.get("/").header("Host", "shop.example:8080").send().assert_text("shop.example:8080");
    /// ```
    pub fn as_str(&self) -> &'r str {
        self.text
    }

    fn split(&self) -> (&'r str, &'r str) {
        match self.text.rsplit_once(':') {
            // The colons of an IPv6 address stand in brackets.
            Some((name, port)) if !port.ends_with(']') => (name, port),
            _ => (self.text, ""),
        }
    }
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text)
    }
}

impl<'r> FromRequest<'r> for Host<'r> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        match request.host() {
            "" => {
                let detail = "expected a host, found none".to_owned();
                Err(Problem::invalid(Fault::new("header", "Host", detail)))
            }
            text => Ok(Host { text }),
        }
    }
}

impl<'r> OptionalFromRequest<'r> for Host<'r> {
    fn is_absent(request: &'r Request) -> bool {
        request.host().is_empty()
    }
}

/// The route that the request was routed to: for handlers of several, and for what is told of them.
///
/// Middleware asks [`Request::route`]. A request that was never routed, as in a test that calls the
/// extractor itself, has none: that is a 500, and `None` as an `Option`.
///
/// ```
/// use mini_spring::{App, MatchedRoute, Request, route, routes};
///
/// #[route(GET, "/books/<id>")]
/// #[route(GET, "/b/<id>")]
/// fn book(id: u64, route: MatchedRoute) -> String {
///     format!("{id} by {}", route.pattern())
/// }
///
/// let app = App::empty().mount("/", routes![book]);
/// let response = app.call(Request::get("/b/7").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"7 by /b/<id>"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchedRoute<'r> {
    pattern: &'r str,
}

impl<'r> MatchedRoute<'r> {
    /// Its pattern with the prefix below which it is mounted, such as `/users/<id>`.
    pub fn pattern(&self) -> &'r str {
        self.pattern
    }
}

impl<'r> FromRequest<'r> for MatchedRoute<'r> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        match request.route() {
            Some(pattern) => Ok(MatchedRoute { pattern }),
            None => Err(Problem::internal(
                "the request was not routed; take `Option<MatchedRoute>` where that may be",
            )),
        }
    }
}

impl<'r> OptionalFromRequest<'r> for MatchedRoute<'r> {
    fn is_absent(request: &'r Request) -> bool {
        request.route().is_none()
    }
}

/// Who is at the other end of the connection: [`Request::peer`]. Behind a proxy that is the proxy.
///
/// ```
/// use mini_spring::{PeerAddr, TestApp, route, routes};
///
/// #[route(GET, "/peer")]
/// fn peer(PeerAddr(peer): PeerAddr) -> String {
///     peer.to_string()
/// }
///
/// let app = TestApp::of(routes![peer]);
/// app.get("/peer").peer(([192, 0, 2, 7], 4711).into()).send().assert_text("192.0.2.7:4711");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

impl FromRequest<'_> for PeerAddr {
    type Rejection = Infallible;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(PeerAddr(request.peer()))
    }
}

/// The address of the client: [`Request::client_ip`]. Behind a proxy that is in `server.trusted_proxies` it is what
/// that proxy says, and else the peer of the connection.
///
/// ```
/// use mini_spring::{App, ClientIp, Request, route, routes};
///
/// #[route(GET, "/ip")]
/// fn ip(ClientIp(ip): ClientIp) -> String {
///     ip.to_string()
/// }
///
/// let app = App::empty().mount("/", routes![ip]);
/// let request = Request::get("/ip").peer(([192, 0, 2, 7], 4711).into());
/// assert_eq!(app.call(request.build()?).body_bytes(), Some(&b"192.0.2.7"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl FromRequest<'_> for ClientIp {
    type Rejection = Infallible;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(ClientIp(request.client_ip()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_apart() {
        let check = |text: &str, name: &str, port: Option<u16>| {
            let request = Request::get("/").header("Host", text).build().unwrap();
            let host = Host::from_request(&request).unwrap();
            assert_eq!((host.name(), host.port()), (name, port));
            assert_eq!((host.as_str(), host.to_string()), (text, text.to_owned()));
        };
        check("a", "a", None);
        check("a:80", "a", Some(80));
        check("a:", "a", None);
        check("a:99999", "a", None);
        check("[::1]", "[::1]", None);
        check("[::1]:8080", "[::1]", Some(8080));
    }

    #[test]
    fn a_host_may_be_absent() {
        let request = Request::get("/").header("Host", "").build().unwrap();
        assert_eq!(Option::<Host>::from_request(&request).unwrap(), None);
        let problem = Host::from_request(&request).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "400 Bad Request: the header field `Host`: expected a host, found none"
        );
    }

    #[test]
    fn a_request_that_was_never_routed_has_no_route() {
        let request = Request::get("/").build().unwrap();
        let route = Option::<MatchedRoute>::from_request(&request);
        assert_eq!(route.unwrap(), None);
        let problem = MatchedRoute::from_request(&request).unwrap_err();
        assert_eq!(problem.status(), 500);
    }
}

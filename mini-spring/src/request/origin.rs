//! Who has sent a request, and how, also where proxies have passed it on.

use std::net::IpAddr;

use super::Request;
use crate::http::Origin;

impl Request {
    /// The address of the client: that of the peer, or what proxies say that are in
    /// `server.trusted_proxies`, which is empty by default.
    ///
    /// Whoever is at the other end of the connection can send a field `X-Forwarded-For` that says anything. So
    /// it is read only where a trusted proxy has sent it, and from its end, where that proxy has added whom it got
    /// the request from; if that is a trusted proxy too, what that one has added, and so on. Where a
    /// proxy doesn't tell, it is the address of that proxy. The setting `server.forwarded_field` chooses
    /// `Forwarded` (RFC 7239) instead; the field that isn't chosen is never read.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let request = Request::get("/").peer(([192, 0, 2, 7], 4711).into());
    /// let request = request.header("X-Forwarded-For", "203.0.113.1").build()?;
    /// assert_eq!(request.client_ip().to_string(), "192.0.2.7", "trusts nobody");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn client_ip(&self) -> IpAddr {
        self.origin().client
    }

    /// The scheme that the client used: `http`, or `https` where a trusted proxy says so, in
    /// `X-Forwarded-Proto` or in `proto` of `Forwarded`, as for [`Request::client_ip`]. Such a proxy must set it for
    /// each request, so that no client can.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let request = Request::get("/").header("X-Forwarded-Proto", "https").build()?;
    /// assert_eq!(request.scheme(), "http", "trusts nobody");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn scheme(&self) -> &'static str {
        self.origin().scheme
    }

    fn origin(&self) -> Origin {
        let peer = self.peer.ip();
        match &self.forwarding {
            Some(forwarding) => forwarding.origin(peer, self.fields()),
            None => Origin::direct(peer),
        }
    }
}

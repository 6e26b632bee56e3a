//! [`Networks`]: ranges of IP addresses in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3).
//!
//! Comparing prefixes is a shift, which is no reason for a crate in every program.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// IP addresses and networks, such as those of the proxies that a server trusts.
///
/// Written as a list with commas; there is none in it by default. An IPv4 address and the same one as an IPv4-mapped IPv6 address,
/// `::ffff:10.0.0.1`, are one.
///
/// ```
/// use mini_spring::Networks;
///
/// let networks: Networks = "10.0.0.0/8, ::1".parse()?;
/// assert!(networks.contains("10.1.2.3".parse()?));
/// assert!(!networks.contains("192.0.2.1".parse()?));
/// assert_eq!(networks.to_string(), "10.0.0.0/8, ::1");
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Networks {
    list: Vec<Network>,
}

/// The addresses that begin with the first bits of this one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    /// So many of them.
    prefix: u8,
}

impl Networks {
    /// Whether there is none.
    ///
    /// ```
    /// use mini_spring::Networks;
    ///
    /// assert!(Networks::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether an address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = bits(address);
        self.list.iter().any(|network| network.contains(bits))
    }
}

impl Network {
    fn contains(&self, address: u128) -> bool {
        (bits(self.address) ^ address)
            .checked_shr(self.host_bits())
            .unwrap_or(0)
            == 0
    }

    /// How many bits belong to the addresses in it.
    fn host_bits(&self) -> u32 {
        width(self.address) - u32::from(self.prefix)
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim_end().parse().ok()?;
        let prefix = match prefix {
            Some(prefix) => digits(prefix.trim_start())?,
            None => u8::try_from(width(address)).ok()?,
        };
        let network = Network { address, prefix };
        // `10.0.0.1/8` is a network or an address: nobody should have to guess.
        let mask = |host_bits| u128::MAX.checked_shl(host_bits).unwrap_or(0);
        let is_whole =
            u32::from(prefix) <= width(address) && bits(address) & !mask(network.host_bits()) == 0;
        is_whole.then_some(network)
    }
}

/// A number without a sign or zeroes in front.
fn digits(text: &str) -> Option<u8> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("00");
    text.parse().ok().filter(|_| is_plain)
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// All addresses as IPv6.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl FromStr for Networks {
    type Err = InvalidNetworks;

    fn from_str(text: &str) -> Result<Self, InvalidNetworks> {
        let pieces = text
            .split(',')
            .map(str::trim)
            .filter(|piece| !piece.is_empty());
        let list = pieces.map(|piece| {
            Network::parse(piece).ok_or_else(|| InvalidNetworks {
                found: piece.to_owned(),
            })
        });
        list.collect::<Result<_, _>>().map(|list| Networks { list })
    }
}

/// What is neither an IP address nor a network.
///
/// ```
/// use mini_spring::Networks;
///
/// let error = "10.0.0.0/33".parse::<Networks>().unwrap_err();
/// assert!(error.to_string().ends_with("found `10.0.0.0/33`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidNetworks {
    found: String,
}

impl InvalidNetworks {
    pub(crate) const EXPECTED: &str = "IP addresses and networks such as `10.0.0.0/8, ::1`";
}

impl fmt::Display for InvalidNetworks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected {}, found `{}`",
            Self::EXPECTED,
            self.found
        )
    }
}

impl StdError for InvalidNetworks {}

impl fmt::Display for Networks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Network { address, prefix }) in self.list.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}{address}")?;
            if u32::from(*prefix) < width(*address) {
                write!(formatter, "/{prefix}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Networks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{self}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(networks: &str, inside: &[&str], outside: &[&str]) {
        let networks: Networks = networks.parse().unwrap();
        for address in inside {
            assert!(networks.contains(address.parse().unwrap()), "{address}");
        }
        for address in outside {
            assert!(!networks.contains(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn addresses_are_in_networks() {
        check("", &[], &["0.0.0.0", "::", "127.0.0.1"]);
        check("10.0.0.1", &["10.0.0.1", "::ffff:10.0.0.1"], &["10.0.0.2"]);
        check(
            "10.0.0.0/8",
            &["10.0.0.0", "10.255.255.255"],
            &["9.255.255.255", "11.0.0.0"],
        );
        check("10.0.0.0/31", &["10.0.0.1"], &["10.0.0.2"]);
        check(
            "0.0.0.0/0",
            &["0.0.0.0", "255.255.255.255"],
            &["::", "2001:db8::1"],
        );
        check("::/0", &["::1", "10.0.0.1"], &[]);
        check(
            "2001:db8::/32",
            &["2001:db8:ffff::1"],
            &["2001:db9::", "10.0.0.1"],
        );
        check("::ffff:10.0.0.0/104", &["10.1.2.3"], &["11.0.0.0"]);
        check(
            " ::1 ,, 192.0.2.0/24,",
            &["::1", "192.0.2.7"],
            &["::2", "192.0.3.0"],
        );
    }

    #[test]
    fn what_is_no_network() {
        for text in [
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/008",
            "10.0.0.1/8",
            "10.0.0/8",
            "::/129",
            "::1/127",
            "localhost",
            "10.0.0.0/8/8",
            "010.0.0.0",
            "[::1]",
            "10.0.0.1:80",
            "10.0.0.0/999",
        ] {
            let expected = "expected IP addresses and networks such as `10.0.0.0/8, ::1`";
            let error = format!("::1, {text}").parse::<Networks>().unwrap_err();
            assert_eq!(error.to_string(), format!("{expected}, found `{text}`"));
        }
    }

    #[test]
    fn they_read_as_they_are_written() {
        let text = "10.0.0.0/8, ::1, fe80::/10";
        assert_eq!(text.parse::<Networks>().unwrap().to_string(), text);
        let single: Networks = "10.0.0.1 / 32".parse().unwrap();
        assert_eq!(format!("{single:?}"), "[10.0.0.1]");
    }
}

//! Clauses that ask for indicators, and the fields that they are written with.
//!
//! In: a field, a range of addresses. Out: names, what to expect, and canonical text. The parser makes them, the planner
//! looks up what they stand for.

use std::fmt::{self, Display, Formatter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Indicators that a report holds, shown where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndicatorFilter {
    /// `ip:…`
    Addresses(AddressRange),
    /// Every other field: a canonical form, perhaps with `*` and `?`.
    Named(IndicatorField, String),
}

/// Addresses of one family, from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    from: IpAddr,
    to: IpAddr,
}

/// The fields whose values are indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndicatorField {
    /// `ip:`
    Address,
    /// `hash:`
    Hash,
    /// `cve:`
    Cve,
    /// `cwe:`
    Cwe,
    /// `domain:`
    Domain,
    /// `email:`
    Email,
    /// `url:`
    Url,
    /// `mitre:`
    Mitre,
}

impl IndicatorField {
    /// The canonical name of the field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "ip",
            Self::Hash => "hash",
            Self::Cve => "cve",
            Self::Cwe => "cwe",
            Self::Domain => "domain",
            Self::Email => "email",
            Self::Url => "url",
            Self::Mitre => "mitre",
        }
    }

    /// What one value is called.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Self::Address => "address or network",
            Self::Hash => "hash",
            Self::Cve => "CVE number",
            Self::Cwe => "CWE number",
            Self::Domain => "domain",
            Self::Email => "e-mail address",
            Self::Url => "URL",
            Self::Mitre => "ATT&CK id",
        }
    }

    /// Whether a value stands for what lies below it, too.
    pub(crate) fn has_parts(self) -> bool {
        matches!(self, Self::Domain | Self::Url | Self::Mitre)
    }

    /// What a value looks like.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Address => "one like 10.0.0.1, 10.0.0.0/8, 10.0.* or 2001:db8::/32",
            Self::Hash => "hexadecimal digits, all of them or the first six or more",
            Self::Cve => "one like CVE-2023-34362 or CVE-2023-*",
            Self::Cwe => "one like CWE-79",
            Self::Domain => "one like example.org or *.example.org",
            Self::Email => "one like name@example.org or @example.org",
            Self::Url => "one like https://example.org/path or example.org/*",
            Self::Mitre => "one like T1566, T1566.001 or TA0001",
        }
    }
}

impl AddressRange {
    /// From one address to another of the same family; `None` where the second is less.
    pub fn new(from: IpAddr, to: IpAddr) -> Option<Self> {
        (from.is_ipv4() == to.is_ipv4() && from <= to).then_some(Self { from, to })
    }

    /// The network of `bits` bits that an address is in; `None` for more bits than it has.
    pub fn network(address: IpAddr, bits: u8) -> Option<Self> {
        match address {
            IpAddr::V4(address) if bits <= 32 => {
                let host = u32::MAX.checked_shr(bits.into()).unwrap_or(0);
                let first = u32::from(address) & !host;
                Self::new(Ipv4Addr::from(first).into(), Ipv4Addr::from(first | host).into())
            }
            IpAddr::V6(address) if bits <= 128 => {
                let host = u128::MAX.checked_shr(bits.into()).unwrap_or(0);
                let first = u128::from(address) & !host;
                Self::new(Ipv6Addr::from(first).into(), Ipv6Addr::from(first | host).into())
            }
            _ => None,
        }
    }

    /// The first address.
    pub fn from(&self) -> IpAddr {
        self.from
    }

    /// The last address.
    pub fn to(&self) -> IpAddr {
        self.to
    }
}

/// One address, a network where it is one, else both ends.
impl Display for AddressRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            return self.from.fmt(f);
        }
        let bits = if self.from.is_ipv4() { 32 } else { 128 };
        match (0..bits).find(|bits| Self::network(self.from, *bits).as_ref() == Some(self)) {
            Some(bits) => write!(f, "{}/{bits}", self.from),
            None => write!(f, "{}-{}", self.from, self.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        for (address, bits, text) in [
            ("10.1.2.3", 8, Some("10.0.0.0/8")),
            ("10.1.2.3", 32, Some("10.1.2.3")),
            ("10.1.2.3", 0, Some("0.0.0.0/0")),
            ("10.1.2.3", 33, None),
            ("2001:db8::1", 32, Some("2001:db8::/32")),
            ("::", 0, Some("::/0")),
        ] {
            let network = AddressRange::network(address.parse().unwrap(), bits);
            assert_eq!(network.map(|n| n.to_string()).as_deref(), text, "{address}/{bits}");
        }
        let [a, b] = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        assert_eq!(AddressRange::new(a, b).unwrap().to_string(), "10.0.0.1-10.0.0.2");
        assert_eq!(AddressRange::new(b, a), None);
        assert_eq!(AddressRange::new(a, "::1".parse().unwrap()), None);
    }
}

//! Long runs of letters and digits: hashes by their length, Bitcoin addresses by their checksum.
//!
//! In: text that begins with such a run. Out: how long it is, and its canonical form. A run of another length, or
//! with a checksum that is wrong, is a word like any other.

use sha2::{Digest, Sha256};

use super::{Found, IndicatorKind};

/// The shortest that anything here can be.
const SHORTEST: usize = 26;
const LONGEST: usize = 128;

/// The hash or the address that `text` begins with.
pub(super) fn recognise(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    let end = bytes.iter().take(LONGEST + 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    if !(SHORTEST..=LONGEST).contains(&end) {
        return None;
    }
    if text[end..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let run = &text[..end];
    if let Some(kind) = hash(run) {
        return Some(Found { kind, end, canonical: run.to_ascii_lowercase() });
    }
    let found = |canonical| Found { kind: IndicatorKind::Bitcoin, end, canonical };
    if matches!(bytes[0], b'1' | b'3') && is_base58_address(run) {
        return Some(found(run.to_owned()));
    }
    if run.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("bc1")) {
        let lower = run.to_ascii_lowercase();
        let one_case = lower == run || run.to_ascii_uppercase() == run;
        return (one_case && is_bech32_address(&lower)).then(|| found(lower));
    }
    None
}

/// Which hash a run of hexadecimal digits is.
pub(super) fn hash(run: &str) -> Option<IndicatorKind> {
    let kind = match run.len() {
        32 => IndicatorKind::Md5,
        40 => IndicatorKind::Sha1,
        64 => IndicatorKind::Sha256,
        128 => IndicatorKind::Sha512,
        _ => return None,
    };
    let hex = run.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Rows of one kind of digit are separators, padding and counters.
    let mixed =
        run.bytes().any(|b| b.is_ascii_digit()) && run.bytes().any(|b| b.is_ascii_alphabetic());
    (hex && mixed).then_some(kind)
}

/// Base58Check: 25 bytes, of which the last four are the checksum of the others.
fn is_base58_address(run: &str) -> bool {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if run.len() > 35 {
        return false;
    }
    let mut number = [0_u8; 25];
    for byte in run.bytes() {
        let Some(digit) = ALPHABET.iter().position(|known| *known == byte) else { return false };
        let mut carry = digit as u32;
        for place in number.iter_mut().rev() {
            carry += u32::from(*place) * 58;
            *place = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (payload, checksum) = number.split_at(21);
    let digest = Sha256::digest(Sha256::digest(payload));
    matches!(payload.first(), Some(0 | 5)) && digest.get(..4) == Some(checksum)
}

/// Bech32 and Bech32m, as BIP 173 and BIP 350 define them.
fn is_bech32_address(address: &str) -> bool {
    const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let Some(data) = address.strip_prefix("bc1") else { return false };
    if !matches!(address.len(), 42 | 62) {
        return false;
    }
    let mut checksum: u32 = 1;
    let mut step = |value: u32| {
        let top = checksum >> 25;
        checksum = (checksum & 0x01ff_ffff) << 5 ^ value;
        for (i, generator) in GENERATOR.iter().enumerate() {
            if top >> i & 1 == 1 {
                checksum ^= generator;
            }
        }
    };
    // The prefix `bc`, spread out.
    for value in [3, 3, 0, 2, 3] {
        step(value);
    }
    for byte in data.bytes() {
        let Some(value) = ALPHABET.iter().position(|known| *known == byte) else { return false };
        step(value as u32);
    }
    matches!(checksum, 1 | 0x2bc8_30a3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_by_length() {
        let digits = "0123456789abcdef".repeat(8);
        for (length, kind) in [
            (32, Some(IndicatorKind::Md5)),
            (40, Some(IndicatorKind::Sha1)),
            (64, Some(IndicatorKind::Sha256)),
            (128, Some(IndicatorKind::Sha512)),
            (31, None),
            (33, None),
            (48, None),
        ] {
            let found = recognise(&digits[..length]);
            assert_eq!(found.map(|found| found.kind), kind, "{length}");
            let capitals = digits[..length].to_uppercase() + ".";
            let found = recognise(&capitals);
            assert_eq!(found.map(|found| found.canonical).is_some(), kind.is_some(), "{length}");
        }
        assert!(recognise(&"0".repeat(32)).is_none());
        assert!(recognise(&"a".repeat(40)).is_none());
        assert!(recognise(&format!("{}é", &digits[..32])).is_none());
    }

    #[test]
    fn addresses_by_checksum() {
        // The first block's, one of the "pay to script hash" kind, and the examples of BIP 173 and BIP 350.
        for address in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            let found = recognise(address).map(|found| (found.kind, found.end));
            assert_eq!(found, Some((IndicatorKind::Bitcoin, address.len())), "{address}");
            let wrong = address.replacen(['5', '8'], "9", 1);
            if wrong != address {
                assert!(recognise(&wrong).is_none(), "{wrong}");
            }
        }
        assert!(recognise("1BoatSLRHtKNngkdXEeobR76b53LETtpyX").is_none());
    }
}

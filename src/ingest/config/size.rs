//! Sizes as settings have them.
//!
//! In: `200 MB`, `1.5 GiB`, or a number of bytes. Out: bytes.

/// The bytes that a size means; `None` if it means none.
pub(super) fn parse(written: &str) -> Option<u64> {
    let written = written.trim();
    let end = written.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let (number, unit) = written.split_at(end.unwrap_or(written.len()));
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "bytes" => 1,
        "k" | "kb" => 1000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    let number: f64 = number.replace('_', "").parse().ok()?;
    let bytes = number * factor as f64;
    // Above that, a number of bytes is no longer exact, and no size of anything.
    const MOST: f64 = (1_u64 << 53) as f64;
    (1.0..=MOST).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_the_usual_units() {
        for (written, bytes) in [
            ("1000", Some(1000)),
            ("200 MB", Some(200_000_000)),
            ("1.5GiB", Some(3 << 29)),
            (" 64 mib ", Some(64 << 20)),
            ("10_000 k", Some(10_000_000)),
            ("0", None),
            ("", None),
            ("MB", None),
            ("-1 MB", None),
            ("1 TB", None),
            ("1.2.3", None),
            ("99999999999999999999 GB", None),
        ] {
            assert_eq!(parse(written), bytes, "{written}");
        }
    }
}

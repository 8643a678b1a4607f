//! Numbers that programs write and no JSON parser reads.
//!
//! In: text that is not valid JSON. Out: the same with `null` for the `NaN` and infinities of Python, and strings for
//! numbers that are too large to be any: one in a field that nobody asks for should not cost the record.

/// The text with `NaN`, `Infinity` and `-Infinity` outside strings replaced by `null`, and numbers beyond the range of
/// any written as strings; `None` if there are none.
pub(super) fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) =
        rest.find(['"', 'N', '-', 'I', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('"') {
            let end = string_end(rest)?;
            mended.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(after) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) {
            mended.push_str("null");
            rest = after;
            found = true;
        } else {
            let is_of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            let end = rest.find(|c| !is_of_number(c)).unwrap_or(rest.len()).max(1);
            let (number, after) = rest.split_at(end);
            let is_beyond = number.parse::<f64>().is_ok_and(f64::is_infinite);
            let quote = if is_beyond { "\"" } else { "" };
            mended.extend([quote, number, quote]);
            found |= is_beyond;
            rest = after;
        }
    }
    mended.push_str(rest);
    found.then_some(mended)
}

/// The length of the JSON string at the start of `text`, quotes included.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_python_writes_for_no_number_is_null() {
        let text = r#"{"a": NaN, "b": [-Infinity, Infinity, -1], "NaN": "NaN \" NaN"}"#;
        let mended = r#"{"a": null, "b": [null, null, -1], "NaN": "NaN \" NaN"}"#;
        assert_eq!(without_nan(text).as_deref(), Some(mended));
        assert_eq!(without_nan(r#"{"a": "NaN"}"#), None);
        let text = r#"{"a": 1e400000, "b": [-1e999, 1e3, -2.5], "c": "1e999", "1e999": 0}"#;
        let mended = r#"{"a": "1e400000", "b": ["-1e999", 1e3, -2.5], "c": "1e999", "1e999": 0}"#;
        assert_eq!(without_nan(text).as_deref(), Some(mended));
    }

    proptest! {
        #[test]
        fn any_text_is_mended_or_left(text in "[\\[\\]'\",\\\\ NaInfity1é-]{0,24}") {
            without_nan(&text);
        }
    }
}

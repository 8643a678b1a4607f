//! Numbers that Python writes and no JSON parser reads.
//!
//! In: text that is not valid JSON. Out: the same with `null` for `NaN` and infinities.

/// The text with `NaN`, `Infinity` and `-Infinity` outside strings replaced by `null`; `None` if there are none.
pub(super) fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(['"', 'N', '-', 'I']) {
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
            mended.push_str(&rest[..1]);
            rest = &rest[1..];
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
    }

    proptest! {
        #[test]
        fn any_text_is_mended_or_left(text in "[\\[\\]'\",\\\\ NaInfity1é-]{0,24}") {
            without_nan(&text);
        }
    }
}

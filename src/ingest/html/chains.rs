//! Tags with so many attributes that the tokenizer would run out of stack.
//!
//! In: HTML. Out: the same to anyone who reads it, with a blank before some of the `=` of such tags.
//!
//! html5gum 0.9 calls itself once for each attribute of the form `name="value"` that follows another at once, and
//! aborts the process at some ten thousand of them. A blank before `=` ends that chain.

use std::borrow::Cow;

/// Attributes that may follow each other. No tag that was written by hand has as many.
const LONGEST: usize = 64;

/// The page with every chain of attributes cut.
///
/// Where tags begin is not known here, and a page may be made to mislead whoever guesses. So every `="` counts as that
/// of an attribute, whether it is one or is part of a value; the chains that are found are never shorter than real ones.
pub(super) fn cut(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    // The longest chain that has been closed, and that of which the value is still open.
    let (mut closed, mut open) = (0, 0);
    let bytes = html.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            // The end of a tag, unless it is within a value: then it does not end what is open.
            b'>' => closed = 0,
            // A value in other quotes or none ends the chain.
            b'=' if bytes.get(at + 1) != Some(&b'"') => closed = 0,
            b'"' if at > 0 && bytes[at - 1] == b'=' => {
                let mut chain = closed + 1;
                if chain > LONGEST {
                    out.push_str(&html[copied..at - 1]);
                    out.push(' ');
                    copied = at - 1;
                    chain = 0;
                }
                // This quote may also end the value of another that is open; all that was closed ends here.
                closed = std::mem::replace(&mut open, chain);
            }
            b'"' => closed = closed.max(std::mem::take(&mut open)),
            _ => {}
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::html::text_of;

    #[test]
    fn pages_as_they_are_stay() {
        let page = format!("{}<p title=\"a=\">x</p>", "<a href=\"x\" id=\"y\">".repeat(1000));
        assert!(matches!(cut(&page), Cow::Borrowed(_)));
        let pairs = "a=\"x\" ".repeat(LONGEST);
        assert!(matches!(cut(&format!("<div {pairs}><div {pairs}>")), Cow::Borrowed(_)));
        let long = format!("<div {}b>", "a=\"é\" ".repeat(200));
        assert_eq!(cut(&long).matches(" =\"é\"").count(), 3);
    }

    #[test]
    fn tags_of_any_number_of_attributes_are_read() {
        for pair in [
            "a=\"x\" ",
            "a=\"x\"",
            "a=\">\" ",
            "a=\"\"",
            "a=\"=\"",
            "a=x b='y' c=\"z\"/",
            "x\"a=\"=\"",
        ] {
            for before in ["<div ", "<div b=\"", "<script><a b=\"</script><div ", "<!-- \" --><p "]
            {
                let page = format!("<p>It was down.</p>{before}{}>x", pair.repeat(15_000));
                assert!(text_of(&page).starts_with("It was down."), "{before}{pair}");
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_added(html in "(a=\"|\"|>|<p |x|=|é| ){0,400}") {
            let cut = cut(&html);
            prop_assert_eq!(cut.replace(' ', ""), html.replace(' ', ""));
        }
    }
}

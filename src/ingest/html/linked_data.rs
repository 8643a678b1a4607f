//! What a page says of its account in JSON-LD, as the news and search engines have agreed (schema.org).
//!
//! In: the text of the scripts that hold it. Out: names and values as if the head of the page declared them, and the
//! account itself where it stands there.

use crate::ingest::record::Value;

/// What is known of the account.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LinkedData {
    /// In the names of schema.org, in lower case.
    pub declared: Vec<(String, String)>,
    pub body: String,
}

/// Reads one script. What is no JSON, or of no account, says nothing.
pub(super) fn read(script: &str) -> LinkedData {
    let mut found = LinkedData::default();
    let Ok(value) = serde_json::from_str::<Value>(script.trim()) else { return found };
    /// The account may stand in a list, or in the graph of the page.
    const DEEPEST: usize = 4;
    let Some(account) = account(&value, DEEPEST) else { return found };
    for name in ["headline", "datePublished", "description", "inLanguage"] {
        if let Some(text) = account.get(&[name]).and_then(|value| value.texts().into_iter().next())
        {
            found.declared.push((format!("ld:{}", name.to_lowercase()), text));
        }
    }
    let body = account.get(&["articleBody"]).map(Value::texts);
    found.body = body.unwrap_or_default().join("\n\n");
    found
}

fn account(value: &Value, depth: usize) -> Option<&Value> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::List(items) => items.iter().find_map(|item| account(item, depth)),
        Value::Object(_) if is_account(value) => Some(value),
        Value::Object(_) => {
            ["@graph", "mainEntity"].iter().find_map(|name| account(value.get(&[*name])?, depth))
        }
        _ => None,
    }
}

fn is_account(value: &Value) -> bool {
    let types = value.get(&["@type"]).map(Value::texts).unwrap_or_default();
    types.iter().any(|name| {
        name.ends_with("Article")
            || matches!(name.as_str(), "BlogPosting" | "Report" | "LiveBlogPosting")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_found_alone_in_a_list_and_in_a_graph() {
        let account = r#"{"@type": ["NewsArticle"], "headline": "Port down", "datePublished": "2023-07-05",
            "author": {"name": "A"}, "articleBody": "It was hit."}"#;
        for script in [
            account.to_owned(),
            format!("\n[{{\"@type\": \"Organization\", \"headline\": \"x\"}}, {account}]\n"),
            format!("{{\"@graph\": [{{\"@type\": \"WebPage\"}}, {account}]}}"),
        ] {
            let found = read(&script);
            let declared: Vec<_> = found
                .declared
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(
                declared,
                [("ld:headline", "Port down"), ("ld:datepublished", "2023-07-05")]
            );
            assert_eq!(found.body, "It was hit.");
        }
        for script in ["", "{", "[]", "1", r#"{"@type": "Organization", "name": "x"}"#] {
            assert_eq!(read(script), LinkedData::default(), "{script}");
        }
        assert_eq!(read(&"[".repeat(100_000)), LinkedData::default());
    }
}

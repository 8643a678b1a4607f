//! Queries to be judged.
//!
//! In: JSON lines with `_id`, `text` and perhaps `self`. Out: [`Topic`]s.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use super::lines;
use crate::error::Result;

/// A query, with the id that judgements know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its id in judgements and runs.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// The report that the query was taken from, which is no answer to it.
    pub excluded: Option<String>,
}

impl Topic {
    /// Reads queries from a file; see [`Topic::parse_all`].
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or a line of it: the error names file and line.
    pub fn read_all(path: impl AsRef<Path>) -> Result<Vec<Topic>> {
        let path = path.as_ref();
        parse(&lines::text_of(path)?, Some(path))
    }

    /// Reads queries: a JSON object a line, with `_id`, `text`, and `self` where the query was taken from a report.
    ///
    /// ```
    /// use casebook::eval::Topic;
    ///
    /// let topics = Topic::parse_all(r#"{"_id": "q1", "text": "website defaced", "self": "normandie"}"#)?;
    /// assert_eq!(topics[0].excluded.as_deref(), Some("normandie"));
    ///
    /// let error = Topic::parse_all("{\"_id\": 1, \"text\": \"a\"}\n{\"_id\": 2}").unwrap_err();
    /// assert!(error.to_string().starts_with("cannot read line 2: missing field `text`"));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// On lines that are something else, and on ids that occur twice. The error names the line.
    pub fn parse_all(text: &str) -> Result<Vec<Topic>> {
        parse(text, None)
    }
}

/// A line as it is written; other fields are of no concern here.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "_id")]
    id: Id,
    text: String,
    #[serde(rename = "self")]
    excluded: Option<Id>,
}

/// Some sources write numbers without quotation marks.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an id is a text or a whole number")]
enum Id {
    Text(String),
    Number(i64),
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        }
    }
}

fn parse(text: &str, path: Option<&Path>) -> Result<Vec<Topic>> {
    let mut topics = Vec::new();
    let mut seen = HashSet::new();
    lines::each(text, path, |line| {
        // Each line is a document to the JSON reader, which would say "line 1" of all of them.
        let line: Line = serde_json::from_str(line)
            .map_err(|error| error.to_string().replace(" at line 1 column ", " at column "))?;
        let id = String::from(line.id);
        if !seen.insert(id.clone()) {
            return Err(format!("a second query has the id `{id}`"));
        }
        topics.push(Topic { id, text: line.text, excluded: line.excluded.map(String::from) });
        Ok(())
    })?;
    Ok(topics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_sources_write_them() {
        let text = "\u{FEFF}{\"_id\": \"q:1\", \"text\": \"a b\", \"orig\": \"001\"}\r\n\r\n\
                    {\"_id\": 2, \"text\": \"\", \"self\": 7}\n{\"_id\":\"3\",\"text\":\"c\",\"self\":null}";
        let topics = Topic::parse_all(text).unwrap();
        let topic = |id: &str, text: &str, excluded: Option<&str>| Topic {
            id: id.into(),
            text: text.into(),
            excluded: excluded.map(Into::into),
        };
        assert_eq!(
            topics,
            [topic("q:1", "a b", None), topic("2", "", Some("7")), topic("3", "c", None)]
        );
    }

    #[test]
    fn faults_name_the_line() {
        let good = r#"{"_id": "1", "text": "a"}"#;
        for (second, problem) in [
            ("nonsense", "expected"),
            ("[]", "invalid"),
            (r#"{"text": "a"}"#, "missing field `_id`"),
            (r#"{"_id": 1.5, "text": "a"}"#, "an id is a text or a whole number"),
            (r#"{"_id": 1, "text": "a"}"#, "a second query has the id `1`"),
        ] {
            let error = Topic::parse_all(&format!("{good}\n{second}\n")).unwrap_err().to_string();
            assert!(error.starts_with("cannot read line 2: "), "{error}");
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queries.jsonl");
        let error = Topic::read_all(&path).unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot read {}: ", path.display())));
        std::fs::write(&path, "\n{}\n").unwrap();
        let error = Topic::read_all(&path).unwrap_err();
        let expected = format!("cannot read line 2 of {}: missing field", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "(\\{?\"?_id\"?:? ?[0-9\"a,}\n]*){0,4}") {
            let _ = Topic::parse_all(&text);
        }
    }
}

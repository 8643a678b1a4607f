//! What a search ranked for each query.
//!
//! In: ids of reports in order, or a TREC run file. Out: a [`Run`], which can be written as such a file.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;

use super::lines;
use crate::error::{Error, ErrorKind, Result};

/// The reports that a search ranked for each query, best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    queries: BTreeMap<String, Vec<String>>,
}

impl Run {
    /// Sets what was ranked for a query, best first; it may be nothing.
    ///
    /// ```
    /// use casebook::eval::Run;
    ///
    /// let mut run = Run::default();
    /// run.insert("q1", ["nice", "normandie"])?;
    /// assert_eq!(run.ranked("q1"), ["nice", "normandie"]);
    /// assert!(run.insert("q1", ["nice", "nice"]).is_err());
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where a report is ranked twice: it would be counted twice.
    pub fn insert<D: Into<String>>(
        &mut self,
        query: &str,
        ranked: impl IntoIterator<Item = D>,
    ) -> Result<()> {
        let ranked: Vec<String> = ranked.into_iter().map(Into::into).collect();
        let mut seen = HashSet::with_capacity(ranked.len());
        if let Some(twice) = ranked.iter().find(|id| !seen.insert(id.as_str())) {
            return Err(Error::new(ErrorKind::Input, ranked_twice(twice, query)));
        }
        self.queries.insert(query.to_owned(), ranked);
        Ok(())
    }

    /// What was ranked for a query; nothing for one that was not run.
    pub fn ranked(&self, query: &str) -> &[String] {
        self.queries.get(query).map_or(&[], Vec::as_slice)
    }

    /// The queries that were run, by id.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().map(String::as_str)
    }

    /// Takes a report out of what was ranked for a query: the one that the query was taken from.
    pub fn exclude(&mut self, query: &str, document: &str) {
        if let Some(ranked) = self.queries.get_mut(query) {
            ranked.retain(|id| id != document);
        }
    }

    /// Reads a run from a file; see [`Run::parse`].
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or a line of it: the error names file and line.
    pub fn read(path: impl AsRef<Path>) -> Result<Run> {
        let path = path.as_ref();
        parse(&lines::text_of(path)?, Some(path))
    }

    /// Reads a run as TREC writes it: `query Q0 document rank score tag` on each line.
    ///
    /// As in `trec_eval` the score alone makes the order, higher first, whatever rank the line states; equal scores
    /// are ordered by document, descending.
    ///
    /// ```
    /// use casebook::eval::Run;
    ///
    /// let run = Run::parse("q1 Q0 nice 1 2.5 mine\nq1 Q0 normandie 2 7.25 mine\n")?;
    /// assert_eq!(run.ranked("q1"), ["normandie", "nice"]);
    ///
    /// let error = Run::parse("q1 Q0 nice 1 2.5 mine\nq1 Q0 nice 2 2.0 mine\n").unwrap_err();
    /// assert_eq!(error.to_string(), "cannot read line 2: `nice` is ranked twice for the query `q1`");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// On lines that are something else, and on documents that are ranked twice. The error names the line.
    pub fn parse(text: &str) -> Result<Run> {
        parse(text, None)
    }

    /// Writes the run as TREC has it. `tag` names the run.
    ///
    /// Programs that read such files sort by the score, and scores of a casebook are comparable only within a tier: so
    /// the score written is the number of places from the end of the list, which keeps the order.
    ///
    /// ```
    /// use casebook::eval::Run;
    ///
    /// let mut run = Run::default();
    /// run.insert("q1", ["normandie", "nice"])?;
    /// let mut file = Vec::new();
    /// run.write("mine", &mut file)?;
    /// assert_eq!(file, b"q1 Q0 normandie 1 2 mine\nq1 Q0 nice 2 1 mine\n");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where an id or the tag is empty or holds a blank, for which the format has no place; where `out` fails.
    pub fn write(&self, tag: &str, out: &mut dyn io::Write) -> Result<()> {
        one_column(tag)?;
        for (query, ranked) in &self.queries {
            one_column(query)?;
            for (i, id) in ranked.iter().enumerate() {
                one_column(id)?;
                let (rank, score) = (i + 1, ranked.len() - i);
                writeln!(out, "{query} Q0 {id} {rank} {score} {tag}").map_err(|error| {
                    Error::new(ErrorKind::Io, "cannot write the run").with_source(error)
                })?;
            }
        }
        Ok(())
    }
}

fn ranked_twice(id: &str, query: &str) -> String {
    format!("`{id}` is ranked twice for the query `{query}`")
}

fn one_column(text: &str) -> Result<()> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        let message =
            format!("`{text}` can't stand in a TREC run, whose columns are divided by blanks");
        return Err(Error::new(ErrorKind::Input, message));
    }
    Ok(())
}

fn parse(text: &str, path: Option<&Path>) -> Result<Run> {
    let mut scored: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
    let mut seen = HashSet::new();
    lines::each(text, path, |line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [query, _, id, _, score, _] = columns[..] else {
            return Err(format!(
                "a line of a run is `query Q0 document rank score tag`: 6 columns, not {}",
                columns.len()
            ));
        };
        let score: f64 = score
            .parse()
            .ok()
            .filter(|score: &f64| !score.is_nan())
            .ok_or_else(|| format!("the score `{score}` is no number"))?;
        if !seen.insert((query.to_owned(), id.to_owned())) {
            return Err(ranked_twice(id, query));
        }
        scored.entry(query.to_owned()).or_default().push((score, id.to_owned()));
        Ok(())
    })?;
    let ranked = |mut scored: Vec<(f64, String)>| {
        scored.sort_by(|(a, one), (b, other)| {
            // Not `total_cmp`, to which 0 and -0 differ. There are no NaN.
            b.partial_cmp(a).unwrap_or(Ordering::Equal).then_with(|| other.cmp(one))
        });
        scored.into_iter().map(|(_, id)| id).collect()
    };
    let queries = scored.into_iter().map(|(query, scored)| (query, ranked(scored))).collect();
    Ok(Run { queries })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_score_makes_the_order() {
        let text = "1 Q0 a 1 0.5 x\n1 Q0 b 2 1e3 x\r\n\n1\tQ0\tc\t3\t-2\tx\n2 Q0 a 1 0 x\n2 Q0 b 2 -0 x\n\
                    2 Q0 c 3 inf x\n";
        let run = Run::parse(text).unwrap();
        assert_eq!(run.ranked("1"), ["b", "a", "c"]);
        assert_eq!(run.ranked("2"), ["c", "b", "a"], "equal scores by document, descending");
        assert_eq!(run.queries().collect::<Vec<_>>(), ["1", "2"]);
        assert!(run.ranked("3").is_empty());
    }

    #[test]
    fn faults_name_the_line() {
        for (second, problem) in [
            ("1 Q0 b 2 1", "6 columns, not 5"),
            ("1 Q0 b 2 1 x y", "6 columns, not 7"),
            ("1 Q0 b 2 high x", "the score `high` is no number"),
            ("1 Q0 b 2 NaN x", "the score `NaN` is no number"),
            ("1 Q0 a 2 1 x", "`a` is ranked twice for the query `1`"),
        ] {
            let error = Run::parse(&format!("1 Q0 a 1 2 x\n{second}\n")).unwrap_err().to_string();
            assert!(error.starts_with("cannot read line 2: "), "{error}");
            assert!(error.ends_with(problem), "{error}");
        }
        assert!(Run::parse("1 Q0 a 1 2 x\n2 Q0 a 1 2 x\n").is_ok(), "another query's");
    }

    #[test]
    fn files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.run");
        std::fs::write(&path, "1 Q0 a 1 2 x\n1 Q0 a 2 1 x\n").unwrap();
        let error = Run::read(&path).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "cannot read line 2 of {}: `a` is ranked twice for the query `1`",
                path.display()
            )
        );
        assert_eq!(error.path(), Some(path.as_path()));
    }

    #[test]
    fn ids_with_blanks_are_not_written() {
        for (query, id, tag) in
            [("a b", "c", "x"), ("a", "b c", "x"), ("a", "b", ""), ("a", "", "x")]
        {
            let mut run = Run::default();
            run.insert(query, [id]).unwrap();
            assert!(run.write(tag, &mut Vec::new()).is_err(), "{query:?} {id:?} {tag:?}");
        }
    }

    #[test]
    fn the_report_behind_a_query_is_no_answer() {
        let mut run = Run::parse("1 Q0 a 1 3 x\n1 Q0 b 2 2 x\n2 Q0 a 1 1 x\n").unwrap();
        run.exclude("1", "a");
        run.exclude("3", "a");
        assert_eq!((run.ranked("1"), run.ranked("2")), (&["b".into()][..], &["a".into()][..]));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            queries in prop::collection::btree_map(
                "[a-z0-9:é]{1,4}",
                prop::collection::hash_set("[a-z0-9/#.]{1,3}", 1..12),
                0..5,
            ),
        ) {
            let mut run = Run::default();
            for (query, ranked) in queries {
                run.insert(&query, ranked).unwrap();
            }
            let mut file = Vec::new();
            run.write("tag", &mut file).unwrap();
            prop_assert_eq!(Run::parse(std::str::from_utf8(&file).unwrap()).unwrap(), run);
        }

        #[test]
        fn nothing_panics(text in "([1aQ. \n-]|NaN|inf){0,60}") {
            let _ = Run::parse(&text);
        }
    }
}

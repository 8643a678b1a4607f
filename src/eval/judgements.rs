//! Which reports answer which query, and how a run fares by that.
//!
//! In: TREC qrels; a [`Run`]. Out: [`Judgements`] and the [`Evaluation`] of the run.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::lines;
use super::measures::Measures;
use super::run::Run;
use super::topic::Topic;
use crate::error::Result;

/// Which reports answer which query, and how well.
#[derive(Debug, Clone, Default)]
pub struct Judgements {
    /// In the order of the file, which is the order that people know the queries in.
    queries: Vec<Judged>,
}

/// The judgements of one query.
#[derive(Debug, Clone)]
struct Judged {
    query: String,
    grades: HashMap<String, u32>,
}

impl Judged {
    fn relevant(&self) -> usize {
        self.grades.values().filter(|&&grade| grade > 0).count()
    }
}

/// How a run fares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// The means over [`queries`](Self::queries).
    pub means: Measures,
    /// Every query with a relevant report, in the order of the judgements.
    pub queries: Vec<Scored>,
    /// Judged queries without any relevant report, which can't be measured.
    pub without_relevant: Vec<String>,
    /// Queries that were run and nobody judged.
    pub unjudged: Vec<String>,
}

/// How a run fares on one query.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The query's id.
    pub query: String,
    /// What was measured.
    pub measures: Measures,
    /// Number of relevant reports that there are.
    pub relevant: usize,
    /// Number of reports that were ranked.
    pub ranked: usize,
}

impl Judgements {
    /// Reads judgements from a file; see [`Judgements::parse`].
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or a line of it: the error names file and line.
    pub fn read(path: impl AsRef<Path>) -> Result<Judgements> {
        let path = path.as_ref();
        parse(&lines::text_of(path)?, Some(path))
    }

    /// Reads judgements as TREC writes them (qrels): `query 0 document grade` on each line.
    ///
    /// A grade of 0 or below says that the report does not answer the query.
    ///
    /// ```
    /// use casebook::eval::Judgements;
    ///
    /// let judgements = Judgements::parse("q1 0 normandie 2\nq1 0 lisbon 0\n")?;
    /// assert_eq!(judgements.queries().collect::<Vec<_>>(), ["q1"]);
    /// assert_eq!(judgements.relevant_reports().collect::<Vec<_>>(), ["normandie"]);
    ///
    /// let error = Judgements::parse("q1 normandie 2\n").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "cannot read line 1: a judgement is `query 0 document grade`: 4 columns, not 3"
    /// );
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// On lines that are something else, and on reports judged twice for one query. The error names the line.
    pub fn parse(text: &str) -> Result<Judgements> {
        parse(text, None)
    }

    /// The judged queries, in the order of the file.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.queries.iter().map(|judged| judged.query.as_str())
    }

    /// Every report that answers some query, once.
    pub fn relevant_reports(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let graded = self.queries.iter().flat_map(|judged| &judged.grades);
        let relevant = graded.filter(|(_, grade)| **grade > 0).map(|(id, _)| id.as_str());
        relevant.filter(move |id| seen.insert(*id))
    }

    /// Keeps the judgements of these queries, and drops those of the reports that the queries were taken from. Returns
    /// the number of judged queries that are not among them.
    ///
    /// ```
    /// use casebook::eval::{Judgements, Topic};
    ///
    /// let mut judgements = Judgements::parse("q1 0 nice 1\nq2 0 nice 1\n")?;
    /// let topics = Topic::parse_all(r#"{"_id": "q1", "text": "town hall"}"#)?;
    /// assert_eq!(judgements.restrict(&topics), 1);
    /// assert_eq!(judgements.queries().collect::<Vec<_>>(), ["q1"]);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn restrict(&mut self, topics: &[Topic]) -> usize {
        let asked: HashMap<&str, &Topic> =
            topics.iter().map(|topic| (topic.id.as_str(), topic)).collect();
        let before = self.queries.len();
        self.queries.retain_mut(|judged| {
            let Some(topic) = asked.get(judged.query.as_str()) else { return false };
            if let Some(excluded) = &topic.excluded {
                judged.grades.remove(excluded);
            }
            true
        });
        before - self.queries.len()
    }

    /// Measures a run. A judged query that the run has nothing for counts as 0.
    pub fn evaluate(&self, run: &Run) -> Evaluation {
        let (measurable, hopeless): (Vec<_>, Vec<_>) =
            self.queries.iter().partition(|judged| judged.relevant() > 0);
        let queries: Vec<Scored> = measurable
            .into_iter()
            .map(|judged| {
                let ranked = run.ranked(&judged.query);
                Scored {
                    query: judged.query.clone(),
                    measures: Measures::of(ranked, &judged.grades),
                    relevant: judged.relevant(),
                    ranked: ranked.len(),
                }
            })
            .collect();
        let judged: HashSet<&str> = self.queries().collect();
        let unjudged = run.queries().filter(|query| !judged.contains(query));
        Evaluation {
            means: Measures::mean(queries.iter().map(|scored| &scored.measures)),
            without_relevant: hopeless.into_iter().map(|judged| judged.query.clone()).collect(),
            unjudged: unjudged.map(Into::into).collect(),
            queries,
        }
    }
}

fn parse(text: &str, path: Option<&Path>) -> Result<Judgements> {
    let mut queries: Vec<Judged> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    lines::each(text, path, |line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [query, _, id, grade] = columns[..] else {
            return Err(format!(
                "a judgement is `query 0 document grade`: 4 columns, not {}",
                columns.len()
            ));
        };
        let grade: i64 =
            grade.parse().map_err(|_| format!("the grade `{grade}` is no whole number"))?;
        let place = *places.entry(query.to_owned()).or_insert_with(|| {
            queries.push(Judged { query: query.to_owned(), grades: HashMap::new() });
            queries.len() - 1
        });
        let grade = u32::try_from(grade.max(0)).unwrap_or(u32::MAX);
        match queries[place].grades.insert(id.to_owned(), grade) {
            Some(_) => Err(format!("`{id}` is judged twice for the query `{query}`")),
            None => Ok(()),
        }
    })?;
    Ok(Judgements { queries })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(queries: &[(&str, &str)]) -> Run {
        let mut run = Run::default();
        for (query, ranked) in queries {
            run.insert(query, ranked.split_whitespace()).unwrap();
        }
        run
    }

    #[test]
    fn means_are_over_judged_queries() {
        let judgements =
            Judgements::parse("2 0 a 1\n1 0 b 1\n3 0 c 0\n4 0 d -1\n5 0 e 1\n").unwrap();
        let evaluation =
            judgements.evaluate(&run(&[("1", "x b"), ("2", "a"), ("3", "c"), ("9", "a")]));
        let rows: Vec<_> = evaluation
            .queries
            .iter()
            .map(|row| (row.query.as_str(), row.measures.mrr_10, row.relevant, row.ranked))
            .collect();
        // 5 was not run: it counts, as 0.
        assert_eq!(rows, [("2", 1.0, 1, 1), ("1", 0.5, 1, 2), ("5", 0.0, 1, 0)]);
        assert_eq!(evaluation.means.mrr_10, 0.5);
        assert_eq!(evaluation.without_relevant, ["3", "4"]);
        assert_eq!(evaluation.unjudged, ["9"]);
    }

    #[test]
    fn nothing_judged_is_no_division_by_zero() {
        let evaluation = Judgements::default().evaluate(&run(&[("1", "a")]));
        assert_eq!(evaluation.means, Measures::default());
    }

    #[test]
    fn grades_weigh_and_negative_ones_do_not() {
        let judgements = Judgements::parse("1 0 a 4\n1 0 b -3\n1 0 c 1\n").unwrap();
        let measures = judgements.evaluate(&run(&[("1", "b a c")])).means;
        // (4/1.5849625 + 1/2) / (4 + 1/1.5849625) = 3.0237190 / 4.6309298
        assert!((measures.ndcg_10 - 0.6529399).abs() < 5e-7, "{measures:?}");
        assert!((measures.map - (1.0 / 2.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12, "{measures:?}");
    }

    #[test]
    fn restricted_to_what_was_asked() {
        let mut judgements = Judgements::parse("1 0 a 1\n1 0 b 1\n2 0 a 1\n3 0 a 1\n").unwrap();
        let topics = "{\"_id\":1,\"text\":\"\",\"self\":\"a\"}\n{\"_id\":2,\"text\":\"\"}\n";
        let dropped = judgements.restrict(&Topic::parse_all(topics).unwrap());
        assert_eq!(dropped, 1);
        let evaluation = judgements.evaluate(&run(&[("1", "b"), ("2", "a")]));
        assert_eq!(evaluation.queries.len(), 2);
        assert_eq!(evaluation.means.recall_100, 1.0, "a is no answer to what was taken from it");
    }

    #[test]
    fn lines_are_read_as_files_have_them() {
        let judgements = Judgements::parse("\u{FEFF}q:1 0 a#1 1\r\n\n q2\tx  b   0 \n").unwrap();
        assert_eq!(judgements.queries().collect::<Vec<_>>(), ["q:1", "q2"]);
        assert_eq!(judgements.relevant_reports().collect::<Vec<_>>(), ["a#1"]);
    }

    #[test]
    fn faults_name_the_line() {
        for (second, problem) in [
            ("1 b 1", "4 columns, not 3"),
            ("1 0 b 1 1", "4 columns, not 5"),
            ("1 0 b good", "the grade `good` is no whole number"),
            ("1 0 b 1.5", "the grade `1.5` is no whole number"),
            ("1 0 a 0", "`a` is judged twice for the query `1`"),
        ] {
            let error = Judgements::parse(&format!("1 0 a 1\n{second}\n")).unwrap_err().to_string();
            assert!(error.starts_with("cannot read line 2: "), "{error}");
            assert!(error.ends_with(problem), "{error}");
        }
        assert!(Judgements::read("/no/such/qrels").is_err());
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "[01a \n-]{0,60}") {
            if let Ok(judgements) = Judgements::parse(&text) {
                judgements.evaluate(&run(&[("1", "a 0 1")]));
            }
        }

        #[test]
        fn measures_lie_between_0_and_1(
            grades in proptest::collection::vec(-1_i64..5, 0..15),
            ranked in proptest::collection::hash_set(0_usize..30, 0..30),
        ) {
            let lines = grades.iter().enumerate().map(|(id, grade)| format!("1 0 {id} {grade}\n"));
            let judgements = Judgements::parse(&lines.collect::<String>()).unwrap();
            let mut run = Run::default();
            run.insert("1", ranked.iter().map(usize::to_string)).unwrap();
            for row in judgements.evaluate(&run).queries {
                for measure in crate::eval::Measure::ALL {
                    let value = row.measures.get(measure);
                    proptest::prop_assert!((0.0..=1.0 + 1e-12).contains(&value), "{measure:?} {value}");
                }
            }
        }
    }
}

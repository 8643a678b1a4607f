//! How good a ranking is.
//!
//! In: the evaluations of one run or two, and how the two compare. Out: for people, a table; or JSON.

use std::io::{self, Write};
use std::time::Duration;

use casebook::eval::{Compared, Comparison, Evaluation, Measure, Measures};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::escape;
use super::json::{self, Versioned};
use super::style::{Role, Style};
use crate::sync::counted;

/// What was measured, and how to show it.
#[derive(Debug)]
pub struct Measured<'a> {
    /// One run or two, each with its name.
    pub runs: &'a [(String, Evaluation)],
    /// How the second compares to the first.
    pub comparison: Option<&'a Comparison>,
    /// Show each query.
    pub per_query: bool,
    /// How long it took to run and measure.
    pub elapsed: Duration,
}

/// Prints tables for people.
pub fn text(measured: &Measured<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if measured.per_query {
        per_query(measured).print(style, out)?;
        writeln!(out)?;
    }
    match measured.comparison {
        Some(comparison) => comparison_table(measured, comparison).print(style, out)?,
        None => means(measured).print(style, out)?,
    }
    writeln!(out, "{}", escape::line(&summary(measured)))
}

/// A run in each row, a measure in each column.
fn means(measured: &Measured<'_>) -> Table {
    let mut table = Table::new("", Measure::ALL.iter().map(|measure| measure.name()));
    for (name, evaluation) in measured.runs {
        table.row(name, Measure::ALL.map(|measure| figure(evaluation.means.get(measure))));
    }
    table
}

/// A measure in each row: the means of both runs, and whether their difference means anything.
fn comparison_table(measured: &Measured<'_>, comparison: &Comparison) -> Table {
    let names = measured.runs.iter().map(|(name, _)| name.as_str());
    let mut table = Table::new("", names.chain(["difference", "", "better", "worse", "p"]));
    for compared in &comparison.measures {
        let Compared { first, second, difference, better, worse, .. } = compared;
        table.row(
            compared.measure.name(),
            [
                figure(*first),
                figure(*second),
                format!("{difference:+.4}"),
                percent(compared),
                better.to_string(),
                worse.to_string(),
                p_value(compared),
            ],
        );
    }
    table
}

/// A query in each row: its measures, and by how much the second run differs from the first.
fn per_query(measured: &Measured<'_>) -> Table {
    let [first, rest @ ..] = measured.runs else { return Table::new("query", []) };
    let second = rest.first();
    let columns = Measure::ALL.iter().flat_map(|measure| {
        let difference = second.map(|_| "");
        std::iter::once(measure.name()).chain(difference)
    });
    let mut table = Table::new("query", columns.chain(["relevant", "ranked"]));
    let (_, shown) = second.unwrap_or(first);
    for (i, scored) in shown.queries.iter().enumerate() {
        let before = second.and_then(|_| first.1.queries.get(i));
        let mut cells = Vec::new();
        for measure in Measure::ALL {
            let value = scored.measures.get(measure);
            cells.push(figure(value));
            cells.extend(before.map(|before| change(value - before.measures.get(measure))));
        }
        cells.extend([scored.relevant.to_string(), scored.ranked.to_string()]);
        table.row(&scored.query, cells);
    }
    table
}

fn summary(measured: &Measured<'_>) -> String {
    let Some((_, evaluation)) = measured.runs.last() else { return String::new() };
    let mut text = counted(evaluation.queries.len(), "judged query", "judged queries");
    for (count, what) in [
        (evaluation.without_relevant.len(), "without a relevant report"),
        (evaluation.unjudged.len(), "that nobody judged"),
    ] {
        if count > 0 {
            text.push_str(&format!("; left out {} {what}", counted(count, "query", "queries")));
        }
    }
    if measured.comparison.is_some() {
        text.push_str("; p by a paired randomisation test, two-sided");
    }
    text.push_str(&format!("; {:.1} s", measured.elapsed.as_secs_f64()));
    text
}

fn figure(value: f64) -> String {
    format!("{value:.4}")
}

/// Nothing where nothing changed, so that the eye finds what did.
fn change(value: f64) -> String {
    let text = format!("{value:+.4}");
    if matches!(text.as_str(), "+0.0000" | "-0.0000") { String::new() } else { text }
}

fn percent(compared: &Compared) -> String {
    if compared.first == 0.0 {
        return String::new();
    }
    format!("{:+.1} %", 100.0 * compared.difference / compared.first)
}

fn p_value(compared: &Compared) -> String {
    match compared.p_value {
        p if p < 0.0001 => "<0.0001".into(),
        p => figure(p),
    }
}

/// Cells in columns: the first set left, the others right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new<'t>(first: &str, others: impl IntoIterator<Item = &'t str>) -> Self {
        let mut table = Self { rows: Vec::new() };
        table.row(first, others.into_iter().map(str::to_owned));
        table
    }

    fn row(&mut self, first: &str, others: impl IntoIterator<Item = String>) {
        let cells = std::iter::once(first.to_owned()).chain(others);
        self.rows.push(cells.map(|cell| escape::line(&cell).into_owned()).collect());
    }

    fn print(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let widths: Vec<usize> = (0..columns)
            .map(|column| cells(column).map(|cell| cell.width()).max().unwrap_or_default())
            .collect();
        for (i, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let blanks = " ".repeat(width - cell.width());
                match column {
                    0 => line.extend([cell.as_str(), &blanks]),
                    _ => line.extend(["  ", &blanks, cell]),
                }
            }
            let role = if i == 0 { Role::Dim } else { Role::Plain };
            writeln!(out, "{}{}{}", style.start(role), line.trim_end(), style.end(role))?;
        }
        Ok(())
    }
}

/// Prints JSON.
pub fn json(measured: &Measured<'_>, out: &mut dyn Write) -> io::Result<()> {
    let view = EvaluationsView {
        runs: measured.runs.iter().map(|run| RunView::new(run, measured.per_query)).collect(),
        comparison: measured.comparison.map(ComparisonView::new),
        seconds: measured.elapsed.as_secs_f64(),
    };
    json::document(out, &Versioned::of(view))
}

#[derive(Serialize)]
struct EvaluationsView<'a> {
    runs: Vec<RunView<'a>>,
    comparison: Option<ComparisonView>,
    seconds: f64,
}

#[derive(Serialize)]
struct RunView<'a> {
    name: &'a str,
    queries: usize,
    means: MeasuresView,
    without_relevant: &'a [String],
    unjudged: &'a [String],
    per_query: Vec<QueryView<'a>>,
}

impl<'a> RunView<'a> {
    fn new((name, evaluation): &'a (String, Evaluation), per_query: bool) -> Self {
        let shown = if per_query { evaluation.queries.as_slice() } else { &[] };
        let row = |scored: &'a casebook::eval::Scored| QueryView {
            query: &scored.query,
            measures: MeasuresView::new(&scored.measures),
            relevant: scored.relevant,
            ranked: scored.ranked,
        };
        Self {
            name,
            queries: evaluation.queries.len(),
            means: MeasuresView::new(&evaluation.means),
            without_relevant: &evaluation.without_relevant,
            unjudged: &evaluation.unjudged,
            per_query: shown.iter().map(row).collect(),
        }
    }
}

#[derive(Serialize)]
struct QueryView<'a> {
    query: &'a str,
    #[serde(flatten)]
    measures: MeasuresView,
    relevant: usize,
    ranked: usize,
}

#[derive(Serialize)]
struct MeasuresView {
    ndcg_10: f64,
    map: f64,
    mrr_10: f64,
    recall_100: f64,
}

impl MeasuresView {
    fn new(measures: &Measures) -> Self {
        let Measures { ndcg_10, map, mrr_10, recall_100 } = *measures;
        Self { ndcg_10, map, mrr_10, recall_100 }
    }
}

#[derive(Serialize)]
struct ComparisonView {
    queries: usize,
    measures: Vec<ComparedView>,
}

impl ComparisonView {
    fn new(comparison: &Comparison) -> Self {
        Self {
            queries: comparison.queries,
            measures: comparison.measures.iter().map(ComparedView::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct ComparedView {
    measure: &'static str,
    first: f64,
    second: f64,
    difference: f64,
    p_value: f64,
    exact: bool,
    better: usize,
    worse: usize,
}

impl ComparedView {
    fn new(compared: &Compared) -> Self {
        let Compared { measure, first, second, difference, p_value, exact, better, worse } =
            *compared;
        let measure = match measure {
            Measure::Ndcg10 => "ndcg_10",
            Measure::Map => "map",
            Measure::Mrr10 => "mrr_10",
            Measure::Recall100 => "recall_100",
        };
        Self { measure, first, second, difference, p_value, exact, better, worse }
    }
}

#[cfg(test)]
mod tests {
    use casebook::eval::{Judgements, RandomisationTest, Run};

    use super::*;

    fn evaluations() -> Vec<(String, Evaluation)> {
        let judgements = Judgements::parse("q1 0 a 2\nq1 0 b 1\nq:2 0 a 1\nq3 0 a 0\n").unwrap();
        let first = Run::parse("q1 Q0 a 1 2 x\nq:2 Q0 b 1 2 x\nq:2 Q0 a 2 1 x\n").unwrap();
        let second = Run::parse("q1 Q0 a 1 2 x\nq:2 Q0 a 1 2 x\nq9 Q0 a 1 2 x\n").unwrap();
        [("old.run", first), ("casebook", second)]
            .map(|(name, run)| (name.to_owned(), judgements.evaluate(&run)))
            .into()
    }

    fn printed(runs: &[(String, Evaluation)], per_query: bool) -> String {
        let comparison = match runs {
            [(_, first), (_, second)] => {
                Some(RandomisationTest::default().compare(first, second).unwrap())
            }
            _ => None,
        };
        let elapsed = Duration::from_millis(1_250);
        let measured = Measured { runs, comparison: comparison.as_ref(), per_query, elapsed };
        let mut out = Vec::new();
        text(&measured, Style::PLAIN, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_run() {
        let runs = evaluations();
        assert_eq!(
            printed(&runs[..1], true),
            "query  nDCG@10     MAP  MRR@10  recall@100  relevant  ranked\n\
             q1      0.7602  0.5000  1.0000      0.5000         2       1\n\
             q:2     0.6309  0.5000  0.5000      1.0000         1       2\n\
             \n\
             \x20        nDCG@10     MAP  MRR@10  recall@100\n\
             old.run   0.6956  0.5000  0.7500      0.7500\n\
             2 judged queries; left out 1 query without a relevant report; 1.2 s\n"
        );
    }

    #[test]
    fn two_runs() {
        let runs = evaluations();
        assert_eq!(
            printed(&runs, true),
            "query  nDCG@10              MAP           MRR@10           recall@100    relevant  ranked\n\
             q1      0.7602           0.5000           1.0000               0.5000           2       1\n\
             q:2     1.0000  +0.3691  1.0000  +0.5000  1.0000  +0.5000      1.0000           1       1\n\
             \n\
             \x20           old.run  casebook  difference           better  worse       p\n\
             nDCG@10      0.6956    0.8801     +0.1845  +26.5 %       1      0  1.0000\n\
             MAP          0.5000    0.7500     +0.2500  +50.0 %       1      0  1.0000\n\
             MRR@10       0.7500    1.0000     +0.2500  +33.3 %       1      0  1.0000\n\
             recall@100   0.7500    0.7500     +0.0000   +0.0 %       0      0  1.0000\n\
             2 judged queries; left out 1 query without a relevant report; left out 1 query that \
             nobody judged; p by a paired randomisation test, two-sided; 1.2 s\n"
        );
    }

    #[test]
    fn names_are_made_harmless() {
        let mut runs = evaluations();
        runs[0].0 = "a\u{1b}[31m\nb".into();
        assert!(!printed(&runs, false).contains('\u{1b}'));
    }

    #[test]
    fn json_has_every_field() {
        let runs = evaluations();
        let print = |runs: &[(String, Evaluation)], comparison, per_query| {
            let measured = Measured { runs, comparison, per_query, elapsed: Duration::ZERO };
            let mut out = Vec::new();
            json(&measured, &mut out).unwrap();
            serde_json::from_slice::<serde_json::Value>(&out).unwrap()
        };
        let comparison = RandomisationTest::default().compare(&runs[0].1, &runs[1].1).unwrap();
        let both = print(&runs, Some(&comparison), true);
        assert_eq!(both["version"], 1);
        assert_eq!(both["runs"][1]["name"], "casebook");
        assert_eq!(both["runs"][1]["means"]["mrr_10"], 1.0);
        assert_eq!(both["runs"][1]["without_relevant"][0], "q3");
        assert_eq!(both["runs"][1]["unjudged"][0], "q9");
        assert_eq!(both["runs"][0]["per_query"][1]["query"], "q:2");
        assert_eq!(both["runs"][0]["per_query"][1]["map"], 0.5);
        assert_eq!(both["comparison"]["measures"][1]["measure"], "map");
        assert_eq!(both["comparison"]["measures"][1]["difference"], 0.25);
        let one = print(&runs[..1], None, false);
        assert!(one["comparison"].is_null());
        assert_eq!(one["runs"][0]["per_query"], serde_json::json!([]));
    }
}

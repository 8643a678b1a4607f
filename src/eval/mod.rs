//! How good a ranking is, by judged queries.
//!
//! In: queries with judgements of which reports answer them ([`Topic`], [`Judgements`]), and the reports that a search
//! ranked for each ([`Run`]). Out: nDCG@10, MAP, MRR@10 and recall@100 ([`Evaluation`]), and whether two rankings
//! differ by more than chance ([`Comparison`]). Files are those of the TREC conferences, so that runs of other engines
//! can be measured with the same ruler. Nothing here searches.
//!
//! The measures are those of `trec_eval`:
//!
//! - **nDCG@10** (Järvelin and Kekäläinen, 2002): a report gains its grade, divided by log2(rank + 1); the sum over ten
//!   ranks, as a part of what the best possible ten would give. The gain is linear, not 2^grade - 1.
//! - **MAP**: at each rank with a relevant report, the share of relevant ones so far; their sum over the number of
//!   relevant reports. Relevant is whatever has a grade of 1 or more.
//! - **MRR@10**: one over the rank of the first relevant report, 0 where it is not among ten.
//! - **recall@100**: the share of the relevant reports that are among a hundred.
//!
//! What nobody judged counts as not relevant, as does a negative grade. A judged query that a run has nothing for counts as
//! 0; a query without any relevant report can't be measured and is left out of the means.
//!
//! ```
//! use casebook::eval::{Judgements, RandomisationTest, Run};
//!
//! let judgements = Judgements::parse("q1 0 normandie 2\nq1 0 nice 1\nq2 0 dublin 1\n")?;
//! let mut run = Run::default();
//! run.insert("q1", ["normandie", "lisbon", "nice"])?;
//! run.insert("q2", ["lisbon", "dublin"])?;
//!
//! let evaluation = judgements.evaluate(&run);
//! assert_eq!(evaluation.means.mrr_10, (1.0 + 0.5) / 2.0);
//! assert_eq!(evaluation.means.recall_100, 1.0);
//!
//! let mut better = Run::default();
//! better.insert("q1", ["normandie", "nice"])?;
//! better.insert("q2", ["dublin"])?;
//! let comparison = RandomisationTest::default().compare(&evaluation, &judgements.evaluate(&better))?;
//! // Of the four ways to swap two queries' results, two differ as much: two queries prove nothing.
//! assert_eq!(comparison.measures[0].p_value, 0.5);
//! # Ok::<(), casebook::Error>(())
//! ```

mod compare;
mod judgements;
mod lines;
mod measures;
mod run;
mod topic;

pub use compare::{Compared, Comparison, RandomisationTest};
pub use judgements::{Evaluation, Judgements, Scored};
pub use measures::{Measure, Measures};
pub use run::Run;
pub use topic::Topic;

//! Searching: runs a planned query, finds the evidence, relaxes, suggests, explains.
//!
//! In: an open index and a [`Query`](crate::query::Query). Out: [`Results`].

mod collect;
mod evidence;
mod execute;
mod explain;
mod holds;
mod passages;
mod rank;
mod relax;
pub(crate) mod results;
mod suggest;

pub(crate) use execute::search;
pub use results::{
    ClauseCount, Highlight, Hit, MatchedClause, Passage, Position, Ranking, Relaxation, Results,
    SearchOptions, Sort, Suggestion, Tier,
};

//! Searching: runs a planned query, finds the evidence, relaxes, suggests, explains.
//!
//! In: an open index and a [`Query`](crate::query::Query). Out: [`Results`].

mod best;
mod collect;
mod evidence;
mod execute;
mod explain;
mod holds;
pub(crate) mod indicators;
mod located;
mod passages;
mod rank;
mod relax;
pub(crate) mod results;
mod suggest;
mod sweep;

pub(crate) use execute::{ids, search};
pub use indicators::{IndicatorCount, Indicators, Lookup};
pub use results::{
    AliasMatch, ClauseCount, Highlight, Hit, MatchedClause, Passage, Position, Ranking, Relaxation,
    Results, SearchOptions, Sort, Suggestion, Tier,
};

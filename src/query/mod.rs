//! The query language: from what people type to what the engine is asked.
//!
//! In: text. Out: a [`Query`], a tree of clauses with the spans that they were written in; the planner compiles it.
//! The stages are `lex` (characters to tokens), `parse` (tokens to clauses) and `display` (clauses to canonical
//! text); `field` is the one list of fields. The whole language is described in `docs/query-language.md`, and every
//! line of that page is a test.

pub(crate) mod alias;
pub mod ast;
mod display;
#[cfg(test)]
mod doc_tests;
pub mod field;
pub(crate) mod indicator;
mod language;
mod lex;
mod parse;
pub(crate) mod plan;
mod words;

pub use alias::{AliasKind, AliasSet, Aliases, AmbiguousName};
pub use ast::{
    Clause, ClauseKind, Comparison, CountField, CountryFilter, DateFilter, Filter, FilterSpan,
    MissingField, Note, Phrase, Query, Span,
};
pub use field::{Field, FieldKind};
pub use indicator::{AddressRange, IndicatorField, IndicatorFilter};

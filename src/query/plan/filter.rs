//! Conditions on fields that are not running text.
//!
//! In: a [`Filter`] of the AST. Out: a [`FilterNode`] with every name resolved, and the tantivy query for it.

use tantivy::Searcher;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, Query, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use crate::analysis::fold;
use crate::date::{DateSpan, Day};
use crate::error::{Error, Result};
use crate::index::schema::Fields;
use crate::query::alias::AliasSet;
use crate::query::ast::{
    Comparison, CountField, CountryFilter, Filter, FilterSpan, MissingField, Span,
};
use crate::query::plan::build::Planner;
use crate::query::plan::column::{ColumnQuery, ColumnTest};
use crate::query::plan::expand::matches_wildcard;
use crate::query::plan::sequence::SequenceQuery;
use crate::query::plan::{Atom, DateMode};

/// A condition ready to run.
#[derive(Debug, Clone)]
pub(crate) enum FilterNode {
    Date {
        span: DateSpan,
        certain: bool,
    },
    /// Any of these values of a keyword field.
    Keywords(Field, Vec<String>),
    Count(CountField, Comparison, u32),
    Actor(Box<ActorNode>),
    Missing(MissingField),
}

/// A threat actor by name, and by its other names.
#[derive(Debug, Clone)]
pub(crate) struct ActorNode {
    pub typed: Atom,
    /// What the names mean, where the name has others.
    pub set: Option<AliasSet>,
    pub others: Vec<(String, Atom)>,
    pub span: Span,
}

/// Resolves what a filter names.
pub(super) fn resolve(
    planner: &mut Planner<'_>,
    filter: &Filter,
    span: &Span,
) -> Result<FilterNode> {
    let fields = planner.settings.fields;
    Ok(match filter {
        Filter::Date(date) => {
            let days = match &date.span {
                FilterSpan::Fixed(days) => *days,
                FilterSpan::Relative(relative) => {
                    let today = planner.settings.today.ok_or_else(|| {
                        let message = format!(
                            "`{relative}` needs to know what day it is, and the program that \
                             searches did not say"
                        );
                        planner.error(span, message, None)
                    })?;
                    relative.resolve(today)
                }
            };
            FilterNode::Date { span: days, certain: date.certain }
        }
        Filter::Country(CountryFilter::One(country)) => {
            FilterNode::Keywords(fields.country, vec![country.alpha2().to_owned()])
        }
        Filter::Country(CountryFilter::Group(group)) => {
            let codes = group.members().iter().map(|country| country.alpha2().to_owned());
            FilterNode::Keywords(fields.country, codes.collect())
        }
        Filter::Country(CountryFilter::Written(place)) => {
            let folded = fold(place);
            let places = keywords(planner.settings.searcher, fields.place, |known| {
                known == folded
                    || known.split(|c: char| !c.is_alphanumeric()).any(|word| word == folded)
            })?;
            if places.is_empty() {
                let message = format!(
                    "“{place}” is no country that is known, and no report names such a place"
                );
                return Err(planner.error(span, message, None));
            }
            FilterNode::Keywords(fields.place, places)
        }
        Filter::Count(field, comparison, number) => FilterNode::Count(*field, *comparison, *number),
        Filter::Language(language) => {
            FilterNode::Keywords(fields.language, vec![language.to_lowercase()])
        }
        Filter::Source(glob) => {
            let glob = glob.replace('\\', "/");
            let matcher = Glob::new(&glob);
            let paths =
                keywords(planner.settings.searcher, fields.path, |path| matcher.matches(path))?;
            FilterNode::Keywords(fields.path, paths)
        }
        Filter::Id(glob) => {
            let pattern: Vec<char> = glob.chars().collect();
            let ids = keywords(planner.settings.searcher, fields.id, |id| {
                id == glob || matches_wildcard(&pattern, id)
            })?;
            FilterNode::Keywords(fields.id, ids)
        }
        Filter::Actor(phrase) => {
            let typed = Atom {
                span: span.clone(),
                slots: planner.phrase(phrase),
                slop: phrase.slop,
                sections: None,
                boost: 1.0,
            };
            let (set, others) = match planner.other_actors(phrase, span) {
                Some((set, others)) => (Some(set), others),
                None => (None, Vec::new()),
            };
            FilterNode::Actor(Box::new(ActorNode { typed, set, others, span: span.clone() }))
        }
        Filter::Missing(field) => FilterNode::Missing(*field),
    })
}

/// What `source:` compares paths with: the whole path, its last part, or a folder that it is in.
struct Glob {
    pattern: Vec<char>,
    has_folder: bool,
}

impl Glob {
    fn new(glob: &str) -> Self {
        let glob = glob.trim_start_matches("./").to_lowercase();
        let has_folder = glob.trim_end_matches('/').contains('/');
        Self { pattern: glob.trim_end_matches('/').chars().collect(), has_folder }
    }

    fn matches(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        matches_wildcard(&self.pattern, &path)
            || (!self.has_folder && matches_wildcard(&self.pattern, name))
            || folders.into_iter().any(|folder| matches_wildcard(&self.pattern, folder))
    }
}

/// The values of a keyword field that meet `test`.
fn keywords(searcher: &Searcher, field: Field, test: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let failed = |e| Error::index("cannot read the values of the index", e);
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field).map_err(failed)?;
        let mut stream = index.terms().stream().map_err(|e| failed(e.into()))?;
        while let Some((term, _)) = stream.next() {
            if let Ok(value) = std::str::from_utf8(term)
                && test(value)
            {
                found.push(value.to_owned());
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

impl FilterNode {
    /// The tantivy query; no filter adds to a score.
    pub fn query(&self, fields: &Fields, mode: DateMode) -> Box<dyn Query> {
        let query: Box<dyn Query> = match self {
            Self::Date { span, certain } => match mode {
                DateMode::Possible => date_query(span, *certain),
                DateMode::Certain => date_query(span, true),
                DateMode::Undated => missing(fields, MissingField::Date),
            },
            Self::Keywords(_, values) if values.is_empty() => Box::new(EmptyQuery),
            Self::Keywords(field, values) => match values.as_slice() {
                [value] => {
                    let term = Term::from_field_text(*field, value);
                    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
                }
                values => {
                    let terms = values.iter().map(|value| Term::from_field_text(*field, value));
                    Box::new(TermSetQuery::new(terms.collect::<Vec<_>>()))
                }
            },
            Self::Count(field, comparison, number) => {
                count_query(fields, *field, *comparison, *number)
            }
            Self::Actor(actor) => {
                let names =
                    std::iter::once(&actor.typed).chain(actor.others.iter().map(|(_, a)| a));
                let query = |atom| -> Box<dyn Query> {
                    Box::new(SequenceQuery::new(fields.actor_names, atom, None))
                };
                Box::new(BooleanQuery::union(names.map(query).collect()))
            }
            Self::Missing(field) => missing(fields, *field),
        };
        Box::new(ConstScoreQuery::new(query, 0.0))
    }
}

/// Reports whose interval overlaps the span, or lies wholly in it.
fn date_query(span: &DateSpan, certain: bool) -> Box<dyn Query> {
    let (from, to) = (span.from().map(Day::days), span.to().map(Day::days));
    let test = if certain { ColumnTest::Within(from, to) } else { ColumnTest::Overlaps(from, to) };
    Box::new(ColumnQuery(test))
}

fn count_query(
    fields: &Fields,
    field: CountField,
    comparison: Comparison,
    number: u32,
) -> Box<dyn Query> {
    let column = match field {
        CountField::Motives => fields.motives,
        CountField::Techniques => fields.techniques,
        CountField::Actors => fields.actors,
    };
    let column = fields.schema.get_field_name(column).to_owned();
    Box::new(ColumnQuery(ColumnTest::Compares(column, comparison, number.into())))
}

fn exists(fields: &Fields, field: Field) -> Box<dyn Query> {
    Box::new(ExistsQuery::new(fields.schema.get_field_name(field).to_owned(), false))
}

fn missing(fields: &Fields, field: MissingField) -> Box<dyn Query> {
    let present = match field {
        MissingField::Date => vec![fields.date_from],
        MissingField::Country => vec![fields.country, fields.place],
        MissingField::Victim => vec![fields.victim_key],
        MissingField::Language => vec![fields.language],
        MissingField::Motives => vec![fields.motives],
        MissingField::Techniques => vec![fields.techniques],
        MissingField::Actors => vec![fields.actors],
    };
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(AllQuery))];
    clauses.extend(present.into_iter().map(|field| (Occur::MustNot, exists(fields, field))));
    Box::new(BooleanQuery::new(clauses))
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn source_names_a_path_a_file_or_a_folder() {
        let cases = [
            ("2023/a.txt", true),
            ("a.txt", true),
            ("2023", true),
            ("2023/", true),
            ("./2023/*", true),
            ("*.txt", true),
            ("A.TXT", true),
            ("b*", false),
            ("023", false),
        ];
        for (glob, matches) in cases {
            assert_eq!(Glob::new(glob).matches("2023/a.txt"), matches, "{glob}");
        }
    }
}

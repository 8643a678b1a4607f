//! Runs a query and puts the answer together.
//!
//! In: an open index, a query, options. Out: [`Results`]: full matches, then partial ones, then, where there is
//! neither, those of the closest relaxed query; every hit with its evidence.

use std::collections::HashSet;

use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, Score, Searcher, TantivyDocument};

use crate::date::Certainty;
use crate::error::{Error, Result};
use crate::index::document::to_report;
use crate::index::short_names::Why;
use crate::index::store::Store;
use crate::query::plan::{
    ActorNode, Compiler, DateMode, FilterNode, Node, NodeKind, Plan, PlanSettings, plan,
};
use crate::query::{AliasSet, Note, Query};
use crate::report::Report;
use crate::search::collect::{Floor, Found, Matches, Top, TopHits};
use crate::search::evidence::{Evidence, Finder, certainty};
use crate::search::holds::{holds, other_actor};
use crate::search::located::Lexicon;
use crate::search::passages::passages;
use crate::search::rank::{self, Parts, Ranked};
use crate::search::results::{AliasMatch, Hit, MatchedClause, Results, SearchOptions, Sort, Tier};
use crate::search::sweep::Swept;
use crate::search::{explain, relax, suggest, sweep};

/// Answers `query`.
pub(crate) fn search(store: &Store, query: &Query, options: &SearchOptions) -> Result<Results> {
    let searcher = store.searcher();
    let search = Search::new(store, &searcher, query, options)?;
    let mut results = search.run(0)?;
    if results.total == 0 && results.partial_total == 0 && !options.strict {
        relax::relax(&search, &mut results)?;
    }
    if options.explain || results.total == 0 {
        results.clauses = explain::clauses(&search)?;
    }
    if results.total == 0 {
        results.suggestions = suggest::suggestions(&search)?;
    }
    Ok(results)
}

/// The ids of the first hits in their order, with their scores. No report is read, and nothing is relaxed.
pub(crate) fn ids(
    store: &Store,
    query: &Query,
    options: &SearchOptions,
) -> Result<Vec<(String, Score)>> {
    let searcher = store.searcher();
    let search = Search::new(store, &searcher, query, options)?;
    let ranked = search.ranked()?;
    let hits = ranked.full.iter().chain(&ranked.partial);
    let page = hits.skip(options.offset).take(options.limit);
    Ok(page.map(|(found, _)| (ranked.ids.of(found), found.score)).collect())
}

/// One query on one view of the index.
pub(crate) struct Search<'a> {
    pub store: &'a Store,
    pub searcher: &'a Searcher,
    pub query: &'a Query,
    pub options: &'a SearchOptions,
    pub plan: Plan,
    pub lexicon: Lexicon<'a>,
}

impl<'a> Search<'a> {
    pub fn new(
        store: &'a Store,
        searcher: &'a Searcher,
        query: &'a Query,
        options: &'a SearchOptions,
    ) -> Result<Self> {
        let settings = PlanSettings {
            searcher,
            fields: &store.fields,
            today: options.today,
            aliases: &options.aliases,
        };
        let plan = plan(query, &settings)?;
        Ok(Self { store, searcher, query, options, plan, lexicon: Lexicon::new(searcher) })
    }

    /// The same search for another query.
    pub fn with_query<'b>(&self, query: &'b Query) -> Result<Search<'b>>
    where
        'a: 'b,
    {
        Search::new(self.store, self.searcher, query, self.options)
    }

    pub fn compiler(&self) -> Compiler<'_> {
        self.compiler_of(&self.plan)
    }

    /// For another plan on the same index.
    pub fn compiler_of<'b>(&'b self, plan: &'b Plan) -> Compiler<'b> {
        Compiler { fields: &self.store.fields, plan, memo: &self.store.sequences }
    }

    /// Number of reports that answer a compiled query.
    pub fn count(&self, query: &dyn IndexQuery) -> Result<usize> {
        if self.plan.reads_columns() {
            return self.searcher.search(query, &Matches).map_err(failed);
        }
        query.count(self.searcher).map_err(failed)
    }

    /// Full and partial matches, this page of them; `before` hits stand above them in the list.
    pub fn run(&self, before: usize) -> Result<Results> {
        let Self { options, plan, .. } = self;
        let compiler = self.compiler();
        let ranked = self.ranked()?;
        let mut results = Results {
            query: self.query.to_string(),
            notes: self.notes(),
            total: ranked.total,
            certain: ranked.total,
            searched: self.reports(),
            ..Results::default()
        };
        if plan.has_date_filter() {
            results.certain = self.count(&*compiler.full(DateMode::Certain))?;
            results.undated = self.count(&*compiler.undated())?;
        }
        if self.allows_partial() {
            let all = match ranked.all {
                Some(all) => all,
                None => self.count(&*compiler.some(DateMode::Possible))?,
            };
            results.partial_total = all.saturating_sub(ranked.total);
        }
        let full = ranked.full.into_iter().map(|hit| (hit, Match::Full));
        let partial = ranked.partial.into_iter().map(|hit| (hit, Match::Partial));
        let page: Vec<_> = full.chain(partial).skip(options.offset).take(options.limit).collect();
        let mut dresser = Dresser::new(self)?;
        for (i, ((found, parts), matched)) in page.into_iter().enumerate() {
            let rank = before + options.offset + i + 1;
            results.hits.push(dresser.hit(rank, &found, &parts, &ranked.shared, matched)?);
        }
        Ok(results)
    }

    fn allows_partial(&self) -> bool {
        self.plan.allows_partial() && !self.options.strict
    }

    /// So many hits, from the first, hold the page.
    pub fn wanted(&self) -> usize {
        self.options.offset.saturating_add(self.options.limit).min(self.reports())
    }

    /// The first hits of both tiers in their final order, as many as the page asks for, and how many there are in all.
    fn ranked(&self) -> Result<Ranked> {
        let compiler = self.compiler();
        let wanted = self.wanted();
        let by_relevance = self.options.sort == Sort::Relevance && wanted > 0;
        let full_query = compiler.full(DateMode::Possible);
        let columns = &self.store.columns;
        columns.keep(self.searcher);
        self.store.sequences.keep(self.searcher);
        let look = |query: &dyn IndexQuery, n, unordered, counting| {
            let sort = self.options.sort;
            let top = TopHits { columns, n, sort, unordered, counting, floor: Floor::default() };
            self.searcher.search(query, &top).map_err(failed)
        };
        if by_relevance && let Some(query) = rank::at_first_sight(self) {
            let top = look(&*query, wanted, false, false)?;
            let total = self.count(&*full_query)?;
            return Ok(Ranked { total, ids: top.ids, ..rank::as_found(self, top.hits)? });
        }
        // What gets a second look does not depend on the page, so that pages fit together.
        let n = if by_relevance { wanted.max(rank::POOL) } else { wanted };
        let unordered = by_relevance && wanted <= rank::POOL;
        let enough = if by_relevance && rank::needs_both_tiers(self) { n } else { wanted };
        if by_relevance && sweep::applies(self) {
            let Swept { full, mut partial } = sweep::sweep(self, n, unordered)?;
            let all = full.total + partial.total;
            if full.total >= enough {
                partial.hits.clear();
            }
            let total = full.total;
            let ranked = rank::rank(self, full.hits, partial.hits, &[&full.ids, &partial.ids])?;
            return Ok(Ranked { total, all: Some(all), ids: full.ids, ..ranked });
        }
        // Where each report has to be looked at anyway, they are counted on the way.
        let counted = n > 0 && !(by_relevance && compiler.full_is_pruned());
        let full = if n > 0 { look(&*full_query, n, unordered, counted)? } else { Top::default() };
        let total = if counted { full.total } else { self.count(&*full_query)? };
        let mut partial = Top::default();
        let mut all = None;
        if self.allows_partial() && total < enough {
            // All full matches are known here, and there are few.
            let some_query = compiler.some(DateMode::Possible);
            partial = look(&*some_query, n.saturating_add(total), unordered, true)?;
            all = Some(partial.total);
            let known: HashSet<_> = full.hits.iter().map(|hit| hit.address).collect();
            partial.hits.retain(|hit| !known.contains(&hit.address));
            if unordered {
                // Of equals at the cut, always the same are in.
                partial.ids.order(&mut partial.hits, Sort::Relevance, n - 1..n);
            }
        }
        let ranked = if by_relevance {
            rank::rank(self, full.hits, partial.hits, &[&full.ids, &partial.ids])?
        } else {
            Ranked::as_collected(full.hits, partial.hits)
        };
        Ok(Ranked { total, all, ids: full.ids, ..ranked })
    }

    /// Number of reports that can be searched.
    pub fn reports(&self) -> usize {
        self.searcher.num_docs() as usize
    }

    /// The text of the query that a condition was written in.
    pub fn typed(&self, span: &std::ops::Range<usize>) -> &str {
        self.query.text().get(span.clone()).unwrap_or_default()
    }

    fn notes(&self) -> Vec<Note> {
        [self.query.notes(), &self.plan.notes].concat()
    }

    pub fn report(&self, address: DocAddress) -> Result<Report> {
        let document: TantivyDocument = self.searcher.doc(address).map_err(failed)?;
        to_report(&self.store.fields, &document)
    }
}

/// Why a document was collected.
#[derive(Clone, Copy, PartialEq)]
enum Match {
    Full,
    Partial,
}

/// Turns collected documents into hits.
struct Dresser<'s, 'a> {
    search: &'s Search<'a>,
    finder: Finder<'s>,
    /// For each atom: what its marks weigh in the choice of passages.
    weights: Vec<f32>,
    /// For each atom: whether a hit is expected to show it.
    positive: Vec<bool>,
    /// The threat actors that are asked for.
    actors: Vec<&'s ActorNode>,
}

impl<'s, 'a> Dresser<'s, 'a> {
    fn new(search: &'s Search<'a>) -> Result<Self> {
        let plan = &search.plan;
        let mut positive = vec![false; plan.atoms.len()];
        let mut actors = Vec::new();
        for node in plan.nodes() {
            mark_positive(node, &mut positive, &mut actors);
        }
        let weights = explain::rarity(search)?;
        Ok(Self {
            search,
            finder: Finder::new(plan, search.store.analyzers.take()),
            weights,
            positive,
            actors,
        })
    }

    fn hit(
        &mut self,
        rank: usize,
        found: &Found,
        parts: &Parts,
        shared: &[String],
        matched: Match,
    ) -> Result<Hit> {
        let search = self.search;
        let report = search.report(found.address)?;
        let mut evidence = self.finder.find(&report);
        evidence.marks.retain(|mark| self.positive[mark.atom]);
        let shown: Vec<usize> = (0..search.plan.atoms.len())
            .filter(|&atom| self.positive[atom] && evidence.places[atom] > 0)
            .collect();
        let clauses = |atom: usize| shown.iter().position(|&shown| shown == atom);
        let (passages, passages_total) =
            passages(&report, &evidence.marks, &self.weights, &clauses, search.options.passages);
        let matched_clauses = shown.iter().map(|&atom| MatchedClause {
            text: search.typed(&search.plan.atoms[atom].span).to_owned(),
            spans: evidence.places[atom],
            alias: match search.plan.other_name(atom) {
                Some((set, name)) => Some(alias(set, name)),
                None => other_form(search, &report, &evidence, atom),
            },
        });
        let actors = self.actors.iter().filter_map(|actor| {
            let (set, name) = (actor.set.as_ref()?, other_actor(actor, &report)?);
            let text = search.typed(&actor.span).to_owned();
            Some(MatchedClause { text, spans: 0, alias: Some(alias(set, name)) })
        });
        let matched_clauses: Vec<_> = matched_clauses.chain(actors).collect();
        let tier = match matched {
            Match::Full => Tier::Full,
            Match::Partial => Tier::Partial { missing: self.missing(&report, &evidence) },
        };
        let explanation = if search.options.explain {
            explain::score_parts(search, found.address, parts, shared)?
        } else {
            Vec::new()
        };
        Ok(Hit {
            rank,
            score: if search.options.sort == Sort::Relevance { found.score } else { 0.0 },
            tier,
            certainty: self.certainty(&report, &evidence),
            passages,
            passages_total,
            matched: matched_clauses,
            explanation,
            report,
        })
    }

    fn missing(&self, report: &Report, evidence: &Evidence) -> Vec<String> {
        let search = self.search;
        let fields = &search.store.fields;
        let lacks = |node: &&Node| {
            certainty(node, report, evidence, &|filter| holds(fields, filter, report)).is_none()
        };
        let missing = search.plan.optional.iter().filter(lacks);
        missing.map(|node| search.typed(&node.span).to_owned()).collect()
    }

    /// Over all date filters together; `None` where the query has none.
    fn certainty(&self, report: &Report, evidence: &Evidence) -> Option<Certainty> {
        let search = self.search;
        if !search.plan.has_date_filter() {
            return None;
        }
        let fields = &search.store.fields;
        let mut least = Certainty::Certain;
        // What a partial match lacks leaves its date as certain as it is.
        for node in &search.plan.required {
            let found = certainty(node, report, evidence, &|filter| holds(fields, filter, report));
            if found == Some(Certainty::Possible) {
                least = Certainty::Possible;
            }
        }
        Some(least)
    }
}

fn mark_positive<'p>(node: &'p Node, positive: &mut [bool], actors: &mut Vec<&'p ActorNode>) {
    match &node.kind {
        NodeKind::Atom(atom) => positive[*atom] = true,
        NodeKind::And(nodes) | NodeKind::Or(nodes) => {
            nodes.iter().for_each(|node| mark_positive(node, positive, actors));
        }
        NodeKind::Filter(FilterNode::Actor(actor)) => actors.push(actor),
        NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => {}
    }
}

/// The victim's name as the report writes it, where that is not the form that was asked for.
fn other_form(
    search: &Search<'_>,
    report: &Report,
    evidence: &Evidence,
    atom: usize,
) -> Option<AliasMatch> {
    let (_, why) = search.plan.short_names.iter().find(|(known, _)| *known == atom)?;
    let mark = evidence.marks.iter().find(|mark| mark.atom == atom)?;
    let name = report.section(mark.section).get(mark.range.clone())?.to_owned();
    let source = match why {
        Why::Initials => "initials of the victim's name",
        Why::Given => "as the report itself says",
    };
    Some(AliasMatch { set: name.clone(), name, source: source.to_owned() })
}

fn alias(set: &AliasSet, name: &str) -> AliasMatch {
    AliasMatch { name: name.to_owned(), set: set.name.clone(), source: set.source() }
}

/// The score that a compiled query gives to one document; 0 where it does not match.
pub(crate) fn score_of(
    searcher: &Searcher,
    query: &dyn IndexQuery,
    address: DocAddress,
) -> Result<Score> {
    let scoring = EnableScoring::enabled_from_searcher(searcher);
    let weight = query.weight(scoring).map_err(failed)?;
    let segment = searcher.segment_reader(address.segment_ord);
    let mut scorer = weight.scorer(segment, 1.0).map_err(failed)?;
    if scorer.doc() < address.doc_id {
        scorer.seek(address.doc_id);
    }
    Ok(if scorer.doc() == address.doc_id { scorer.score() } else { 0.0 })
}

pub(crate) fn failed(error: tantivy::TantivyError) -> Error {
    Error::index("cannot search the index", error)
        .with_help("remove the index folder; the next sync builds it anew")
}

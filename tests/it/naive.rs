//! A second opinion on what matches: the meaning of every clause, written down without an index.
//!
//! In: a parsed query and reports. Out: which reports it means, fully, in part, certainly or perhaps. Slow and plain on
//! purpose: it reads the text of each report once per clause, and shares nothing with the engine but the analysis of
//! words and the syntax tree, which are public.

use std::collections::{BTreeMap, BTreeSet};

use casebook::{
    Analyzer, Clause, ClauseKind, Comparison, CountField, CountryFilter, DateFilter, Filter,
    FilterSpan, Language, MissingField, OwnedToken, Phrase, Query, Report, Section, Tally,
    detect_language, fold, is_function_word,
};
use regex::RegexBuilder;

/// How date filters are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dates {
    /// A report meets one that its date may meet.
    Possible,
    /// Only one that its date surely meets.
    Certain,
    /// Any.
    Met,
}

/// What a query should give.
#[derive(Debug, Default, PartialEq)]
pub struct Expected {
    /// Reports that match as written.
    pub full: BTreeSet<String>,
    /// Of these, those that surely do.
    pub certain: BTreeSet<String>,
    /// Reports that match some words but not all, with the clauses that they miss.
    pub partial: BTreeMap<String, Vec<String>>,
    /// Reports that match but for having no date.
    pub undated: usize,
}

/// The reports as a casebook keeps them: with their language.
pub fn with_languages(mut reports: Vec<Report>) -> Vec<Report> {
    for report in &mut reports {
        if report.language.is_none() {
            report.language = detect_language(report).map(str::to_owned);
        }
    }
    reports
}

/// The languages that reports are stemmed in.
pub fn languages(reports: &[Report]) -> Vec<Language> {
    let mut languages: Vec<_> = reports.iter().map(stemmed_as).collect();
    languages.sort();
    languages.dedup();
    languages
}

fn stemmed_as(report: &Report) -> Language {
    report.language.as_deref().and_then(Language::from_code).unwrap_or(Language::English)
}

/// What `query` should give over `reports`, which have their languages.
pub fn expected(query: &Query, reports: &[Report]) -> Expected {
    let clauses = asked(query);
    let (optional, required): (Vec<&Clause>, Vec<&Clause>) =
        clauses.into_iter().partition(|clause| may_be_missing(clause));
    let required_text = required.iter().any(|clause| asks_for_text(clause));
    let allows_partial = optional.len() + usize::from(required_text) > 1;

    let mut expected = Expected::default();
    let languages = languages(reports);
    for report in reports {
        let reading = Reading::new(report, &languages);
        let all = |clauses: &[&Clause], dates| {
            clauses.iter().all(|clause| reading.holds(clause, None, dates).unwrap_or(true))
        };
        let full = all(&required, Dates::Possible) && all(&optional, Dates::Possible);
        if full {
            expected.full.insert(report.id.clone());
            if all(&required, Dates::Certain) && all(&optional, Dates::Certain) {
                expected.certain.insert(report.id.clone());
            }
        } else if report.date.is_none() && all(&required, Dates::Met) && all(&optional, Dates::Met)
        {
            expected.undated += 1;
        }
        if !full && allows_partial && all(&required, Dates::Possible) {
            let (met, missing): (Vec<&Clause>, Vec<&Clause>) =
                optional.iter().partition(|clause| reading.matches(clause));
            if required_text || !met.is_empty() {
                let missing = missing.iter().map(|clause| typed(query, clause)).collect();
                expected.partial.insert(report.id.clone(), missing);
            }
        }
    }
    expected
}

/// The text of a clause.
pub fn typed(query: &Query, clause: &Clause) -> String {
    query.text()[clause.span.clone()].to_owned()
}

/// Whether a date filter stands anywhere in the query.
pub fn has_date_filter(query: &Query) -> bool {
    fn any(clause: &Clause) -> bool {
        matches!(clause.kind, ClauseKind::Filter(Filter::Date(_)))
            || clause.children().iter().any(any)
    }
    query.root().is_some_and(any)
}

/// The text clauses that a hit may show, each with the sections that it looks in: not those that are excluded, nor the
/// function words that no report needs.
pub fn shown_clauses(query: &Query) -> Vec<(&Clause, Option<&[Section]>)> {
    fn collect<'a>(
        clause: &'a Clause,
        within: Option<&'a [Section]>,
        shown: &mut Vec<(&'a Clause, Option<&'a [Section]>)>,
    ) {
        match &clause.kind {
            ClauseKind::Not(_) | ClauseKind::Filter(_) => {}
            ClauseKind::Wildcard(pattern) if pattern == "*" && within.is_none() => {}
            ClauseKind::Scoped(sections, inner) => collect(inner, Some(sections), shown),
            ClauseKind::All(clauses) => {
                needed(clauses).into_iter().for_each(|inner| collect(inner, within, shown));
            }
            _ if clause.children().is_empty() => shown.push((clause, within)),
            _ => clause.children().iter().for_each(|inner| collect(inner, within, shown)),
        }
    }
    let mut shown = Vec::new();
    asked(query).into_iter().for_each(|clause| collect(clause, None, &mut shown));
    shown
}

/// The clauses at the top of the query that take part.
fn asked(query: &Query) -> Vec<&Clause> {
    match query.root() {
        None => Vec::new(),
        Some(Clause { kind: ClauseKind::All(clauses), boost, .. }) if *boost == 1.0 => {
            needed(clauses)
        }
        Some(root) => vec![root],
    }
}

/// Of clauses side by side those that take part: function words do only where there is no other text.
fn needed(clauses: &[Clause]) -> Vec<&Clause> {
    let function_word = |clause: &Clause| match &clause.kind {
        ClauseKind::Word(word) => words(word).iter().all(|word| is_function_word(&word.surface)),
        _ => false,
    };
    let lone = clauses.iter().all(|clause| function_word(clause) || is_condition(clause));
    clauses.iter().filter(|clause| lone || !function_word(clause)).collect()
}

/// Whether a clause asks for no text to be there.
fn is_condition(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Not(_) | ClauseKind::Filter(_) => true,
        ClauseKind::Must(inner) => is_condition(inner),
        _ => false,
    }
}

/// Words, patterns, and choices between them: what a partial match may lack.
fn may_be_missing(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Word(_)
        | ClauseKind::Wildcard(_)
        | ClauseKind::Fuzzy { .. }
        | ClauseKind::Regex(_) => true,
        ClauseKind::Or(clauses) => clauses.iter().all(may_be_missing),
        _ => false,
    }
}

/// Whether a report can't meet the clause without words that show it.
fn asks_for_text(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Not(_) | ClauseKind::Filter(_) => false,
        ClauseKind::Or(clauses) => clauses.iter().all(asks_for_text),
        ClauseKind::Must(_) | ClauseKind::Scoped(..) | ClauseKind::All(_) | ClauseKind::And(_) => {
            clause.children().iter().any(asks_for_text)
        }
        _ => true,
    }
}

/// A report as words.
pub struct Reading<'a> {
    report: &'a Report,
    sections: Vec<(Section, Vec<OwnedToken>)>,
    /// Of all reports: a word of a query has a stem in each.
    languages: &'a [Language],
}

impl<'a> Reading<'a> {
    pub fn new(report: &'a Report, languages: &'a [Language]) -> Self {
        let mut analyzer = Analyzer::new(stemmed_as(report));
        let sections =
            Section::ALL.map(|section| (section, analyzer.forms(report.section(section))));
        Self { report, sections: sections.into(), languages }
    }

    /// Whether a clause without sections holds.
    fn matches(&self, clause: &Clause) -> bool {
        self.holds(clause, None, Dates::Possible).unwrap_or(true)
    }

    /// Whether a text clause holds in these sections.
    pub fn shows(&self, clause: &Clause, within: Option<&[Section]>) -> bool {
        self.holds(clause, within, Dates::Possible).unwrap_or(false)
    }

    /// Whether a clause holds; `None` where it asks for nothing.
    fn holds(&self, clause: &Clause, within: Option<&[Section]>, dates: Dates) -> Option<bool> {
        let each = |clauses: &[&Clause]| -> Vec<bool> {
            clauses.iter().filter_map(|clause| self.holds(clause, within, dates)).collect()
        };
        match &clause.kind {
            ClauseKind::All(_) | ClauseKind::And(_) => {
                let answers = match &clause.kind {
                    ClauseKind::All(clauses) => each(&needed(clauses)),
                    _ => each(&clause.children().iter().collect::<Vec<_>>()),
                };
                (!answers.is_empty()).then(|| answers.into_iter().all(|holds| holds))
            }
            ClauseKind::Or(clauses) => {
                let answers = each(&clauses.iter().collect::<Vec<_>>());
                (!answers.is_empty()).then(|| answers.into_iter().any(|holds| holds))
            }
            // What may be excluded is: the rest is then certain.
            ClauseKind::Not(inner) => {
                self.holds(inner, within, Dates::Possible).map(|holds| !holds)
            }
            ClauseKind::Must(inner) => self.holds(inner, within, dates),
            ClauseKind::Scoped(sections, inner) => self.holds(inner, Some(sections), dates),
            ClauseKind::Word(word) if let Some(indicator) = whole_indicator(word) => {
                Some(self.holds_indicator(within, &indicator))
            }
            ClauseKind::Word(word) => {
                let stems = stems(word, self.languages);
                let surfaces = words(word);
                let equal = |i: usize, token: &OwnedToken| {
                    stems[i].contains(&token.stem) || self.in_compound(&surfaces[i].surface, token)
                };
                if is_compound(word) {
                    return Some(self.stand_near(within, stems.len(), COMPOUND, equal));
                }
                (!stems.is_empty()).then(|| self.in_a_row(within, stems.len(), equal))
            }
            ClauseKind::Phrase(phrase) if let Some(indicator) = whole_indicator(&phrase.text) => {
                Some(self.holds_indicator(within, &indicator))
            }
            ClauseKind::Phrase(phrase) => self.holds_phrase(phrase, within),
            ClauseKind::Indicator(_) => unimplemented!("no random query asks for these"),
            ClauseKind::Wildcard(pattern) if pattern == "*" && within.is_none() => Some(true),
            ClauseKind::Wildcard(pattern) => {
                let pattern: Vec<char> = fold(pattern).chars().collect();
                Some(self.any_word(within, |word| wildcard_matches(&pattern, &chars(word))))
            }
            ClauseKind::Fuzzy { word, distance } => {
                let word = chars(&fold(word));
                let most = distance.map_or(if word.len() < 6 { 1 } else { 2 }, usize::from);
                Some(self.any_word(within, |other| edits(&word, &chars(other)) <= most))
            }
            ClauseKind::Regex(pattern) => {
                let whole = format!("^(?:{pattern})$");
                let regex = RegexBuilder::new(&whole).case_insensitive(true).build().unwrap();
                Some(self.any_word(within, |word| regex.is_match(word)))
            }
            ClauseKind::Filter(filter) => Some(meets(self.report, filter, dates)),
        }
    }

    /// Whether a word of the report, in a language that writes compounds, begins or ends with a word.
    fn in_compound(&self, part: &str, token: &OwnedToken) -> bool {
        let writes = |language: &&Language| {
            ["da", "de", "et", "fi", "nl", "no", "sv"].contains(&language.code())
        };
        let ascii = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
        if token.surface.len() < 9 || !ascii(&token.surface) || part.len() < 5 || !ascii(part) {
            return false;
        }
        let is_compound = |part: &str, ends: bool| {
            token.stem.len() >= part.len() + 3
                && (token.stem.starts_with(part) || ends && token.stem.ends_with(part))
        };
        writes(&&stemmed_as(self.report))
            && self.languages.iter().filter(writes).any(|language| {
                let stem = &Analyzer::new(*language).forms(part)[0].stem;
                if stem.len() >= 4 { is_compound(stem, true) } else { is_compound(part, false) }
            })
    }

    fn holds_phrase(&self, phrase: &Phrase, within: Option<&[Section]>) -> Option<bool> {
        let surfaces: Vec<String> =
            words(&phrase.text).into_iter().map(|word| word.surface).collect();
        let equal = |i: usize, token: &OwnedToken| {
            if phrase.prefix && i + 1 == surfaces.len() {
                token.surface.starts_with(&surfaces[i])
            } else {
                token.surface == surfaces[i]
            }
        };
        if surfaces.is_empty() {
            return None;
        }
        if phrase.slop == 0 {
            return Some(self.in_a_row(within, surfaces.len(), equal));
        }
        Some(self.stand_near(within, surfaces.len(), i64::from(phrase.slop), equal))
    }

    /// Whether words stand so many edits from each other, each passing the test for its place.
    fn stand_near(
        &self,
        within: Option<&[Section]>,
        length: usize,
        most: i64,
        test: impl Fn(usize, &OwnedToken) -> bool,
    ) -> bool {
        self.texts(within).any(|tokens| {
            let slots: Vec<Vec<i64>> = (0..length)
                .map(|i| {
                    let places = tokens.iter().enumerate().filter(|(_, token)| test(i, token));
                    places.map(|(place, _)| place as i64).collect()
                })
                .collect();
            near(&slots, &mut Vec::new(), most)
        })
    }

    /// Whether the indicator stands in these sections, or below it one that it is the host of.
    fn holds_indicator(&self, within: Option<&[Section]>, wanted: &str) -> bool {
        let inside = |section: &Section| within.is_none_or(|only| only.contains(section));
        let texts = Section::ALL.into_iter().filter(inside).map(|s| self.report.section(s));
        let mut found = texts.flat_map(|text| Analyzer::new(Language::English).indicators(text));
        let wanted = wanted.to_lowercase();
        found.any(|token| {
            let form = token.surface.to_lowercase();
            let host = form.split("://").last().unwrap_or_default();
            let host = host.split(['/', ':']).next().unwrap_or_default();
            form == wanted || host == wanted || host.ends_with(&format!(".{wanted}"))
        })
    }

    fn texts(&self, within: Option<&[Section]>) -> impl Iterator<Item = &[OwnedToken]> {
        let inside = move |section: &Section| within.is_none_or(|only| only.contains(section));
        self.sections
            .iter()
            .filter(move |(section, _)| inside(section))
            .map(|(_, words)| words.as_slice())
    }

    fn any_word(&self, within: Option<&[Section]>, test: impl Fn(&str) -> bool) -> bool {
        self.texts(within).flatten().any(|token| test(&token.surface))
    }

    /// Whether `length` words side by side pass the test, each for its place.
    fn in_a_row(
        &self,
        within: Option<&[Section]>,
        length: usize,
        test: impl Fn(usize, &OwnedToken) -> bool,
    ) -> bool {
        self.texts(within).any(|tokens| {
            tokens
                .windows(length)
                .any(|window| window.iter().enumerate().all(|(i, token)| test(i, token)))
        })
    }
}

/// Whether some choice of one place for each word, no place twice, stands within so many edits of the words in a row:
/// each word's distance from its place in the phrase, the greatest less the least.
fn near(slots: &[Vec<i64>], chosen: &mut Vec<i64>, most: i64) -> bool {
    let Some(slot) = slots.get(chosen.len()) else {
        let moved = || chosen.iter().enumerate().map(|(i, place)| place - i as i64);
        return moved().max().unwrap() - moved().min().unwrap() <= most;
    };
    slot.iter().any(|place| {
        if chosen.contains(place) {
            return false;
        }
        chosen.push(*place);
        let found = near(slots, chosen, most);
        chosen.pop();
        found
    })
}

fn meets(report: &Report, filter: &Filter, dates: Dates) -> bool {
    match filter {
        Filter::Date(_) if dates == Dates::Met => true,
        Filter::Date(filter) => meets_date(report, filter, dates == Dates::Certain),
        Filter::Country(filter) => report.countries.iter().any(|place| match filter {
            CountryFilter::One(country) => place.country == Some(*country),
            CountryFilter::Group(group) => {
                place.country.is_some_and(|country| group.members().contains(&country))
            }
            CountryFilter::Written(written) => {
                place.country.is_none() && fold(&place.written) == fold(written)
            }
        }),
        Filter::Count(field, comparison, number) => {
            let count = match field {
                CountField::Motives => report.motives.number(),
                CountField::Techniques => report.techniques.number(),
                CountField::Actors => report.actors.number(),
            };
            count.is_some_and(|count| match comparison {
                Comparison::Less => count < *number,
                Comparison::LessOrEqual => count <= *number,
                Comparison::Equal => count == *number,
                Comparison::GreaterOrEqual => count >= *number,
                Comparison::Greater => count > *number,
            })
        }
        Filter::Language(code) => report.language.as_ref() == Some(code),
        Filter::Id(id) => wildcard_matches(&chars(id), &chars(&report.id)),
        Filter::Source(_) => unimplemented!("reports in memory have no source"),
        Filter::Actor(phrase) => report.actors.names.iter().any(|name| {
            let named = Report { body: name.clone(), ..Report::new("name") };
            Reading::new(&named, &[]).holds_phrase(phrase, None) == Some(true)
        }),
        Filter::Missing(field) => {
            let silent = |tally: &Tally| tally.number().is_none();
            match field {
                MissingField::Date => report.date.is_none(),
                MissingField::Country => report.countries.is_empty(),
                MissingField::Victim => report.victim.trim().is_empty(),
                MissingField::Language => report.language.is_none(),
                MissingField::Motives => silent(&report.motives),
                MissingField::Techniques => silent(&report.techniques),
                MissingField::Actors => silent(&report.actors),
            }
        }
    }
}

fn meets_date(report: &Report, filter: &DateFilter, certain: bool) -> bool {
    let FilterSpan::Fixed(span) = &filter.span else {
        unimplemented!("relative dates depend on the day")
    };
    let Some(date) = report.date else { return false };
    let (first, last) =
        if certain || filter.certain { (date.from(), date.to()) } else { (date.to(), date.from()) };
    span.from().is_none_or(|from| first >= from) && span.to().is_none_or(|to| last <= to)
}

/// The canonical form of a text that is an indicator and nothing else.
fn whole_indicator(text: &str) -> Option<String> {
    let found = Analyzer::new(Language::English).indicators(text);
    let [indicator] = found.as_slice() else { return None };
    let inside = |word: OwnedToken| {
        indicator.range.start <= word.range.start && word.range.end <= indicator.range.end
    };
    words(text).into_iter().all(inside).then(|| indicator.surface.clone())
}

/// Words whose stems do not matter.
fn words(text: &str) -> Vec<OwnedToken> {
    Analyzer::new(Language::English).forms(text)
}

/// For each word its stems.
pub fn stems(text: &str, languages: &[Language]) -> Vec<Vec<String>> {
    let by_language: Vec<_> =
        languages.iter().map(|language| Analyzer::new(*language).forms(text)).collect();
    (0..words(text).len())
        .map(|i| by_language.iter().map(|words| words[i].stem.clone()).collect())
        .collect()
}

/// The parts of a hyphenated word stand within so many edits.
const COMPOUND: i64 = 16;

/// Whether a bare word is several of letters alone, with hyphens between them.
pub fn is_compound(text: &str) -> bool {
    let found = words(text);
    let letters = |text: &str| !text.is_empty() && text.chars().all(char::is_alphabetic);
    found.len() > 1 && text.split('-').all(letters) && found.len() == text.split('-').count()
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn wildcard_matches(pattern: &[char], word: &[char]) -> bool {
    match pattern {
        [] => word.is_empty(),
        ['*', rest @ ..] => (0..=word.len()).any(|skip| wildcard_matches(rest, &word[skip..])),
        ['?', rest @ ..] => !word.is_empty() && wildcard_matches(rest, &word[1..]),
        [c, rest @ ..] => word.first() == Some(c) && wildcard_matches(rest, &word[1..]),
    }
}

/// Letters added, left out, changed, or swapped with their neighbour.
fn edits(a: &[char], b: &[char]) -> usize {
    match (a, b) {
        ([], rest) | (rest, []) => rest.len(),
        ([x, a_rest @ ..], [y, b_rest @ ..]) if x == y => edits(a_rest, b_rest),
        ([x, a_rest @ ..], [y, b_rest @ ..]) => {
            // A word this far off is no match anyway; without the bound this would take for ever.
            if a.len().abs_diff(b.len()) > 2 {
                return 9;
            }
            let mut least = edits(a_rest, b_rest).min(edits(a_rest, b)).min(edits(a, b_rest));
            if let ([y2, a_after @ ..], [x2, b_after @ ..]) = (a_rest, b_rest)
                && x == x2
                && y == y2
            {
                least = least.min(edits(a_after, b_after));
            }
            least + 1
        }
    }
}

#[test]
fn the_second_opinion_knows_its_words() {
    let pattern = chars("ran*wa?e");
    assert!(wildcard_matches(&pattern, &chars("ransomware")));
    assert!(!wildcard_matches(&pattern, &chars("ransomwares")));
    assert_eq!(edits(&chars("colonail"), &chars("colonial")), 1);
    assert_eq!(edits(&chars("site"), &chars("sight")), 3);
    assert_eq!(edits(&chars("normandy"), &chars("normandie")), 2);
    assert!(near(&[vec![3], vec![0]], &mut Vec::new(), 4), "defaced the official website");
    assert!(!near(&[vec![3], vec![0]], &mut Vec::new(), 3));
}

//! A report as a document of the index.
//!
//! In: a [`Report`]. Out: a tantivy document with every field of the schema, and the way back.

use std::sync::{Arc, Mutex, PoisonError};

use tantivy::TantivyDocument;
use tantivy::schema::Value;

use crate::analysis::{Analyzer, Language, detect_language, fold};
use crate::error::{Error, ErrorKind, Result};
use crate::index::columns::id_pieces;
use crate::index::schema::Fields;
use crate::index::short_names;
use crate::index::terms::{EncodedReport, encode_apart};
use crate::report::{Report, Section};

/// Makes the document of a report. Where its source does not say its language, it is detected here, and nowhere else:
/// the stored report then has it, so that whoever reads the report again takes it for the same.
pub(crate) fn to_document(
    fields: &Fields,
    report: &Report,
    analyzers: &mut Analyzers,
) -> Result<TantivyDocument> {
    let detected;
    let report = match &report.language {
        Some(_) => report,
        None => {
            let language = detect_language(report).map(str::to_owned);
            detected = Report { language, ..report.clone() };
            &detected
        }
    };
    let analyzer = analyzers.of(report);
    let encoded = EncodedReport::new(report, analyzer);
    let actors = encode_apart(report.actors.names.iter().map(String::as_str), analyzer);
    let mut document = TantivyDocument::default();
    for indicator in encoded.indicators.values() {
        document.add_text(fields.indicators, indicator);
    }
    document.add_text(fields.text, encoded.text);
    document.add_text(fields.victim_stems, encoded.victim);
    document.add_text(fields.title_stems, encoded.title);
    document.add_text(fields.actor_names, actors);
    document.add_text(fields.id, &report.id);
    for piece in id_pieces(&report.id) {
        document.add_u64(fields.id_pieces, piece);
    }
    for (field, start) in fields.starts.iter().zip(&encoded.starts[1..]) {
        document.add_u64(*field, u64::from(*start));
    }
    if let Some(source) = &report.source {
        document.add_text(fields.path, source.path.to_string_lossy());
    }
    for location in &report.countries {
        match location.country {
            Some(country) => document.add_text(fields.country, country.alpha2()),
            None => document.add_text(fields.place, fold(&location.written)),
        }
    }
    if let Some(language) = &report.language {
        document.add_text(fields.language, language);
    }
    if let Some(date) = &report.date {
        document.add_i64(fields.date_from, date.from().days());
        document.add_i64(fields.date_to, date.to().days());
    }
    let counts = [
        (fields.motives, report.motives.number()),
        (fields.techniques, report.techniques.number()),
        (fields.actors, report.actors.number()),
    ];
    for (field, count) in counts {
        if let Some(count) = count {
            document.add_u64(field, count.into());
        }
    }
    for term in short_names::terms(report, analyzer) {
        document.add_text(fields.short_names, term);
    }
    let victim = fold(report.section(Section::Victim).trim());
    if !victim.is_empty() {
        document.add_text(fields.victim_key, victim);
    }
    let stored = serde_json::to_vec(report).map_err(|e| {
        Error::new(ErrorKind::Input, format!("cannot store report {}", report.id)).with_source(e)
    })?;
    document.add_bytes(fields.report, &stored);
    Ok(document)
}

/// Reads the report back from its document.
pub(crate) fn to_report(fields: &Fields, document: &TantivyDocument) -> Result<Report> {
    let damaged = || {
        Error::new(ErrorKind::Index, "a stored report cannot be read back")
            .with_help("remove the index folder; the next sync builds it anew")
    };
    let stored = document.get_first(fields.report).ok_or_else(damaged)?;
    let stored = stored.as_bytes().ok_or_else(damaged)?;
    serde_json::from_slice(stored).map_err(|e| damaged().with_source(e))
}

/// The analyzers in use, one a language, kept for their memory of words; the last used stands first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Analyzers(Vec<Analyzer>);

/// Each remembers a few megabytes of words: of a corpus in more languages the rarest are learnt anew.
const MOST_ANALYZERS: usize = 6;

impl Analyzers {
    pub fn new() -> Self {
        Self::default()
    }

    /// The analyzer for the language of `report`; index and evidence both ask here. A report whose language is not known,
    /// or has no stemmer, is read as English, for its Latin words mostly are.
    pub fn of(&mut self, report: &Report) -> &mut Analyzer {
        let language = stemmed_as(report.language.as_deref());
        let at = match self.0.iter().position(|analyzer| analyzer.language() == language) {
            Some(at) => at,
            None => {
                self.0.truncate(MOST_ANALYZERS - 1);
                self.0.push(Analyzer::new(language));
                self.0.len() - 1
            }
        };
        self.0[..=at].rotate_right(1);
        &mut self.0[0]
    }
}

/// The language whose stemmer reads a report with this language code.
pub(crate) fn stemmed_as(code: Option<&str>) -> Language {
    code.and_then(Language::from_code).unwrap_or_default()
}

/// Analyzers at rest. One that has read many reports knows their words, and reads the next several times as fast.
#[derive(Debug, Clone, Default)]
pub(crate) struct AnalyzerPool(Arc<Mutex<Vec<Analyzers>>>);

impl AnalyzerPool {
    /// Analyzers for one thread; they go back when they are dropped.
    pub fn take(&self) -> PooledAnalyzers {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        PooledAnalyzers { analyzers: resting.pop().unwrap_or_default(), pool: self.clone() }
    }
}

/// Analyzers on loan.
pub(crate) struct PooledAnalyzers {
    pub analyzers: Analyzers,
    pool: AnalyzerPool,
}

impl Drop for PooledAnalyzers {
    fn drop(&mut self) {
        let analyzers = std::mem::replace(&mut self.analyzers, Analyzers::new());
        self.pool.0.lock().unwrap_or_else(PoisonError::into_inner).push(analyzers);
    }
}

//! What casebook is held against: the smallest tantivy program that indexes the same text and answers the same query.
//!
//! In: texts, queries. Out: an index with one field (tokenizer `en_stem`, positions, stored); the ten best by plain
//! BM25 with their text. It knows no dates, sections, evidence, partial matches or totals: what casebook takes longer
//! is what these cost.

#![allow(dead_code, reason = "each bench is a program of its own and uses its part")]

use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser, RegexQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, IndexReader, TantivyDocument, Term};

/// The tokenizer of the yardstick.
pub fn en_stem() -> TextAnalyzer {
    TokenizerManager::default().get("en_stem").expect("tantivy is built with its stemmers")
}

/// An index of the yardstick.
pub struct Yardstick {
    index: Index,
    reader: IndexReader,
    text: Field,
}

impl Yardstick {
    /// Indexes `texts` in `folder`, or in memory, and waits until all merges are done.
    pub fn build(
        folder: Option<&Path>,
        texts: impl IntoIterator<Item = String>,
        threads: usize,
        memory: usize,
    ) -> tantivy::Result<Self> {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let mut schema = Schema::builder();
        let text = schema
            .add_text_field("text", TextOptions::default().set_indexing_options(indexing) | STORED);
        let schema = schema.build();
        let index = match folder {
            Some(folder) => Index::create_in_dir(folder, schema)?,
            None => Index::create_in_ram(schema),
        };
        let mut writer = index.writer_with_num_threads(threads, memory)?;
        for report in texts {
            let mut document = TantivyDocument::default();
            document.add_text(text, report);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let reader = index.reader()?;
        Ok(Self { index, reader, text })
    }

    /// Number of reports.
    pub fn reports(&self) -> usize {
        self.reader.searcher().num_docs() as usize
    }

    /// Number of segments.
    pub fn segments(&self) -> usize {
        self.reader.searcher().segment_readers().len()
    }

    /// Number of reports that hold the stem of `word`.
    pub fn holders(&self, word: &str) -> usize {
        let mut analyzer = en_stem();
        let mut stream = analyzer.token_stream(word);
        if !stream.advance() {
            return 0;
        }
        let term = Term::from_field_text(self.text, &stream.token().text);
        self.reader.searcher().doc_freq(&term).unwrap_or_default() as usize
    }

    /// Reads a query: words, of which one is enough, and phrases.
    pub fn parse(&self, query: &str) -> Box<dyn Query> {
        let parser = QueryParser::for_index(&self.index, vec![self.text]);
        parser.parse_query(query).expect("a query that tantivy understands")
    }

    /// Reads a query whose words must all be there.
    pub fn parse_all(&self, query: &str) -> Box<dyn Query> {
        let mut parser = QueryParser::for_index(&self.index, vec![self.text]);
        parser.set_conjunction_by_default();
        parser.parse_query(query).expect("a query that tantivy understands")
    }

    /// Words that begin like this; tantivy's query parser has no such thing.
    pub fn prefix(&self, prefix: &str) -> Box<dyn Query> {
        let pattern = format!("{prefix}.*");
        Box::new(RegexQuery::from_pattern(&pattern, self.text).expect("a pattern"))
    }

    /// The ten best, with their text.
    pub fn search(&self, query: &dyn Query) -> Vec<(f32, String)> {
        let searcher = self.reader.searcher();
        let best = searcher.search(query, &TopDocs::with_limit(10).order_by_score());
        let best = best.expect("an index that can be read").into_iter();
        best.map(|(score, address)| {
            let document: TantivyDocument = searcher.doc(address).expect("a stored report");
            let text = document.get_first(self.text).and_then(|value| value.as_str());
            (score, text.unwrap_or_default().to_owned())
        })
        .collect()
    }

    /// The ten best, only their number: ranking without a look at what was found.
    pub fn rank(&self, query: &dyn Query) -> usize {
        let searcher = self.reader.searcher();
        let best = searcher.search(query, &TopDocs::with_limit(10).order_by_score());
        best.expect("an index that can be read").len()
    }

    /// The ten best, and how many there are in all, which no short cut may then leave out.
    pub fn rank_and_count(&self, query: &dyn Query) -> (usize, usize) {
        let collectors = (TopDocs::with_limit(10).order_by_score(), Count);
        let (best, total) =
            self.reader.searcher().search(query, &collectors).expect("an index that can be read");
        (best.len(), total)
    }

    /// How many reports match.
    pub fn count(&self, query: &dyn Query) -> usize {
        self.reader.searcher().search(query, &Count).expect("an index that can be read")
    }
}

/// Bytes of all files in `folder` and below.
pub fn bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

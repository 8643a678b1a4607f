//! The fields of the index, and the version of its format.
//!
//! In: nothing. Out: the tantivy schema with handles on its fields. All of a report's text is in one field, `text`,
//! section after section: a word costs one list of postings wherever it stands, and BM25 sees the report whole.
//! Where a section starts is kept in a column, so that `body:word` is a test on positions.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};

use crate::index::terms::{STEM_TOKENIZER, WORD_TOKENIZER};
use crate::report::Section;

/// Version of everything that decides what is in an index: fields, analysis, dates, countries. An index of another
/// version is built anew.
pub const FORMAT_VERSION: u32 = 3;

/// Handles on the fields of the schema.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub schema: Schema,
    /// Every word of the report with its position: surface forms and, marked, stems.
    pub text: Field,
    /// Stems of the victim's name, without positions: a hit there weighs more.
    pub victim_stems: Field,
    /// Stems of the title.
    pub title_stems: Field,
    /// Words in the names of the threat actors.
    pub actor_names: Field,
    pub id: Field,
    /// The id in pieces, see `columns`: to give it out, which its dictionary takes long for.
    pub id_pieces: Field,
    pub path: Field,
    /// ISO 3166-1 alpha-2 codes.
    pub country: Field,
    /// Places that are no known country: folded.
    pub place: Field,
    pub language: Field,
    /// First and last day of the incident, in days since 1970-01-01.
    pub date_from: Field,
    pub date_to: Field,
    pub motives: Field,
    pub techniques: Field,
    pub actors: Field,
    /// The victim's name, folded: to sort by. Absent where there is none.
    pub victim_key: Field,
    /// What attacks are known by, to count: the letter of the kind, then the canonical form.
    pub indicators: Field,
    /// Short and long forms of the victim's name, see `short_names`.
    pub short_names: Field,
    /// First position of each section but the first, in the order of `Section::ALL`.
    pub starts: [Field; Section::ALL.len() - 1],
    /// The whole report as JSON.
    pub report: Field,
}

impl Fields {
    /// The schema of [`FORMAT_VERSION`].
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let words = |tokenizer: &str, record: IndexRecordOption| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record),
            )
        };
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let column = || NumericOptions::default() | FAST;
        let keyword = || STRING | FAST;
        let text = builder.add_text_field("text", words(WORD_TOKENIZER, positions));
        let freqs = IndexRecordOption::WithFreqs;
        let victim_stems = builder.add_text_field("victim_stems", words(STEM_TOKENIZER, freqs));
        let title_stems = builder.add_text_field("title_stems", words(STEM_TOKENIZER, freqs));
        let actor_names = builder.add_text_field("actor_names", words(WORD_TOKENIZER, positions));
        let id = builder.add_text_field("id", keyword());
        let id_pieces = builder.add_u64_field("id_pieces", column());
        let path = builder.add_text_field("path", keyword());
        let country = builder.add_text_field("country", keyword());
        let place = builder.add_text_field("place", keyword());
        let language = builder.add_text_field("language", keyword());
        let date_from = builder.add_i64_field("date_from", column());
        let date_to = builder.add_i64_field("date_to", column());
        let motives = builder.add_u64_field("motives", column() | INDEXED);
        let techniques = builder.add_u64_field("techniques", column() | INDEXED);
        let actors = builder.add_u64_field("actors", column() | INDEXED);
        let victim_key = builder.add_text_field("victim_key", keyword());
        let indicators = builder.add_text_field("indicators", FAST);
        let short_names = builder.add_text_field("short_names", STRING);
        let starts = std::array::from_fn(|i| {
            builder.add_u64_field(&start_column(Section::ALL[i + 1]), column())
        });
        let report = builder.add_bytes_field("report", STORED);
        Self {
            schema: builder.build(),
            text,
            victim_stems,
            title_stems,
            actor_names,
            id,
            id_pieces,
            path,
            country,
            place,
            language,
            date_from,
            date_to,
            motives,
            techniques,
            actors,
            victim_key,
            indicators,
            short_names,
            starts,
            report,
        }
    }
}

/// The name of the column that holds the first position of `section`.
pub(crate) fn start_column(section: Section) -> String {
    format!("{}_start", section.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_but_the_first_has_a_start_column() {
        let fields = Fields::new();
        for (section, field) in Section::ALL.into_iter().skip(1).zip(fields.starts) {
            assert_eq!(fields.schema.get_field_name(field), start_column(section));
        }
    }
}

//! One incident report, as every part of the crate sees it.
//!
//! In: nothing but dates and countries. Out: [`Report`] and the small types that it is made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::country::Location;
use crate::date::IncidentDate;

/// One incident narrative with what is known about it.
///
/// Every text is kept exactly as the source has it, so that evidence can cite it. A report needs nothing but an
/// id; whatever is missing is `None` or empty, never guessed.
///
/// ```
/// use casebook::Report;
///
/// let mut report = Report::new("normandie-2023");
/// report.victim = "Région Normandie".into();
/// report.date = Some("Dec 2023".parse()?);
/// report.body = "The attackers defaced the official website.".into();
/// assert_eq!(report.date.unwrap().to_string(), "Dec 2023");
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Unique within a casebook.
    pub id: String,
    /// Who was hit. Empty where the source does not say.
    pub victim: String,
    /// When, as precisely as the source says.
    pub date: Option<IncidentDate>,
    /// The date as written, where it could not be understood (`date` is then `None`) or says more than the interval.
    pub date_text: String,
    /// Where, in the order of the source.
    pub countries: Vec<Location>,
    /// Headline, where the source has one.
    pub title: String,
    /// The short account.
    pub summary: String,
    /// The full account.
    pub body: String,
    /// Text that belongs to no known field: kept so that it can be found.
    pub other: String,
    /// Properties violated: confidentiality, integrity, availability.
    pub posture: Tally,
    /// What the attackers wanted.
    pub motives: Tally,
    /// Tactics, techniques and procedures.
    pub techniques: Tally,
    /// Threat actors.
    pub actors: Tally,
    /// Kind of threat actor, if given.
    pub actor_type: Option<String>,
    /// Where the threat actor sits, if given.
    pub actor_location: Option<String>,
    /// ISO 639-1 code of the language: as the source says, or else detected when the report is indexed, where its text is
    /// long enough to tell (see [`detect_language`](crate::detect_language)).
    pub language: Option<String>,
    /// The file that holds the report; `None` for a report that a program added.
    pub source: Option<Source>,
}

impl Report {
    /// An empty report with this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// The text of one section.
    ///
    /// ```
    /// use casebook::{Report, Section};
    ///
    /// let report = Report { summary: "Website defaced.".into(), ..Report::new("a") };
    /// assert_eq!(report.section(Section::Summary), "Website defaced.");
    /// ```
    pub fn section(&self, section: Section) -> &str {
        match section {
            Section::Victim => &self.victim,
            Section::Title => &self.title,
            Section::Summary => &self.summary,
            Section::Body => &self.body,
            Section::Other => &self.other,
        }
    }
}

/// A part of a report that holds running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// [`Report::victim`]
    Victim,
    /// [`Report::title`]
    Title,
    /// [`Report::summary`]
    Summary,
    /// [`Report::body`]
    Body,
    /// [`Report::other`]
    Other,
}

impl Section {
    /// Every section, in reading order.
    pub const ALL: [Section; 5] =
        [Section::Victim, Section::Title, Section::Summary, Section::Body, Section::Other];

    /// The lower-case name that queries and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Section::Victim => "victim",
            Section::Title => "title",
            Section::Summary => "summary",
            Section::Body => "body",
            Section::Other => "other",
        }
    }
}

/// How many of something a report names, and which, where it says.
///
/// `count` is `None` where the source withholds it ("Available to members") or is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many, if stated.
    pub count: Option<u32>,
    /// Their names, if stated.
    pub names: Vec<String>,
}

impl Tally {
    /// How many: as stated, or else as many as are named.
    ///
    /// ```
    /// use casebook::Tally;
    ///
    /// let named = Tally { count: None, names: vec!["Lapsus$".into()] };
    /// assert_eq!(named.number(), Some(1));
    /// assert_eq!(Tally::default().number(), None);
    /// ```
    pub fn number(&self) -> Option<u32> {
        let named = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.count.or((named > 0).then_some(named))
    }
}

/// Where a report was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file, relative to the root of the corpus, with `/` between folders.
    pub path: PathBuf,
    /// The record within the file, counted from 1; `None` where the file is one report.
    pub record: Option<u64>,
    /// Where each section's text starts in the decoded file, if it stands there verbatim.
    pub origins: Vec<Origin>,
}

/// Where the text of a section starts in its file. All counts are of the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Which section.
    pub section: Section,
    /// Offset in bytes (UTF-8), from 0.
    pub byte: u64,
    /// Offset in characters (Unicode scalar values), from 0.
    pub char: u64,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
}

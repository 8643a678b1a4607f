//! Made-up incident reports, as many as a bench needs.
//!
//! In: a seed and a number. Out: the report of that number, the same on every machine and at every time, whichever
//! were made before it. Lengths are lognormal with a mean of 350 words; words follow [`Vocabulary`]; dates, places
//! and indicators come in the mixture that real collections show. Nothing is copied from any.

#![allow(dead_code, reason = "each bench is a program of its own and uses its part")]

mod random;
mod vocabulary;

use std::fmt::Write as _;
use std::path::Path;

use casebook::{IncidentDate, Location, Report, Tally};

pub use self::random::Random;
pub use self::vocabulary::Vocabulary;

/// The mean number of words of a report, victim and summary among them.
pub const MEAN_WORDS: f64 = 350.0;
/// The standard deviation of the logarithm of that number: one report in twenty is longer than 780 words.
const SPREAD: f64 = 0.6;

/// A collection of made-up reports without end.
pub struct Synth {
    seed: u64,
    vocabulary: Vocabulary,
}

impl Synth {
    /// The collection of `seed`.
    pub fn new(seed: u64) -> Self {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        Self { seed, vocabulary: Vocabulary::read(&corpus) }
    }

    /// The first `n` reports.
    pub fn reports(&self, n: usize) -> impl Iterator<Item = Report> {
        (0..n).map(|i| self.report(i))
    }

    /// The words that texts are made of.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The report of number `n`.
    pub fn report(&self, n: usize) -> Report {
        let random = &mut Random::stream(self.seed, n as u64);
        let words = (MEAN_WORDS.ln() - SPREAD * SPREAD / 2.0 + SPREAD * random.normal()).exp();
        let words = (words as usize).clamp(30, 5_000);
        let summary = (words / 8).clamp(12, 60);
        let mut report = Report::new(format!("synth-{n:07}"));
        report.victim = self.victim(random);
        report.date_text = date(random);
        report.date = report.date_text.parse::<IncidentDate>().ok();
        report.countries = Location::parse_list(place(random));
        report.summary = self.text(summary, random);
        report.body = self.text(words - summary, random);
        if random.chance(20) {
            let at = report.body.len();
            report.body.insert_str(at, &indicators(random));
        }
        report.motives = tally(random);
        report.techniques = tally(random);
        report.actors = tally(random);
        report
    }

    fn victim(&self, random: &mut Random) -> String {
        const KINDS: [&str; 12] = [
            "Hospital",
            "University",
            "City Council",
            "Bank",
            "Group",
            "Ministry of Finance",
            "Port Authority",
            "Telecom",
            "Energy",
            "Insurance Ltd",
            "Airport",
            "Région",
        ];
        // Victims come back: their names are drawn from a few thousand.
        let coined = vocabulary::Word::Coined(1_000_000 + random.below(5_000) as u64);
        let mut name = String::new();
        self.vocabulary.spell(coined, &mut name);
        format!("{name} {}", random.pick(&KINDS))
    }

    /// Running text of `words` words.
    fn text(&self, words: usize, random: &mut Random) -> String {
        let mut text = String::with_capacity(words * 7);
        let mut left = words;
        while left > 0 {
            let sentence = random.between(8, 26).min(left);
            let from = text.len();
            let mut last = None;
            for i in 0..sentence {
                if i > 0 {
                    text.push_str(if random.chance(6) { ", " } else { " " });
                }
                let word = self.vocabulary.next(last, random);
                self.vocabulary.spell(word, &mut text);
                last = Some(word);
            }
            if text.is_char_boundary(from + 1) {
                text[from..=from].make_ascii_uppercase();
            }
            left -= sentence;
            text.push('.');
            if left > 0 {
                text.push_str(if random.chance(15) { "\n\n" } else { " " });
            }
        }
        text
    }
}

/// All the text of a report that is searched, in one piece: what the yardstick indexes.
pub fn plain_text(report: &Report) -> String {
    [&report.victim, &report.summary, &report.body].map(String::as_str).join("\n")
}

/// The report as a file of the text format.
pub fn file_text(report: &Report) -> String {
    let places: Vec<_> = report.countries.iter().map(|place| place.written.as_str()).collect();
    let count = |tally: &Tally, one: &str| match tally.count {
        Some(count) => format!("{count} {one}s"),
        None => "Available to members".to_owned(),
    };
    format!(
        "Cyber Incident Victim: {}\nDate:\n{}\nLocation:\n{}\nSummary\n{}\n\
         | CIA Posture | Motives | Tactics, Techniques & Procedures |\n|---|---|---|\n\
         | Availability | {} | {} |\n\
         | Threat Actors | Type | Location |\n|---|---|---|\n\
         | {} | Available to members | Available to members |\n\
         Description\n{}\n",
        report.victim,
        report.date_text,
        places.join(", "),
        report.summary.replace('\n', " "),
        count(&report.motives, "motive"),
        count(&report.techniques, "technique"),
        count(&report.actors, "actor"),
        report.body,
    )
}

/// A date as precise as reports have it: a day for most, else a month or a year, and now and then none.
fn date(random: &mut Random) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month) = (random.between(2005, 2025), random.pick(&MONTHS));
    match random.below(100) {
        0..65 => format!("{month} {}, {year}", random.between(1, 28)),
        65..85 => format!("{month} {year}"),
        85..96 => year.to_string(),
        _ => String::new(),
    }
}

fn place(random: &mut Random) -> &'static str {
    const PLACES: [&str; 20] = [
        "United States",
        "United States",
        "United States",
        "United States",
        "France",
        "France",
        "Germany",
        "Deutschland",
        "United Kingdom",
        "UK",
        "Spain",
        "Italy",
        "Japan",
        "Korea, Republic of",
        "Ukraine",
        "Côte d’Ivoire",
        "Brazil",
        "India",
        "Australia",
        "Canada",
    ];
    random.pick(&PLACES)
}

/// A sentence with the traces that an attack left.
fn indicators(random: &mut Random) -> String {
    let mut text = " Observed indicators:".to_owned();
    for _ in 0..random.between(1, 4) {
        // Writing to a string never fails.
        let _ = match random.below(4) {
            0 => {
                write!(text, " CVE-{}-{},", random.between(2012, 2025), random.between(100, 49_999))
            }
            1 => write!(text, " 198[.]51[.]100[.]{},", random.below(256)),
            2 => write!(text, " hxxps://update-{:05x}[.]example/a.php,", random.below(1 << 20)),
            _ => write!(
                text,
                " {:016x}{:016x}{:016x}{:016x},",
                random.next(),
                random.next(),
                random.next(),
                random.next()
            ),
        };
    }
    text.pop();
    text.push('.');
    text
}

fn tally(random: &mut Random) -> Tally {
    let count = random.chance(60).then(|| random.between(1, 4) as u32);
    Tally { count, names: Vec::new() }
}

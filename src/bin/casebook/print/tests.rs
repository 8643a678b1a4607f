//! Printed answers as strings.

use std::path::Path;

use casebook::{
    AliasMatch, Certainty, ClauseCount, Highlight, Hit, Location, MatchedClause, Note, Origin,
    Passage, Position, Relaxation, Report, Results, Section, Source, Suggestion, Tally, Tier,
};

use super::{Answer, Format, Style, lead, report, shell_query, shell_word};

const TERMINAL: Style = Style { color: false, marks: true, width: Some(60) };

/// A report as the text format gives it.
pub fn normandie() -> Report {
    let file = "Cyber Incident Victim: Région Normandie\n…\n";
    Report {
        victim: "Région Normandie".into(),
        date: Some("Dec 2023".parse().unwrap()),
        countries: Location::parse_list("France"),
        summary: "A regional council lost control of its pages.".into(),
        body: "Little is known. The attackers defaced the official website, and visitors met \
               statements. Nobody was named."
            .into(),
        posture: Tally { count: None, names: vec!["Integrity".into()] },
        motives: Tally { count: Some(1), names: vec!["political messaging".into()] },
        techniques: Tally { count: Some(3), names: vec!["website defacement".into()] },
        language: Some("en".into()),
        source: Some(Source {
            path: "2023/normandie.txt".into(),
            record: None,
            origins: vec![Origin {
                section: Section::Body,
                byte: file.len() as u64,
                char: file.chars().count() as u64,
                line: 3,
                column: 1,
            }],
        }),
        ..Report::new("2023/normandie")
    }
}

/// The sentence of the body that holds these words, with each of them highlighted.
pub fn passage(report: &Report, words: &[&str]) -> Passage {
    let text = &report.body;
    let start = text[..text.find(words[0]).unwrap()].rfind(". ").map_or(0, |end| end + 2);
    let end = text[start..].find(". ").map_or(text.len(), |end| start + end + 1);
    let origin = report.source.as_ref().unwrap().origins[0];
    let position = |at: usize| Position {
        byte: origin.byte + at as u64,
        char: origin.char + text[..at].chars().count() as u64,
        line: origin.line,
        column: origin.column + text[..at].chars().count() as u64,
    };
    let highlight = |(nth, word): (usize, &&str)| {
        let at = text.find(word).unwrap();
        let range = at..at + word.len();
        Highlight { range, clauses: vec![nth], position: Some(position(at)) }
    };
    Passage {
        section: Section::Body,
        range: start..end,
        text: text[start..end].to_owned(),
        highlights: words.iter().enumerate().map(highlight).collect(),
        position: Some(position(start)),
    }
}

/// A hit on the report above.
pub fn hit(rank: usize, tier: Tier) -> Hit {
    let report = normandie();
    let words = ["defaced", "website"];
    let matched = words.map(|word| MatchedClause { text: word.into(), spans: 1, alias: None });
    Hit {
        rank,
        score: 4.5,
        tier,
        certainty: None,
        passages: vec![passage(&report, &words)],
        passages_total: 1,
        matched: matched.into(),
        explanation: Vec::new(),
        report,
    }
}

/// Results with everything in them that a document can hold.
pub fn results() -> Results {
    let missing = Tier::Partial { missing: vec!["hospital".into()] };
    let mut unsure = hit(2, missing);
    unsure.certainty = Some(Certainty::Possible);
    unsure.report = Report {
        date_text: "one day in spring".into(),
        countries: Location::parse_list("Atlantis"),
        ..Report::new("bare")
    };
    unsure.passages.clear();
    unsure.matched[0].alias = Some(AliasMatch {
        name: "défiguration".into(),
        set: "defacement".into(),
        source: "MITRE ATT&CK T1491".into(),
    });
    let mut relaxed = hit(3, Tier::Relaxed);
    relaxed.explanation = vec![("body: defaced".into(), 4.5)];
    Results {
        query: "website defaced".into(),
        notes: vec![Note { span: 0..7, message: "read as a word".into() }],
        hits: vec![hit(1, Tier::Full), unsure, relaxed],
        total: 12,
        certain: 11,
        partial_total: 2,
        relaxation: Some(Relaxation {
            query: "\"website defaced\"~4".into(),
            reason: "near each other".into(),
            total: 1,
        }),
        undated: 4,
        clauses: vec![clause("website", 31), clause("defaced", 0)],
        suggestions: vec![Suggestion {
            typed: "defacd".into(),
            instead: "defaced".into(),
            hits: 12,
            query: "website defaced".into(),
        }],
        searched: 155,
    }
}

fn clause(text: &str, hits: usize) -> ClauseCount {
    ClauseCount {
        text: text.into(),
        span: 0..text.len(),
        meaning: format!("the word {text} in any form"),
        hits,
        depth: 0,
        required: true,
    }
}

/// What a format prints.
pub fn print(format: Format, style: Style, results: &Results, explain: bool) -> String {
    let answer = Answer {
        typed: "website defaced",
        results,
        prefix: Path::new("corpus"),
        command: "casebook search -C corpus",
        explain,
    };
    let mut out = Vec::new();
    format.printer(style).print(&answer, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_full_page() {
    assert_eq!(
        print(Format::Text, TERMINAL, &results(), false),
        "\x20\
1. Région Normandie · Dec 2023 · France
    The attackers **defaced** the official **website**, and
      visitors met statements.
    corpus/2023/normandie.txt:3

── 2 more match some of the words ──

 2. bare · one day in spring (may be outside the dates asked
      for) · Atlantis · without: hospital
    defaced → défiguration (alias: defacement, MITRE ATT&CK
      T1491)
    id bare

── Near: 1 report matches \"website defaced\"~4 (near each
   other) ──

 3. Région Normandie · Dec 2023 · France
    The attackers **defaced** the official **website**, and
      visitors met statements.
    score 4.50 = body: defaced 4.50
    corpus/2023/normandie.txt:3

12 reports, 2 partial matches; shown: 1 to 3; next page:
  --offset 3
11 reports are surely in the dates asked for, 1 possibly
4 more match but have no date (date:none shows such reports)
"
    );
}

#[test]
fn colour_marks_what_matched() {
    let results = Results {
        hits: vec![hit(1, Tier::Full)],
        total: 1,
        certain: 1,
        searched: 155,
        ..Results::default()
    };
    let style = Style { color: true, marks: false, width: None };
    assert_eq!(
        print(Format::Text, style, &results, false),
        " 1. \x1b[1mRégion Normandie\x1b[0m · Dec 2023 · France\n    \
         The attackers \x1b[1;31mdefaced\x1b[0m the official \x1b[1;31mwebsite\x1b[0m, and \
         visitors met statements.\n    \
         \x1b[2mcorpus/2023/normandie.txt:3\x1b[0m\n\n\
         \x1b[2m1 report\x1b[0m\n"
    );
    let piped = print(Format::Text, Style::PLAIN, &results, false);
    assert!(piped.contains("attackers defaced the official website, and visitors"), "{piped}");
}

#[test]
fn nothing_found_says_why_and_what_to_type() {
    let results = Results {
        hits: Vec::new(),
        total: 0,
        certain: 0,
        partial_total: 0,
        undated: 0,
        ..results()
    };
    assert_eq!(
        print(Format::Text, TERMINAL, &results, false),
        "\
No report matches website defaced (155 searched)
Reports that match each part, taken alone:
  31  website   the word website in any form
   0  defaced   the word defaced in any form ← none
  Did you mean defaced (12 reports)? casebook search -C
    corpus website defaced
  Near: 1 report matches \"website defaced\"~4 (near each
    other) casebook search -C corpus '\"website defaced\"~4'
"
    );
}

#[test]
fn no_report_matching_all_parts_is_said() {
    let clauses = vec![clause("website", 31), clause("defaced", 7)];
    let results = Results { query: "a b".into(), searched: 9, clauses, ..Results::default() };
    let text = print(Format::Text, Style::PLAIN, &results, false);
    assert!(text.contains("Each part matches, but no report has all."), "{text}");
}

#[test]
fn an_empty_folder_is_said_to_be_empty() {
    let text = print(Format::Text, Style::PLAIN, &Results::default(), false);
    assert_eq!(text, "There are no reports in corpus.\n");
}

#[test]
fn explaining_shows_the_parts_of_the_query_first() {
    let text = print(Format::Text, Style::PLAIN, &results(), true);
    assert!(
        text.starts_with("Reports that match each part, taken alone:\n  31  website "),
        "{text}"
    );
}

#[test]
fn a_page_past_the_end_says_so() {
    let results =
        Results { hits: Vec::new(), total: 3, certain: 3, searched: 9, ..Results::default() };
    assert_eq!(
        print(Format::Text, Style::PLAIN, &results, false),
        "3 reports; none on this page\n"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal_but_for_paths() {
    for width in [20, 40, 80, 100] {
        let style = Style { width: Some(width), ..TERMINAL };
        for line in print(Format::Text, style, &results(), true).lines() {
            let fits = super::layout::columns(line) <= width || line.contains("corpus/");
            assert!(fits, "wider than {width}: {line}");
        }
    }
}

#[test]
fn hostile_reports_reach_no_terminal() {
    let mut hit = hit(1, Tier::Partial { missing: vec!["\x1b[2J".into()] });
    hit.report.victim = "Evil\x1b]0;owned\x07\nCorp\u{202e}".into();
    hit.report.title = "\u{9b}31mred".into();
    hit.report.id = "id\x1b[0m".into();
    hit.passages[0].text = "a\x1bb\u{200b}c\r\nd".into();
    hit.passages[0].highlights.clear();
    hit.report.source.as_mut().unwrap().path = "new\nline\x1b.txt".into();
    let results = Results { hits: vec![hit], total: 1, searched: 1, ..Results::default() };
    for format in [Format::Text, Format::Grep] {
        let text = print(format, Style::PLAIN, &results, false);
        let unsafe_character =
            |c: char| c != '\n' && c.is_control() || "\u{202e}\u{200b}".contains(c);
        assert!(!text.contains(unsafe_character), "{text:?}");
    }
    assert!(
        print(Format::Grep, Style::PLAIN, &results, false).starts_with("corpus/new␊line␛.txt:3:")
    );
    // JSON escapes controls itself, so that programs get the text as it is.
    let json = print(Format::Json, Style::PLAIN, &results, false);
    assert!(!json.contains('\x1b') && json.contains(r"\u001b"), "{json}");
}

#[test]
fn highlights_that_do_not_fit_their_text_are_left_out() {
    let mut hit = hit(1, Tier::Full);
    hit.passages[0].highlights[0].range = 3..1000;
    hit.passages[0].highlights[1].range = 1..2;
    let results = Results { hits: vec![hit], total: 1, searched: 1, ..Results::default() };
    for format in [Format::Text, Format::Grep, Format::Json, Format::JsonLines] {
        assert!(print(format, TERMINAL, &results, false).contains("The attackers defaced"));
    }
}

#[test]
fn passages_are_printed_as_grep_does() {
    assert_eq!(
        print(Format::Grep, TERMINAL, &results(), false),
        "\
corpus/2023/normandie.txt:3:32: The attackers **defaced** the official **website**, and visitors met statements.
corpus/2023/normandie.txt:3:32: [matches \"website defaced\"~4] The attackers **defaced** the official **website**, and visitors met statements.
"
    );
}

#[test]
fn a_count_is_a_number() {
    assert_eq!(print(Format::Count, TERMINAL, &results(), false), "12\n");
}

#[test]
fn a_whole_report() {
    let mut out = Vec::new();
    report::text(&normandie(), Path::new("corpus"), TERMINAL, &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "\
Région Normandie

Date        Dec 2023
Country     France
Posture     Integrity
Motives     political messaging
Techniques  3, of them website defacement
Language    en
Id          2023/normandie
File        corpus/2023/normandie.txt

Summary
A regional council lost control of its pages.

Description
Little is known. The attackers defaced the official website,
and visitors met statements. Nobody was named.
"
    );
}

#[test]
fn the_lead_ends_between_words_and_knows_its_line() {
    let report = Report { body: "word ".repeat(100), summary: String::new(), ..normandie() };
    let lead = lead(&report).unwrap();
    assert!(lead.text.len() <= 200 && lead.text.ends_with("word"), "{:?}", lead.text);
    assert_eq!(lead.position.unwrap().line, 3);
    assert_eq!(super::lead(&Report::new("empty")), None);
}

#[test]
fn queries_are_quoted_for_the_shell_where_they_must_be() {
    for (query, expected) in [
        ("website defaced", "website defaced"),
        ("date:2023-08..2024 country:FR", "date:2023-08..2024 country:FR"),
        ("\"website defaced\"~4", "'\"website defaced\"~4'"),
        ("cote d'azur", r"cote 'd'\''azur'"),
        ("hospital ransom*", "hospital 'ransom*'"),
        ("(a OR b) c", "'(a OR b) c'"),
        ("hôpital", "hôpital"),
        ("a | b; rm", "a '|' 'b;' rm"),
    ] {
        assert_eq!(shell_query(query), expected);
    }
    assert_eq!(shell_word(""), "''");
}

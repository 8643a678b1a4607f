//! Fields at the top of a text: YAML between lines of `---`, TOML between lines of `+++`.
//!
//! In: a text. Out: its fields in their order, and where the text goes on. What looks like front matter and is none,
//! such as a rule at the top, is left in the text.

use saphyr_parser::{Event, Parser, Span};

use super::record::Value;
use super::text::Lines;

/// What is at the top of a text.
#[derive(Debug, PartialEq)]
pub(super) enum FrontMatter {
    None,
    /// It has the shape of front matter, and an error in this line.
    Broken(u64, String),
    Fields {
        fields: Vec<(String, Value)>,
        /// The line of the first field.
        line: u64,
        /// Where the text goes on: the start of a line, or the end.
        end: usize,
    },
}

/// Longer ones are none. A bound on what has to be read to find the closing line.
const LONGEST: usize = 64 << 10;

/// How deep lists and maps may be nested.
const DEEPEST: usize = 32;

/// Reads what is at the top of a text.
pub(super) fn read(text: &str) -> FrontMatter {
    let mut lines = Lines::new(text);
    let Some(first) = lines.next() else { return FrontMatter::None };
    let fence = first.text.trim_end();
    if fence != "---" && fence != "+++" {
        return FrontMatter::None;
    }
    let Some(start) = lines.clone().next().map(|line| line.start) else { return FrontMatter::None };
    let closing = lines.clone().take_while(|line| line.start <= LONGEST).find(|line| {
        let line = line.text.trim_end();
        line == fence || fence == "---" && line == "..."
    });
    let Some(closing) = closing else { return FrontMatter::None };
    let inner = text.get(start..closing.start).unwrap_or_default();
    let parsed = if fence == "---" { yaml(inner) } else { toml(inner) };
    match parsed {
        // Names without any value are lines of the text between two rules.
        Ok(Value::Object(fields)) if fields.iter().any(|(_, value)| *value != Value::Null) => {
            let after = Lines::starting_at(text, closing.start).nth(1);
            FrontMatter::Fields {
                fields,
                line: 2,
                end: after.map_or(text.len(), |line| line.start),
            }
        }
        Ok(_) => FrontMatter::None,
        Err((line, message)) if has_fields(inner, fence) => FrontMatter::Broken(1 + line, message),
        Err(_) => FrontMatter::None,
    }
}

/// Whether most lines are fields, so that an error in one is worth a word.
fn has_fields(inner: &str, fence: &str) -> bool {
    let separator = if fence == "---" { ':' } else { '=' };
    let lines = inner.lines().filter(|line| !line.trim().is_empty());
    let (all, fields) = lines.fold((0, 0), |(all, fields), line| {
        let name = line.split(separator).next().unwrap_or_default();
        let is_field = name.len() < line.len() && !name.trim_end().contains(' ');
        (all + 1, fields + usize::from(is_field))
    });
    fields > 0 && fields * 2 >= all
}

fn toml(text: &str) -> Result<Value, (u64, String)> {
    toml::from_str::<Value>(text).map(plain_dates).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        (1 + before.matches('\n').count() as u64, error.message().to_owned())
    })
}

/// TOML's dates come as objects with one field of a name that nobody else uses.
fn plain_dates(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => match fields.as_mut_slice() {
            [(name, date)] if name == "$__toml_private_datetime" => {
                std::mem::replace(date, Value::Null)
            }
            _ => {
                let plain = fields.into_iter().map(|(name, value)| (name, plain_dates(value)));
                Value::Object(plain.collect())
            }
        },
        Value::List(items) => Value::List(items.into_iter().map(plain_dates).collect()),
        other => other,
    }
}

fn yaml(text: &str) -> Result<Value, (u64, String)> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) =
            event.map_err(|error| (error.marker().line() as u64, error.info().to_owned()))?;
        builder.take(event).map_err(|message| (line_of(&span), message.to_owned()))?;
    }
    Ok(builder.whole.unwrap_or(Value::Null))
}

fn line_of(span: &Span) -> u64 {
    span.start.line() as u64
}

/// A list or map that is not closed yet.
enum Open {
    List(Vec<Value>),
    /// With the name of the field that comes next.
    Map(Vec<(String, Value)>, Option<String>),
}

/// Builds a value from the events of the parser, without recursion.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    whole: Option<Value>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, ..) => self.add(scalar(&text)),
            Event::SequenceStart(..) => self.open(Open::List(Vec::new())),
            Event::MappingStart(..) => self.open(Open::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => {
                let value = match self.open.pop() {
                    Some(Open::List(items)) => Value::List(items),
                    Some(Open::Map(fields, _)) => Value::Object(fields),
                    None => Value::Null,
                };
                self.add(value)
            }
            // Repeated aliases of aliases could fill all memory; no report needs one.
            Event::Alias(_) => Err("aliases (`*name`) are not read"),
            Event::DocumentStart(_) if self.whole.is_some() => Err("more than one YAML document"),
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open) -> Result<(), &'static str> {
        if self.open.len() == DEEPEST {
            return Err("nested deeper than 32 levels");
        }
        self.open.push(open);
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        match self.open.last_mut() {
            None => self.whole = Some(value),
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map(fields, name)) => match name.take() {
                Some(name) => fields.push((name, value)),
                None => *name = Some(value.texts().join(", ")),
            },
        }
        Ok(())
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        text => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};
    use crate::report::{Report, Section};

    fn parse(name: &str, text: &str) -> FileOutcome {
        parse_bytes(Path::new(name), text.as_bytes(), &Limits::default())
    }

    fn one(name: &str, text: &str) -> Report {
        let outcome = parse(name, text);
        let [report] = outcome.reports.as_slice() else { panic!("{outcome:?}") };
        for origin in &report.source.as_ref().unwrap().origins {
            let rest = &text[origin.byte as usize..];
            assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
            let line = text[..origin.byte as usize].matches('\n').count() as u64 + 1;
            assert_eq!(origin.line, line);
        }
        report.clone()
    }

    #[test]
    fn fields_are_read_by_name_and_the_rest_is_the_body() {
        let yaml = "---\nid: n-1\ntitle: 'Hôpital: panne'\ndate: 2021-02-08\nvictime: CH de Dax\npays: [France]\n\
                    tags:\n  - santé\n  - ryuk\ndescription: |\n  Short one.\nweight: 3\n---\n\nThe hospital was hit.\n";
        let toml = "+++\nid = \"n-1\"\ntitle = \"Hôpital: panne\"\ndate = 2021-02-08\nvictime = \"CH de Dax\"\n\
                    pays = [\"France\"]\ntags = [\"santé\", \"ryuk\"]\ndescription = \"Short one.\"\nweight = 3\n+++\n\n\
                    The hospital was hit.\n";
        for (name, text) in [("a.md", yaml), ("a.txt", yaml), ("a.md", toml), ("a", toml)] {
            let report = one(name, text);
            assert_eq!(
                (report.id.as_str(), report.title.as_str()),
                ("n-1", "Hôpital: panne"),
                "{name}"
            );
            assert_eq!(report.victim, "CH de Dax");
            assert_eq!(report.date.unwrap().to_string(), "Feb 8, 2021");
            assert_eq!(report.countries[0].country.unwrap().alpha2(), "FR");
            assert_eq!(report.summary, "Short one.");
            assert_eq!(report.body, "The hospital was hit.");
            assert!(report.other.contains("tags: santé, ryuk"), "{}", report.other);
            assert!(report.other.contains("weight: 3"));
        }
    }

    #[test]
    fn front_matter_completes_the_text_format() {
        let text = "---\ndate: 2021\nvictim: Other name\n---\n# A heading\nCyber Incident Victim: Acme\nDescription\nDefaced.\n";
        let report = one("a.md", text);
        assert_eq!((report.victim.as_str(), report.body.as_str()), ("Acme", "Defaced."));
        assert_eq!(report.title, "A heading");
        assert_eq!(report.date.unwrap().to_string(), "2021");
        assert_eq!(report.other, "Victim: Other name");
    }

    #[test]
    fn markdown_without_front_matter_has_its_heading_as_title() {
        for text in [
            "# Port of Nagoya\n\nThe port's terminal system was encrypted on 4 July.\n",
            "Port of Nagoya\n===\nThe port's terminal system was encrypted on 4 July.\n",
        ] {
            let report = one("2023/nagoya.md", text);
            assert_eq!(
                (report.id.as_str(), report.title.as_str()),
                ("2023/nagoya.md", "Port of Nagoya")
            );
            assert_eq!(report.body, "The port's terminal system was encrypted on 4 July.");
            let sections: Vec<_> =
                report.source.unwrap().origins.iter().map(|origin| origin.section).collect();
            assert_eq!(sections, [Section::Title, Section::Body]);
        }
        let report =
            one("a.md", "# A port\n\n## Summary\nShort.\n\n## Description\n### Day 1\nLong.\n");
        assert_eq!((report.title.as_str(), report.summary.as_str()), ("A port", "Short."));
        assert_eq!(report.body, "### Day 1\nLong.");
        assert_eq!(parse("a.md", "# Tasks\n- [ ] one\n").skips[0].kind, SkipKind::NotAReport);
    }

    #[test]
    fn running_text_is_a_report_and_says_so() {
        let text = "Ransomware at the town hall\n\nOn 3 May 2021 attackers entered the network of the town. They \
                    encrypted two servers and left a note. The town restored both from its backups.\n";
        let outcome = parse("a.txt", text);
        assert!(outcome.notes[0].message.contains("running text"), "{:?}", outcome.notes);
        let report = one("a.txt", text);
        assert_eq!(report.title, "Ransomware at the town hall");
        assert!(report.body.starts_with("On 3 May") && report.victim.is_empty());
        for text in ["Milk\nBread\n", "One sentence that is long enough to be one.\n"] {
            let outcome = parse("a.txt", text);
            assert_eq!(outcome.skips[0].kind, SkipKind::NotAReport, "{text}");
        }
    }

    #[test]
    fn what_is_no_front_matter_stays_in_the_text() {
        for text in [
            "---\nSummary\nx\n---\n",
            "---\n",
            "---\na: b\n",
            "---\nNotes:\nSources:\n---\n",
            "",
            "--- \n- a\n---\n",
            "+++\n+++ x\n",
        ] {
            assert_eq!(read(text), FrontMatter::None, "{text:?}");
        }
        let text = "---\ntitle: [a\nvictim: b\n---\nVictim: Acme\n";
        assert!(matches!(read(text), FrontMatter::Broken(2..=4, _)), "{:?}", read(text));
        let outcome = parse("a.md", text);
        assert_eq!(outcome.reports[0].victim, "b");
        assert!(outcome.notes[0].message.starts_with("front matter not understood"));
        let text = "+++\ntitle = a\nvictim = \"b\"\n+++\nVictim: Acme\n";
        assert!(matches!(read(text), FrontMatter::Broken(2, _)), "{:?}", read(text));
    }

    #[test]
    fn hostile_front_matter_is_refused() {
        let deep = format!("---\na: {}\n---\n", "[".repeat(10_000));
        assert!(!matches!(read(&deep), FrontMatter::Fields { .. }));
        let deep = format!("---\na: {}1{}\n---\n", "[".repeat(100), "]".repeat(100));
        assert!(matches!(read(&deep), FrontMatter::Broken(2, _)), "{:?}", read(&deep));
        let bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\n---\n";
        assert!(matches!(read(bomb), FrontMatter::Broken(..)));
        let deep = format!("+++\na = {}1{}\n+++\n", "[".repeat(10_000), "]".repeat(10_000));
        assert!(!matches!(read(&deep), FrontMatter::Fields { .. }));
    }

    proptest! {
        #[test]
        fn no_front_matter_is_too_odd(
            fence in prop::sample::select(vec!["---", "+++"]),
            inner in "(([a-z]{1,6}|date|victim)(: |:| = )[\\PC]{0,20}\n){0,6}|[\\[\\]{}:,&*!|>'\"%@#a\n -]{0,60}",
            rest in "[ -~\n]{0,40}",
        ) {
            let text = format!("{fence}\n{inner}{fence}\n{rest}");
            if let FrontMatter::Fields { end, .. } = read(&text) {
                prop_assert!(text.get(end..).is_some());
            }
            for name in ["a.md", "a.txt"] {
                let outcome = parse(name, &text);
                prop_assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
            }
        }
    }
}

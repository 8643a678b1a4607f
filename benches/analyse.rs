//! How fast text is taken apart: `casebook::Analyzer` beside tantivy's `en_stem`, in MB of text a second on one thread.
//!
//! `cargo bench --bench analyse`. Both see the same texts and hand every word with its stem to a closure. Each run
//! starts with a new analyzer, whose memory of words is empty.

mod harness;
mod synth;
mod yardstick;

use std::collections::HashSet;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use casebook::{Analyzer, Language};

use harness::{Limit, Table, duel, ratio, say, size};
use synth::{MEAN_WORDS, Synth, plain_text};
use yardstick::en_stem;

fn main() {
    let reports = size(5_000);
    let synth = Synth::new(1);
    let texts: Vec<String> = synth.reports(reports).map(|report| plain_text(&report)).collect();
    check_generator(&synth, &texts);
    check_stems();
    let corpus = bundled();
    let mut table = Table::new(&["text", "casebook MB/s", "yardstick MB/s", "ratio"]);
    for (name, texts) in [
        (format!("{reports} synthetic reports"), &texts),
        (format!("{} bundled reports", corpus.len()), &corpus),
    ] {
        let bytes: usize = texts.iter().map(String::len).sum();
        let (ours, theirs) = (analyse(texts), tokenize(texts));
        let difference = ours.abs_diff(theirs) as f64 / theirs as f64;
        assert!(difference < 0.03, "{ours} words in casebook, {theirs} in the yardstick");
        let limit = Limit { runs: 200, ..Limit::short() };
        let (ours, theirs) = duel(limit, || analyse(texts), || tokenize(texts));
        let speed = |time: Duration| format!("{:.1}", bytes as f64 / 1e6 / time.as_secs_f64());
        let times = format!("{:.2}", ratio(theirs.p50(), ours.p50()));
        table.row(&[&name, &speed(ours.p50()), &speed(theirs.p50()), &times]);
    }
    table
        .print("Analysis, one thread (more is better; ratio: casebook's speed to the yardstick's)");
}

/// Number of words.
fn analyse(texts: &[String]) -> usize {
    let mut analyzer = Analyzer::new(Language::English);
    let mut words = 0;
    for text in texts {
        analyzer.analyze(text, |token| {
            words += 1;
            black_box(token);
        });
    }
    words
}

/// The same by tantivy's tokenizer.
fn tokenize(texts: &[String]) -> usize {
    let mut analyzer = en_stem();
    let mut words = 0;
    for text in texts {
        analyzer.token_stream(text).process(&mut |token| {
            words += 1;
            black_box(token);
        });
    }
    words
}

/// The reports that come with casebook: real language, some of it French, German and Spanish.
fn bundled() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = casebook::walk(&folder).filter_map(|found| match found {
        casebook::Found::File(file) => Some(folder.join(file.path)),
        _ => None,
    });
    let texts: Vec<_> =
        files.map(|path| std::fs::read_to_string(path).expect("a report")).collect();
    assert!(texts.len() > 100, "the bundled reports are missing");
    texts
}

/// On plain English both say the same.
fn check_stems() {
    let text =
        "The attackers defaced the official websites of 14 hospitals and leaked their databases";
    let ours = Analyzer::new(Language::English).forms(text);
    let ours: Vec<_> = ours.into_iter().map(|token| token.stem).collect();
    let mut theirs = Vec::new();
    en_stem().token_stream(text).process(&mut |token| theirs.push(token.text.clone()));
    assert_eq!(ours, theirs);
}

/// The made-up reports are what they claim to be.
fn check_generator(synth: &Synth, texts: &[String]) {
    assert_eq!(plain_text(&synth.report(7)), texts[7], "a report depends on its number alone");
    let words = |texts: &[String]| texts.iter().map(|text| text.split_whitespace().count()).sum();
    let distinct = |texts: &[String]| {
        let words = texts.iter().flat_map(|text| text.split_whitespace());
        words.collect::<HashSet<_>>().len() as f64
    };
    let total: usize = words(texts);
    let mean = total as f64 / texts.len() as f64;
    assert!((mean / MEAN_WORDS - 1.0).abs() < 0.15, "{mean} words a report");
    let (tenth, all) = (&texts[..texts.len() / 10], texts);
    let tenth_words: usize = words(tenth);
    let growth = (distinct(all) / distinct(tenth)).ln() / (total as f64 / tenth_words as f64).ln();
    assert!((0.3..0.8).contains(&growth), "the vocabulary grows with the power {growth:.2}");
    say(format_args!(
        "{} reports, {mean:.0} words each, {} distinct, growing with the power {growth:.2}",
        texts.len(),
        distinct(all)
    ));
}

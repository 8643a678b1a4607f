use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::ingest::{FileOutcome, Limits, parse_bytes};

fn parse(name: &str, text: impl AsRef<[u8]>) -> FileOutcome {
    parse_bytes(Path::new(name), text.as_ref(), &Limits::default())
}

#[test]
fn rows_are_reports_whatever_separates_their_cells() {
    let rows = [
        ["Opfer", "Datum", "Land", "Beschreibung", "Branche"],
        ["Stadt \"A\"", "2021", "Deutschland", "Zeile 1; a, b\n\tZeile | 2", "Amt"],
        ["Acme", "", "", "x", ""],
    ];
    for (delimiter, name) in
        [(b',', "a.csv"), (b';', "a.csv"), (b'\t', "a.tsv"), (b'|', "a"), (b';', "a.txt")]
    {
        for (before, end) in [("", "\n"), ("\u{feff}", "\r\n")] {
            let mut writer =
                ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let table = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let table = format!("{before}{}", table.replace("\n", end));
            let outcome = parse(name, &table);
            let [first, second] = outcome.reports.as_slice() else { panic!("{name} {outcome:?}") };
            assert_eq!(first.victim, "Stadt \"A\"");
            assert_eq!(first.date.unwrap().to_string(), "2021");
            assert_eq!(first.countries[0].country.unwrap().alpha2(), "DE");
            assert_eq!(first.body.replace('\r', ""), "Zeile 1; a, b\n\tZeile | 2");
            assert_eq!(first.other, "Branche: Amt");
            assert_eq!(
                (first.id.as_str(), first.source.as_ref().unwrap().record),
                (&*format!("{}#1", name.trim_end_matches(".txt")), Some(1))
            );
            assert_eq!((second.victim.as_str(), second.body.as_str()), ("Acme", "x"));
            assert!(outcome.skips.is_empty() && outcome.notes.is_empty(), "{outcome:?}");
        }
    }
}

#[test]
fn what_is_odd_is_said_with_its_line() {
    let outcome = parse("a.csv", "sep=;\nvictim;summary\nA;x;more\n\nB\n;;\nC;\"open\nD;y\n");
    let victims: Vec<_> = outcome.reports.iter().map(|report| report.victim.as_str()).collect();
    assert_eq!(victims, ["A", "B", "C"]);
    assert_eq!(outcome.reports[0].other, "column 3: more");
    let notes: Vec<_> =
        outcome.notes.iter().map(|note| (note.line, note.message.as_str())).collect();
    assert_eq!(
        notes[..2],
        [
            (Some(3), "a row has 3 cells, the header 2"),
            (Some(5), "a row has 1 cells, the header 2")
        ]
    );
    assert!(outcome.reports[2].summary.contains("D;y"));

    let outcome = parse("a.csv", "victim,summary,land\nA,\"x\nB,y,FR\n");
    assert!(outcome.notes[0].message.ends_with("a quote in it may not be closed"), "{outcome:?}");
}

#[test]
fn lines_are_those_of_the_file() {
    for end in ["\n", "\r\n"] {
        let table = "victim,summary,x\n\n\nA,x\n\"B\n\n\",y\n\nC,z".replace('\n', end);
        for padding in [0, 8180, 8185, 8190, 20_000] {
            let table = format!("victim,summary,x\n\"p\",{}{end}{table}", "y".repeat(padding))
                .replacen('\n', end, 1);
            let outcome = parse("a.csv", &table);
            assert_eq!(outcome.reports.len(), 5);
            let mut rows = Vec::new();
            let mut input = table.as_bytes();
            let path = Path::new("a.csv");
            let mut each = |_| {};
            let config = crate::ingest::FileConfig::default();
            let mut collector = Collector::new(path, &config, &mut each);
            let mut reader = Rows::new(
                &mut input,
                &Layout { delimiter: b',', skip: 0 },
                Encoding::Utf8,
                1 << 20,
            );
            while let Some((line, _)) = reader.next(&mut collector).unwrap() {
                rows.push(line);
            }
            assert_eq!(rows, [1, 2, 3, 6, 7, 11], "{padding} {end:?}");
        }
    }
}

#[test]
fn what_is_no_table_of_reports_is_one_skip() {
    for (name, text, reason) in [
        ("a.csv", "price,amount\n1,2\n3,4\n", "columns here: price, amount"),
        ("a.csv", "victim,summary\n", "no row below the header"),
        ("a.csv", "\n\n", "no row in the table"),
        ("a.csv", "just some text\nand more of it\n", "columns here: just some text"),
    ] {
        let outcome = parse(name, text);
        assert_eq!(outcome.skips.len(), 1, "{text}");
        assert!(outcome.skips[0].reason.contains(reason), "{}", outcome.skips[0]);
    }
    // Rows without a victim or text are skipped one by one.
    let outcome = parse("a.csv", "victim,sector\nA,x\n,y\n");
    assert_eq!(
        (outcome.reports.len(), outcome.skips[0].line, outcome.skips[0].record),
        (1, Some(3), Some(2))
    );
    assert!(!sniff("| Victim | Date |\n|---|---|\n| A | 2020 |\n"));
    assert!(!sniff("Date, place and victim\nOn 3 May, in Paris, it happened.\n"));
}

#[test]
fn a_cell_of_a_million_lines_stops_at_the_limit() {
    let limits = Limits { record_bytes: 100_000, ..Limits::default() };
    let table = format!("victim,summary\nA,x\nB,\"{}", "line\n".repeat(1_000_000));
    let outcome = parse_bytes(Path::new("a.csv"), table.as_bytes(), &limits);
    assert_eq!(outcome.reports.len(), 1);
    let [skip] = outcome.skips.as_slice() else { panic!("{:?}", outcome.skips) };
    assert_eq!((skip.kind, skip.line), (SkipKind::TooLarge, Some(3)));
    assert!(outcome.bytes < 400_000, "{}", outcome.bytes);
    // Within the limit it is a cell like any other.
    let table = format!("victim,summary\nA,\"{}\"\nB,y\n", "line\n".repeat(100_000));
    assert_eq!(parse("a.csv", table).reports.len(), 2);
}

#[test]
fn other_encodings_are_decoded() {
    let outcome = parse("a.csv", b"victim;land\nH\xF4pital;Frankreich\n");
    assert_eq!(outcome.reports[0].victim, "Hôpital");
    assert_eq!(outcome.notes.len(), 1);
    let utf16: Vec<u8> = "\u{feff}victim\tland\nHôpital\tFrankreich\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(parse("a.txt", utf16).reports[0].victim, "Hôpital");
}

proptest! {
    #[test]
    fn rows_written_are_rows_read(
        cells in prop::collection::vec(("[a-zé][ -~é\n]{0,12}", "[ -~\n]{0,12}"), 1..6),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["victim", "sector"]).unwrap();
        cells.iter().for_each(|(a, b)| writer.write_record([a, b]).unwrap());
        let table = writer.into_inner().unwrap();
        let mut input = table.as_slice();
        let layout = Layout::of(&table);
        prop_assert_eq!(layout.delimiter, delimiter);
        let path = Path::new("a.csv");
        let mut each = |_| {};
        let config = crate::ingest::FileConfig::default();
        let mut collector = Collector::new(path, &config, &mut each);
        let mut rows = Rows::new(&mut input, &layout, Encoding::Utf8, 1 << 20);
        rows.next(&mut collector).unwrap();
        for (a, b) in &cells {
            let (_, row) = rows.next(&mut collector).unwrap().unwrap();
            prop_assert_eq!(row, [a.clone(), b.clone()]);
        }
    }

    #[test]
    fn no_table_is_too_odd(bytes: Vec<u8>, text in "(victim|date|a|\"|,|;|\t|\n|\r|é){0,60}", limit in 0_u64..100) {
        let limits = Limits { record_bytes: limit, ..Limits::default() };
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let outcome = parse("a.csv", bytes);
            prop_assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
            parse_bytes(Path::new("a.csv"), bytes, &limits);
        }
    }
}

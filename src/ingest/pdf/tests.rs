use std::path::Path;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};
use proptest::prelude::*;

use super::sniff;
use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};

fn parse(bytes: &[u8]) -> FileOutcome {
    parse_bytes(Path::new("a.pdf"), bytes, &Limits::default())
}

fn operation(operator: &str, operands: Vec<Object>) -> Operation {
    Operation::new(operator, operands)
}

fn string(text: &str) -> Object {
    // Windows-1252, as the font below has it.
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    Object::String(bytes, StringFormat::Literal)
}

/// Lines, each shown where it stands: x, y, text.
fn shown(lines: &[(f32, f32, &str)]) -> Vec<Operation> {
    let mut operations =
        vec![operation("BT", vec![]), operation("Tf", vec!["F1".into(), 10.into()])];
    for (x, y, text) in lines {
        let matrix = [1.0, 0.0, 0.0, 1.0, *x, *y].map(Object::Real).to_vec();
        operations.push(operation("Tm", matrix));
        operations.push(operation("Tj", vec![string(text)]));
    }
    operations.push(operation("ET", vec![]));
    operations
}

fn document(pages: Vec<Vec<Operation>>, info: Option<Dictionary>) -> Document {
    let mut pdf = Document::with_version("1.5");
    let root = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
        "FirstChar" => 0, "Widths" => vec![Object::Integer(600); 256],
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids = Vec::new();
    for operations in pages {
        let content = Stream::new(Dictionary::new(), Content { operations }.encode().unwrap());
        let content = pdf.add_object(content);
        kids.push(
            pdf.add_object(
                dictionary! { "Type" => "Page", "Parent" => root, "Contents" => content },
            )
            .into(),
        );
    }
    let count = kids.len() as i64;
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources };
    pdf.objects.insert(root, pages.into());
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    pdf.trailer.set("Root", catalog);
    if let Some(info) = info {
        let info = pdf.add_object(info);
        pdf.trailer.set("Info", info);
    }
    pdf
}

fn bytes(mut pdf: Document) -> Vec<u8> {
    pdf.compress();
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_gives_its_lines_and_paragraphs() {
    let first = shown(&[
        (50.0, 800.0, "Panne au CH de Dax"),
        (50.0, 770.0, "Le 8 f\u{e9}vrier, un ran\u{e7}ongiciel"),
        (50.0, 758.0, "a chiffr\u{e9}"),
        // Right where the last one ends, then with a gap.
        (104.0, 758.0, " les"),
        (132.0, 758.0, "serv"),
        (156.0, 758.0, "eurs."),
        (50.0, 700.0, "Les urgences restent ouvertes."),
    ]);
    let second = shown(&[(50.0, 800.0, "Page 2.")]);
    let info = dictionary! { "Title" => Object::string_literal("dax.docx"), "Author" => Object::string_literal("A. Dupont") };
    let outcome = parse(&bytes(document(vec![first, second], Some(info))));
    let [report] = outcome.reports.as_slice() else { panic!("{outcome:?}") };
    assert_eq!(report.title, "Panne au CH de Dax");
    assert_eq!(
        report.body,
        "Le 8 février, un rançongiciel\na chiffré les serveurs.\n\nLes urgences restent ouvertes.\n\nPage 2."
    );
    assert!(
        report.other.contains("Document title: dax.docx")
            && report.other.contains("Author: A. Dupont")
    );
    assert!(report.source.as_ref().unwrap().origins.is_empty() && outcome.notes.is_empty());
}

#[test]
fn a_pdf_of_the_text_format_is_read_as_such() {
    let lines = [
        "Cyber Incident Victim: Acme",
        "Date:",
        "Dec 2023",
        "Description",
        "Its site was defaced.",
        "Twice.",
    ];
    let placed: Vec<_> =
        (0_u8..).zip(lines).map(|(at, line)| (50.0, 800.0 - 12.0 * f32::from(at), line)).collect();
    let info = dictionary! { "Title" => Object::string_literal("Acme defaced") };
    let outcome = parse(&bytes(document(vec![shown(&placed)], Some(info))));
    let report = &outcome.reports[0];
    assert_eq!((report.victim.as_str(), report.title.as_str()), ("Acme", "Acme defaced"));
    assert_eq!(report.date.unwrap().to_string(), "Dec 2023");
    assert_eq!(report.body, "Its site was defaced.\nTwice.");
}

#[test]
fn words_may_be_set_glyph_by_glyph() {
    let parts = ["The", " port", "stood"].map(string);
    let [a, b, c] = parts;
    let operations = vec![
        operation("BT", vec![]),
        operation("Tf", vec!["F1".into(), 10.into()]),
        operation("TL", vec![12.into()]),
        operation("TJ", vec![vec![a, 20.into(), b, (-300).into(), c].into()]),
        operation("'", vec![string("still for two days.")]),
        operation("T*", vec![]),
        operation("Td", vec![0.into(), (-24).into()]),
        operation("Tj", vec![string("Then it was open again.")]),
        operation("ET", vec![]),
    ];
    let outcome = parse(&bytes(document(vec![operations], None)));
    assert_eq!(
        outcome.reports[0].body,
        "The port stood\nstill for two days.\n\nThen it was open again."
    );
}

#[test]
fn characters_come_from_the_table_that_the_font_brings() {
    let mut pdf = document(vec![shown(&[(50.0, 800.0, "\u{1}\u{2}")])], None);
    let map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
               /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n\
               /CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n2 beginbfchar\n\
               <01> <0041006300630065>\n<02> <002E>\nendbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    let map = pdf.add_object(Stream::new(Dictionary::new(), map.as_bytes().to_vec()));
    for object in pdf.objects.values_mut() {
        if let Ok(font) = object.as_dict_mut()
            && font.has_type(b"Font")
        {
            font.set("ToUnicode", map);
        }
    }
    let outcome = parse(&bytes(pdf));
    // One word is no sentence; the skip tells that it was read.
    assert!(outcome.skips[0].reason.contains("no sentence"), "{outcome:?}");
}

#[test]
fn what_has_no_text_or_is_locked_or_broken_is_skipped() {
    let scan = bytes(document(vec![vec![operation("q", vec![]), operation("Q", vec![])]], None));
    let outcome = parse(&scan);
    assert!(outcome.skips[0].reason.starts_with("no text layer"), "{outcome:?}");
    assert_eq!(outcome.skips[0].kind, SkipKind::Binary);
    for broken in [b"%PDF-1.7\n".as_slice(), b"%PDF-1.7\n1 0 obj\n<< /A", &scan[..scan.len() / 3]] {
        let outcome = parse(broken);
        assert!(outcome.reports.is_empty() && outcome.skips.len() == 1, "{outcome:?}");
    }
    assert!(sniff(b"junk %PDF-1.4") && !sniff(b"%PD") && !sniff(b""));
}

#[test]
fn bombs_stop_at_their_limits() {
    let many = vec![operation("BT", vec![]); 400_000];
    let bomb = bytes(document(vec![many], None));
    let limits = Limits { record_bytes: 256 << 10, ..Limits::default() };
    assert!((bomb.len() as u64) < limits.record_bytes);
    let outcome = parse_bytes(Path::new("a.pdf"), &bomb, &limits);
    assert!(
        outcome.reports.is_empty() && outcome.notes[0].message.contains("page 1"),
        "{outcome:?}"
    );

    // A form that shows itself, and shows itself again.
    let mut pdf = document(vec![vec![operation("Do", vec!["X".into()])]], None);
    let form = pdf.new_object_id();
    let own = dictionary! { "XObject" => dictionary! { "X" => form } };
    let content = "/X Do\n".repeat(100).into_bytes();
    let dict = dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => own.clone() };
    pdf.objects.insert(form, Stream::new(dict, content).into());
    for object in pdf.objects.values_mut() {
        if let Ok(page) = object.as_dict_mut()
            && page.has_type(b"Page")
        {
            page.set("Resources", own.clone());
        }
    }
    let outcome = parse_bytes(Path::new("a.pdf"), &bytes(pdf), &limits);
    assert!(outcome.reports.is_empty() && outcome.skips.len() == 1);
    assert!(outcome.notes[0].message.contains("page 1 is read in part"), "{outcome:?}");

    let deep = format!(
        "%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF",
        "[".repeat(100_000)
    );
    assert_eq!(parse(deep.as_bytes()).skips.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_damage_is_survived(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        length in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let mut pdf = document(vec![shown(&[(50.0, 800.0, "The port stood still for two days.")])], None);
        let mut plain = Vec::new();
        pdf.save_to(&mut plain).unwrap();
        for (at, byte) in damage {
            let at = at.index(plain.len());
            plain[at] = byte;
        }
        if cut {
            plain.truncate(length.index(plain.len() + 1));
        }
        let outcome = parse(&plain);
        prop_assert!(plain.is_empty() || outcome.reports.len() + outcome.skips.len() == 1);
    }
}

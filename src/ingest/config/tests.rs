use std::fs;

use proptest::prelude::*;

use super::*;
use crate::date::DayOrder;
use crate::ingest::{Limits, parse_bytes_with_config};

fn config(text: &str) -> FileConfig {
    FileConfig::parse(text).unwrap()
}

fn message(text: &str) -> String {
    let error = FileConfig::parse(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.help().is_some());
    error.to_string().strip_prefix("cannot use the settings: ").unwrap().to_owned()
}

fn field(config: &FileConfig, name: &str) -> Option<Field> {
    match config.role(name) {
        Role::Field(known) => Some(known.field),
        _ => None,
    }
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../../docs/casebook-toml.md");
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(blocks.len() >= 2);
    for block in &blocks {
        assert_ne!(config(block).fingerprint(), 0, "{block}");
    }
    let whole = config(blocks[0]);
    assert_eq!(field(&whole, "betroffener standort"), Some(Field::Victim));
    assert_eq!(whole.role("Internal_Notes"), Role::Ignored);
    assert_eq!(whole.day_order(), DayOrder::DayFirst);
    assert_eq!(whole.countries[0].country.unwrap().alpha2(), "FR");
    assert_eq!(whole.language.as_deref(), Some("fr"));
    for known in Field::all() {
        assert!(page.contains(&format!("`{}`", known.name())), "{} is not described", known.name());
    }
}

#[test]
fn what_is_said_is_surer_than_what_is_known() {
    let config = config(
        r#"
        [fields]
        Company = "victim"
        "Date Reported" = "date"
        victim = "other"
        source = ""
        link = "ignore"
        incident.when = "date"
        "#,
    );
    assert_eq!(field(&config, "COMPANY"), Some(Field::Victim));
    assert_eq!(field(&config, "date_reported"), Some(Field::Date));
    assert_eq!(field(&config, "incident.when"), Some(Field::Date));
    assert_eq!(field(&config, "title"), Some(Field::Title));
    assert_eq!(config.role("Victim"), Role::Other);
    assert_eq!(config.role("Source"), Role::Ignored);
    assert_eq!(config.role("link"), Role::Ignored);
    let rank = |name: &str| match config.role(name) {
        Role::Field(known) => known.rank,
        _ => usize::MAX,
    };
    assert!(rank("company") < rank("title"));
}

#[test]
fn a_fault_names_its_line_and_what_was_meant() {
    for (text, expected) in [
        ("[date]\norder = 'day-first'", "line 1: there is no table `date`; did you mean `dates`?"),
        (
            "\n[dates]\nOrdr = 'day-first'",
            "line 3: there is no key `Ordr` in [dates]; did you mean `order`?",
        ),
        (
            "[dates]\norder = 'dmy'",
            "line 2: `order` is \"day-first\" or \"month-first\", not \"dmy\"",
        ),
        (
            "[dates]\norder = 'day first'",
            "line 2: `order` is \"day-first\" or \"month-first\", not \"day first\"; did you mean `day-first`?",
        ),
        (
            "[dates]\norder = 1",
            "line 2: `order` has to be \"day-first\" or \"month-first\", in quotes",
        ),
        ("country = 'FR'", "line 1: `country` belongs under [defaults]"),
        ("files = 'x'", "line 1: `files` is a table: write [files] on a line of its own"),
        (
            "colour = 'x'",
            "line 1: there is no key `colour`; known are `fields`, `dates`, `defaults`, `limits`, `files`",
        ),
        (
            "[defaults]\ncountry = 'Frnace'",
            "line 2: \"Frnace\" is no country that is known here; did you mean \"France\"?",
        ),
        ("[defaults]\ncountry = ''", "line 2: \"\" is no country; leave the line out for none"),
        (
            "[defaults]\nlanguage = 'klingon'",
            "line 2: \"klingon\" is no language that is known here; write its code of two letters, such as \"fr\"",
        ),
        (
            "[files]\nexclude = 'drafts'",
            "line 2: `exclude` is a list of patterns, as in [\"drafts/**\", \"*.bak.txt\"]",
        ),
        (
            "[files]\nexclude = [\n  'ok',\n  '../x',\n]",
            "line 4: the pattern \"../x\" can't be used: a pattern names files in this folder or below it",
        ),
        ("[files]\nexclude = [1]", "line 2: a pattern is a string"),
        (
            "[fields]\nopfer = 'victim'\nOPFER = 'title'",
            "line 2: `OPFER` is there twice: case, accents, blanks, `_` and `-` are no difference",
        ),
        (
            "[dates]\nfoo = 1\n\n[files]\nbar = 1",
            "line 2: there is no key `foo` in [dates]; known are `order`; \
             line 5: there is no key `bar` in [files]; known are `exclude`",
        ),
    ] {
        let message = message(text);
        // Of two names that collide, either may be the one that is named: tables have no order.
        let same = message == expected
            || message.replace("line 3: `OPFER`", "line 2: `OPFER`") == expected
            || message.replace("line 2: `opfer`", "line 2: `OPFER`") == expected;
        assert!(same, "{text}\n{message}\n{expected}");
    }
    assert!(message("[fields]\nx = 'victm'").starts_with(
        "line 2: there is no field `victm`; did you mean `victim`? (the fields are `id`, "
    ));
    assert!(message("[fields]\nx = 'description'").contains("; did you mean `body`?"));
    assert!(message("[fields]\n'???' = 'victim'").contains("is no name of a field"));
    assert!(message("a =").starts_with("line 1: not valid TOML: "));
    assert!(
        message("[fields]\nx = 'a'\nx = 'b'").starts_with("line 3: not valid TOML: duplicate key")
    );
}

#[test]
fn the_fingerprint_is_that_of_what_is_read_otherwise() {
    let same = [
        "[fields]\n'Geschädigt' = 'victim'\nx = ''",
        "# a remark\n[fields]\nx = 'ignore'\nGESCHADIGT = 'victim'",
        "[files]\nexclude = ['x']\n[fields]\nx = 'ignore'\n'geschädigt' = 'victim'",
    ]
    .map(|text| config(text).fingerprint());
    assert!(same.iter().all(|one| *one == same[0]));
    let other = [
        "",
        "[fields]\nx = ''",
        "[fields]\nx = 'other'",
        "[fields]\nx = 'victim'",
        "[fields]\ny = 'victim'",
        "[dates]\norder = 'day-first'",
        "[dates]\norder = 'month-first'",
        "[defaults]\ncountry = 'FR'",
        "[defaults]\ncountry = 'DE'",
        "[defaults]\nlanguage = 'fr'",
    ];
    let distinct: std::collections::HashSet<u64> =
        other.iter().map(|text| config(text).fingerprint()).collect();
    assert_eq!(distinct.len(), other.len());
    // Fixed: it is stored in indexes.
    assert_eq!(config("[dates]\norder = 'day-first'").fingerprint(), 0xd950_9f9d_703f_75e2);
}

#[test]
fn the_nearest_file_wins_key_by_key() {
    let root = tempfile::tempdir().unwrap();
    let at = |path: &str| root.path().join(path);
    fs::create_dir_all(at("de/2021")).unwrap();
    fs::write(
        at("casebook.toml"),
        "[fields]\na = 'victim'\nb = 'title'\n[dates]\norder = 'month-first'\n\
         [defaults]\nlanguage = 'en'",
    )
    .unwrap();
    fs::write(
        at("de/casebook.toml"),
        "[fields]\nb = 'body'\n[dates]\norder = 'day-first'\n[defaults]\ncountry = 'DE'",
    )
    .unwrap();

    let above = FileConfig::load(root.path(), Path::new("a.txt")).unwrap();
    assert_eq!((field(&above, "a"), field(&above, "b")), (Some(Field::Victim), Some(Field::Title)));
    assert_eq!(above.day_order(), DayOrder::MonthFirst);
    let below = FileConfig::load(root.path(), Path::new("de/2021/a.txt")).unwrap();
    assert_eq!((field(&below, "a"), field(&below, "b")), (Some(Field::Victim), Some(Field::Body)));
    assert_eq!(below.day_order(), DayOrder::DayFirst);
    let mut report = Report::default();
    below.complete(&mut report);
    assert_eq!((report.countries.len(), report.language.as_deref()), (1, Some("en")));

    fs::write(at("de/2021/casebook.toml"), "[dates]\norder = 'x'").unwrap();
    let error = FileConfig::load(root.path(), Path::new("de/2021/a.txt")).unwrap_err();
    assert_eq!(error.path(), Some(at("de/2021/casebook.toml").as_path()));
    let text = error.to_string();
    assert!(text.starts_with("cannot use the settings in "), "{text}");
    assert!(text.contains("de/2021/casebook.toml: line 2: `order` is "), "{text}");
}

#[test]
fn limits_are_said_in_settings_and_named_in_skips() {
    let small = config("[limits]\nrecord_bytes = \"40 B\"");
    assert_ne!(small.fingerprint(), 0);
    let line = r#"{"victim": "Acme", "body": "It was defaced by somebody."}"#;
    let read = |config: &FileConfig, limits: &Limits| {
        parse_bytes_with_config(Path::new("a.jsonl"), line.as_bytes(), limits, config)
    };
    let outcome = read(&small, &Limits::default());
    assert!(outcome.skips[0].reason.contains("`record_bytes` in the [limits] of casebook.toml"));
    // They hold in place of those of the program, in both directions.
    let tiny = Limits { record_bytes: 8, file_bytes: 8, ..Limits::default() };
    assert_eq!(read(&FileConfig::default(), &tiny).reports.len(), 0);
    let large = config("[limits]\nrecord_bytes = 1000\nfile_bytes = \"1 KB\"");
    assert_eq!(read(&large, &tiny).reports.len(), 1);
    assert_eq!(
        message("[limits]\nfile_bytes = 0"),
        "line 2: `file_bytes` has to be a size, such as \"200 MB\""
    );
    assert!(message("[limits]\nfile_byte = 1").contains("did you mean `file_bytes`?"));
    let deep = r#"{"victim": "Acme", "body": [["It was defaced by somebody."]]}"#.as_bytes();
    let config = config("[limits]\nnesting = 2");
    let outcome = parse_bytes_with_config(Path::new("a.jsonl"), deep, &Limits::default(), &config);
    assert!(outcome.skips[0].reason.contains("`nesting` in the [limits] of casebook.toml"));
    for wrong in ["0", "129", "\"8\""] {
        let wrong = message(&format!("[limits]\nnesting = {wrong}"));
        assert_eq!(wrong, "line 2: `nesting` has to be a number from 1 to 128");
    }
}

#[test]
fn settings_that_can_t_be_read_are_an_error() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(FILE_NAME);
    let load = || FileConfig::load(root.path(), Path::new("a.txt"));
    fs::write(&path, b"[defaults]\ncountry = '\xFF'").unwrap();
    assert!(load().unwrap_err().to_string().ends_with("not UTF-8"));
    fs::write(&path, vec![b'\n'; (1 << 20) + 1]).unwrap();
    assert!(load().unwrap_err().to_string().ends_with("larger than 1 MiB"));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(load().unwrap_err().to_string().ends_with("not an ordinary file"));
    fs::remove_dir(&path).unwrap();
    fs::write(&path, "\u{feff}").unwrap();
    assert_eq!(load().unwrap(), FileConfig::default());
}

proptest! {
    #[test]
    fn no_text_panics(
        text in "(\\[(fields|dates|files|x)\\]|[a-z.]{1,5} = |\"[^\n]{0,8}\"|[\\[\\]{}',=#\n]|\\PC){0,30}",
    ) {
        if let Err(error) = FileConfig::parse(&text) {
            prop_assert!(error.to_string().contains("line "));
        }
    }

    #[test]
    fn any_name_can_be_mapped(name in "\\PC{1,20}") {
        let quoted: String = name.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
        match FileConfig::parse(&format!("[fields]\n\"{quoted}\" = \"body\"")) {
            Ok(config) => prop_assert_eq!(field(&config, &name), Some(Field::Body)),
            Err(_) => prop_assert_eq!(reduce(&name), None),
        }
    }
}

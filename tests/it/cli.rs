//! The program as it is typed: snapshots of what it prints on both streams with its exit status, and what no snapshot
//! can hold.
//!
//! A snapshot that is to change: `INSTA_UPDATE=always cargo test --test it cli`, then read the difference.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{AUBRAC, Corpus, PORT};

/// Checks command, streams and status against the snapshot of this name.
macro_rules! snapshot {
    ($name:expr, $run:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $run.snapshot());
        })
    };
}

/// The two reports, indexed, so that no run says what it indexed.
fn indexed() -> Corpus {
    let corpus = Corpus::of_two();
    corpus.run(&["index"]).exits(0);
    corpus
}

#[test]
fn first_search_indexes_and_says_so() {
    let corpus = Corpus::of_two();
    snapshot!("first-search", corpus.run(&["search", "website", "defaced"]));
    snapshot!("second-search", corpus.run(&["search", "website", "defaced"]));
    corpus.write(
        "third.txt",
        "Cyber Incident Victim: Third\nDescription\nIts website was defaced.\n",
    );
    corpus.remove("port.txt");
    snapshot!("search-after-change", corpus.run(&["search", "website", "defaced"]));
}

#[test]
fn searches() {
    let corpus = indexed();
    for (name, args) in [
        ("search-partial", &["search", "website", "hospital", "quarry"][..]),
        ("search-phrase", &["search", "\"official website\""]),
        ("search-relaxed", &["search", "\"website defaced\""]),
        ("search-nothing", &["search", "volcano"]),
        ("search-misspelt", &["search", "victim:lindesvk"]),
        ("search-each-part-alone", &["search", "quarry", "AND", "cranes"]),
        ("search-dates", &["search", "date:2023-12-24"]),
        ("search-country", &["search", "country:NO", "ransomware"]),
        ("search-all", &["search"]),
        ("search-by-victim", &["search", "--sort", "victim"]),
        ("search-offset", &["search", "website", "--limit", "1", "--offset", "1"]),
        ("search-limit", &["search", "website", "--limit", "1"]),
        ("search-count", &["search", "website", "--count"]),
        ("search-count-none", &["search", "volcano", "--count"]),
        ("search-strict", &["search", "\"website defaced\"", "--strict"]),
        ("search-explain", &["search", "website", "defac*", "-volcano", "--explain"]),
        ("search-passages", &["search", "website", "--passages", "all"]),
        ("search-passages-one", &["search", "website", "hospital", "--passages", "1"]),
        ("search-exclude", &["search", "website", "-ransomware"]),
        ("search-dash-dash", &["search", "--", "website", "--json"]),
        ("search-note", &["search", "website", "-", "defaced"]),
        ("search-no-sync", &["search", "quarry", "--no-sync", "--quiet"]),
        ("search-colour", &["search", "\"official website\"", "--color", "always"]),
    ] {
        snapshot!(name, corpus.run(args));
    }
}

#[test]
fn reports_and_status() {
    let corpus = Corpus::of_two();
    snapshot!("status-before", corpus.run(&["status"]));
    snapshot!("index", corpus.run(&["index"]));
    snapshot!("index-again", corpus.run(&["index"]));
    snapshot!("status", corpus.run(&["status"]));
    snapshot!("show", corpus.run(&["show", "2023/aubrac"]));
    snapshot!("show-by-file", corpus.run(&["show", "port.txt"]));
    snapshot!("show-by-part", corpus.run(&["show", "aubr"]));
    snapshot!("show-several", corpus.run(&["show", "r"]));
    snapshot!("show-none", corpus.run(&["show", "lindesvik-harbour"]));
    corpus.write("other.txt", "Milk\nBread\n");
    corpus.write("picture.png", [0x89, b'P', b'N', b'G']);
    corpus.write("binary.txt", [0, 1, 2, 0, 255]);
    snapshot!("search-with-skips", corpus.run(&["search", "quarry"]));
    snapshot!("search-with-known-skips", corpus.run(&["search", "quarry"]));
    snapshot!("index-verbose", corpus.run(&["index", "-v"]));
    corpus.run(&["index", "--report", "../skips.jsonl"]).exits(0);
    let skips = std::fs::read_to_string(corpus.scratch().join("skips.jsonl")).unwrap();
    let skips: Vec<Value> = skips.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<_> = skips.iter().map(|skip| (&skip["path"], &skip["kind"])).collect();
    assert_eq!(
        paths,
        [(&json!("binary.txt"), &json!("binary")), (&json!("other.txt"), &json!("not-a-report"))]
    );
}

#[test]
fn help_and_errors() {
    let corpus = indexed();
    for (name, args) in [
        ("help", &["--help"][..]),
        ("help-search", &["search", "--help"]),
        ("help-show", &["show", "--help"]),
        ("help-index", &["index", "--help"]),
        ("help-watch", &["watch", "--help"]),
        ("help-status", &["status", "--help"]),
        ("error-no-command", &[]),
        ("error-command", &["serach", "x"]),
        ("error-option", &["search", "website", "--limt", "3"]),
        ("error-value", &["search", "website", "--limit", "many"]),
        ("error-passages", &["search", "website", "--passages", "0"]),
        ("error-field", &["search", "victm:nice"]),
        ("error-date", &["search", "ransomware", "date:2023-13"]),
        ("error-country", &["search", "country:Frnace"]),
        ("error-quote", &["search", "\"website defaced"]),
        ("error-folder", &["search", "-C", "/no/such/folder", "x"]),
        ("error-two-folders", &["index", ".", "-C", "."]),
        ("error-exclusive", &["search", "--json", "--count", "x"]),
    ] {
        snapshot!(name, corpus.run(args));
    }
    corpus.run(&["--version"]).exits(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn json_holds_every_field_of_both_reports() {
    let corpus = indexed();
    let answer = corpus.run(&["search", "--json", "website"]).exits(0).json();
    assert_eq!(
        (&answer["version"], &answer["total"], &answer["query"]),
        (&json!(1), &json!(2), &json!("website"))
    );
    let hit = |id: &str| {
        let hits = answer["hits"].as_array().unwrap();
        hits.iter().find(|hit| hit["id"] == id).unwrap_or_else(|| panic!("{id} in {answer:#}"))
    };
    let between = |file: &str, from: &str, to: &str| {
        let start = file.find(from).unwrap() + from.len();
        let end = file[start..].find(to).map_or(file.len(), |end| start + end);
        file[start..end].trim().to_owned()
    };
    let aubrac = hit("2023/aubrac");
    for (field, expected) in [
        ("victim", json!("Région d’Aubrac")),
        (
            "date",
            json!({"text": "Dec 2023", "written": null, "from": "2023-12-01", "to": "2023-12-31", "precision": "month"}),
        ),
        ("countries", json!([{"name": "France", "written": "France", "code": "FR"}])),
        ("title", json!("")),
        ("summary", json!(between(AUBRAC, "Summary\n", "\n|"))),
        ("body", json!(between(AUBRAC, "Description\n", "\u{0}"))),
        ("other", json!("")),
        ("posture", json!({"count": 2, "names": ["Integrity", "Availability"]})),
        ("motives", json!({"count": 2, "names": ["protest", "notoriety"]})),
        ("techniques", json!({"count": null, "names": []})),
        ("actors", json!({"count": 1, "names": ["Plateau Crew"]})),
        ("actor_type", json!("Hacktivist")),
        ("actor_location", json!("Switzerland")),
        ("language", json!("en")),
        ("source", json!({"path": "2023/aubrac.txt", "record": null})),
        ("tier", json!("full")),
        ("missing", json!([])),
        ("certainty", json!(null)),
    ] {
        assert_eq!(aubrac[field], expected, "{field}");
    }
    let port = hit("port");
    for (field, expected) in [
        ("victim", json!("Port Authority of Lindesvik")),
        (
            "date",
            json!({"text": "Aug 30-31, 2023", "written": null, "from": "2023-08-30", "to": "2023-08-31", "precision": "days"}),
        ),
        ("summary", json!(between(PORT, "Summary:\n", "\n\n|"))),
        ("posture", json!({"count": 1, "names": ["Availability"]})),
        ("motives", json!({"count": null, "names": []})),
        ("techniques", json!({"count": 1, "names": ["malware"]})),
        ("actors", json!({"count": null, "names": []})),
        ("actor_type", json!(null)),
        ("actor_location", json!(null)),
    ] {
        assert_eq!(port[field], expected, "{field}");
    }
    let codes: Vec<_> = port["countries"].as_array().unwrap().iter().map(|c| &c["code"]).collect();
    assert_eq!(codes, ["NO", "DK"]);
    // What no field takes is not lost.
    let all = format!("{}{}", port["body"], port["other"]);
    assert!(all.contains("Sector: transport"), "{all}");
}

#[test]
fn json_offsets_lead_to_the_text_in_section_and_file() {
    let corpus = indexed();
    let answer =
        corpus.run(&["search", "--json", "region website", "--passages", "all"]).exits(0).json();
    let hit = &answer["hits"][0];
    assert_eq!(hit["id"], "2023/aubrac");
    let file: Vec<char> = AUBRAC.chars().collect();
    let lines: Vec<&str> = AUBRAC.split('\n').collect();
    let mut spans = 0;
    for passage in hit["passages"].as_array().unwrap() {
        let section = hit[passage["section"].as_str().unwrap()].as_str().unwrap();
        for span in passage["highlights"].as_array().unwrap().iter().chain([passage]) {
            let text = span["text"].as_str().unwrap();
            let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
            let at = |name: &str| number(&span[name]);
            let place = |name: &str| number(&span["file"][name]);
            assert_eq!(&section[at("byte_start")..at("byte_end")], text);
            assert_eq!(&AUBRAC[place("byte_start")..place("byte_end")], text);
            assert_eq!(
                file[place("char_start")..place("char_end")].iter().collect::<String>(),
                text
            );
            let line: String = lines[place("line") - 1].chars().skip(place("column") - 1).collect();
            assert!(text.starts_with(&line) || line.starts_with(text), "{line:?} {text:?}");
            spans += 1;
        }
    }
    assert!(spans > 4);
}

#[test]
fn json_lines_are_the_hits_one_by_one() {
    let corpus = indexed();
    let whole = corpus.run(&["search", "--json", "website", "hospital"]).exits(0).json();
    let lines = corpus.run(&["search", "--jsonl", "website", "hospital"]).exits(0).json_lines();
    let hits = whole["hits"].as_array().unwrap();
    assert_eq!(lines.len(), hits.len());
    for (line, hit) in lines.iter().zip(hits) {
        assert_eq!((&line["id"], &line["passages"]), (&hit["id"], &hit["passages"]));
        assert_eq!(line["version"], 1);
    }
    let relaxed = corpus.run(&["search", "--json", "\"website defaced\""]).exits(1).json();
    assert_eq!(relaxed["relaxation"]["query"], "\"website defaced\"~4");
    assert_eq!((&relaxed["total"], &relaxed["hits"][0]["tier"]), (&json!(0), &json!("relaxed")));
    let one = corpus.run(&["show", "--json", "port"]).exits(0).json();
    assert_eq!(one["victim"], "Port Authority of Lindesvik");
    let status = corpus.run(&["status", "--json"]).exits(0).json();
    assert_eq!(
        (&status["reports"], &status["files"], &status["dated"]),
        (&json!(2), &json!(2), &json!(2))
    );
}

#[test]
fn exit_status_says_what_was_found() {
    let corpus = indexed();
    for (args, status) in [
        (&["search", "website"][..], 0),
        (&["search", "website", "volcano"], 1),
        (&["search", "--json", "website", "volcano"], 1),
        (&["search", "volcano"], 1),
        (&["search", "\"website defaced\""], 1),
        (&["search", "--count", "volcano"], 1),
        (&["search", "--jsonl", "volcano"], 1),
        (&["show", "volcano"], 1),
        (&["show", "port"], 0),
        (&["search", "date:yesterday-ish"], 2),
        (&["search", "--nonsense"], 2),
        (&["nonsense"], 2),
        (&["status", "-C", "/no/such/folder"], 2),
    ] {
        corpus.run(args).exits(status);
    }
}

#[test]
fn a_folder_without_reports_says_so() {
    let corpus = Corpus::new();
    snapshot!("search-empty-folder", corpus.run(&["search", "website"]));
    corpus.write("notes.txt", "Milk\nBread\n");
    snapshot!("search-no-reports", corpus.run(&["search", "website"]));
}

#[test]
fn the_index_is_found_from_any_folder_below() {
    let corpus = indexed();
    let below = corpus.path().join("2023");
    let run = corpus.program(&["search", "quarry", "--passages", "1"]).dir(&below).run().exits(0);
    assert!(run.stdout.starts_with("../2023/aubrac.txt:"), "{run:?}");
    assert!(!below.join(".casebook").exists());
    let above = corpus.program(&["search", "-C", "reports", "quarry"]).dir(corpus.scratch()).run();
    above.exits(0).prints("reports/2023/aubrac.txt:");
}

#[test]
fn the_index_can_be_elsewhere() {
    let corpus = Corpus::of_two();
    let elsewhere = corpus.scratch().join("elsewhere");
    corpus.program(&["search", "quarry"]).env("CASEBOOK_INDEX", &elsewhere).run().exits(0);
    assert!(elsewhere.is_dir() && !corpus.path().join(".casebook").exists());
    let other = corpus.scratch().join("other");
    let args = ["search", "quarry", "--index", other.to_str().unwrap()];
    corpus.program(&args).env("CASEBOOK_INDEX", &elsewhere).run().exits(0);
    assert!(other.is_dir(), "the option goes before the variable");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_has_its_index_in_the_cache() {
    use std::os::unix::fs::PermissionsExt;

    let corpus = Corpus::of_two();
    let folder = corpus.path();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o555)).unwrap();
    // Whoever may write everywhere can't see this.
    if std::fs::write(folder.join("probe"), "").is_ok() {
        return;
    }
    corpus.run(&["search", "quarry"]).exits(0);
    assert!(corpus.scratch().join("home/.cache/casebook").is_dir());
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn colour_is_for_terminals_and_whoever_asks() {
    let corpus = indexed();
    let escapes = |run: crate::harness::Run| run.stdout.contains('\u{1b}');
    assert!(!escapes(corpus.run(&["search", "website"])), "a pipe");
    assert!(escapes(corpus.run(&["search", "website", "--color", "always"])));
    assert!(!escapes(corpus.run(&["search", "website", "--color", "never"])));
    let program = corpus.program(&["search", "website", "--color", "always"]);
    assert!(escapes(program.env("NO_COLOR", "1").run()), "what is typed goes before the variable");
    let json = corpus.run(&["search", "website", "--json", "--color", "always"]);
    assert!(!escapes(json), "JSON has no colours");
}

#[test]
fn what_a_report_holds_cannot_act_on_the_terminal() {
    let corpus = Corpus::new();
    let hostile = "Cyber Incident Victim: Evil\u{1b}]0;title\u{7}\u{202e}Corp\nLocation: Fr\u{9b}31mance\nDescription\n\
                   The website\u{1b}[2J was\u{8}\u{200b} taken\u{2066}.\n";
    corpus.write("evil\u{1b}[31m\u{202e}.txt", hostile);
    for args in [
        &["search", "website"][..],
        &["search", "website", "--passages", "all"],
        &["show", "evil"],
        &["search", "\"website absent\u{1b}[2J\""],
        &["search", "vic\u{1b}[2Jtim:x"],
        &["index", "-v"],
        &["status"],
    ] {
        let run = corpus.run(args);
        for stream in [&run.stdout, &run.stderr] {
            let dangerous = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!stream.contains(dangerous), "{run:?}");
        }
    }
    // JSON is for programs: it holds what the report holds.
    let json = corpus.run(&["search", "website", "--json"]).exits(0);
    assert!(json.json()["hits"][0]["victim"].as_str().unwrap().contains('\u{1b}'));
    assert!(!json.stdout.contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let corpus = Corpus::new();
    for i in 0..300 {
        let text = format!(
            "Cyber Incident Victim: V{i}\nDescription\nThe website was defaced. {}\n",
            "x ".repeat(200)
        );
        corpus.write(&format!("{i}.txt"), text);
    }
    corpus.run(&["index"]).exits(0);
    let mut command = corpus.program(&["search", "website", "--limit", "300", "--json"]).command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
}

#[test]
fn arguments_are_one_query_and_options_stand_anywhere() {
    let corpus = indexed();
    let expected = corpus.run(&["search", "--jsonl", "website -ransomware"]).exits(0).stdout;
    for args in [
        &["search", "website", "-ransomware", "--jsonl"][..],
        &["search", "--jsonl", "website", "-ransomware"],
        &["s", "website", "--jsonl", "-ransomware"],
        &["search", "--jsonl", "-n", "5", "website", "-ransomware"],
        &["--quiet", "search", "--jsonl", "--", "website", "-ransomware"],
    ] {
        assert_eq!(corpus.run(args).exits(0).stdout, expected, "{args:?}");
    }
}

//! Every line of the tables in `docs/query-language.md`, tried.

use super::Query;

const PAGE: &str = include_str!("../../docs/query-language.md");

/// The lines of the tables whose header begins with `written` and has this second column, as three cells.
fn lines(second: &str) -> Vec<[String; 3]> {
    let mut lines = Vec::new();
    let mut header: Option<String> = None;
    for line in PAGE.lines() {
        if !line.starts_with('|') {
            header = None;
            continue;
        }
        // `\|` is how a table writes a bar inside a cell.
        let line = line.replace("\\|", "\u{0}");
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('\u{0}', "|"))
            .collect();
        let Ok([written, middle, last]) = <[String; 3]>::try_from(cells) else {
            panic!("not three cells: {line}");
        };
        match &header {
            None => header = Some(middle),
            Some(_) if written.starts_with("---") => {}
            Some(of) if of == second => lines.push([code(&written), middle, code(&last)]),
            Some(_) => {}
        }
    }
    lines
}

/// The text between the backticks of a cell.
fn code(cell: &str) -> String {
    let inner = cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
    inner.unwrap_or_else(|| panic!("not in backticks: {cell}")).to_owned()
}

#[test]
fn everything_written_is_understood_as_the_page_says() {
    let lines = lines("means");
    assert!(lines.len() > 60, "only {} lines found", lines.len());
    for [written, _, understood] in lines {
        let query = Query::parse(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(query.to_string(), understood, "{written}");
        assert_eq!(Query::parse(&understood).unwrap(), query, "{written}");
    }
}

#[test]
fn notes_say_what_the_page_says() {
    let lines = lines("note");
    assert!(lines.len() > 5);
    for [written, note, understood] in lines {
        let query = Query::parse(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(query.to_string(), understood, "{written}");
        let said: Vec<_> = query.notes().iter().map(|note| note.message.as_str()).collect();
        assert_eq!(said, [note], "{written}");
    }
}

#[test]
fn errors_say_what_the_page_says() {
    let lines = lines("error");
    assert!(lines.len() > 10);
    for [written, message, corrected] in lines {
        let error = Query::parse(&written).expect_err(&written);
        let diagnostic = error.diagnostic().unwrap();
        assert_eq!(diagnostic.message, message, "{written}");
        assert_eq!(diagnostic.corrected.as_deref(), Some(corrected.as_str()), "{written}");
    }
}

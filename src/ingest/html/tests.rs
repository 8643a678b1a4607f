use std::path::Path;
use std::time::Instant;

use proptest::prelude::*;

use super::{day_of, sniff, text_of};
use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};
use crate::report::Report;

fn parse(html: impl AsRef<[u8]>) -> FileOutcome {
    parse_bytes(Path::new("a.html"), html.as_ref(), &Limits::default())
}

fn one(html: &str) -> Report {
    let outcome = parse(html);
    let [report] = outcome.reports.as_slice() else { panic!("{outcome:?}") };
    assert!(report.source.as_ref().unwrap().origins.is_empty());
    report.clone()
}

#[test]
fn what_stands_around_an_account_is_known_by_its_name() {
    let report = one(
        r#"<html><head><title>Angriff auf die Stadtwerke - Nachrichten</title></head><body>
        <div id="header"><ul class="menu"><li><a href="/">Start</a></li></ul></div>
        <div class="box cookie-consent"><div>Diese Seite verwendet Cookies.</div></div>
        <div id="content" class="sidebar-right"><h1>Angriff auf die Stadtwerke</h1>
        <p>Die Stadtwerke sind seit Montag nicht erreichbar.</p><div class="share-buttons">Teilen</div>
        <p>Die Polizei ermittelt.</p></div>
        <section class="newsletter">Jetzt anmelden</section><div role="contentinfo">Impressum</div></body></html>"#,
    );
    assert_eq!(
        report.body,
        "Die Stadtwerke sind seit Montag nicht erreichbar.\n\nDie Polizei ermittelt."
    );
    // A page may call its account so, or never close what is around it.
    let account = "The port stood still for two days after the attack. ".repeat(4);
    for page in [
        format!("<body><div class=promo><p>{account}</div><p>x</p>"),
        format!("<body><div class=menu>Menu<p>{account}"),
    ] {
        assert!(text_of(&page).contains(account.trim()), "{page}");
    }
}

#[test]
fn data_about_a_page_say_what_its_head_does_not() {
    let data = r#"<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Port down",
        "datePublished": "2023-07-05T09:12:00+01:00", "articleBody": "The port was hit. It stood still </p> for days."}</script>"#;
    let report = one(&format!(
        "<html><head><title>x</title>{data}</head><body><h1>Port down, says paper</h1><p>The port was hit by an attack on Monday night."
    ));
    assert_eq!(report.title, "Port down");
    assert_eq!(report.date_text, "published 2023-07-05T09:12:00+01:00");
    assert!(report.body.contains("on Monday night"));
    // A page that is written by a script.
    let report = one(&format!("<html><head>{data}</head><body><div id=root></div></body>"));
    assert_eq!(report.body, "The port was hit. It stood still </p> for days.");
}

#[test]
fn a_page_gives_its_account_and_what_its_head_says() {
    let report = one(
        r#"<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8"><title>Panne &agrave; Dax | Le Journal</title>
        <meta name="description" content="L'h&ocirc;pital   est paralys&eacute;.">
        <meta property="article:published_time" content="2021-02-09T10:00:00+01:00"><meta name=author content="A. Dupont">
        <link rel="canonical" href="https://example.org/dax"><style>p { color: red }</style>
        <script>var x = "<p>no text</p>";</script></head>
        <body><header><a href="/">Home</a></header><nav><ul><li>Menu</li></ul></nav>
        <article><header><h1>Panne à <em>Dax</em></h1></header><p>Le 8 février,&nbsp;un rançongiciel
        a chiffré les serveurs de l'hôpital.<p>Les urgences<br>restent ouvertes.
        <ul><li>one<li><p>two</p></ul><aside>Related</aside></article><footer>© Journal</footer></body></html>"#,
    );
    assert_eq!(report.title, "Panne à Dax");
    assert_eq!(report.summary, "L'hôpital est paralysé.");
    assert_eq!(report.language.as_deref(), Some("fr"));
    assert_eq!(report.date.unwrap().to_string(), "Feb 9, 2021");
    assert_eq!(report.date_text, "published 2021-02-09T10:00:00+01:00");
    assert_eq!(
        report.body,
        "Le 8 février, un rançongiciel a chiffré les serveurs de l'hôpital.\n\nLes urgences\nrestent ouvertes.\n- one\n\n- two"
    );
    for line in [
        "Page title: Panne à Dax | Le Journal",
        "Author: A. Dupont",
        "URL: https://example.org/dax",
    ] {
        assert!(report.other.contains(line), "{}", report.other);
    }
    for word in ["Menu", "Home", "Related", "Journal</", "color", "var x"] {
        assert!(!report.body.contains(word), "{word}");
    }
}

#[test]
fn a_page_of_the_text_format_is_read_as_such() {
    let report = one(
        "<html><body><h1>Incident</h1><table><tr><th>Cyber Incident Victim:<td>Acme<tr><th>Date</th><td>Dec 2023</td></tr></table>
        <p><b>Location:</b> France</p><h2>Summary</h2><p>Defaced.</p>
        <table><thead><tr><th>CIA Posture</th><th>Motives</th><th>Tactics, Techniques &amp; Procedures</th></tr></thead>
        <tbody><tr><td>Integrity</td><td>2 motives: fame, fun</td><td></td></tr></tbody></table>
        <h2>Description</h2><div>The site <i>was</i> defaced.</div><div>Twice.</div></body></html>",
    );
    assert_eq!((report.victim.as_str(), report.title.as_str()), ("Acme", "Incident"));
    assert_eq!(report.date.unwrap().to_string(), "Dec 2023");
    assert_eq!(report.countries[0].country.unwrap().alpha2(), "FR");
    assert_eq!(report.summary, "Defaced.");
    assert_eq!((report.posture.count, report.motives.count), (Some(1), Some(2)));
    assert_eq!(report.body, "The site was defaced.\nTwice.");
}

#[test]
fn blocks_break_lines_and_inline_elements_do_not() {
    for (html, text) in [
        ("<p>a<b>b</b> c</p>d", "ab c\n\nd"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div> <div> b </div>", "a\nb"),
        ("a &lt; b &amp;&nbsp;c&#8217;s &eacute;", "a < b & c’s é"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        ("<table><tr><td>a<td>b<tr><td><td>c</table>d", "| a | b |\n|  | c |\n\nd"),
        ("<table><tr><td>a<td><td></tr></table>", "| a | | |"),
        (
            "<table><tr><th>Name<td>x</tr><tr><th>Name:<td>y</tr><tr><th><td>z</tr></table>",
            "Name: x\nName: y\nz",
        ),
        ("<table><tr><td><p>menu</p><td><p>one</p><p>two</p></table>", "menu | one\n\ntwo"),
        ("<table><tr><td>x<td><table><tr><td>a<td>b</table><td>y</table>", "x\n| a | b |\ny"),
        ("<td>a<td>b", "a\nb"),
        ("<nav>only this</nav>", "only this"),
        ("<nav>menu<main>text</main>", "text"),
        ("<script>x", ""),
        ("a<!-- b -->c", "ac"),
        ("co&shy;operate", "cooperate"),
    ] {
        assert_eq!(text_of(html).trim(), text, "{html}");
    }
}

#[test]
fn the_heading_of_the_account_goes_before_that_of_the_site() {
    let text = "The attackers left a note on the desk of the mayor.";
    let report = one(&format!(
        "<html><title>w</title><h1>Site</h1><h1>More</h1><main><h1>Note</h1><p>{text}</main>"
    ));
    assert_eq!((report.title.as_str(), report.body.as_str()), ("Note", text));
    let report = one(&format!("<html><title>w</title><h1>Site</h1><h1>More</h1><p>{text}"));
    assert_eq!(report.title, "Site");
    // A heading of the text format in an account makes it no form.
    let report = one(&format!("<html><p>{text}<h2>Summary</h2><p>{text}"));
    assert_eq!(report.body, format!("{text}\n\nSummary\n\n{text}"));
}

#[test]
fn pages_are_told_from_other_text() {
    for text in [
        "<!doctype HTML>x",
        "\u{feff} <html>",
        "<?xml version='1.0'?>\n<!-- a --> <html lang=x>",
        "<p>x",
        "<BODY\n>",
    ] {
        assert!(sniff(text), "{text}");
    }
    for text in
        ["", "<", "<pre", "<?xml version='1.0'?><rss>", "a <p>", "<paragraph>", "<!--", "<é"]
    {
        assert!(!sniff(text), "{text}");
    }
    for html in ["<html><body><p>Login</p></body></html>", "<html></html>", "<html><script>a b. c"]
    {
        assert_eq!(parse(html).skips[0].kind, SkipKind::NotAReport, "{html}");
    }
    assert_eq!(day_of("2021-02-09T10:00"), "2021-02-09");
    assert_eq!(day_of("Feb 9, 2021"), "Feb 9, 2021");
}

#[test]
fn the_declared_encoding_is_used() {
    let html = b"<html><meta http-equiv=content-type content='text/html; charset=iso-8859-2'><p>Szpital w Krakowie zosta\xB3 zaatakowany w nocy.";
    let outcome = parse(html);
    assert!(outcome.reports[0].body.contains("został"), "{outcome:?}");
    assert_eq!(outcome.notes[0].message, "read as ISO-8859-2, as the page says");
}

#[test]
fn no_depth_and_no_mess_costs_more_than_its_length() {
    let started = Instant::now();
    let text = "The attackers left a note on the desk of the mayor. ";
    let many = 100_000;
    for html in [
        format!("<html>{}{text}", "<div>".repeat(many)),
        format!("<html>{}{text}{}", "<b><i>".repeat(many), "</b></i>".repeat(many)),
        format!("<html>{text}{}", "<table><tr><td>a<td>".repeat(many)),
        format!(
            "<html>{text}{}{}",
            "<table><tr><td><td>".repeat(many),
            "</tr></table>".repeat(many)
        ),
        format!("<html>{text}{}", "</table></tr></nav></main>".repeat(many)),
        format!("<html>{}{text}", "<main><nav>".repeat(many)),
        format!("<html>{text}{}", "<tr><td>x".repeat(many)),
        format!("<html>{text}{}", "<td>x".repeat(many)),
        format!("<html><p {}>{text}", "a=b ".repeat(many)),
        format!("<html>{text}{}", "&amp".repeat(many)),
        format!("<html>{text}<p {}", "\"".repeat(many)),
        format!("<html>{text}{}", "<!--".repeat(many)),
        format!("<html>{text}{}", "<title>".repeat(many)),
        format!("<html>{text}{}", "<".repeat(many)),
    ] {
        let outcome = parse(&html);
        assert_eq!(outcome.reports.len(), 1, "{}", &html[..40]);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest! {
    #[test]
    fn no_page_is_too_odd(
        html in "(<(/?)(p|div|table|tr|td|th|li|main|nav|title|h1|pre|script|meta name=date content=2020)>?|[a-z]{1,4}|[ \n&;é<\"'=-]){0,60}",
    ) {
        text_of(&html);
        let outcome = parse(format!("<html>{html}"));
        prop_assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    }

    #[test]
    fn no_word_of_plain_markup_is_lost(words in prop::collection::vec("[a-z]{1,6}", 1..20), tags in prop::collection::vec(0_usize..12, 20)) {
        let tags: Vec<&str> = tags.iter().map(|at| ["<p>", "<div>", "</div>", "<td>", "<tr>", "<table>", "</table>", "<li>", "<b>", "<br>", "</tr>", "<th>"][*at]).collect();
        let html: String = words.iter().zip(tags.iter().cycle()).map(|(word, tag)| format!("{tag} {word} ")).collect();
        let text = text_of(&html);
        let found: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        prop_assert_eq!(found, words.iter().map(String::as_str).collect::<Vec<_>>(), "{} {}", html, text);
    }
}

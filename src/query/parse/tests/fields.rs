//! Fields, arguments, notes and spans.

use super::{notes, reads, refuses};
use crate::query::{Clause, Query};

#[test]
fn fields() {
    reads(&[
        ("victim:nice", "victim:nice"),
        ("VICTIME:nice", "victim:nice"),
        ("victim:(nice OR cannes)", "victim:(nice OR cannes)"),
        ("victim:nice|cannes", "victim:(nice OR cannes)"),
        ("(victim|title):x", "(victim|title):x"),
        ("(title OR victim):(a b)", "(victim|title):(a b)"),
        ("(victim):x", "victim:x"),
        ("victim: nice", "victim:nice"),
        ("victime : Nice", "victim:Nice"),
        ("victim:none", "victim:none"),
        ("victim:(none)", "victim:(none)"),
        ("victim:\"none\"", "victim:\"none\""),
        ("title:none", "title:(none)"),
        ("victim:-a", "victim:-a"),
        ("victim:*", "victim:*"),
        ("emotet:loader", "emotet:loader"),
        ("foo:\"a b\"", "foo: \"a b\""),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("Update: hackers", "Update: hackers"),
        ("id=5", "id=5"),
    ]);
    refuses(&[
        ("victm:nice", "victm", "victim:nice"),
        ("victim:", "victim:", "victim:nice"),
        ("a victim:", "victim:", "a"),
        ("(victim:)", "victim:", "victim:nice"),
        ("victim: OR a", "victim:", "a"),
        ("victim: date:2023", "victim:", "date:2023"),
        ("victim:title:x", "title:x", "title:x"),
        ("victim:(nice date:2023) b", "date:2023", "victim:(nice) date:2023 b"),
        ("victim:(nice OR date:2023)", "date:2023", "victim:(nice) date:2023"),
        ("(victim|titl):x", "titl", "(victim|title):x"),
        ("(victim|foo):x", "foo", "(victim):x"),
        ("(foo|victim):x", "foo", "(victim):x"),
        ("(victim|date):x", "date", "(victim):x"),
        ("date>=2022", "date>=2022", "date:>=2022"),
    ]);
}

#[test]
fn dates() {
    reads(&[
        ("date:2023", "date:2023"),
        ("date:\"Aug 2023\"", "date:2023-08"),
        ("date:2023-08..2024-02", "date:2023-08..2024-02"),
        ("date:>= 2022", "date:2022.."),
        ("date:≥2022", "date:2022.."),
        ("after:2022 before:2023-06", "date:2023.. date:..2023-05"),
        ("date:none", "date:none"),
        ("date:*", "-date:none"),
        ("date:certain:2023", "date:certain:2023"),
        ("date:certain:\"Aug 2023\"", "date:certain:2023-08"),
        ("date:certain:(2021 OR 2023)", "date:certain:2021 OR date:certain:2023"),
        ("date:last-2-years", "date:last-2-years"),
        ("date:\"last 2 years\"", "date:last-2-years"),
        ("date:(2021 OR 2023) a", "(date:2021 OR date:2023) a"),
        ("date:2021,2023", "date:2021 OR date:2023"),
        ("date:2023,", "date:2023"),
        ("date:２０２３", "date:2023"),
    ]);
    refuses(&[
        ("date:2023-13", "2023-13", "date:2023-12"),
        ("a date:2023-02-30 b", "2023-02-30", "a date:2023-02-28 b"),
        ("date:Aug 2023 a", "Aug 2023", "date:\"Aug 2023\" a"),
        ("date:last 2 years", "last 2 years", "date:\"last 2 years\""),
        ("date:2022 .. 2023", "2022 .. 2023", "date:\"2022 .. 2023\""),
        ("date:[2021 TO 2023]", "[2021 TO 2023]", "date:2021..2023"),
        ("date:-2023", "-2023", "-date:2023"),
        ("a date:-2023", "-2023", "a -date:2023"),
        ("after:>2022", ">2022", "date:>2022"),
        ("date:2023^2", "^2", "date:2023"),
        ("date:foo", "foo", ""),
    ]);
}

#[test]
fn countries() {
    reads(&[
        ("country:FR", "country:FR"),
        ("country:\"Côte d'Ivoire\"", "country:CI"),
        ("country:“Côte d’Ivoire”", "country:CI"),
        ("pays:France", "country:FR"),
        ("country:none", "country:none"),
        ("country:EU", "region:EU"),
        ("region:europe", "region:Europe"),
        ("region:\"middle east\"", "region:\"Middle East\""),
        ("country:(FR OR DE)", "country:FR OR country:DE"),
        ("country:FR,DE a", "(country:FR OR country:DE) a"),
        ("country:FR|DE a", "(country:FR OR country:DE) a"),
        ("country:FR ransomware", "country:FR ransomware"),
        ("country:Atlantis", "country:\"Atlantis\""),
    ]);
    refuses(&[
        ("country:South Korea", "South Korea", "country:\"South Korea\""),
        ("country:(South Korea OR FR)", "South Korea", "country:(\"South Korea\" OR FR)"),
        ("country:Guinea Bissau", "Guinea Bissau", "country:\"Guinea Bissau\""),
        ("country:Korea, Republic of", "Korea, Republic of", "country:\"Korea, Republic of\""),
        ("country:Frnace a", "Frnace", "country:France a"),
        ("country:\"Sauth Korea\"", "Sauth Korea", "country:\"South Korea\""),
        ("region:normandie", "normandie", "normandie"),
        ("country:-FR", "-FR", "-country:FR"),
    ]);
}

#[test]
fn other_fields() {
    reads(&[
        ("motives:>=3", "motives:>=3"),
        ("motives:=3", "motives:3"),
        ("motives:≤3", "motives:<=3"),
        ("motives:2..4", "motives:>=2 AND motives:<=4"),
        ("techniques:1 actors:0", "techniques:1 actors:0"),
        ("motives:none", "motives:none"),
        ("actor:lapsus", "actor:\"lapsus\""),
        ("actor:lapsus*", "actor:\"lapsus*\""),
        ("actor:\"fancy bear\"~1", "actor:\"fancy bear\"~1"),
        ("actor:(apt28 OR apt29)", "actor:\"apt28\" OR actor:\"apt29\""),
        ("actor:APT28,APT29", "actor:\"APT28\" OR actor:\"APT29\""),
        ("actor:none", "actors:none"),
        ("lang:French lang:fr-CA", "lang:fr lang:fr"),
        ("lang:none", "lang:none"),
        ("source:path/glob*", "source:path/glob*"),
        ("source:\"my folder/*.txt\"", "source:\"my folder/*.txt\""),
        ("path:/abs/x/", "source:/abs/x/"),
        ("id:abc-1", "id:abc-1"),
        ("id:-a", "id:\"-a\""),
        ("id:OR", "id:OR"),
        ("id:\"none\"", "id:\"none\""),
    ]);
    refuses(&[
        ("motives:3+", "3+", "motives:>=3"),
        ("motives:many", "many", ""),
        ("motives:[1 TO 3]", "[1 TO 3]", "motives:1..3"),
        ("actor:lap?sus", "lap?sus", "actor:lapsus"),
        ("actor:\"a b\"^2", "^2", "actor:\"a b\""),
        ("lang:frensh", "frensh", "lang:fr"),
        ("id:a\"b", "a\"b", "id:«a\"b»"),
        ("lang:\"fr\"~1", "~1", "lang:\"fr\""),
    ]);
}

#[test]
fn nothing_is_left_out_without_a_note() {
    let table = [
        ("a - b", "`-` has no letters"),
        ("a 🎉", "`🎉` has no letters"),
        ("a >= b", "right after a field"),
        ("happened?", "happened?*"),
        ("\"\" a", "left out"),
        ("() a", "nothing in these brackets"),
        ("'twas", "no partner"),
        ("--a", "was left out"),
        ("–a", "read as -"),
        ("-a", "every other report"),
        ("a b OR c", "read as (a b) OR c; for the other reading write a (b OR c)"),
        ("a OR b c OR d", "write (a OR b) (c OR d)"),
        ("a or b", "written OR"),
        ("a~0 b", "no edit"),
        ("/etc/", "\"/etc/\""),
        ("foo(bar)", "group of its own"),
        ("\"a b\" ~4", "without a blank"),
        ("asn:64500", "no field"),
        ("victim: nice", "follows the blank"),
        ("country:FR,DE", "any of them"),
        ("date:(2021 2022)", "all required"),
        ("website\"defaced\"", "inside a word"),
        ("!a", "write - before it"),
        ("id=5", "`id:5`"),
        ("\"a b?c\"", "not a wildcard"),
    ];
    for (written, said) in table {
        let notes = notes(written);
        assert!(notes.iter().any(|note| note.contains(said)), "{written}: {notes:?}");
    }
    for quiet in ["", " ", "a b", "(a b) OR c", "a OR b OR c", "\"a b\"~4 -c", "victim:nice|"] {
        if let Ok(query) = Query::parse(quiet) {
            assert_eq!(query.notes(), [], "{quiet}");
        }
    }
    let many = notes(&"- ".repeat(1_000));
    assert_eq!(many.last().map(String::as_str), Some("and 980 more notes of this kind"));
}

#[test]
fn a_sign_after_a_value_belongs_to_what_follows() {
    for (written, understood) in [
        ("country:France -(a OR b)", "country:FR -(a OR b)"),
        ("country:France -\"x y\"", "country:FR -\"x y\""),
        ("country:France +(a b)", "country:FR +(a b)"),
        ("date:2023 -victim:nice", "date:2023 -victim:nice"),
        ("region:europe -(a b)", "region:Europe -(a b)"),
    ] {
        assert_eq!(Query::parse(written).unwrap().to_string(), understood);
    }
}

#[test]
fn arguments_are_one_query() {
    let table: [(&[&str], &str, usize); 7] = [
        (&["website", "-ransomware"], "website -ransomware", 0),
        (&["website defaced"], "website defaced", 1),
        (&["\"website defaced\""], "\"website defaced\"", 0),
        (&["victim:conseil départemental"], "victim:conseil départemental", 1),
        (&["country:South Korea", "a"], "country:KR a", 0),
        (&["-country:South Korea", "date:Aug 2023"], "-country:KR date:2023-08", 0),
        (&[], "", 0),
    ];
    for (args, understood, notes) in table {
        let query = Query::from_args(args).unwrap();
        assert_eq!(query.to_string(), understood);
        assert_eq!(query.notes().len(), notes, "{args:?}: {:?}", query.notes());
    }
}

#[test]
fn spans_point_at_what_was_typed() {
    fn collect<'q>(clause: &Clause, text: &'q str, out: &mut Vec<&'q str>) {
        out.push(&text[clause.span.clone()]);
        clause.children().iter().for_each(|child| collect(child, text, out));
    }
    let text = "(“a b”~2 OR Côte^2) -victim:(x y) date:(2021 OR 2022)";
    let query = Query::parse(text).unwrap();
    let mut spans = Vec::new();
    collect(query.root().unwrap(), text, &mut spans);
    assert_eq!(
        spans,
        [
            text,
            "(“a b”~2 OR Côte^2)",
            "“a b”~2",
            "Côte^2",
            "-victim:(x y)",
            "victim:(x y)",
            "(x y)",
            "x",
            "y",
            "date:(2021 OR 2022)",
            "2021",
            "2022",
        ]
    );
}

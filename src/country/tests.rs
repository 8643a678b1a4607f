//! Countries and cells as real sources write them.

use proptest::prelude::*;

use super::*;

fn code(text: &str) -> Option<&'static str> {
    Country::parse(text).map(Country::alpha2)
}

#[test]
fn usual_spellings() {
    for (expected, spellings) in [
        (
            "FR",
            "FR|fra|France|FRANCE|french republic|République Française|Frankreich|Francia|Frankrijk",
        ),
        (
            "GB",
            "UK|U.K.|GB|Great Britain|England|Scotland|Wales|Royaume-Uni|Vereinigtes Königreich|Reino Unido",
        ),
        (
            "US",
            "USA|U.S.|U.S.A.|US|America|the United States|Etats-Unis|États-Unis|Vereinigte Staaten|EE. UU.",
        ),
        (
            "US",
            "United States of America|UNited States|United States of America (the)|estados unidos",
        ),
        (
            "KR",
            "South Korea|southKorea|Korea, Republic of|Republic of Korea|Korea (the Republic of)|대한민국|Korea",
        ),
        (
            "KP",
            "North Korea|Korea, Democratic People's Republic of|DPRK|Korea (Democratic People’s Republic of)",
        ),
        ("RU", "Russia|russian federation|Россия|Russland|Russie"),
        ("CI", "Ivory Coast|Côte d’Ivoire|Cote d'Ivoire|COTE DIVOIRE|Elfenbeinküste"),
        ("CZ", "Czechia|Czech Republic|the Czech Republic|Tschechien|Česko"),
        ("MM", "Burma|Myanmar|Myanmar (Burma)"),
        ("NL", "Holland|The Netherlands|Netherlands (Kingdom of the)|Pays-Bas|Niederlande"),
        (
            "MK",
            "Macedonia (Rep. of N.)|North Macedonia|Macedonia, the former Yugoslav Republic of|FYROM",
        ),
        ("SG", "Cingapore|Singapore|Singapur"),
        ("HK", "Hong Kong SAR|Hong Kong|hongkong|香港"),
        ("XK", "Kosovo|XK|XKX"),
        ("TW", "Taiwan, Province of China|Taiwan|Republic of China|台灣"),
        ("CN", "China|PRC|People's Republic of China|P.R.China|中国"),
        ("TR", "Türkiye|Turkey|Turkiye|Türkei|TURQUIE"),
        ("IR", "Iran|Iran (Islamic Republic of)|Iran, Islamic Republic of|ایران"),
        (
            "DE",
            "Deutschland|Allemagne|Alemania|Germania|Bundesrepublik Deutschland|Federal Republic of Germany",
        ),
        ("JP", "日本|Japan|Japon"),
        ("UA", "Україна|Ukraine|the Ukraine"),
        ("PL", "Polska|Republic of Poland"),
        ("FI", "Suomi|Finnland"),
        (
            "CD",
            "Congo, the Democratic Republic of the|DRC|Democratic Republic of the Congo|Congo - Kinshasa",
        ),
        ("CG", "Congo|Republic of the Congo|Congo, Republic of the"),
        ("VA", "Holy See (Vatican City State)|Vatican"),
        ("VI", "Virgin Islands, U.S.|U.S. Virgin Islands"),
        (
            "BA",
            "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia-Herzegovina|Bosnien und Herzegowina",
        ),
        ("TT", "Trinidad & Tobago|Trinidad and Tobago"),
        ("KN", "St. Kitts and Nevis|Saint Kitts & Nevis"),
        ("MD", "Moldova, Republic of|Moldova (Republic of)|Republic of Moldova"),
        ("VN", "Viet Nam|Vietnam|Việt Nam"),
        ("PS", "Palestine, State of|Palestine"),
        ("NA", "NA|Namibia"),
        ("RO", "R\u{43e}mania"), // a Cyrillic о
        ("DE", "  Germany\n|\u{a0}Germany\u{a0}|Ｇｅｒｍａｎｙ"),
    ] {
        for spelling in spellings.split('|') {
            assert_eq!(code(spelling), Some(expected), "{spelling}");
        }
    }
}

#[test]
fn what_is_no_country() {
    for text in [
        "",
        " ",
        "?",
        "Unknown",
        "Worldwide",
        "Europe",
        "Republic of",
        "the",
        "Islamic State",
        "People's Republic",
        "Frnace",
        "State of Georgia",
        "United Nations",
        "Wisconsin",
        "Paris, France",
        "US CA",
        "1",
        "Democratic Republic",
    ] {
        assert_eq!(code(text), None, "{text}");
    }
    assert_eq!(code(&"a".repeat(1_000_000)), None);
}

#[test]
fn codes_and_names_read_back_and_agree_with_iso() {
    assert_eq!(Country::all().len(), 250);
    for country in Country::all() {
        for text in [country.alpha2(), country.alpha3(), country.name()] {
            assert_eq!(Country::parse(text), Some(country), "{text}");
        }
        let json = serde_json::to_string(&country).unwrap();
        assert_eq!(serde_json::from_str::<Country>(&json).unwrap(), country);
    }
    assert!(Country::all().is_sorted_by_key(Country::alpha2));
    assert!(serde_json::from_str::<Country>("\"Atlantis\"").is_err());
}

#[test]
fn suggestions_are_near_and_few() {
    for (text, expected) in [
        ("Frnace", "FR"),
        ("Germny", "DE"),
        ("Tawain", "TW"),
        ("German", "DE"),
        ("United State", "US"),
        ("Ukrain", "UA"),
        ("Switserland", "CH"),
        ("Kazakstan", "KZ"),
        ("Phillippines", "PH"),
    ] {
        let found = Country::suggest(text);
        assert_eq!(found.first().map(|c| c.alpha2()), Some(expected), "{text}: {found:?}");
        assert!(found.len() <= 3);
    }
    for text in ["", "?", "Unknown", "xq", "Worldwide"] {
        assert_eq!(Country::suggest(text), [], "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = Country::parse(&text);
        let _ = Country::suggest(&text);
    }
}

/// `France=FR; Worldwide=?`
fn list(cell: &str) -> String {
    let show = |l: &Location| format!("{}={}", l.written, l.country.map_or("?", Country::alpha2));
    Location::parse_list(cell).iter().map(show).collect::<Vec<_>>().join(" | ")
}

#[test]
fn cells_of_real_sources() {
    for (cell, expected) in [
        ("US\n CA\n MX", "US=US | CA=CA | MX=MX"),
        ("UK/US", "UK=GB | US=US"),
        ("France, Germany", "France=FR | Germany=DE"),
        ("France and Germany", "France=FR | Germany=DE"),
        ("France, Germany, and Spain", "France=FR | Germany=DE | Spain=ES"),
        ("Frankreich und Deutschland", "Frankreich=FR | Deutschland=DE"),
        ("['Ukraine', 'Poland']", "Ukraine=UA | Poland=PL"),
        ("[\"Côte d'Ivoire\", 'Poland']", "Côte d'Ivoire=CI | Poland=PL"),
        ("['Cote d'Ivoire', ['Mali']]", "Cote d'Ivoire=CI | Mali=ML"),
        ("US CA MX", "US=US | CA=CA | MX=MX"),
        ("us, ca", "us=US | ca=CA"),
        (" Germany\n", "Germany=DE"),
        (" United Kingdom\"", "United Kingdom=GB"),
        // One name
        ("Korea, Republic of", "Korea, Republic of=KR"),
        ("Bosnia and Herzegovina", "Bosnia and Herzegovina=BA"),
        ("Trinidad & Tobago", "Trinidad & Tobago=TT"),
        ("Macedonia (Rep. of N.)", "Macedonia (Rep. of N.)=MK"),
        ("Virgin Islands, U.S.", "Virgin Islands, U.S.=VI"),
        ("Palestine, State of, Israel", "Palestine, State of=PS | Israel=IL"),
        ("Japan, Korea, Republic of, China", "Japan=JP | Korea, Republic of=KR | China=CN"),
        ("Serbia and Bosnia and Herzegovina", "Serbia=RS | Bosnia and Herzegovina=BA"),
        ("China, Russian Federation", "China=CN | Russian Federation=RU"),
        // Places
        ("United States (California)", "United States (California)=US"),
        ("United States (Texas, Ohio), France", "United States (Texas, Ohio)=US | France=FR"),
        ("Paris, France", "Paris, France=FR"),
        ("Paris, France, Berlin, Germany", "Paris, France=FR | Berlin, Germany=DE"),
        ("Fuzhou, Fujian, China", "Fuzhou, Fujian, China=CN"),
        ("Joinville-SC, Brazil", "Joinville-SC, Brazil=BR"),
        ("St Petersburg, Russia", "St Petersburg, Russia=RU"),
        ("Milwaukee, Wisconsin", "Milwaukee, Wisconsin=US"),
        ("Wisconsin", "Wisconsin=US"),
        ("Hatfield, Pennsylvania, USA", "Hatfield, Pennsylvania, USA=US"),
        ("Austin, TX", "Austin, TX=US"),
        ("Ottawa, Illinois, and Galway, Ireland", "Ottawa, Illinois=US | Galway, Ireland=IE"),
        ("St. Louis, Missouri", "St. Louis, Missouri=US"),
        ("Ontario, California", "Ontario, California=US"),
        ("Ontario, California, Germany", "Ontario, California=US | Germany=DE"),
        ("Washington, D.C.", "Washington, D.C.=US"),
        ("Paris, FR", "Paris, FR=FR"),
        (
            "ICONICS is headquartered in the United States. Mitsubishi Electric is headquartered in Japan.",
            "ICONICS is headquartered in the United States=US | Mitsubishi Electric is headquartered in Japan=JP",
        ),
        // A US state or a country: not claimed
        ("Kennesaw, Georgia", "Kennesaw, Georgia=?"),
        ("Georgia, USA", "Georgia, USA=US"),
        ("Georgia", "Georgia=GE"),
        ("Ukraine, Georgia", "Ukraine=UA | Georgia=GE"),
        ("Georgia (US state)", "Georgia (US state)=?"),
        ("headquartered in Georgia", "headquartered in Georgia=?"),
        ("Wilmington, DE", "Wilmington, DE=?"),
        ("Lebanon, PA", "Lebanon, PA=?"),
        ("Lebanon, Pennsylvania", "Lebanon, Pennsylvania=US"),
        ("Jamaica, NY, USA", "Jamaica=JM | NY, USA=US"),
        ("US, CA, DE", "US=US | CA=CA | DE=DE"),
        ("Wilmington, DE, USA", "Wilmington, DE, USA=US"),
        // Regions and the rest, kept as written
        ("East Asia, Europe, United States", "East Asia=? | Europe=? | United States=US"),
        ("United States, Europe, and Asia", "United States=US | Europe=? | Asia=?"),
        ("Europe and Asia", "Europe=? | Asia=?"),
        ("Asia and elsewhere", "Asia and elsewhere=?"),
        ("Government, Military", "Government, Military=?"),
        ("Worldwide", "Worldwide=?"),
        ("Deployed outside the U.S.", "Deployed outside the U.S.=?"),
        (">1", ">1=?"),
        // Nothing known
        ("", ""),
        ("Unknown", ""),
        ("N/A", ""),
        ("None", ""),
        ("??", ""),
        ("Available to members", ""),
        ("['Not available']", ""),
        ("NA", "NA=NA"),
        ("Unknown, France", "Unknown, France=FR"),
        // Each country once
        ("France; FR; FRA", "France=FR"),
        ("Munich, Germany; Germany", "Munich, Germany=DE"),
        ("Munich, Germany; Berlin, Germany", "Munich, Germany; Berlin, Germany=DE"),
    ] {
        assert_eq!(list(cell), expected, "{cell}");
    }
}

#[test]
fn a_text_in_the_wrong_column_is_kept_whole() {
    let text = "France, Germany\n".repeat(100_000);
    assert_eq!(
        Location::parse_list(&text),
        [Location { written: text.trim_end().to_owned(), country: None }]
    );
}

#[test]
fn locations_as_json() {
    let location = Location::parse_list("Paris, France").remove(0);
    let json = r#"{"name":"Paris, France","code":"FR"}"#;
    assert_eq!(serde_json::to_string(&location).unwrap(), json);
    assert_eq!(serde_json::from_str::<Location>(json).unwrap(), location);
    assert_eq!(
        serde_json::to_string(&Location { written: "Mars".into(), country: None }).unwrap(),
        r#"{"name":"Mars","code":null}"#
    );
}

#[test]
fn every_name_is_one_location() {
    for country in Country::all() {
        let list = Location::parse_list(country.name());
        assert_eq!(list, [Location::from(country)]);
    }
}

proptest! {
    #[test]
    fn no_cell_makes_it_panic(text in "\\PC*") {
        let _ = Location::parse_list(&text);
    }

    #[test]
    fn no_likely_cell_makes_it_panic_or_loses_text(
        pieces in prop::collection::vec(
            prop_oneof![
                Just("France"), Just("Georgia"), Just(", "), Just(" and "), Just("("), Just(")"), Just("["), Just("]"),
                Just("'"), Just("\""), Just("US"), Just("DE"), Just("/"), Just("\n"), Just(". "), Just("Korea"),
                Just("Republic of"), Just("Texas"), Just("Europe"), Just("é"), Just(" "),
            ],
            0..12,
        )
    ) {
        let text = pieces.concat();
        let list = Location::parse_list(&text);
        let mut countries: Vec<_> = list.iter().filter_map(|l| l.country).collect();
        countries.sort_unstable();
        prop_assert!(countries.windows(2).all(|pair| pair[0] != pair[1]), "{} twice", text);
        if text.contains("France") {
            prop_assert!(list.iter().any(|l| l.written.contains("France")), "France lost in {text}");
        }
    }
}

//! Places as reports give them: one country or many in a cell, with cities, brackets and remarks.
//!
//! In: the text of one cell. Out: a [`Location`] for each country in it, and for what is not recognised the text as
//! written.

use serde::{Deserialize, Serialize};

use super::split::{Segment, hard_parts, literal_items, segments, trim};
use super::{Country, CountryGroup, fold};

/// A place as a report gives it.
///
/// As JSON: `{"name":"Paris, France","code":"FR"}`, with `null` for the code where no country is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The text of the source.
    #[serde(rename = "name")]
    pub written: String,
    /// The country, if one is recognised.
    #[serde(rename = "code", default)]
    pub country: Option<Country>,
}

impl Location {
    /// Reads a cell that may hold many places.
    ///
    /// Splits at line breaks, `;`, `|`, `/`, commas and `and`, but never within the name of a country. A place and its
    /// country stay together. Each country is listed once, in the order of the text; what is no country
    /// is kept as written. Words for "not known" (`unknown`, `N/A`, `Available to members`) give nothing; upper-case
    /// `NA` is Namibia. Where a US state and a country share a name or code (`Atlanta, Georgia`; `Wilmington, DE`),
    /// no country is claimed.
    ///
    /// ```
    /// use casebook::Location;
    ///
    /// let codes = |cell: &str| -> Vec<Option<&str>> {
    ///     Location::parse_list(cell).iter().map(|l| l.country.map(|c| c.alpha2())).collect()
    /// };
    /// assert_eq!(codes("US\n CA\n MX"), [Some("US"), Some("CA"), Some("MX")]);
    /// assert_eq!(codes("Korea, Republic of and Bosnia and Herzegovina"), [Some("KR"), Some("BA")]);
    /// assert_eq!(codes("['Ukraine', 'Poland']"), [Some("UA"), Some("PL")]);
    /// assert_eq!(codes("Paris, France"), [Some("FR")]);
    /// assert_eq!(codes("Worldwide"), [None]);
    /// assert_eq!(codes("Unknown"), []);
    /// ```
    pub fn parse_list(text: &str) -> Vec<Location> {
        let mut list = Vec::new();
        if text.len() > MAX_BYTES {
            add(&mut list, trim(text), None);
        } else {
            read_cell(text, 0, &mut list);
        }
        list
    }
}

impl From<Country> for Location {
    fn from(country: Country) -> Self {
        Self { written: country.name().to_owned(), country: Some(country) }
    }
}

/// What is longer is a text in the wrong column: it is kept whole.
const MAX_BYTES: usize = 16 * 1024;

/// A list in a list in a list is no table cell any more.
const MAX_DEPTH: usize = 3;

fn read_cell(text: &str, depth: usize, list: &mut Vec<Location>) {
    let text = trim(text);
    if is_placeholder(text) {
        return;
    }
    let literal = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inner) = literal.filter(|_| depth < MAX_DEPTH) {
        return literal_items(inner).for_each(|item| read_cell(item, depth + 1, list));
    }
    if let Some(country) = Country::parse(text) {
        return add(list, text, Some(country));
    }
    for part in hard_parts(text) {
        read_part(trim(part), list);
    }
}

/// Adds a location; a country that is listed already takes the new words in, if they say more than its name.
fn add(list: &mut Vec<Location>, written: &str, country: Option<Country>) {
    let same = |known: &&mut Location| match country {
        Some(_) => known.country == country,
        None => known.country.is_none() && known.written == written,
    };
    match list.iter_mut().find(same) {
        None => list.push(Location { written: written.to_owned(), country }),
        Some(known) => {
            if country.is_some() && Country::parse(written).is_none() && known.written != written {
                known.written.push_str("; ");
                known.written.push_str(written);
            }
        }
    }
}

/// Does the text only say that nothing is known?
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 32] = [
        "unknown",
        "notavailable",
        "notapplicable",
        "none",
        "null",
        "nil",
        "nan",
        "undefined",
        "unspecified",
        "notspecified",
        "undisclosed",
        "notdisclosed",
        "notknown",
        "notprovided",
        "withheld",
        "availabletomembers",
        "tbd",
        "tba",
        "unk",
        "nocountry",
        "inconnu",
        "inconnue",
        "nonprecise",
        "unbekannt",
        "desconocido",
        "desconocida",
        "sconosciuto",
        "desconhecido",
        "onbekend",
        "keineangabe",
        "nodisponible",
        "nondisponible",
    ];
    if text.len() > 60 {
        return false;
    }
    let key = fold::key(&fold::words(text));
    // `NA` alone is a code.
    key.is_empty() || WORDS.contains(&key.as_str()) || (key == "na" && text != "NA")
}

/// What a piece of a cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Country(Country),
    /// A state of the USA, whose name or code is no country's in this place.
    State,
    /// The code of a state of the USA and of a country.
    PerhapsState,
    Group,
    Other,
}

/// What stands before a piece and a comma.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Nothing, or no comma.
    Start,
    AfterCode,
    AfterCountry,
    AfterPlace,
}

/// One or more segments that belong to one name.
struct Piece {
    segment: Segment,
    kind: Kind,
}

/// A run of pieces that make one location.
struct Place {
    start: usize,
    end: usize,
    country: Option<Country>,
    /// A country after the next comma says where it lies.
    open: bool,
}

/// Reads a part that no hard mark splits.
fn read_part(text: &str, list: &mut Vec<Location>) {
    if is_placeholder(text) {
        return;
    }
    let pieces = pieces(text);
    let places = places(&pieces);
    let understood = pieces.iter().all(|piece| piece.kind == Kind::Group)
        || places.iter().any(|place| place.country.is_some());
    if !understood {
        return match codes_between_blanks(text) {
            Some(codes) => codes.into_iter().for_each(|(word, code)| add(list, word, Some(code))),
            // Nothing was understood, so the commas may mean anything.
            None => add(list, text, None),
        };
    }
    for place in places {
        let written = trim(&text[place.start..place.end]);
        if !is_placeholder(written) {
            add(list, written, place.country);
        }
    }
}

/// Joins segments to names, longest first.
fn pieces(text: &str) -> Vec<Piece> {
    let segments = segments(text);
    let all_codes = segments.iter().all(|segment| segment.text(text).len() <= 3);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = &segments[..];
    while let [first, ..] = rest {
        let before = pieces.last().filter(|_| first.after_comma);
        let place = match before {
            None => Context::Start,
            Some(before) if before.segment.text(text).len() <= 3 => Context::AfterCode,
            Some(before) if matches!(before.kind, Kind::Country(_) | Kind::Group) => {
                Context::AfterCountry
            }
            Some(_) => Context::AfterPlace,
        };
        // No name of a country has more than three commas or words for "and" in it.
        let joined = (2..=rest.len().min(4)).rev().find_map(|count| {
            let segment = Segment { end: rest[count - 1].end, ..*first };
            let name = segment.text(text);
            let kind = match Country::parse(name) {
                Some(country) => Kind::Country(country),
                None => CountryGroup::parse(name).map(|_| Kind::Group)?,
            };
            Some((count, Piece { segment, kind }))
        });
        let (count, piece) = joined.unwrap_or_else(|| {
            (1, Piece { segment: *first, kind: kind(first.text(text), place, all_codes) })
        });
        pieces.push(piece);
        rest = &rest[count..];
    }
    match &mut pieces[..] {
        // `Georgia, USA` is the other Georgia; `Georgia, Ukraine` are two countries.
        [before @ .., georgia, usa]
            if before.iter().all(|piece| piece.kind == Kind::Other)
                && usa.segment.after_comma
                && is_usa(usa.kind)
                && is_georgia(georgia.segment.text(text)) =>
        {
            georgia.kind = Kind::Other;
        }
        // `Lebanon, Pennsylvania` is a town.
        [town, state]
            if state.segment.after_comma
                && matches!(state.kind, Kind::State | Kind::PerhapsState) =>
        {
            town.kind = Kind::Other;
        }
        _ => {}
    }
    pieces
}

/// Joins places to the country that follows them after a comma.
fn places(pieces: &[Piece]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for Piece { segment, kind } in pieces {
        let open = places.last_mut().filter(|place| place.open && segment.after_comma);
        let (country, goes_on) = match kind {
            Kind::Country(country) => (Some(*country), false),
            Kind::State => (Country::parse("US"), true),
            Kind::Group => (None, false),
            Kind::Other | Kind::PerhapsState => (None, true),
        };
        match open {
            // `Ontario, California, Germany`: a state lies in no other country.
            Some(place)
                if *kind != Kind::Group
                    && (place.country.is_none()
                        || country.is_none()
                        || country == place.country) =>
            {
                place.end = segment.end;
                place.country = place.country.or(country);
                place.open = goes_on;
            }
            _ => places.push(Place {
                start: segment.start,
                end: segment.end,
                country,
                open: goes_on,
            }),
        }
    }
    places
}

fn is_usa(kind: Kind) -> bool {
    matches!(kind, Kind::Country(country) if country.alpha2() == "US")
}

/// What one segment is.
fn kind(text: &str, context: Context, all_codes: bool) -> Kind {
    let is_code = text.len() <= 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if is_code {
        let upper = text.bytes().all(|b| b.is_ascii_uppercase());
        // Codes follow codes in lists; what follows a name may be the state in which it lies.
        let state = matches!(context, Context::AfterPlace | Context::AfterCountry)
            && STATE_CODES.split(' ').any(|code| code == text);
        return match Country::parse(text) {
            Some(_) if state => Kind::PerhapsState,
            None if state => Kind::State,
            // Lower-case codes look like words (`in`, `no`), unless there is nothing else.
            Some(country) if upper || all_codes => Kind::Country(country),
            _ => Kind::Other,
        };
    }
    if is_georgia(text) && context == Context::AfterPlace {
        return Kind::Other;
    }
    if let Some(country) = Country::parse(text).or_else(|| in_remarks(text)) {
        return Kind::Country(country);
    }
    let key = fold::key(&fold::words(text));
    if STATES.split(',').any(|state| state == key) {
        Kind::State
    } else if CountryGroup::parse(text).is_some() {
        Kind::Group
    } else {
        Kind::Other
    }
}

fn is_georgia(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("georgia")
}

/// The country of `United States (California)` or `headquartered in the United States`.
fn in_remarks(text: &str) -> Option<Country> {
    let before = text.split_once('(').map(|(before, _)| before.trim()).filter(|b| b.len() > 3);
    let within = || text.rsplit_once(" in ").map(|(_, place)| place.trim()).filter(|p| p.len() > 3);
    let country = |name: &str| if is_georgia(name) { None } else { Country::parse(name) };
    before.and_then(country).or_else(|| within().and_then(country))
}

/// The codes of `US CA MX`; `None` if anything else stands there.
fn codes_between_blanks(text: &str) -> Option<Vec<(&str, Country)>> {
    let code = |word: &'_ str| {
        let upper = matches!(word.len(), 2 | 3) && word.bytes().all(|b| b.is_ascii_uppercase());
        if upper { Country::parse(word) } else { None }
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.len() > 1).then(|| words.into_iter().map(|word| Some((word, code(word)?))).collect())?
}

/// The states of the USA and its capital in their common form, without Georgia, which is a country as well.
const STATES: &str = "alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,hawaii,idaho,illinois,\
                      indiana,iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,\
                      montana,nebraska,nevada,newhampshire,newjersey,newmexico,newyork,northcarolina,northdakota,ohio,\
                      oklahoma,oregon,pennsylvania,rhodeisland,southcarolina,southdakota,tennessee,texas,utah,vermont,virginia,\
                      washington,westvirginia,wisconsin,wyoming,dc,washingtondc";

/// Their postal codes. Many are a country's code too.
const STATE_CODES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK \
                           OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC";

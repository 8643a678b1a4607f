//! Groups of countries that people ask for: unions, alliances and regions.
//!
//! In: the name of a group. Out: [`CountryGroup`] and its members.
//!
//! Regions are those of the United Nations' M49 standard (so Cyprus and Türkiye lie in Western Asia, Russia in Eastern
//! Europe, Mexico in Central America), with Kosovo in Southern and Taiwan in Eastern Asia beside their neighbours.
//! Members of unions and alliances are those of the date that stands beside each in the table; suspended and observing
//! states are left out.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::{Country, fold};

/// A well-known group of countries: `EU`, `NATO`, `Europe`, `Latin America`.
///
/// ```
/// use casebook::{Country, CountryGroup};
///
/// let eu = CountryGroup::parse("European Union").unwrap();
/// assert_eq!(eu.to_string(), "EU");
/// assert!(eu.contains(Country::parse("France").unwrap()));
/// assert!(!eu.contains(Country::parse("UK").unwrap()));
/// assert_eq!(CountryGroup::parse("Atlantis"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryGroup(u8);

impl CountryGroup {
    /// The group with this name; case, accents, punctuation and a `(region)` after it don't count.
    pub fn parse(text: &str) -> Option<CountryGroup> {
        if text.len() > 100 {
            return None;
        }
        let text = text.trim();
        let text = text.strip_suffix("(region)").unwrap_or(text);
        let wanted = fold::key(&fold::words(text));
        by_key().get(&wanted).copied()
    }

    /// All groups.
    pub fn all() -> impl ExactSizeIterator<Item = CountryGroup> {
        (0..ROWS.len()).map(|at| CountryGroup(at as u8))
    }

    /// The name that it prints, and that reads back as the same group.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Where the list of members comes from, and its date.
    pub fn source(self) -> &'static str {
        self.row().source
    }

    /// The members, sorted by code.
    pub fn members(self) -> &'static [Country] {
        &members()[usize::from(self.0)]
    }

    /// Is the country a member?
    pub fn contains(self, country: Country) -> bool {
        self.members().binary_search(&country).is_ok()
    }

    fn row(self) -> &'static Row {
        // Every value of the type was made as an index of this table.
        &ROWS[usize::from(self.0)]
    }
}

impl fmt::Display for CountryGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for CountryGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryGroup({})", self.name())
    }
}

struct Row {
    name: &'static str,
    /// Other names, separated by `|`.
    others: &'static str,
    /// Codes, and names of other groups in brackets whose members belong to it too.
    members: &'static str,
    source: &'static str,
}

const fn row(
    name: &'static str,
    others: &'static str,
    members: &'static str,
    source: &'static str,
) -> Row {
    Row { name, others, members, source }
}

const M49: &str = "UN M49, 2025";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Unions and alliances
    row("EU", "European Union|Union européenne|Europäische Union|Unión Europea|Unione europea|União Europeia|Europese Unie|UE|EU27|EU member states",
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK", "treaties, since 2020-02-01"),
    row("EFTA", "European Free Trade Association", "CH IS LI NO", "convention, since 1995-01-01"),
    row("EEA", "European Economic Area", "[EU] IS LI NO", "agreement, since 2020-02-01"),
    row("Schengen", "Schengen area", "AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
        "Council decisions, since 2025-01-01"),
    row("Eurozone", "Euro area", "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
        "Council decisions, since 2026-01-01"),
    row("NATO", "North Atlantic Treaty Organization|North Atlantic Treaty Organisation|OTAN",
        "AL BE BG CA CZ DE DK EE ES FI FR GB GR HR HU IS IT LT LU LV ME MK NL NO PL PT RO SE SI SK TR US",
        "treaty, since 2024-03-07"),
    row("G7", "Group of Seven", "CA DE FR GB IT JP US", "since 2014-03-24"),
    row("G20", "Group of Twenty", "AR AU BR CA CN DE FR GB ID IN IT JP KR MX RU SA TR US ZA",
        "member states, without the two unions, since 1999"),
    row("BRICS", "", "AE BR CN EG ET ID IN IR RU ZA", "since 2025-01-06"),
    row("Five Eyes", "FVEY|5 Eyes", "AU CA GB NZ US", "UKUSA agreement, since 1956"),
    row("AUKUS", "", "AU GB US", "since 2021-09-15"),
    row("Quad", "Quadrilateral Security Dialogue", "AU IN JP US", "since 2017"),
    row("ASEAN", "Association of Southeast Asian Nations", "BN ID KH LA MM MY PH SG TH TL VN", "charter, since 2025-10-26"),
    row("GCC", "Gulf Cooperation Council|Gulf states|Gulf countries", "AE BH KW OM QA SA", "charter, since 1981"),
    row("OECD", "OCDE|Organisation for Economic Co-operation and Development",
        "AT AU BE CA CH CL CO CR CZ DE DK EE ES FI FR GB GR HU IE IL IS IT JP KR LT LU LV MX NL NO NZ PL PT SE SI SK TR US",
        "convention, since 2021-05-25"),
    row("OPEC", "", "AE CG DZ GA GQ IQ IR KW LY NG SA VE", "statute, since 2024-01-01"),
    row("African Union", "Union africaine|Afrikanische Union",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RW \
         SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW", "constitutive act, since 2017-01-31"),
    row("Arab League", "League of Arab States|Ligue arabe|Arabische Liga|Arab world|Arab countries",
        "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE", "charter, since 2023-05-07"),
    row("Mercosur", "Mercosul", "AR BO BR PY UY", "treaty, since 2024-07-08"),
    row("USMCA", "NAFTA|CUSMA|T-MEC", "CA MX US", "agreement, since 2020-07-01"),
    row("CIS", "Commonwealth of Independent States", "AM AZ BY KG KZ MD RU TJ UZ", "charter, 2025"),
    row("EAEU", "Eurasian Economic Union|EEU", "AM BY KG KZ RU", "treaty, since 2015-08-12"),
    row("SCO", "Shanghai Cooperation Organisation|Shanghai Cooperation Organization", "BY CN IN IR KG KZ PK RU TJ UZ",
        "charter, since 2024-07-04"),
    // Regions in common use
    row("Benelux", "", "BE LU NL", "Benelux Union"),
    row("DACH", "", "AT CH DE", "common use"),
    row("Nordics", "Nordic countries|Nordic|Nordic region|Pays nordiques", "AX DK FI FO GL IS NO SE", "Nordic Council"),
    row("Scandinavia", "Scandinavie|Skandinavien|Escandinavia", "DK NO SE", "common use"),
    row("Baltics", "Baltic states|Baltic countries|Baltic|Pays baltes|Baltikum", "EE LT LV", "common use"),
    row("Visegrad", "Visegrád Group|V4", "CZ HU PL SK", "Visegrád declaration"),
    row("Balkans", "Balkan|Balkan states|Balkan peninsula", "AL BA BG GR HR ME MK RO RS SI XK", "common use"),
    row("Western Balkans", "West Balkans|Westbalkan", "AL BA ME MK RS XK", "common use of the EU"),
    row("Caucasus", "South Caucasus|Kaukasus|Caucase", "AM AZ GE", "common use"),
    row("Middle East", "mideast|Near East|Moyen-Orient|Proche-Orient|Naher Osten|Oriente Medio|Oriente Próximo|Medio Oriente|Middle Eastern",
        "AE BH CY EG IL IQ IR JO KW LB OM PS QA SA SY TR YE", "common use"),
    row("MENA", "Middle East and North Africa|MENA region", "[Middle East] [Northern Africa]", "common use"),
    row("EMEA", "Europe, Middle East and Africa", "[Europe] [Middle East] [Africa]", "common use"),
    row("Asia-Pacific", "APAC|Asie-Pacifique",
        "[Eastern Asia] [South-eastern Asia] [Southern Asia] [Oceania]", "common use"),
    row("North America", "Nordamerika|Amérique du Nord|América del Norte|Noord-Amerika|North American continent",
        "[Northern America] [Central America] [Caribbean]", M49),
    // M49
    row("Africa", "Afrique|Afrika|African", "[Northern Africa] [Sub-Saharan Africa]", M49),
    row("Sub-Saharan Africa", "Afrique subsaharienne",
        "[Eastern Africa] [Middle Africa] [Southern Africa] [Western Africa]", M49),
    row("Northern Africa", "North Africa|Maghreb|Afrique du Nord|Nordafrika|África del Norte", "DZ EG EH LY MA SD TN", M49),
    row("Eastern Africa", "East Africa|Afrique de l'Est|Ostafrika",
        "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW", M49),
    row("Middle Africa", "Central Africa|Zentralafrika|Afrique centrale", "AO CD CF CG CM GA GQ ST TD", M49),
    row("Southern Africa", "", "BW LS NA SZ ZA", M49),
    row("Western Africa", "West Africa|Afrique de l'Ouest|Westafrika",
        "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG", M49),
    row("Americas", "Amériques", "[Latin America] [Northern America]", M49),
    row("Northern America", "", "BM CA GL PM US", M49),
    row("Latin America", "LATAM|Latin America and the Caribbean|LAC|Amérique latine|Lateinamerika|América Latina|Latin American",
        "[Caribbean] [Central America] [South America]", M49),
    row("Caribbean", "Caraïbes|Karibik|Caribe", "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI", M49),
    row("Central America", "Amérique centrale|Mittelamerika|Zentralamerika|América Central|Centroamérica", "BZ CR GT HN MX NI PA SV", M49),
    row("South America", "Amérique du Sud|Südamerika|América del Sur|Suramérica|Sudamérica|South American",
        "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE", M49),
    row("Asia", "Asie|Asien|Azië|Asian",
        "[Central Asia] [Eastern Asia] [South-eastern Asia] [Southern Asia] [Western Asia]", M49),
    row("Central Asia", "Asie centrale|Zentralasien|Asia Central", "KG KZ TJ TM UZ", M49),
    row("Eastern Asia", "East Asia|Northeast Asia|Far East|Asie de l'Est|Ostasien|Asia Oriental", "CN HK JP KP KR MN MO TW", M49),
    row("South-eastern Asia", "Southeast Asia|Southeast Asian|Asie du Sud-Est|Südostasien|Sudeste Asiático",
        "BN ID KH LA MM MY PH SG TH TL VN", M49),
    row("Southern Asia", "South Asia|Asie du Sud|Südasien", "AF BD BT IN IR LK MV NP PK", M49),
    row("Western Asia", "West Asia|Westasien", "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE", M49),
    row("Europe", "Europa|European|European continent",
        "[Eastern Europe] [Northern Europe] [Southern Europe] [Western Europe]", M49),
    row("Eastern Europe", "East Europe|Europe de l'Est|Osteuropa|Europa del Este", "BG BY CZ HU MD PL RO RU SK UA", M49),
    row("Northern Europe", "North Europe|Europe du Nord|Nordeuropa", "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ", M49),
    row("Southern Europe", "South Europe|Europe du Sud|Südeuropa", "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK", M49),
    row("Western Europe", "West Europe|Europe de l'Ouest|Westeuropa|Europa Occidental", "AT BE CH DE FR LI LU MC NL", M49),
    row("Oceania", "Océanie|Ozeanien|Pacific|Pacific Islands", "[Australasia] [Melanesia] [M49 Micronesia] [Polynesia]", M49),
    row("Australasia", "Australia and New Zealand|ANZ", "AU CC CX HM NF NZ", M49),
    row("Melanesia", "", "FJ NC PG SB VU", M49),
    // Plain "Micronesia" is the country.
    row("M49 Micronesia", "Micronesia region", "FM GU KI MH MP NR PW UM", M49),
    row("Polynesia", "", "AS CK NU PF PN TK TO TV WF WS", M49),
];

fn by_key() -> &'static HashMap<String, CountryGroup> {
    static BY_KEY: OnceLock<HashMap<String, CountryGroup>> = OnceLock::new();
    BY_KEY.get_or_init(|| {
        let spellings = |(at, row): (usize, &'static Row)| {
            let others = row.others.split('|').filter(|name| !name.is_empty());
            let group = CountryGroup(at as u8);
            others.chain([row.name]).map(move |name| (fold::key(&fold::words(name)), group))
        };
        ROWS.iter().enumerate().flat_map(spellings).collect()
    })
}

fn members() -> &'static [Vec<Country>] {
    static MEMBERS: OnceLock<Vec<Vec<Country>>> = OnceLock::new();
    MEMBERS.get_or_init(|| {
        ROWS.iter()
            .map(|row| {
                let mut countries = Vec::new();
                collect(row, &mut countries, 0);
                countries.sort_unstable();
                countries.dedup();
                countries
            })
            .collect()
    })
}

/// Adds the members of a group and of the groups in it.
fn collect(row: &Row, countries: &mut Vec<Country>, depth: usize) {
    // The table nests three deep; a slip in it must not end in endless recursion.
    if depth > 5 {
        return;
    }
    let mut rest = row.members;
    while let Some((codes, more)) = rest.split_once('[') {
        countries.extend(codes.split_whitespace().filter_map(Country::parse));
        let (name, more) = more.split_once(']').unwrap_or((more, ""));
        if let Some(inner) = ROWS.iter().find(|row| row.name == name) {
            collect(inner, countries, depth + 1);
        }
        rest = more;
    }
    countries.extend(rest.split_whitespace().filter_map(Country::parse));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_are_nobody_elses() {
        let mut seen = HashMap::new();
        for (at, row) in ROWS.iter().enumerate() {
            let others = row.others.split('|').filter(|name| !name.is_empty());
            for name in [row.name].into_iter().chain(others) {
                let found = CountryGroup::parse(name);
                assert_eq!(found, Some(CountryGroup(at as u8)), "{name}");
                assert_eq!(Country::parse(name), None, "{name} is a country");
                assert_eq!(seen.insert(fold::key(&fold::words(name)), at), None, "{name}");
            }
        }
        assert_eq!(CountryGroup::parse("Europe (region)"), CountryGroup::parse("europe"));
        assert_eq!(CountryGroup::parse(""), None);
    }

    #[test]
    fn every_member_is_a_country_and_every_inner_group_exists() {
        for row in ROWS {
            let mut rest = row.members;
            let mut outside = String::new();
            while let Some((before, more)) = rest.split_once('[') {
                outside.push_str(before);
                let (name, more) = more.split_once(']').expect("closed");
                assert!(ROWS.iter().any(|row| row.name == name), "{name} in {}", row.name);
                rest = more;
            }
            outside.push_str(rest);
            for code in outside.split_whitespace() {
                assert_eq!(Country::parse(code).map(Country::alpha2), Some(code), "{}", row.name);
            }
        }
    }

    #[test]
    fn as_many_members_as_known() {
        for (name, count) in [
            ("EU", 27),
            ("EEA", 30),
            ("Schengen", 29),
            ("Eurozone", 21),
            ("NATO", 32),
            ("G20", 19),
            ("BRICS", 10),
            ("ASEAN", 11),
            ("OECD", 38),
            ("OPEC", 12),
            ("African Union", 55),
            ("Arab League", 22),
            ("CIS", 9),
            ("SCO", 10),
        ] {
            assert_eq!(CountryGroup::parse(name).unwrap().members().len(), count, "{name}");
        }
    }

    #[test]
    fn the_continents_divide_the_world() {
        let continents = ["Africa", "Americas", "Asia", "Europe", "Oceania"];
        for country in Country::all() {
            let within = continents
                .iter()
                .filter(|name| CountryGroup::parse(name).unwrap().contains(country));
            // Antarctica is on none of them.
            assert_eq!(within.count(), usize::from(country.alpha2() != "AQ"), "{country}");
        }
    }
}

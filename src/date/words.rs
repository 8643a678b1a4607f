//! The words that dates are written with, in English, French, German, Spanish, Italian, Portuguese and Dutch.
//!
//! In: one word, lower-case and without accents. Out: what it means in a date, if anything.

/// What a word means in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// 1 to 12
    Month(u32),
    Season(Season),
    /// A third or so of a year or month: `early`, `mid`, `late`.
    Part(Part),
    /// `first` to `fourth`, before a quarter or half.
    Ordinal(u32),
    /// `quarter`, after its number.
    Quarter,
    /// `half`, after its number.
    Half,
    /// `circa`: the date is near, not exact.
    Approximate,
    /// `between`: one unknown day in the interval.
    Between,
    /// `from`, `since`: must be followed by an end.
    Since,
    /// `until`, `and`, `bis`: stands between the two ends of an interval.
    To,
    /// `before`, `after`, `ongoing`: no interval with two ends.
    Open,
    /// Carries nothing: articles, weekdays, `Discovered`.
    Filler,
    /// `xx` in place of a day or month.
    Unknown,
}

/// A season of the northern hemisphere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A part of a year or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
}

/// What the word means; `None` if no date holds such a word.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    if let Some(found) = TABLE.iter().find(|(_, words)| words.split(' ').any(|w| w == word)) {
        return Some(found.0);
    }
    month(word).or_else(|| misspelt_month(word)).map(Meaning::Month)
}

/// Is this an ordinal ending that follows a number directly: `30th`, `1er`, `3º`?
pub(super) fn is_ordinal_suffix(word: &str) -> bool {
    matches!(
        word,
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "re"
            | "ere"
            | "eme"
            | "e"
            | "o"
            | "a"
            | "de"
            | "ste"
            | "te"
            | "ten"
    )
}

/// Is this a word that only a time of day is followed by: `pm`, `UTC`?
pub(super) fn is_time_suffix(word: &str) -> bool {
    const WORDS: &str = "z am pm utc gmt uhr h hrs hours cet cest est edt cst cdt mst mdt pst pdt bst ist jst msk \
                         eet eest wet west aest aedt";
    WORDS.split(' ').any(|w| w == word)
}

/// Is this a word that may stand before a time of day: `at 14:30`, `2024-07-19T16:00`?
pub(super) fn is_time_prefix(word: &str) -> bool {
    matches!(word, "t" | "at" | "um" | "a" | "as" | "om" | "alle" | "las")
}

const TABLE: &[(Meaning, &str)] = &[
    (
        Meaning::Season(Season::Spring),
        "spring printemps fruhling fruhjahr primavera voorjaar lente",
    ),
    (Meaning::Season(Season::Summer), "summer ete sommer verano estate verao zomer"),
    (
        Meaning::Season(Season::Autumn),
        "autumn fall automne herbst otono autunno outono herfst najaar",
    ),
    (Meaning::Season(Season::Winter), "winter hiver invierno inverno"),
    (
        Meaning::Part(Part::Early),
        "early beginning start debut anfang beginn principios comienzos inicios inicio inizio inizi begin",
    ),
    (Meaning::Part(Part::Mid), "mid middle mi mitte mediados meta meados midden medio"),
    (Meaning::Part(Part::Late), "late end fin ende finales fine fim finais eind einde"),
    (
        Meaning::Ordinal(1),
        "first premier premiere erstes erste primer primero primo primeiro eerste",
    ),
    (Meaning::Ordinal(2), "second deuxieme zweites zweite segundo secondo tweede"),
    (Meaning::Ordinal(3), "third troisieme drittes dritte tercer tercero terzo terceiro derde"),
    (Meaning::Ordinal(4), "fourth quatrieme viertes vierte cuarto quarto vierde"),
    (Meaning::Quarter, "quarter trimestre quartal kwartaal"),
    (Meaning::Half, "half semestre halbjahr"),
    (
        Meaning::Approximate,
        "circa ca c approx approximately about around roughly vers environ env etwa ungefahr gegen hacia alrededor \
         intorno verso cerca aproximadamente ongeveer rond possibly probably maybe estimated",
    ),
    (Meaning::Between, "between entre zwischen tra fra tussen"),
    (Meaning::Since, "from since desde seit depuis dal dall sinds vanaf"),
    (
        Meaning::To,
        "to and until till through thru bis und au a et y e en hasta al ate fino tot and",
    ),
    (
        Meaning::Open,
        "before after ongoing present today now current later earlier onwards onward avant apres vor nach ab heute \
         antes despues prima dopo depois voor na",
    ),
    (
        Meaning::Filler,
        "of the in on de du des la le les l d der dem den das die im am vom von del di do da dos el los il lo em no \
         van het year date dated week discovered detected reported disclosed published announced occurred seen month \
         annee jahr jahres ano anno jaar \
         monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
         lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim \
         montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo mi fr sa so \
         lunes martes miercoles jueves viernes sabado domingo jue vie sab dom \
         lunedi martedi mercoledi giovedi venerdi domenica gio \
         segunda terca quarta quinta sexta feira seg ter qua qui sex \
         maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    ),
    (Meaning::Unknown, "x xx"),
];

/// Full names first in each row, then abbreviations; all folded.
const MONTHS: [(&str, &str); 12] = [
    (
        "january janvier januar enero gennaio janeiro januari janner",
        "jan janv ene gen jaen jaenner",
    ),
    ("february fevrier februar febrero febbraio fevereiro februari feber", "feb febr fev fevr"),
    ("march mars marz marzo marco maart", "mar mrz maerz mrt"),
    ("april avril abril aprile", "apr avr abr"),
    ("may mai mayo maggio maio mei", "mag"),
    ("june juin juni junio giugno junho", "jun giu"),
    ("july juillet juli julio luglio julho", "jul juil lug"),
    ("august aout agosto augustus", "aug ago"),
    ("september septembre septiembre setiembre settembre setembro", "sep sept set"),
    ("october octobre oktober octubre ottobre outubro", "oct okt ott out"),
    ("november novembre noviembre novembro", "nov"),
    ("december decembre dezember diciembre dicembre dezembro", "dec dez dic"),
];

fn month(word: &str) -> Option<u32> {
    let known = |&(full, short): &(&str, &str)| {
        full.split(' ').chain(short.split(' ')).any(|name| name == word)
    };
    MONTHS.iter().position(known).map(|at| at as u32 + 1)
}

/// The one month whose full name is a single edit away; none for short words, where a slip and another word look alike.
fn misspelt_month(word: &str) -> Option<u32> {
    if word.chars().count() < 4 {
        return None;
    }
    let near = |&(full, _): &(&str, &str)| {
        full.split(' ').any(|name| name.len() >= 4 && one_edit_apart(word, name))
    };
    let mut found = MONTHS.iter().enumerate().filter(|(_, names)| near(names));
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Some(at as u32 + 1),
        _ => None,
    }
}

/// Does one letter added, left out, changed, or swapped with its neighbour make `a` into `b`?
fn one_edit_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    match (x, y) {
        ([], []) => false,
        ([], [_]) | ([_], []) => true,
        ([x0, x1, rest_x @ ..], [y0, y1, rest_y @ ..])
            if x0 == y1 && x1 == y0 && rest_x == rest_y =>
        {
            true
        }
        ([], _) | (_, []) => false,
        _ => x[1..] == y[1..] || x[1..] == *y || *x == y[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_seven_languages_and_misspelt() {
        for (word, month) in [
            ("january", 1),
            ("febuary", 2),
            ("feburary", 2),
            ("maerz", 3),
            ("agust", 8),
            ("augst", 8),
            ("mei", 5),
            ("out", 10),
            ("ocotber", 10),
            ("dezember", 12),
        ] {
            assert_eq!(meaning(word), Some(Meaning::Month(month)), "{word}");
        }
        for word in ["juny", "jule", "foo", "jn", "", "marchand"] {
            assert_eq!(meaning(word), None, "{word}");
        }
    }

    #[test]
    fn no_word_stands_in_two_rows() {
        let mut seen = std::collections::HashMap::new();
        let months =
            MONTHS.iter().flat_map(|(full, short)| full.split(' ').chain(short.split(' ')));
        for word in months {
            assert!(TABLE.iter().all(|(_, row)| row.split(' ').all(|w| w != word)), "{word}");
            assert_eq!(seen.insert(word, ()), None, "{word}");
        }
    }

    #[test]
    fn edits() {
        for (a, b, expected) in [
            ("abc", "abc", false),
            ("abc", "ab", true),
            ("abc", "acb", true),
            ("abc", "axc", true),
            ("abc", "abcd", true),
            ("abc", "bca", false),
            ("", "ab", false),
        ] {
            assert_eq!(one_edit_apart(a, b), expected, "{a} {b}");
            assert_eq!(one_edit_apart(b, a), expected, "{b} {a}");
        }
    }
}

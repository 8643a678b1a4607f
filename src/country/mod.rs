//! Where an incident happened: countries from any usual spelling, groups of countries, and places in reports.
//!
//! In: codes and names as people write them, in English, French, German, Spanish, Italian, Portuguese, Dutch and the
//! countries' own languages. Out: [`Country`], [`CountryGroup`] and [`Location`]. What is not recognised
//! is kept as written, never guessed.

mod fold;
mod groups;
mod location;
mod split;
mod suggest;
mod table;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use groups::CountryGroup;
pub use location::Location;

/// A country or territory of ISO 3166-1, or Kosovo (`XK`).
///
/// Countries sort by code. As JSON a country is its two-letter code.
///
/// ```
/// use casebook::Country;
///
/// let korea = Country::parse("Korea, Republic of").unwrap();
/// assert_eq!((korea.alpha2(), korea.alpha3(), korea.name()), ("KR", "KOR", "South Korea"));
///
/// assert_eq!(Country::parse("Deutschland"), Country::parse("de"));
/// assert_eq!(Country::parse("Frnace"), None);
/// assert_eq!(Country::suggest("Frnace"), [Country::parse("FR").unwrap()]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u8);

impl Country {
    /// The country with this code or name.
    ///
    /// Understands two- and three-letter codes; short, formal and former names in seven languages and the country's
    /// own; and common names such as `UK`, `Holland` or `Scotland` (a part of `GB`). Case, accents, punctuation and
    /// blanks don't count, nor do `the` and forms of state such as `Republic of`. Misspellings are not
    /// corrected: see [`Country::suggest`].
    pub fn parse(text: &str) -> Option<Country> {
        table::find(text)
    }

    /// The countries whose spellings are nearest to a misspelt one: at most three, best first.
    ///
    /// ```
    /// use casebook::Country;
    ///
    /// let names: Vec<_> = Country::suggest("Germny").into_iter().map(Country::name).collect();
    /// assert_eq!(names, ["Germany"]);
    /// assert!(Country::suggest("Atlantis").is_empty());
    /// ```
    pub fn suggest(text: &str) -> Vec<Country> {
        suggest::suggest(text)
    }

    /// All countries, sorted by code.
    pub fn all() -> impl ExactSizeIterator<Item = Country> {
        (0..table::entries().len()).map(|at| Country(at as u8))
    }

    /// Two-letter code: `KR`.
    pub fn alpha2(self) -> &'static str {
        self.entry().alpha2
    }

    /// Three-letter code: `KOR`.
    pub fn alpha3(self) -> &'static str {
        self.entry().alpha3
    }

    /// English short name: `South Korea`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    fn entry(self) -> &'static table::Entry {
        // Every value of the type was made as an index of this table.
        &table::entries()[usize::from(self.0)]
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.alpha2())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Country::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("“{text}” is no country")))
    }
}

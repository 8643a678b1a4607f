//! What a `casebook.toml` says about the files beside and below it, where that can't be guessed.
//!
//! In: the `casebook.toml` of a folder and of those above it. Out: a [`FileConfig`], which reading a file goes by, and
//! the patterns of files to leave out, which the walk goes by. What a file below says overrules what one above says,
//! key by key; what neither says is guessed as if there were none.

mod exclude;
mod parse;
mod size;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use self::exclude::Exclude;
use self::parse::{Layer, parse};
use super::names::{self, Field, Known, reduce};
use super::outcome::Limits;
use crate::country::Location;
use crate::date::DayOrder;
use crate::error::{Error, ErrorKind, Result};
use crate::report::Report;

/// How the files of a folder are to be read: names of fields, order of dates, default country and language.
///
/// Nothing of it is needed; the default guesses everything.
///
/// ```
/// use casebook::{FileConfig, Limits, parse_bytes_with_config};
///
/// let config = FileConfig::parse(
///     r#"
///     [fields]
///     "Geschädigte Stelle" = "victim"
///
///     [dates]
///     order = "day-first"
///     "#,
/// )?;
/// let record = r#"{"Geschädigte Stelle": "Stadtwerke Musterstadt", "Datum": "03/04/2021"}"#;
/// let outcome =
///     parse_bytes_with_config("a.json".as_ref(), record.as_bytes(), &Limits::default(), &config);
/// let report = &outcome.reports[0];
/// assert_eq!(report.victim, "Stadtwerke Musterstadt");
/// assert_eq!(report.date.unwrap().to_string(), "Apr 3, 2021");
///
/// let error = FileConfig::parse("[dates]\nordr = \"day-first\"").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "cannot use the settings: line 2: there is no key `ordr` in [dates]; did you mean `order`?",
/// );
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileConfig {
    /// By the reduced name.
    fields: BTreeMap<String, Target>,
    day_order: DayOrder,
    countries: Vec<Location>,
    language: Option<String>,
    limits: LimitSettings,
}

/// Limits that the settings put in place of those of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct LimitSettings {
    file_bytes: Option<u64>,
    record_bytes: Option<u64>,
    decompressed_bytes: Option<u64>,
    nesting: Option<u64>,
    /// Symbolic links that are followed.
    links: Option<u64>,
}

/// Where a field goes that the settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Field(Field),
    /// Kept as text of no known field, whatever its name looks like.
    Other,
    /// Left out.
    Ignored,
}

/// What the field of a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A field of the report, and how surely.
    Field(Known),
    /// None that is known; its text is kept.
    Other,
    /// None, and its text is to be left out.
    Ignored,
}

impl FileConfig {
    /// Reads settings from the text of a `casebook.toml`. What it says about files to leave out is checked, and is
    /// nothing to whoever has a file at hand.
    pub fn parse(text: &str) -> Result<Self> {
        let layer = parse(text).map_err(|fault| {
            Error::new(ErrorKind::Input, format!("cannot use the settings: {fault}"))
                .with_help(HELP)
        })?;
        Ok(layer.config)
    }

    /// The settings for one file below `root`: those of every `casebook.toml` from there down to its folder. A walk
    /// has them at hand already, in [`WalkedFile::config`](crate::WalkedFile::config).
    ///
    /// ```
    /// use casebook::FileConfig;
    ///
    /// let config = FileConfig::load("/no/such/folder".as_ref(), "2023/a.txt".as_ref())?;
    /// assert_eq!(config, FileConfig::default());
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn load(root: &Path, relative: &Path) -> Result<Self> {
        let mut settings = FolderSettings::default().enter(root, Path::new(""))?;
        let folders: Vec<&Path> =
            relative.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty()).collect();
        for folder in folders.into_iter().rev() {
            settings = settings.enter(root, folder)?;
        }
        Ok(Arc::unwrap_or_clone(settings.config))
    }

    /// A number that is another whenever files would be read otherwise; 0 for the default. The same on every machine.
    ///
    /// ```
    /// use casebook::FileConfig;
    ///
    /// let french = FileConfig::parse("[defaults]\ncountry = \"FR\"")?;
    /// assert_eq!(FileConfig::default().fingerprint(), 0);
    /// assert_ne!(french.fingerprint(), 0);
    ///
    /// let patterns_alone = FileConfig::parse("[files]\nexclude = [\"drafts/**\"]")?;
    /// assert_eq!(patterns_alone.fingerprint(), 0);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn fingerprint(&self) -> u64 {
        if *self == Self::default() {
            return 0;
        }
        let order = match self.day_order {
            DayOrder::Unknown => "",
            DayOrder::DayFirst => "day-first",
            DayOrder::MonthFirst => "month-first",
        };
        let mut text = format!("{order}\n{}\n", self.language.as_deref().unwrap_or_default());
        for (name, target) in &self.fields {
            let target = match target {
                Target::Field(field) => field.name(),
                Target::Other => "other",
                Target::Ignored => "",
            };
            text.push_str(&format!("{name}={target}\n"));
        }
        text.extend(self.countries.iter().map(|country| format!("{}\n", country.written)));
        // Which links are followed decides what is read, not how.
        let LimitSettings { file_bytes, record_bytes, decompressed_bytes, nesting, links: _ } =
            self.limits;
        let limits = [file_bytes, record_bytes, decompressed_bytes, nesting];
        // Not a word where there are none, so that files read by older settings are not read again.
        if limits.iter().any(Option::is_some) {
            text.push_str(&format!("{limits:?}"));
        }
        // FNV-1a: settled for good, which the hashers of the standard library are not.
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }

    /// What the field of this name is. What the settings say is surer than any name that is known without them.
    pub(super) fn role(&self, name: &str) -> Role {
        match self.target(name) {
            Some(Target::Field(field)) => {
                Role::Field(Known { field, rank: 0, heading: true, vague: false, late: false })
            }
            Some(Target::Other) => Role::Other,
            Some(Target::Ignored) => Role::Ignored,
            None => names::known(name).map_or(Role::Other, Role::Field),
        }
    }

    /// Whether the settings themselves say what the field of this name is.
    pub(super) fn names_field(&self, name: &str) -> bool {
        self.target(name).is_some()
    }

    /// Whether the settings say so of any field.
    pub(super) fn names_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    fn target(&self, name: &str) -> Option<Target> {
        if self.fields.is_empty() { None } else { self.fields.get(&reduce(name)?).copied() }
    }

    /// How `03/04/2021` is to be read.
    pub(super) fn day_order(&self) -> DayOrder {
        self.day_order
    }

    /// The limits that hold for a file: what the settings say, else what is given.
    pub(super) fn limits(&self, given: &Limits) -> Limits {
        let said = &self.limits;
        Limits {
            file_bytes: said.file_bytes.unwrap_or(given.file_bytes),
            record_bytes: said.record_bytes.unwrap_or(given.record_bytes),
            decompressed_bytes: said.decompressed_bytes.unwrap_or(given.decompressed_bytes),
            nesting: said.nesting.unwrap_or(given.nesting),
        }
    }

    /// How many symbolic links may be followed.
    pub(super) fn links(&self) -> u64 {
        self.limits.links.unwrap_or(0)
    }

    /// Fills in what a report does not say itself.
    pub(super) fn complete(&self, report: &mut Report) {
        if report.countries.is_empty() {
            report.countries.clone_from(&self.countries);
        }
        if report.language.is_none() {
            report.language.clone_from(&self.language);
        }
    }

    /// These settings where they say something, else those above.
    fn over(mut self, above: &FileConfig) -> Self {
        for (name, target) in &above.fields {
            self.fields.entry(name.clone()).or_insert(*target);
        }
        if self.day_order == DayOrder::Unknown {
            self.day_order = above.day_order;
        }
        if self.countries.is_empty() {
            self.countries.clone_from(&above.countries);
        }
        if self.language.is_none() {
            self.language.clone_from(&above.language);
        }
        let (said, above) = (&mut self.limits, &above.limits);
        said.file_bytes = said.file_bytes.or(above.file_bytes);
        said.record_bytes = said.record_bytes.or(above.record_bytes);
        said.decompressed_bytes = said.decompressed_bytes.or(above.decompressed_bytes);
        said.nesting = said.nesting.or(above.nesting);
        said.links = said.links.or(above.links);
        self
    }
}

/// The file that holds settings.
pub(super) const FILE_NAME: &str = "casebook.toml";

const HELP: &str = "docs/casebook-toml.md describes every key";

/// What holds in a folder.
#[derive(Debug, Clone, Default)]
pub(super) struct FolderSettings {
    pub config: Arc<FileConfig>,
    exclude: Option<Arc<Exclude>>,
}

impl FolderSettings {
    /// What holds in `folder`, a path below `root`, given what holds in the one that it is in. One attempt to open a
    /// file where the folder says nothing.
    pub fn enter(&self, root: &Path, folder: &Path) -> Result<Self> {
        let path = root.join(folder).join(FILE_NAME);
        let Some(text) = read(&path)? else { return Ok(self.clone()) };
        let Layer { config, exclude } = parse(&text).map_err(|fault| {
            Error::new(ErrorKind::Input, "cannot use the settings in")
                .with_path(&path)
                .with_help(HELP)
                .with_source(fault)
        })?;
        let exclude = exclude.map(|patterns| patterns.below(folder, self.exclude.clone()));
        Ok(Self {
            config: Arc::new(config.over(&self.config)),
            exclude: exclude.map(Arc::new).or_else(|| self.exclude.clone()),
        })
    }

    /// Whether a file, by its path below the root, is left out.
    pub fn excludes_file(&self, path: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.file(path))
    }

    /// Whether a folder is left out with all that is in it.
    pub fn excludes_folder(&self, path: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.folder(path))
    }
}

/// The text of the settings; `None` if there are none.
fn read(path: &Path) -> Result<Option<String>> {
    /// Settings have no need of more, and a file that has is another.
    const MOST_BYTES: u64 = 1 << 20;
    const TRIED: &str = "cannot read the settings in";
    let invalid =
        |why: &str| Error::io(TRIED, path, io::Error::new(io::ErrorKind::InvalidData, why));
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(invalid("not an ordinary file")),
        // A root that is no folder is the walk's to complain about.
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) =>
        {
            return Ok(None);
        }
        // A folder that can't be entered: nothing in it will be read, which the walk says.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(Error::io(TRIED, path, error)),
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| Error::io(TRIED, path, error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(invalid("larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| invalid("not UTF-8"))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests;

//! Reads one file and hands it to the parser of its format.
//!
//! In: a path, or bytes. Out: a [`FileOutcome`]. The first 64 KiB, unpacked if it is gzip, decide whether it is text,
//! in which encoding and format; what is none is not read further, whatever its size.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use super::collect::Collector;
use super::config::FileConfig;
use super::decode::Encoding;
use super::format::{self, Format, Head};
use super::gzip::{self, Gunzip};
use super::outcome::{FileOutcome, Limits, SkipKind};
use crate::report::Report;

/// Reads and parses one file below `root`.
///
/// Never fails: a file that can't be read is a skip in what is returned.
///
/// ```
/// use casebook::{Limits, SkipKind, read_file};
///
/// let outcome = read_file("/no/such/folder".as_ref(), "a.txt".as_ref(), &Limits::default());
/// assert!(outcome.reports.is_empty());
/// assert_eq!(outcome.skips[0].kind, SkipKind::Unreadable);
/// ```
pub fn read_file(root: &Path, relative: &Path, limits: &Limits) -> FileOutcome {
    let mut reports = Vec::new();
    let outcome = read_file_with(root, relative, limits, &mut |report| reports.push(report));
    FileOutcome { reports, ..outcome }
}

/// The same, with each report handed over as soon as it is read, so that a file of many reports needs the memory of
/// one. The outcome that is returned holds no reports.
pub fn read_file_with(
    root: &Path,
    relative: &Path,
    limits: &Limits,
    each: &mut dyn FnMut(Report),
) -> FileOutcome {
    read_file_with_config(root, relative, limits, &FileConfig::default(), each)
}

/// The same, by what a `casebook.toml` says of the file: see
/// [`WalkedFile::config`](crate::WalkedFile::config) and [`FileConfig::load`].
pub fn read_file_with_config(
    root: &Path,
    relative: &Path,
    limits: &Limits,
    config: &FileConfig,
    each: &mut dyn FnMut(Report),
) -> FileOutcome {
    read_file_named(root, relative, relative, limits, config, each)
}

/// The same for a file that was called otherwise when it was first read: reports without an id of their own have the one
/// that the path `name` gives them.
pub(crate) fn read_file_named(
    root: &Path,
    relative: &Path,
    name: &Path,
    limits: &Limits,
    config: &FileConfig,
    each: &mut dyn FnMut(Report),
) -> FileOutcome {
    let limits = &config.limits(limits);
    let mut collector = Collector::new(relative, config, each).named(name);
    match open(&root.join(relative), limits) {
        Ok(file) => parse_reader(BufReader::new(Hashing::new(file)), relative, limits, collector),
        Err((kind, reason)) => {
            collector.skip_file(kind, reason);
            collector.finish(0, Hashing::<File>::EMPTY)
        }
    }
}

/// The hash of a file's content, as [`FileOutcome::hash`] has it; `None` where the file can't be read.
pub(crate) fn content_hash(
    root: &Path,
    relative: &Path,
    limits: &Limits,
    config: &FileConfig,
) -> Option<u64> {
    let mut content = Hashing::new(open(&root.join(relative), &config.limits(limits)).ok()?);
    let mut buffer = vec![0; HEAD_BYTES as usize];
    while content.read(&mut buffer).ok()? > 0 {}
    Some(content.hash)
}

/// Parses the bytes of one file, already in memory.
///
/// ```
/// use casebook::{Limits, parse_bytes};
///
/// let text = "Cyber Incident Victim: Acme\nDate:\nDec 2023\nDescription\nIts website was defaced.\n";
/// let outcome = parse_bytes("2023/acme.txt".as_ref(), text.as_bytes(), &Limits::default());
/// let report = &outcome.reports[0];
/// assert_eq!((report.id.as_str(), report.victim.as_str()), ("2023/acme", "Acme"));
/// assert_eq!(report.body, "Its website was defaced.");
/// ```
pub fn parse_bytes(relative: &Path, bytes: &[u8], limits: &Limits) -> FileOutcome {
    parse_bytes_with_config(relative, bytes, limits, &FileConfig::default())
}

/// The same, by what a `casebook.toml` says of the file.
pub fn parse_bytes_with_config(
    relative: &Path,
    bytes: &[u8],
    limits: &Limits,
    config: &FileConfig,
) -> FileOutcome {
    let mut reports = Vec::new();
    let mut each = |report| reports.push(report);
    let limits = &config.limits(limits);
    let mut collector = Collector::new(relative, config, &mut each);
    let outcome = match too_large(bytes.len() as u64, limits) {
        None => parse_reader(BufReader::new(Hashing::new(bytes)), relative, limits, collector),
        Some(reason) => {
            collector.skip_file(SkipKind::TooLarge, reason);
            collector.finish(0, Hashing::<File>::EMPTY)
        }
    };
    FileOutcome { reports, ..outcome }
}

/// What a parser reads from: the rest of a file, whose first bytes have spoken for its encoding.
pub(super) struct Input<'a> {
    pub reader: &'a mut dyn BufRead,
    pub encoding: Encoding,
    pub limits: &'a Limits,
}

impl Input<'_> {
    /// The whole text; `None`, and a skip, if it is larger than a record may be.
    pub fn text(&mut self, collector: &mut Collector<'_>) -> io::Result<Option<String>> {
        let Some(bytes) = self.bytes(collector)? else { return Ok(None) };
        Ok(Some(self.decode(&bytes, collector)))
    }

    /// All bytes; `None`, and a skip, if there are more than a record may have.
    pub fn bytes(&mut self, collector: &mut Collector<'_>) -> io::Result<Option<Vec<u8>>> {
        let limit = self.limits.record_bytes;
        let mut bytes = Vec::new();
        (&mut *self.reader).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            let reason = format!(
                "has to be read in one piece and is larger than {limit} bytes; raise `record_bytes` in the [limits] of casebook.toml to read it"
            );
            collector.skip_file(SkipKind::TooLarge, reason);
            return Ok(None);
        }
        Ok(Some(bytes))
    }

    /// The text of all bytes of the file, and a note if its encoding had to be assumed.
    pub fn decode(&self, bytes: &[u8], collector: &mut Collector<'_>) -> String {
        let decoded = self.encoding.decode(bytes);
        if let Some(note) = decoded.note {
            collector.note(None, note);
        }
        decoded.text.into_owned()
    }
}

/// Why a stream is not read on, where it is not the system that says no. Travels as an [`io::Error`].
#[derive(Debug)]
pub(super) struct Stop {
    kind: SkipKind,
    reason: String,
}

impl Stop {
    pub fn error(kind: SkipKind, reason: String) -> io::Error {
        io::Error::other(Self { kind, reason })
    }

    /// What sort of skip an error makes, and its reason.
    fn describe(error: &io::Error) -> (SkipKind, String) {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(stop) => (stop.kind, stop.reason.clone()),
            None => (SkipKind::Unreadable, format!("cannot read on: {error}")),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Stop {}

/// How much of a file decides what it is.
const HEAD_BYTES: u64 = 64 << 10;

fn open(path: &Path, limits: &Limits) -> Result<File, (SkipKind, String)> {
    let unreadable = |error: io::Error| (SkipKind::Unreadable, format!("cannot read: {error}"));
    // Asked again although the walk did: to open a pipe that has taken the place of a file would block for ever.
    let metadata = fs::symlink_metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err((SkipKind::NotAFile, "not an ordinary file, not opened".into()));
    }
    match too_large(metadata.len(), limits) {
        Some(reason) => Err((SkipKind::TooLarge, reason)),
        None => File::open(path).map_err(unreadable),
    }
}

fn too_large(bytes: u64, limits: &Limits) -> Option<String> {
    let limit = limits.file_bytes;
    (bytes > limit).then(|| {
        format!("{bytes} bytes, the limit is {limit}; raise `file_bytes` in the [limits] of casebook.toml to read it")
    })
}

fn parse_reader<R: Read>(
    mut reader: BufReader<Hashing<R>>,
    relative: &Path,
    limits: &Limits,
    mut collector: Collector<'_>,
) -> FileOutcome {
    if let Err(error) = parse_into(&mut reader, relative, limits, &mut collector) {
        let (kind, reason) = Stop::describe(&error);
        collector.skip_rest(kind, reason);
    }
    let hashing = reader.get_ref();
    collector.finish(hashing.bytes, hashing.hash)
}

/// Reads a file, packed or not.
fn parse_into(
    reader: &mut dyn BufRead,
    path: &Path,
    limits: &Limits,
    collector: &mut Collector<'_>,
) -> io::Result<()> {
    let head = read_head(reader)?;
    let path = format::unpacked_name(path);
    if !gzip::is_gzip(&head) {
        return parse_plain(head, reader, &path, limits, collector);
    }
    let mut unpacked = BufReader::new(Gunzip::new(Cursor::new(head).chain(reader), limits));
    let head = read_head(&mut unpacked)?;
    if gzip::is_gzip(&head) {
        let reason = "gzip within gzip, not unpacked; unpack it once to have it read";
        collector.skip_file(SkipKind::Binary, reason);
        return Ok(());
    }
    parse_plain(head, &mut unpacked, &path, limits, collector)
}

fn read_head(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn parse_plain(
    head: Vec<u8>,
    reader: &mut dyn BufRead,
    path: &Path,
    limits: &Limits,
    collector: &mut Collector<'_>,
) -> io::Result<()> {
    let encoding = Encoding::detect(&head);
    // The head may end within a character; the one damaged character there decides nothing.
    let text = encoding.map(|encoding| encoding.decode(&head).text);
    let format = Format::detect(path, &Head { bytes: &head, text: text.as_deref() });
    drop(text);
    let Some(format) = format else {
        if !format::has_extension(path) {
            collector.ignore(format::NO_EXTENSION.to_owned());
        } else if encoding.is_none() {
            collector.skip_file(SkipKind::Binary, "binary file");
        } else {
            let reason = "no format has this extension, and the content is of none";
            collector.skip_file(SkipKind::NotAReport, reason);
        }
        return Ok(());
    };
    if head.is_empty() {
        collector.skip_file(SkipKind::NotAReport, "empty file");
        return Ok(());
    }
    // A format of bytes that are no text has no use for it.
    let encoding = encoding.unwrap_or(Encoding::Utf8);
    let mut whole = Cursor::new(head).chain(reader);
    format.parse(&mut Input { reader: &mut whole, encoding, limits }, collector)
}

/// Counts and hashes what passes through (FNV-1a: stable, and independent of how the bytes are cut into reads).
struct Hashing<R> {
    inner: R,
    bytes: u64,
    hash: u64,
}

impl<R> Hashing<R> {
    /// The hash of nothing.
    const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

    fn new(inner: R) -> Self {
        Self { inner, bytes: 0, hash: Self::EMPTY }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        for byte in &buffer[..read] {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn reason(outcome: &FileOutcome) -> (SkipKind, &str) {
        assert!(outcome.reports.is_empty(), "{outcome:?}");
        let [skip] = outcome.skips.as_slice() else { panic!("{outcome:?}") };
        (skip.kind, &skip.reason)
    }

    #[test]
    fn the_hash_is_fnv_1a_of_the_bytes() {
        let hash = |bytes: &[u8]| parse_bytes(Path::new("a.txt"), bytes, &Limits::default()).hash;
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn garbage_is_a_skip_with_its_reason() {
        let limits = Limits::default();
        let parse = |name: &str, bytes: &[u8]| parse_bytes(Path::new(name), bytes, &limits);
        assert_eq!(reason(&parse("a.txt", b"")), (SkipKind::NotAReport, "empty file"));
        assert_eq!(reason(&parse("a.jsonl", b"")), (SkipKind::NotAReport, "empty file"));
        assert_eq!(reason(&parse("a.txt", b"\0\x01\x02")), (SkipKind::Binary, "binary file"));
        assert_eq!(reason(&parse("a.txt", b" \n\t\n")).0, SkipKind::NotAReport);
        let outcome = parse("Makefile", b"all:\n\tcc x.c\n");
        assert!(outcome.skips.is_empty() && outcome.reports.is_empty());
        assert_eq!(outcome.ignored.as_deref(), Some("no extension"));
    }

    #[test]
    fn a_huge_sparse_file_is_hardly_read() {
        let root = tempfile::tempdir().unwrap();
        let file = File::create(root.path().join("sparse.txt")).unwrap();
        file.set_len(1 << 30).unwrap();
        let outcome = read_file(root.path(), Path::new("sparse.txt"), &Limits::default());
        assert_eq!(reason(&outcome), (SkipKind::Binary, "binary file"));
        assert!(outcome.bytes <= 2 * HEAD_BYTES, "{}", outcome.bytes);

        let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
        let outcome = read_file(root.path(), Path::new("sparse.txt"), &limits);
        assert!(reason(&outcome).1.contains("`file_bytes`"));
        assert_eq!(outcome.bytes, 0);
    }

    #[test]
    fn text_that_turns_into_a_hole_stops_at_the_limit() {
        let root = tempfile::tempdir().unwrap();
        let mut file = File::create(root.path().join("a.txt")).unwrap();
        let text =
            "Cyber Incident Victim: Acme\nDescription\n".to_owned() + &"word ".repeat(20_000);
        file.write_all(text.as_bytes()).unwrap();
        file.set_len(1 << 30).unwrap();
        let limits = Limits { record_bytes: 1 << 20, ..Limits::default() };
        let outcome = read_file(root.path(), Path::new("a.txt"), &limits);
        assert_eq!(reason(&outcome).0, SkipKind::TooLarge);
        assert!(outcome.bytes < 2 << 20);
    }

    #[test]
    fn what_is_gone_or_no_file_is_never_opened() {
        let root = tempfile::tempdir().unwrap();
        let limits = Limits::default();
        let read = |name: &str| read_file(root.path(), Path::new(name), &limits);
        assert_eq!(reason(&read("gone.txt")).0, SkipKind::Unreadable);
        fs::create_dir(root.path().join("folder.txt")).unwrap();
        assert_eq!(reason(&read("folder.txt")).0, SkipKind::NotAFile);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/dev/zero", root.path().join("zero.txt")).unwrap();
            assert_eq!(reason(&read("zero.txt")).0, SkipKind::NotAFile);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_permission_is_a_failure() {
        use std::os::unix::fs::PermissionsExt;

        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.txt");
        fs::write(&path, "Cyber Incident Victim: Acme").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Root may read everything; there is nothing to test then.
        if File::open(&path).is_err() {
            let outcome = read_file(root.path(), Path::new("a.txt"), &Limits::default());
            assert_eq!(reason(&outcome).0, SkipKind::Unreadable);
            assert!(outcome.skips[0].kind.is_failure());
        }
    }
}

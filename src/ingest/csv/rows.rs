//! The rows of a table, one by one.
//!
//! In: the bytes of a file after its first line, if that is none of the table. Out: the cells of each row, decoded,
//! with the line of the file that it starts in.

use std::io::{self, BufRead, Read};

use ::csv::{ByteRecord, ErrorKind, Reader};

use super::layout::Layout;
use crate::ingest::collect::Collector;
use crate::ingest::decode::Encoding;
use crate::ingest::outcome::SkipKind;
use crate::ingest::read::Stop;

/// The rows of a table, each bounded in size.
pub(super) struct Rows<'r> {
    reader: Reader<Bounded<'r>>,
    encoding: Encoding,
    row: ByteRecord,
}

impl<'r> Rows<'r> {
    pub fn new(
        reader: &'r mut dyn BufRead,
        layout: &Layout,
        encoding: Encoding,
        limit: u64,
    ) -> Self {
        let lines = Lines { before: u64::from(layout.skip > 0), ..Lines::default() };
        let reader = layout.reader(Bounded { inner: reader, since: 0, limit, lines });
        Self { reader, encoding, row: ByteRecord::new() }
    }

    /// The cells of the next row, and the line that it starts in.
    pub fn next(
        &mut self,
        collector: &mut Collector<'_>,
    ) -> io::Result<Option<(u64, Vec<String>)>> {
        let at = self.reader.position().byte();
        let bounded = self.reader.get_mut();
        bounded.since = 0;
        let started = bounded.lines.line_of(at);
        match self.reader.read_byte_record(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                collector.reached(started);
                return Err(match error.into_kind() {
                    ErrorKind::Io(error) => error,
                    other => Stop::error(SkipKind::Malformed, format!("not a table: {other:?}")),
                });
            }
        }
        // Blank lines before the row are no part of it, so its line is told from its end.
        let end = self.reader.position().byte();
        let breaks = self.row.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let line = self.reader.get_ref().lines.line_before(end).saturating_sub(breaks);
        let cells = self.row.iter().map(|cell| {
            let decoded = self.encoding.decode(cell);
            if let Some(note) = decoded.note {
                collector.note(Some(line), note);
            }
            decoded.text.into_owned()
        });
        Ok(Some((line, cells.collect())))
    }
}

/// A reader that stops where one row would take too much memory.
struct Bounded<'r> {
    inner: &'r mut dyn BufRead,
    /// Bytes read since the row began.
    since: u64,
    limit: u64,
    lines: Lines,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since > self.limit {
            let reason = format!(
                "a row is larger than {} bytes, the rest of the table was not read; a quote in it may not be closed, or \
                 raise `record_bytes` in the [limits] of casebook.toml",
                self.limit
            );
            return Err(Stop::error(SkipKind::TooLarge, reason));
        }
        let read = self.inner.read(buffer)?;
        self.since += read as u64;
        self.lines.pass(&buffer[..read]);
        Ok(read)
    }
}

/// Finds the lines of offsets in the bytes that passed last.
#[derive(Default)]
struct Lines {
    /// Bytes and line ends of all earlier reads.
    bytes: u64,
    before: u64,
    /// Offsets after the line ends of the last read.
    starts: Vec<u64>,
    length: u64,
}

impl Lines {
    fn pass(&mut self, bytes: &[u8]) {
        self.bytes += self.length;
        self.before += self.starts.len() as u64;
        self.length = bytes.len() as u64;
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        self.starts.clear();
        self.starts.extend(ends.map(|(at, _)| self.bytes + at as u64 + 1));
    }

    /// The line of the byte at an offset.
    fn line_of(&self, offset: u64) -> u64 {
        1 + self.before + self.starts.partition_point(|start| *start <= offset) as u64
    }

    /// The line of the byte before an offset, which may be the end of its line.
    fn line_before(&self, offset: u64) -> u64 {
        1 + self.before + self.starts.partition_point(|start| *start < offset) as u64
    }
}

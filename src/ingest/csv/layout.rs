//! How the cells of a table are separated.
//!
//! In: the beginning of a file. Out: its [`Layout`], and the reader for it.

use std::io::Read;

use ::csv::{Reader, ReaderBuilder};

use super::is_known;

/// How the cells of a table are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub delimiter: u8,
    /// Bytes before the header: the line by which Excel is told of the delimiter.
    pub skip: usize,
}

impl Layout {
    /// The layout of a table, by its beginning: what makes the most known columns, in the most rows alike.
    pub fn of(head: &[u8]) -> Self {
        let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r']
        | [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = first_line
        {
            return Self { delimiter: *delimiter, skip: (first_line.len() + 1).min(head.len()) };
        }
        let layouts = [b',', b';', b'\t', b'|'].map(|delimiter| Self { delimiter, skip: 0 });
        let score = |layout: &Self| {
            let rows = layout.first_rows(head);
            let Some(header) = rows.first() else { return (0, 0, 0) };
            let known = header.iter().filter(|name| is_known(name)).count();
            let alike =
                rows.iter().filter(|row| row.len() == header.len() && row.len() > 1).count();
            (known, alike, header.len())
        };
        // Of equals the first, which is the comma.
        layouts.into_iter().rev().max_by_key(score).unwrap_or(layouts[0])
    }

    /// The first rows of a table, as far as they are in the beginning of the file.
    pub fn first_rows(&self, head: &[u8]) -> Vec<Vec<String>> {
        const ROWS: usize = 8;
        const ENOUGH: usize = 16 << 10;
        let head = head.get(self.skip..).unwrap_or_default();
        let cut = head.len() > ENOUGH;
        let mut reader = self.reader(&head[..head.len().min(ENOUGH)]);
        let mut rows: Vec<_> = reader
            .byte_records()
            .take(ROWS)
            .map_while(Result::ok)
            .map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
            .collect();
        if cut && rows.len() < ROWS && rows.len() > 1 {
            rows.pop(); // it ends where the beginning does
        }
        rows
    }

    pub fn reader<R: Read>(&self, reader: R) -> Reader<R> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(reader)
    }
}

//! Cuts a stream of JSON into records without parsing it.
//!
//! In: bytes. Out: the bytes of one value after the other, each with its first line. Values one a line are cut at line
//! ends, so that a damaged one spoils no other; an array, or values that span lines, are cut where brackets close.

use std::io::{self, BufRead, Cursor, Read};

/// The next record of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// Its bytes; not necessarily valid.
    Value(&'a [u8]),
    /// It has more bytes than this.
    TooLarge(u64),
}

pub(super) struct Frames<'r> {
    reader: Box<dyn BufRead + 'r>,
    limit: u64,
    buffer: Vec<u8>,
    one_a_line: bool,
    /// Lines begun so far.
    line: u64,
}

impl<'r> Frames<'r> {
    pub fn new(reader: &'r mut dyn BufRead, limit: u64) -> io::Result<Self> {
        // The first line that is not blank tells the layout; it is read again as part of the stream.
        let (mut first, mut blank) = (Vec::new(), 0);
        loop {
            first.clear();
            let read = reader.take(limit.saturating_add(1)).read_until(b'\n', &mut first)?;
            if read == 0 || !first.trim_ascii().is_empty() {
                break;
            }
            blank += 1;
        }
        let one_a_line = match first.trim_ascii() {
            [b'[', ..] | b"{" => false,
            [.., last] => !matches!(last, b'{' | b'[' | b','),
            [] => true,
        };
        let reader = Box::new(Cursor::new(first).chain(reader));
        Ok(Self { reader, limit, buffer: Vec::new(), one_a_line, line: blank })
    }

    /// Lines read so far.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record, and the line that it starts in.
    pub fn next(&mut self) -> io::Result<Option<(u64, Frame<'_>)>> {
        self.buffer.clear();
        let found = if self.one_a_line { self.next_line()? } else { self.next_value()? };
        Ok(found.map(|(line, bytes)| {
            let fits = bytes <= self.limit;
            (line, if fits { Frame::Value(&self.buffer) } else { Frame::TooLarge(self.limit) })
        }))
    }

    /// Fills the buffer with the next line that is not blank. Gives its number and length.
    fn next_line(&mut self) -> io::Result<Option<(u64, u64)>> {
        loop {
            self.buffer.clear();
            // Two bytes more for the end of the line, which is not of the record.
            let at_most = self.limit.saturating_add(2);
            let bytes =
                (&mut self.reader).take(at_most).read_until(b'\n', &mut self.buffer)? as u64;
            if bytes == 0 {
                return Ok(None);
            }
            self.line += 1;
            if bytes == at_most && !self.buffer.ends_with(b"\n") {
                self.skip_line()?;
                return Ok(Some((self.line, at_most)));
            }
            let length = self.buffer.trim_ascii().len() as u64;
            if length > 0 {
                return Ok(Some((self.line, length)));
            }
        }
    }

    /// Reads on to the end of the line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let available = self.reader.fill_buf()?;
            let (used, ended) = match available.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (available.len(), available.is_empty()),
            };
            self.reader.consume(used);
            if ended {
                return Ok(());
            }
        }
    }

    /// Fills the buffer with the next value, wherever it ends. Gives its first line and length.
    fn next_value(&mut self) -> io::Result<Option<(u64, u64)>> {
        let mut scan = Scan::default();
        let mut started = None;
        let mut bytes = 0;
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(started.map(|line| (line, bytes)));
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in available {
                let step = scan.step(byte);
                if step == Step::Ends {
                    ended = true;
                    break;
                }
                used += 1;
                if step != Step::Between {
                    // Lines are counted at their ends, so a value starts on the one after those that ended.
                    started.get_or_insert(self.line + 1);
                    bytes += 1;
                    if bytes <= self.limit {
                        self.buffer.push(byte);
                    }
                }
                self.line += u64::from(byte == b'\n');
                if step == Step::Last {
                    ended = true;
                    break;
                }
            }
            self.reader.consume(used);
            if ended {
                return Ok(started.map(|line| (line, bytes)));
            }
        }
    }
}

/// Follows strings and brackets from the start of one value to its end.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// A value without brackets has begun.
    bare: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Blanks, commas and the brackets of an array that is the file.
    Between,
    /// Of the value.
    Within,
    /// The last byte of the value.
    Last,
    /// The value has ended before this byte.
    Ends,
}

impl Scan {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Step::Within;
        }
        match byte {
            b'{' | b'[' if self.depth > 0 || byte == b'{' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Step::Last;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' if self.depth == 0 => {
                return if self.bare { Step::Ends } else { Step::Between };
            }
            b'"' => self.in_string = true,
            _ => {}
        }
        self.bare |= self.depth == 0;
        Step::Within
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str, limit: u64) -> Vec<(u64, String)> {
        let mut reader = text.as_bytes();
        let mut frames = Frames::new(&mut reader, limit).unwrap();
        let mut all = Vec::new();
        while let Some((line, frame)) = frames.next().unwrap() {
            all.push((
                line,
                match frame {
                    Frame::Value(bytes) => String::from_utf8_lossy(bytes).trim().to_owned(),
                    Frame::TooLarge(_) => "too large".to_owned(),
                },
            ));
        }
        all
    }

    #[test]
    fn records_are_found_in_every_layout() {
        let all = |text| cut(text, 1000);
        let two = |a, b| vec![(a, r#"{"a":1}"#.to_owned()), (b, r#"{"b":[{}]}"#.to_owned())];
        assert_eq!(all("{\"a\":1}\n{\"b\":[{}]}"), two(1, 2));
        assert_eq!(all("\n \r\n{\"a\":1}\r\n\r\n{\"b\":[{}]}\r\n"), two(3, 5));
        assert_eq!(all("[{\"a\":1},{\"b\":[{}]}]"), two(1, 1));
        assert_eq!(all("\n[\n  {\"a\":1},\n  {\"b\":[{}]}\n]\n"), two(3, 4));
        assert_eq!(all("{\n\"a\": \"}\\\"\"\n}"), [(1, "{\n\"a\": \"}\\\"\"\n}".to_owned())]);
        assert_eq!(all("[\n1, \"x y\", [2], null]").len(), 4);
        assert_eq!(all("{\"a\":\n{\"b\":1}").len(), 2);
        assert_eq!(all(""), []);
        assert_eq!(all("[]"), []);
    }

    #[test]
    fn a_damaged_line_spoils_no_other() {
        assert_eq!(cut("{\"a\":1}\n{\"b\n{\"c\":1}\n", 1000).len(), 3);
    }

    #[test]
    fn a_record_over_the_limit_is_passed_over() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(100));
        for (text, line) in [
            (format!("{{}}\n{long}\n{{}}\n"), 2),
            (format!("[{{}},\n{long},\n{{}}]"), 2),
            (format!("{{}}\n{long}\n{{}}"), 2),
        ] {
            let frames = cut(&text, 50);
            assert_eq!(frames[1], (line, "too large".to_owned()), "{text}");
            assert_eq!((frames.len(), frames[2].1.as_str()), (3, "{}"), "{text}");
        }
        let exact = "{\"a\":12}\n{}\n";
        assert_eq!(cut(exact, 8)[0].1, "{\"a\":12}");
        assert_eq!(cut(exact, 7)[0].1, "too large");
    }

    proptest! {
        #[test]
        fn objects_survive_any_layout(keys in prop::collection::vec("[a-z\"\\\\\\[\\]{},é ]{0,6}", 1..6), pretty: bool, array: bool) {
            let values: Vec<_> = keys.iter().map(|key| serde_json::json!({ key.as_str(): [key, {}] })).collect();
            let print = |value: &serde_json::Value| {
                if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }.unwrap()
            };
            let text = if array {
                print(&serde_json::Value::Array(values.clone()))
            } else {
                values.iter().map(|value| print(value) + "\n").collect()
            };
            let found: Vec<serde_json::Value> =
                cut(&text, 1000).iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect();
            prop_assert_eq!(found, values);
        }

        #[test]
        fn any_bytes_come_to_an_end(text in "[\\[\\]{}\",\\\\a\\n ]{0,60}", limit in 0_u64..40) {
            cut(&text, limit);
        }
    }
}

//! Unpacks gzip while it is read.
//!
//! In: a reader whose first bytes are those of gzip. Out: a reader of what was packed, which stops with a reason
//! where the stream is damaged, larger than allowed, or so much larger than what it came from that it can only be a
//! bomb.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

use super::outcome::{Limits, SkipKind};
use super::read::Stop;

/// Whether bytes are the start of a gzip stream.
pub(super) fn is_gzip(head: &[u8]) -> bool {
    // The third byte is the method; there has never been another than deflate.
    head.starts_with(b"\x1F\x8B\x08")
}

/// Below this, whatever the ratio, no harm is done. Files of the same line again and again do exist.
const HARMLESS: u64 = 256 << 20;

/// Deflate reaches 1,032 at most, text hardly 20, the most repetitive of logs 200.
const MOST_PER_BYTE: u64 = 500;

pub(super) struct Gunzip<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    limit: u64,
    unpacked: u64,
}

impl<R: BufRead> Gunzip<R> {
    pub fn new(packed: R, limits: &Limits) -> Self {
        let decoder = MultiGzDecoder::new(Counted { inner: packed, bytes: 0 });
        Self { decoder, limit: limits.decompressed_bytes, unpacked: 0 }
    }

    fn check(&self) -> io::Result<()> {
        let (limit, packed) = (self.limit, self.decoder.get_ref().bytes.max(1));
        let reason = if self.unpacked > limit {
            format!(
                "unpacks to more than {limit} bytes; raise `decompressed_bytes` in the [limits] of casebook.toml to read it"
            )
        } else if self.unpacked > HARMLESS && self.unpacked / packed > MOST_PER_BYTE {
            format!("unpacks to more than {MOST_PER_BYTE} times its size: no report does")
        } else {
            return Ok(());
        };
        Err(Stop::error(SkipKind::TooLarge, reason))
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.decoder.read(buffer) {
            Ok(read) => {
                self.unpacked += read as u64;
                self.check().map(|()| read)
            }
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => Err(error),
                io::ErrorKind::UnexpectedEof => {
                    Err(Stop::error(SkipKind::Malformed, "the gzip stream is cut off".to_owned()))
                }
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    let reason = format!("the gzip stream is damaged ({error})");
                    Err(Stop::error(SkipKind::Malformed, reason))
                }
                _ => Err(error),
            },
        }
    }
}

/// Counts the bytes that are taken from a reader.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.bytes += amount as u64;
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn parse(name: &str, bytes: &[u8]) -> FileOutcome {
        parse_bytes(Path::new(name), bytes, &Limits::default())
    }

    fn lines(count: usize) -> String {
        (0..count).map(|n| format!("{{\"victim\": \"v{n}\", \"x\": {}}}\n", n * n * 7919)).collect()
    }

    #[test]
    fn what_is_packed_is_read_as_if_it_were_not() {
        let report = b"Cyber Incident Victim: Acme\nDescription\nDefaced.\n";
        for name in ["a.txt.gz", "a.gz", "a", "a.txt"] {
            let outcome = parse(name, &packed(report));
            let plain = parse("a", report);
            assert_eq!(outcome.reports[0].victim, "Acme", "{name}");
            assert_eq!(
                outcome.reports[0].source.as_ref().unwrap().origins,
                plain.reports[0].source.as_ref().unwrap().origins
            );
        }
        assert_eq!(parse("a.jsonl.gz", &packed(lines(3).as_bytes())).reports.len(), 3);
        // Members one after the other, as `cat a.gz b.gz` makes them.
        let two = [packed(lines(2).as_bytes()), packed(lines(3).as_bytes())].concat();
        assert_eq!(parse("a.jsonl.gz", &two).reports.len(), 5);
        // The name of the file within decides where the content does not speak.
        assert_eq!(parse("a.jsonl.gz", &packed(b"oops\n")).skips[0].kind, SkipKind::Malformed);
    }

    #[test]
    fn a_damaged_stream_keeps_what_came_before_and_says_where_it_ends() {
        let bytes = packed(lines(20_000).as_bytes());
        let outcome = parse("a.jsonl.gz", &bytes[..bytes.len() / 2]);
        let many = outcome.reports.len();
        assert!((1000..20_000).contains(&many), "{many}");
        let [skip] = outcome.skips.as_slice() else { panic!("{:?}", outcome.skips) };
        assert_eq!((skip.kind, skip.line), (SkipKind::Malformed, Some(many as u64 + 1)));
        assert!(skip.reason.contains("cut off"), "{skip}");

        let mut bytes = bytes;
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0xFF);
        let outcome = parse("a.jsonl.gz", &bytes);
        assert!(outcome.reports.len() < 20_000);
        assert!(outcome.skips.last().unwrap().reason.contains("damaged"), "{:?}", outcome.skips);

        // One report in one piece is there or not.
        let text = format!("Cyber Incident Victim: Acme\nDescription\n{}", lines(3000));
        let bytes = packed(text.as_bytes());
        let outcome = parse("a.txt.gz", &bytes[..bytes.len() - 20]);
        assert!(outcome.reports.is_empty() && outcome.skips.len() == 1);
    }

    #[test]
    fn bombs_are_refused() {
        let limits = Limits { decompressed_bytes: 1 << 20, ..Limits::default() };
        let bytes = packed(lines(100_000).as_bytes());
        let outcome = parse_bytes(Path::new("a.jsonl.gz"), &bytes, &limits);
        assert!(!outcome.reports.is_empty());
        let skip = outcome.skips.last().unwrap();
        assert_eq!(skip.kind, SkipKind::TooLarge);
        assert!(skip.reason.contains("`decompressed_bytes`"), "{skip}");

        let twice = parse("a.txt.gz.gz", &packed(&packed(b"Cyber Incident Victim: Acme\n")));
        assert!(twice.reports.is_empty());
        assert!(twice.skips[0].reason.contains("gzip within gzip"), "{:?}", twice.skips);
    }

    proptest! {
        #[test]
        fn any_damage_is_survived(
            text in "[ -~\n]{0,300}",
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = packed(text.as_bytes());
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.truncate(length.index(bytes.len() + 1));
            for name in ["a.txt.gz", "a.jsonl.gz", "a.csv.gz"] {
                prop_assert_eq!(parse(name, &bytes), parse(name, &bytes));
            }
        }
    }
}

//! What is wrong with a file of settings.
//!
//! In: places in its text, and what is wrong there. Out: all of it at once, line by line, so that one look at the file
//! mends it.

use std::fmt;
use std::ops::Range;

/// Everything that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingsFault {
    /// Line, from 1, and what is wrong there; in the order of lines, at least one.
    faults: Vec<(usize, String)>,
}

impl fmt::Display for SettingsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 5;
        for (at, (line, message)) in self.faults.iter().take(MOST).enumerate() {
            write!(f, "{}line {line}: {message}", if at == 0 { "" } else { "; " })?;
        }
        if self.faults.len() > MOST { f.write_str("; …") } else { Ok(()) }
    }
}

impl std::error::Error for SettingsFault {}

/// Collects what is wrong while a file is read.
#[derive(Debug)]
pub(crate) struct SettingsFaults<'t> {
    text: &'t str,
    faults: Vec<(usize, String)>,
}

impl<'t> SettingsFaults<'t> {
    /// Nothing is wrong yet with `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// Something is wrong at `span`.
    pub fn add(&mut self, span: Range<usize>, message: String) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        self.faults.push((before.bytes().filter(|byte| *byte == b'\n').count() + 1, message));
    }

    /// # Errors
    ///
    /// Where something was found.
    pub fn finish(mut self) -> Result<(), SettingsFault> {
        self.faults.sort();
        if self.faults.is_empty() { Ok(()) } else { Err(SettingsFault { faults: self.faults }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_in_the_order_of_lines_and_not_without_end() {
        let text = "a\nb\nc\n";
        assert_eq!(SettingsFaults::new(text).finish(), Ok(()));
        let mut faults = SettingsFaults::new(text);
        faults.add(4..5, "third".into());
        faults.add(0..1, "first".into());
        let fault = faults.finish().unwrap_err();
        assert_eq!(fault.to_string(), "line 1: first; line 3: third");
        let mut faults = SettingsFaults::new(text);
        (0..9).for_each(|_| faults.add(2..3, "again".into()));
        let shown = faults.finish().unwrap_err().to_string();
        assert_eq!(shown.matches("line 2: again").count(), 5);
        assert!(shown.ends_with("; …"));
    }
}

//! Writes the text of a page as a person would read it.
//!
//! In: text, and where blocks, lines, rows and cells begin and end. Out: paragraphs, lines, and rows of tables with
//! `|` between cells.

/// What has to stand between the text so far and the text that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Break {
    #[default]
    None,
    Blank,
    Line,
    Paragraph,
}

#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    pending: Break,
    /// Line ends written.
    lines: usize,
    /// An item of a list has begun, and has no text yet.
    bullet: bool,
    /// Tables that are open.
    tables: usize,
    /// Rows that are open, the innermost last.
    rows: Vec<Row>,
    /// Within how many elements whose blanks are text.
    preformatted: usize,
}

/// A row of a table that is being written.
#[derive(Debug)]
struct Row {
    /// How many tables were open when it began.
    table: usize,
    start: usize,
    /// Lines written when it began.
    lines: usize,
    cells: usize,
    /// Cells begun since text was last written.
    pending: usize,
    /// Where the text of the second cell starts, and whether the first was a heading and the second not.
    second: Option<(usize, bool)>,
    headed: bool,
    /// It lays out a page; it is no data.
    is_layout: bool,
}

/// Between two cells.
const BAR: &str = " | ";

/// Tables within tables whose rows are followed; pages are not laid out deeper.
const DEEPEST: usize = 64;

impl Writer {
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// What comes is set off from what was.
    pub fn separate(&mut self, by: Break) {
        self.pending = self.pending.max(by);
    }

    pub fn preformatted(&mut self, begins: bool) {
        self.preformatted =
            if begins { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
    }

    pub fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => {
                    self.flush();
                    self.text.push('\n');
                    self.lines += 1;
                }
                '\r' | '\u{ad}' => {}
                c if self.preformatted == 0 && c.is_whitespace() => self.separate(Break::Blank),
                c => {
                    self.flush();
                    self.text.push(c);
                }
            }
        }
    }

    /// An item of a list begins.
    pub fn bullet(&mut self) {
        self.separate(Break::Line);
        self.bullet = true;
    }

    /// What comes is laid out by the row that it is in, if any: that row is no data.
    pub fn lay_out(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.is_layout = true;
        }
    }

    pub fn begin_table(&mut self) {
        self.separate(Break::Line);
        self.lay_out();
        self.tables += 1;
    }

    pub fn end_table(&mut self) {
        self.end_rows();
        self.tables = self.tables.saturating_sub(1);
    }

    pub fn begin_row(&mut self) {
        self.end_rows();
        self.separate(Break::Line);
        if self.tables > DEEPEST {
            return;
        }
        self.flush_break();
        self.rows.push(Row {
            table: self.tables,
            start: self.text.len(),
            lines: self.lines,
            cells: 0,
            pending: 0,
            second: None,
            headed: false,
            is_layout: false,
        });
    }

    /// A cell begins; `heading` if it is one.
    pub fn cell(&mut self, heading: bool) {
        let tables = self.tables;
        let Some(row) = self.rows.last_mut().filter(|row| row.table == tables) else {
            return self.separate(Break::Line);
        };
        row.cells += 1;
        match row.cells {
            1 => row.headed = heading,
            2 => row.second = Some((0, row.headed && !heading)),
            _ => {}
        }
        row.pending += usize::from(row.cells > 1);
        self.pending = Break::None;
    }

    pub fn end_row(&mut self) {
        if self.rows.last().is_none_or(|row| row.table < self.tables) {
            return;
        }
        let Some(row) = self.rows.pop() else { return };
        self.pending = Break::Line;
        let is_data = !row.is_layout && row.lines == self.lines && row.cells > 1;
        if !is_data || self.text.len() <= row.start {
            return;
        }
        if let (2, Some((second @ 1.., true))) = (row.cells, row.second) {
            // A name and its value.
            let bar = second.saturating_sub(BAR.len());
            let between = match self.text[..bar].chars().next_back() {
                _ if bar == row.start => "",
                Some(':') => " ",
                _ => ": ",
            };
            self.text.replace_range(bar..second, between);
            return;
        }
        self.text.push_str(&BAR.trim_end().repeat(row.pending));
        self.text.insert_str(row.start, BAR.trim_start());
        self.text.push_str(BAR.trim_end());
    }

    /// Ends the rows of the innermost table; their end tags may be left out.
    fn end_rows(&mut self) {
        while self.rows.last().is_some_and(|row| row.table >= self.tables) {
            self.end_row();
        }
    }

    fn flush(&mut self) {
        if let Some(row) = self.rows.last_mut()
            && row.table == self.tables
            && row.pending > 0
        {
            let cells = std::mem::take(&mut row.pending);
            if row.is_layout || row.lines != self.lines {
                self.pending = self.pending.max(Break::Line);
            } else {
                self.pending = Break::None;
                self.text.push_str(&BAR.repeat(cells));
                if let (2, Some((second, _))) = (row.cells, &mut row.second) {
                    *second = self.text.len();
                }
            }
        }
        self.flush_break();
        if std::mem::take(&mut self.bullet) {
            self.text.push_str("- ");
        }
    }

    fn flush_break(&mut self) {
        let between = match std::mem::take(&mut self.pending) {
            _ if self.text.is_empty() => "",
            Break::None => "",
            Break::Blank if self.text.ends_with([' ', '\n']) => "",
            Break::Blank => " ",
            Break::Line if self.text.ends_with('\n') => "",
            Break::Line => "\n",
            Break::Paragraph if self.text.ends_with("\n\n") => "",
            Break::Paragraph if self.text.ends_with('\n') => "\n",
            Break::Paragraph => "\n\n",
        };
        self.lines += between.matches('\n').count();
        self.text.push_str(between);
    }
}

//! Tells running text from lists, logs and tables, and titles from first lines.
//!
//! In: text. Out: how many sentences it has, and how much of it they are; whether a line is a title. Nothing here
//! knows a language: a sentence starts with a letter that is not a small one, is long enough, and ends as sentences
//! end.

/// How much of a text is sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measured {
    /// How many.
    pub sentences: usize,
    /// Letters in them.
    within: usize,
    /// All letters.
    letters: usize,
}

impl Measured {
    /// Whether it is an account of something rather than a list with a remark.
    pub fn is_account(self) -> bool {
        self.sentences >= 3 && self.within * 2 >= self.letters
    }
}

/// Measures a text by its beginning.
pub(super) fn measure(text: &str) -> Measured {
    const ENOUGH: usize = 64 << 10;
    let end = text.floor_char_boundary(ENOUGH.min(text.len()));
    let mut measured = Measured::default();
    let mut sentence = Sentence::default();
    let mut blank_line = false;
    let mut characters = text[..end].chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\n' {
            if blank_line {
                sentence.end(false, &mut measured);
            }
            blank_line = true;
        } else if !c.is_whitespace() {
            blank_line = false;
        }
        sentence.push(c);
        if is_terminator(c) && characters.peek().is_none_or(|next| ends_before(c, *next)) {
            sentence.end(true, &mut measured);
        }
    }
    sentence.end(false, &mut measured);
    measured
}

/// The text of a Markdown heading.
pub(super) fn heading(line: &str) -> Option<&str> {
    let line = line.trim();
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    is_heading.then(|| text.trim().trim_end_matches('#').trim_end())
}

/// Whether a line makes the one above it a heading.
pub(super) fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

/// Whether a first line is a title: short, no sentence, and not the start of the lines after it.
pub(super) fn is_headline(line: &str, next: &str) -> bool {
    const LONGEST: usize = 120;
    const LONGEST_ABOVE_TEXT: usize = 60;
    let length = line.chars().count();
    let ends = line.ends_with(['.', ',', ';', ':', '-', '…', '。', '，', '、']);
    let next = next.trim();
    length <= LONGEST
        && !ends
        && line.contains(char::is_alphabetic)
        && (next.is_empty()
            || length <= LONGEST_ABOVE_TEXT && next.starts_with(|c: char| c.is_uppercase()))
}

/// What is between two ends of sentences.
#[derive(Default)]
struct Sentence {
    first: Option<char>,
    letters: usize,
    /// Letters of scripts that have no blanks between words, and say more with each.
    dense: usize,
    digits: usize,
    blanks: usize,
}

impl Sentence {
    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.blanks += usize::from(self.first.is_some());
            return;
        }
        let opens = matches!(
            c,
            '"' | '\''
                | '('
                | '«'
                | '“'
                | '”'
                | '„'
                | '‘'
                | '’'
                | '»'
                | '¿'
                | '¡'
                | '「'
                | '*'
                | '_'
                | '>'
                | ')'
        );
        if self.first.is_none() && !opens {
            self.first = Some(c);
        }
        if c.is_alphabetic() {
            self.letters += 1;
            self.dense += usize::from(
                matches!(c, '\u{E00}'..='\u{EFF}' | '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'),
            );
        } else if c.is_numeric() {
            self.digits += 1;
        }
    }

    fn end(&mut self, terminated: bool, measured: &mut Measured) {
        let Self { first, letters, dense, digits, blanks } = std::mem::take(self);
        let starts = first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
        let long = letters >= 20 && blanks >= 3 || dense >= 8;
        // Lines of a log may end in a full stop; a third of them is figures.
        let is_sentence = terminated && starts && long && digits * 4 <= letters;
        measured.letters += letters;
        if is_sentence {
            measured.sentences += 1;
            measured.within += letters;
        }
    }
}

fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।')
}

/// Whether a full stop or the like ends a sentence, by what follows it.
fn ends_before(terminator: char, next: char) -> bool {
    next.is_whitespace()
        || matches!(next, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '“' | '*' | '_' | '」')
        || matches!(terminator, '。' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accounts_are_told_from_lists_and_logs() {
        let accounts = [
            "On 3 May 2021 attackers entered the network of the city. They encrypted two servers and left a\nnote. The \
             city restored both from its backups.",
            "Les pirates ont publié les données de la mairie. Aucune rançon n’a été payée. « Nous avons prévenu la CNIL », \
             dit le maire. Le site est de nouveau en ligne.",
            "攻击者窃取了数百万用户的个人信息。公司在三天后发现了入侵行为。警方已经立案调查。",
            "Хакеры взломали сайт городской администрации. Данные жителей были опубликованы. Расследование продолжается до сих пор.",
        ];
        for text in accounts {
            assert!(measure(text).is_account(), "{text} {:?}", measure(text));
        }
        let others = [
            "Milk\nBread\nTwo pounds of butter.\n",
            "- call Anna.\n- fix the printer in the hall.\n- order paper and ink for it.\n- water the plants.\n",
            &"2023-01-02 10:00:01 INFO The server has been started on port 80.\n".repeat(9),
            &"Jan  2 10:00:01 host sshd[2231]: Failed password for root from 10.0.0.1 port 4022 ssh2.\n".repeat(9),
            &"127.0.0.1 - - [10/Oct/2000:13:55:36] \"GET /a HTTP/1.0\" 200 2326\n".repeat(9),
            "requests==2.0\nflask>=1.0 # The web server that we use.\n",
            "fn main() {\n    // This is the main function of it.\n    // It prints a word to the screen.\n    println!(\"x\");\n}\n",
            "",
        ];
        for text in others {
            assert!(!measure(text).is_account(), "{text} {:?}", measure(text));
        }
    }

    #[test]
    fn titles_are_told_from_first_lines() {
        for (line, next, is) in [
            ("Ransomware at the port of Nagoya", "", true),
            ("Ransomware at the port", "The port stood still.", true),
            (
                "On 3 May 2021 attackers entered the network of the city of Anywhere, and they",
                "They x",
                false,
            ),
            ("On 3 May attackers entered", "the network.", false),
            ("The port stood still.", "", false),
            ("---", "", false),
        ] {
            assert_eq!(is_headline(line, next), is, "{line}");
        }
        assert_eq!(heading("## A title ##"), Some("A title"));
        assert_eq!(heading("#hashtag"), None);
        assert!(is_underline("=====") && !is_underline("=-=") && !is_underline("--"));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,80}|[A-Za-z. \n\"]{0,200}") {
            let measured = measure(&text);
            prop_assert!(measured.within <= measured.letters);
            heading(&text);
            is_headline(&text, &text);
        }
    }
}

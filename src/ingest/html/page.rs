//! What a page says, and what it says of itself.
//!
//! In: HTML. Out: a [`Page`]: its text, title, language and what its head declares.

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::chains;
use super::linked_data;
use super::surroundings::{is_named, may_be_named};
use super::writer::{Break, Writer};

/// A page as it was read.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The main text.
    pub text: String,
    /// What the window would be called.
    pub title: String,
    /// The first heading of the account, or else of the page.
    heading: String,
    language: String,
    time: String,
    /// Names in lower case, and values.
    declared: Vec<(String, String)>,
    /// The account, where its data have it.
    written_body: String,
    /// Whether something was left out for what the page calls it.
    left_out_by_name: bool,
}

impl Page {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        /// Shorter accounts may be what is left where a page calls its account by the name of something else.
        const SHORT: usize = 1000;
        let page = Reading::default().run(html);
        if page.text.len() < SHORT && page.left_out_by_name {
            let whole = Reading { keeps_named: true, ..Reading::default() }.run(html);
            if page.text.len() * 4 < whole.text.len() {
                return whole;
            }
        }
        if page.text.trim().is_empty() {
            // All of it stands in what is left out elsewhere, such as a header that was never closed.
            let keeps =
                Reading { keeps_named: true, keeps_surroundings: true, ..Reading::default() };
            return keeps.run(html);
        }
        page
    }

    /// The first value that is declared under one of these names, the first name first.
    pub fn meta(&self, names: &[&str]) -> &str {
        let value = |name: &&str| {
            let declared = self.declared.iter();
            declared
                .filter(|(declared, _)| declared == name)
                .map(|(_, value)| value.as_str())
                .next()
        };
        names.iter().find_map(value).unwrap_or_default()
    }

    /// The title of the account, rather than of the window.
    pub fn best_title(&self) -> &str {
        let shared = self.meta(&["og:title", "ld:headline", "dc.title", "twitter:title"]);
        [shared, &self.heading, &self.title]
            .into_iter()
            .find(|title| !title.is_empty())
            .unwrap_or_default()
    }

    pub fn language(&self) -> &str {
        if self.language.is_empty() {
            self.meta(&["content-language", "ld:inlanguage", "og:locale", "dc.language"])
        } else {
            &self.language
        }
    }

    /// When it was published, as it says.
    pub fn published(&self) -> &str {
        let declared = self.meta(&[
            "article:published_time",
            "ld:datepublished",
            "datepublished",
            "dc.date",
            "dcterms.created",
            "dcterms.date",
            "parsely-pub-date",
            "date",
        ]);
        if declared.is_empty() { &self.time } else { declared }
    }
}

/// Bytes of data about the page that are read; an account is shorter.
const MOST_DATA: usize = 1 << 20;

/// Things declared that are kept; no page needs more.
const MOST_DECLARED: usize = 200;

/// A page while it is read.
#[derive(Debug, Default)]
struct Reading {
    page: Page,
    writer: Writer,
    keeps_surroundings: bool,
    /// The same for what is called so, and is no element of that kind.
    keeps_named: bool,
    /// The text of a script that holds data about the page.
    data: String,
    in_data: bool,
    /// The start tag that is being read, and its attributes as far as they matter.
    tag: String,
    attribute: String,
    attributes: Vec<(String, String)>,
    /// An element that is left out, and how many of its name are open.
    left_out: Option<(String, usize)>,
    in_title: bool,
    in_heading: bool,
    /// Whether the heading that was found is that of the account.
    has_heading: bool,
    /// How many elements are open that hold the account, where the outermost began, and what they held so far.
    main: usize,
    main_start: usize,
    main_parts: Vec<(usize, usize)>,
}

impl Reading {
    fn run(mut self, html: &str) -> Page {
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| {
            self.take(event);
            None::<()>
        });
        emitter.naively_switch_states(true);
        Tokenizer::new_with_emitter(&*chains::cut(html), emitter).for_each(drop);
        self.finish()
    }

    fn take(&mut self, event: CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = lossy(name).into_owned();
                self.attribute.clear();
                self.attributes.clear();
            }
            CallbackEvent::AttributeName { name } => self.attribute = lossy(name).into_owned(),
            CallbackEvent::AttributeValue { value } => {
                let tag = self.tag.as_str();
                let matters = matches!(tag, "meta" | "html" | "time" | "link" | "script")
                    || may_be_named(tag);
                if matters && self.attributes.len() < 16 {
                    let name = std::mem::take(&mut self.attribute);
                    self.attributes.push((name, lossy(value).into_owned()));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                let tag = std::mem::take(&mut self.tag);
                self.begin(&tag, self_closing);
                self.tag = tag;
            }
            CallbackEvent::EndTag { name } => self.end(&lossy(name)),
            CallbackEvent::String { value } => self.text(&lossy(value)),
            _ => {}
        }
    }

    fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(attribute, _)| attribute == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn begin(&mut self, tag: &str, self_closing: bool) {
        match tag {
            "meta" => return self.declare(),
            "link" if self.attribute("rel") == "canonical" => {
                let url = self.attribute("href").to_owned();
                return self.keep("canonical".to_owned(), url);
            }
            "html" => self.page.language = self.attribute("lang").to_owned(),
            "title" if self.page.title.is_empty() => self.in_title = true,
            "script" => self.in_data = self.attribute("type") == "application/ld+json",
            // None of these stands in what is left out; that was never closed.
            "body" | "main" | "article" => self.left_out = None,
            _ => {}
        }
        if let Some((name, open)) = &mut self.left_out {
            *open += usize::from(name == tag && !self_closing);
            return;
        }
        if !self_closing && (is_no_text(tag) || self.is_surroundings(tag)) {
            self.left_out = Some((tag.to_owned(), 1));
            return self.writer.separate(Break::Line);
        }
        if self.holds_account(tag) {
            if self.main == 0 {
                self.writer.lay_out();
                self.main_start = self.writer.len();
            }
            self.main += 1;
        }
        match tag {
            "time" if self.page.time.is_empty() => {
                self.page.time = self.attribute("datetime").to_owned();
            }
            "h1" if !self.has_heading => {
                self.has_heading = self.main > 0;
                if self.has_heading {
                    self.page.heading.clear();
                }
                self.in_heading = self.page.heading.is_empty();
            }
            "table" => return self.writer.begin_table(),
            "tr" => return self.writer.begin_row(),
            "td" | "th" => return self.writer.cell(tag == "th"),
            "li" => return self.writer.bullet(),
            "pre" => self.writer.preformatted(true),
            _ => {}
        }
        self.writer.separate(break_of(tag));
    }

    fn end(&mut self, tag: &str) {
        if tag == "title" {
            self.in_title = false;
        }
        if tag == "script" && std::mem::take(&mut self.in_data) {
            self.end_data();
        }
        if let Some((name, open)) = &mut self.left_out {
            if name == tag {
                *open -= 1;
                if *open == 0 {
                    self.left_out = None;
                }
            }
            return;
        }
        match tag {
            "h1" => self.in_heading = false,
            "tr" => return self.writer.end_row(),
            "td" | "th" => return,
            "table" => self.writer.end_table(),
            "pre" => self.writer.preformatted(false),
            "main" | "article" if self.main > 0 => {
                self.main -= 1;
                if self.main == 0 {
                    self.main_parts.push((self.main_start, self.writer.len()));
                }
            }
            _ => {}
        }
        self.writer.separate(break_of(tag));
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            return append(&mut self.page.title, text);
        }
        if self.in_data && self.data.len() + text.len() <= MOST_DATA {
            self.data.push_str(text);
        }
        if self.left_out.is_some() {
            return;
        }
        if self.in_heading {
            append(&mut self.page.heading, text);
        }
        self.writer.push(text);
    }

    fn end_data(&mut self) {
        let found = linked_data::read(&std::mem::take(&mut self.data));
        found.declared.into_iter().for_each(|(name, value)| self.keep(name, value));
        if self.page.written_body.is_empty() {
            self.page.written_body = found.body;
        }
    }

    fn declare(&mut self) {
        let names = ["property", "name", "itemprop", "http-equiv"].map(|name| self.attribute(name));
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let value = self.attribute("content");
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        self.keep(name.to_lowercase(), value);
    }

    fn keep(&mut self, name: String, value: String) {
        if !name.is_empty() && !value.is_empty() && self.page.declared.len() < MOST_DECLARED {
            self.page.declared.push((name, value));
        }
    }

    /// What stands around an account. A header within it is of it.
    fn is_surroundings(&mut self, tag: &str) -> bool {
        let is = match tag {
            "nav" | "aside" | "footer" => true,
            "header" => self.main == 0,
            _ => false,
        };
        let is_named = may_be_named(tag)
            && !self.keeps_named
            && is_named(self.attribute("role"), self.attribute("id"), self.attribute("class"));
        self.page.left_out_by_name |= is_named;
        is && !self.keeps_surroundings || is_named
    }

    fn holds_account(&self, tag: &str) -> bool {
        matches!(tag, "main" | "article")
    }

    fn finish(mut self) -> Page {
        if self.main > 0 {
            self.main_parts.push((self.main_start, self.writer.len()));
        }
        for title in [&mut self.page.title, &mut self.page.heading] {
            *title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let text = self.writer.into_text();
        let parts = self.main_parts.iter().filter_map(|(start, end)| text.get(*start..*end));
        let main: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        let main = main.join("\n\n");
        // A page may call something small its main part.
        let is_enough = main.len() >= 500 || main.len() * 3 >= text.len();
        self.page.text = if is_enough && !main.is_empty() { main } else { text };
        // Some pages write their account by a script; others show only its beginning.
        let written = std::mem::take(&mut self.page.written_body);
        if self.page.text.len() * 2 < written.len() {
            self.page.text = written;
        }
        self.page
    }
}

/// Elements that hold no text to be read.
fn is_no_text(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "svg"
            | "select"
            | "button"
            | "iframe"
            | "object"
            | "canvas"
            | "textarea"
    )
}

fn break_of(tag: &str) -> Break {
    match tag {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "table" => {
            Break::Paragraph
        }
        "address" | "article" | "aside" | "body" | "br" | "caption" | "center" | "dd"
        | "details" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer"
        | "form" | "header" | "hr" | "html" | "li" | "main" | "nav" | "ol" | "section"
        | "summary" | "tbody" | "tfoot" | "thead" | "title" | "ul" => Break::Line,
        _ => Break::None,
    }
}

/// Titles are short; what is longer is a page that never closed one.
fn append(title: &mut String, text: &str) {
    const LONGEST: usize = 1000;
    let room = LONGEST.saturating_sub(title.len());
    title.push_str(&text[..text.floor_char_boundary(room.min(text.len()))]);
}

fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

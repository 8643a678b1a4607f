//! From the codes in a PDF to characters, and how far each moves the pen.
//!
//! In: the fonts of a document. Out: for the bytes of a text operator, the text and its width.

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Encoding, Object};

/// The fonts of a document, each prepared once.
pub(super) struct Fonts<'d> {
    pdf: &'d Document,
    /// By the address of the dictionary in the document, which stays where it is.
    known: BTreeMap<usize, Rc<Font<'d>>>,
    /// The fonts that dictionaries of resources name, by their addresses: a thousand pages share one.
    named: BTreeMap<usize, Named<'d>>,
    /// What may still be spent on fonts, in bytes of their tables.
    left: usize,
}

/// Fonts by the names that a page has for them.
pub(super) type Named<'d> = Rc<BTreeMap<&'d [u8], Rc<Font<'d>>>>;

/// What is needed of a font.
pub(super) struct Font<'d> {
    encoding: Option<Encoding<'d>>,
    to_unicode: Option<Encoding<'d>>,
    /// Two bytes a code.
    wide: bool,
    first: u32,
    widths: Vec<f32>,
    /// Of wide fonts.
    wide_widths: BTreeMap<u32, f32>,
    default_width: f32,
    cost: usize,
}

/// More codes than any font has; what states more is a bomb.
const MOST_WIDTHS: usize = 1 << 17;

/// What all fonts of a document may take. They can share one table a million times, so each counts.
const MOST_SPENT: usize = 64 << 20;

/// What a font takes beside its tables.
const COST_OF_A_FONT: usize = 1 << 10;

/// More than the table of characters of any font.
const LARGEST_TABLE: usize = 4 << 20;

impl<'d> Fonts<'d> {
    pub fn new(pdf: &'d Document) -> Self {
        Self { pdf, known: BTreeMap::new(), named: BTreeMap::new(), left: MOST_SPENT }
    }

    /// Whether there were so many fonts, or so large ones, that the last were left out.
    pub fn are_cut(&self) -> bool {
        self.left == 0
    }

    /// The fonts that a dictionary of resources names.
    pub fn of_resources(&mut self, resources: &'d Dictionary) -> Named<'d> {
        let pdf = self.pdf;
        let key = address(resources);
        if let Some(named) = self.named.get(&key) {
            return named.clone();
        }
        let mut named = BTreeMap::new();
        for (name, font) in dictionary(pdf, resources.get(b"Font").ok()).into_iter().flatten() {
            let Some(font) = dictionary(pdf, Some(font)) else { continue };
            let known = match self.known.get(&address(font)) {
                Some(known) => known.clone(),
                None if self.left == 0 => break,
                None => {
                    let new = Rc::new(Font::new(pdf, font));
                    self.left = self.left.saturating_sub(new.cost);
                    self.known.insert(address(font), new.clone());
                    new
                }
            };
            named.insert(name.as_slice(), known);
        }
        self.named.entry(key).or_insert(Rc::new(named)).clone()
    }
}

fn address(dictionary: &Dictionary) -> usize {
    std::ptr::from_ref(dictionary) as usize
}

impl<'d> Font<'d> {
    fn new(pdf: &'d Document, font: &'d Dictionary) -> Self {
        let wide =
            font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        let mut new = Self {
            encoding: font.get_font_encoding_with_limit(pdf, LARGEST_TABLE).ok(),
            to_unicode: to_unicode(pdf, font),
            wide,
            first: 0,
            widths: Vec::new(),
            wide_widths: BTreeMap::new(),
            default_width: if wide { 1000.0 } else { 500.0 },
            cost: COST_OF_A_FONT + table_bytes(pdf, font),
        };
        if wide {
            let descendants = resolved(pdf, font.get(b"DescendantFonts").ok());
            let first = descendants.and_then(|fonts| fonts.as_array().ok()?.first());
            if let Some(descendant) = dictionary(pdf, first) {
                if let Some(width) = number(pdf, descendant.get(b"DW").ok()) {
                    new.default_width = width;
                }
                new.read_wide_widths(pdf, descendant);
            }
        } else if let Some(widths) = resolved(pdf, font.get(b"Widths").ok()) {
            let widths = widths.as_array().map(Vec::as_slice).unwrap_or_default();
            new.first = number(pdf, font.get(b"FirstChar").ok()).map_or(0, |first| first as u32);
            let widths = widths.iter().take(256);
            new.widths = widths.map(|width| number(pdf, Some(width)).unwrap_or(500.0)).collect();
        }
        new
    }

    /// `[first [w w …] first last w …]`
    fn read_wide_widths(&mut self, pdf: &Document, descendant: &Dictionary) {
        let Some(Object::Array(entries)) = resolved(pdf, descendant.get(b"W").ok()) else { return };
        let mut entries = entries.iter();
        let mut left = MOST_WIDTHS;
        while let (Some(first), Some(second)) = (entries.next(), entries.next()) {
            let Some(first) = number(pdf, Some(first)).map(|first| first as u32) else { return };
            match resolved(pdf, Some(second)) {
                Some(Object::Array(widths)) => {
                    for (code, width) in (first..).zip(widths).take(left) {
                        let width = number(pdf, Some(width)).unwrap_or(self.default_width);
                        self.wide_widths.insert(code, width);
                    }
                    left = left.saturating_sub(widths.len());
                }
                last => {
                    let (Some(last), Some(width)) =
                        (number(pdf, last), number(pdf, entries.next()))
                    else {
                        return;
                    };
                    let codes = first..=(last as u32).min(0xFFFF);
                    left = left.saturating_sub(codes.size_hint().0);
                    codes.for_each(|code| {
                        self.wide_widths.insert(code, width);
                    });
                }
            }
            left = left.saturating_sub(1);
            if left == 0 {
                break;
            }
        }
        self.cost += (MOST_WIDTHS - left) * size_of::<(u32, f32)>();
    }

    /// The text of codes.
    pub fn text(&self, codes: &[u8]) -> String {
        let decode =
            |encoding: &Option<Encoding<'_>>| encoding.as_ref()?.bytes_to_string(codes).ok();
        match decode(&self.to_unicode) {
            // A table need not list all codes.
            Some(text) if self.wide || !text.contains('\u{fffd}') => text,
            text => decode(&self.encoding).or(text).unwrap_or_default(),
        }
    }

    /// The widths of codes in thousandths of the font's size, how many codes, and how many of them are blanks.
    pub fn measure(&self, codes: &[u8]) -> (f32, usize, usize) {
        let mut width = 0.0;
        if self.wide {
            for code in codes.chunks(2) {
                let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
                width += self.wide_widths.get(&code).copied().unwrap_or(self.default_width);
            }
            return (width, codes.len().div_ceil(2), 0);
        }
        for code in codes {
            let at = u32::from(*code).checked_sub(self.first);
            let known = at.and_then(|at| self.widths.get(at as usize));
            width += known.copied().unwrap_or(self.default_width);
        }
        (width, codes.len(), codes.iter().filter(|code| **code == b' ').count())
    }
}

/// The table of characters that a font brings. It says more than the font's encoding, which may name its glyphs at
/// random.
fn to_unicode<'d>(pdf: &'d Document, font: &'d Dictionary) -> Option<Encoding<'d>> {
    // The parser looks at the table only where nothing else is said.
    let mut bare = Dictionary::new();
    bare.set("Type", Object::Name(b"Font".to_vec()));
    bare.set("ToUnicode", font.get(b"ToUnicode").ok()?.clone());
    match bare.get_font_encoding_with_limit(pdf, LARGEST_TABLE) {
        Ok(Encoding::UnicodeMapEncoding(map)) => Some(Encoding::UnicodeMapEncoding(map)),
        _ => None,
    }
}

/// About how large the tables of a font are, unpacked.
fn table_bytes(pdf: &Document, font: &Dictionary) -> usize {
    let stream =
        resolved(pdf, font.get(b"ToUnicode").ok()).and_then(|table| table.as_stream().ok());
    let table = stream.map_or(0, |stream| {
        let content = stream.decompressed_content_with_limit(LARGEST_TABLE);
        content.map_or(LARGEST_TABLE, |content| content.len())
    });
    let encoding = dictionary(pdf, font.get(b"Encoding").ok());
    let differences =
        encoding.and_then(|encoding| resolved(pdf, encoding.get(b"Differences").ok()));
    let differences = differences.and_then(|differences| differences.as_array().ok());
    table + differences.map_or(0, Vec::len) * size_of::<Object>()
}

/// What an object is, or refers to.
pub(super) fn resolved<'d>(pdf: &'d Document, object: Option<&'d Object>) -> Option<&'d Object> {
    pdf.dereference(object?).ok().map(|(_, object)| object)
}

pub(super) fn dictionary<'d>(
    pdf: &'d Document,
    object: Option<&'d Object>,
) -> Option<&'d Dictionary> {
    resolved(pdf, object)?.as_dict().ok()
}

/// A number of any kind.
pub(super) fn number(pdf: &Document, object: Option<&Object>) -> Option<f32> {
    match pdf.dereference(object?).ok()?.1 {
        Object::Integer(number) => Some(*number as f32),
        Object::Real(number) => Some(*number),
        _ => None,
    }
}

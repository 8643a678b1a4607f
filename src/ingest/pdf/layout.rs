//! From the operators of a page to lines and paragraphs.
//!
//! In: a page. Out: its text. PDF has no lines or words, only places where glyphs are shown: what stands to the right
//! of what was shown before, with a gap, is another word; what stands lower is another line, much lower another
//! paragraph.

use std::rc::Rc;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Result};

use super::fonts::{Font, Fonts, Named, dictionary, number, resolved};

/// What was read of a page.
pub(super) struct Read {
    pub text: String,
    /// Bytes of its streams, unpacked.
    pub bytes: u64,
    /// Some of it was more than is allowed, and is not read.
    pub is_cut: bool,
}

/// The text of a page while its operators are followed.
pub(super) struct Layout<'d, 'f> {
    pdf: &'d Document,
    fonts: &'f mut Fonts<'d>,
    out: String,
    bytes: u64,
    most: usize,
    forms: usize,
    is_cut: bool,
    state: State<'d>,
    saved: Vec<State<'d>>,
    text_matrix: Matrix,
    line_matrix: Matrix,
    /// Where what was shown last ended, and how high its glyphs were.
    pen: Option<(f32, f32, f32)>,
}

/// What `q` saves and `Q` restores.
#[derive(Clone)]
struct State<'d> {
    matrix: Matrix,
    font: Option<Rc<Font<'d>>>,
    size: f32,
    leading: f32,
    char_space: f32,
    word_space: f32,
    scale: f32,
}

/// `[a b c d e f]`, as PDF writes it.
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

/// Deeper saves than any page has.
const MOST_SAVED: usize = 256;

/// Forms within forms.
const DEEPEST_FORM: usize = 8;

/// Forms that a page may show. They may show each other, a thousand times each.
const MOST_FORMS: usize = 2000;

impl<'d, 'f> Layout<'d, 'f> {
    /// Reads a page, whose streams may unpack to so many bytes.
    pub fn read_page(
        pdf: &'d Document,
        page: ObjectId,
        fonts: &'f mut Fonts<'d>,
        most: usize,
    ) -> Result<Read> {
        let content = pdf.get_page_content_with_limit(page, most)?;
        let (own, inherited) = pdf.get_page_resources(page)?;
        let inherited = inherited.into_iter().filter_map(|id| pdf.get_dictionary(id).ok());
        let resources: Vec<&Dictionary> = own.into_iter().chain(inherited).collect();
        let mut layout = Self {
            pdf,
            fonts,
            out: String::new(),
            bytes: 0,
            most,
            forms: 0,
            is_cut: false,
            state: State::default(),
            saved: Vec::new(),
            text_matrix: Matrix::IDENTITY,
            line_matrix: Matrix::IDENTITY,
            pen: None,
        };
        layout.run(&content, &resources, 0);
        Ok(Read { text: layout.out, bytes: layout.bytes, is_cut: layout.is_cut })
    }

    fn run(&mut self, content: &[u8], resources: &[&'d Dictionary], depth: usize) {
        self.bytes += content.len() as u64;
        let fonts: Vec<Named<'d>> =
            resources.iter().map(|resources| self.fonts.of_resources(resources)).collect();
        // What comes after a fault in the stream can't be told from data.
        for operation in Content::decode_iter(content).map_while(Result::ok) {
            let operands = operation.operands.as_slice();
            let pdf = self.pdf;
            let numbers = || operands.iter().map(|operand| number(pdf, Some(operand)));
            let one = || numbers().next().flatten();
            match operation.operator.as_str() {
                "q" if self.saved.len() < MOST_SAVED => self.saved.push(self.state.clone()),
                "Q" => {
                    if let Some(state) = self.saved.pop() {
                        self.state = state;
                    }
                }
                "cm" => {
                    if let Some(matrix) = Matrix::of(numbers()) {
                        self.state.matrix = matrix.then(self.state.matrix);
                    }
                }
                "BT" => self.place(Matrix::IDENTITY),
                "Tf" => {
                    let name = operands.first().and_then(|name| name.as_name().ok());
                    self.state.font = name
                        .and_then(|name| fonts.iter().find_map(|fonts| fonts.get(name)).cloned());
                    self.state.size = numbers().nth(1).flatten().unwrap_or(1.0);
                }
                "Tc" => self.state.char_space = one().unwrap_or(0.0),
                "Tw" => self.state.word_space = one().unwrap_or(0.0),
                "Tz" => self.state.scale = one().unwrap_or(100.0) / 100.0,
                "TL" => self.state.leading = one().unwrap_or(0.0),
                "Td" | "TD" => {
                    let mut by = numbers().map(|number| number.unwrap_or(0.0));
                    let (x, y) = (by.next().unwrap_or(0.0), by.next().unwrap_or(0.0));
                    if operation.operator == "TD" {
                        self.state.leading = -y;
                    }
                    self.move_by(x, y);
                }
                "Tm" => {
                    if let Some(matrix) = Matrix::of(numbers()) {
                        self.place(matrix);
                    }
                }
                "T*" => self.move_by(0.0, -self.state.leading),
                "Tj" => self.show(operands.first()),
                "'" | "\"" => {
                    self.move_by(0.0, -self.state.leading);
                    self.show(operands.last());
                }
                "TJ" => {
                    if let Some(Object::Array(parts)) = operands.first() {
                        for part in parts {
                            match number(self.pdf, Some(part)) {
                                Some(back) => self
                                    .advance(-back / 1000.0 * self.state.size * self.state.scale),
                                None => self.show(Some(part)),
                            }
                        }
                    }
                }
                "Do" if depth < DEEPEST_FORM && self.forms < MOST_FORMS => {
                    let name = operands.first().and_then(|name| name.as_name().ok());
                    if let Some(name) = name {
                        self.run_form(name, resources, depth);
                    }
                }
                _ => {}
            }
        }
    }

    /// Shows a form: a page within the page.
    fn run_form(&mut self, name: &[u8], resources: &[&'d Dictionary], depth: usize) {
        let pdf = self.pdf;
        let forms = resources
            .iter()
            .filter_map(|resources| dictionary(pdf, resources.get(b"XObject").ok()));
        let found = forms.filter_map(|forms| forms.get(name).ok()).next();
        let Some(Object::Stream(form)) = resolved(pdf, found) else { return };
        let is_form =
            form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
        let left = self.most.saturating_sub(usize::try_from(self.bytes).unwrap_or(usize::MAX));
        if !is_form {
            return;
        }
        self.forms += 1;
        self.is_cut |= self.forms == MOST_FORMS;
        let content = match form.decompressed_content_with_limit(left) {
            Ok(content) => content,
            Err(_) => {
                self.is_cut = true;
                self.forms = MOST_FORMS; // no more of them
                return;
            }
        };
        let own = dictionary(pdf, form.dict.get(b"Resources").ok());
        let own: Vec<&Dictionary> = own.map_or_else(|| resources.to_vec(), |own| vec![own]);
        let (state, saved) = (self.state.clone(), std::mem::take(&mut self.saved));
        if let Some(Object::Array(matrix)) = resolved(pdf, form.dict.get(b"Matrix").ok())
            && let Some(matrix) = Matrix::of(matrix.iter().map(|value| number(pdf, Some(value))))
        {
            self.state.matrix = matrix.then(self.state.matrix);
        }
        self.run(&content, &own, depth + 1);
        (self.state, self.saved) = (state, saved);
    }

    fn place(&mut self, matrix: Matrix) {
        (self.text_matrix, self.line_matrix) = (matrix, matrix);
    }

    fn move_by(&mut self, x: f32, y: f32) {
        self.place(Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line_matrix));
    }

    /// Moves the pen along the line.
    fn advance(&mut self, by: f32) {
        self.text_matrix = Matrix([1.0, 0.0, 0.0, 1.0, by, 0.0]).then(self.text_matrix);
    }

    fn show(&mut self, codes: Option<&Object>) {
        let Some(Object::String(codes, _)) = codes else { return };
        let state = &self.state;
        let Some(font) = &state.font else { return };
        let text = font.text(codes);
        let (width, glyphs, blanks) = font.measure(codes);
        let width = width / 1000.0 * state.size
            + glyphs as f32 * state.char_space
            + blanks as f32 * state.word_space;

        let (matrix, scale) = (state.matrix, state.scale);
        let whole = self.text_matrix.then(matrix);
        let (x, y) = whole.origin();
        let height = (state.size * whole.vertical_scale()).abs();
        self.separate(x, y, height, &text);
        self.out.extend(text.chars().filter(|c| !c.is_control() && *c != '\u{ad}'));
        self.advance(width * scale);
        let (end, line) = self.text_matrix.then(matrix).origin();
        if !text.is_empty() {
            self.pen = Some((end, line, height));
        }
    }

    /// Writes what stands between the glyphs shown last and those that come at a place.
    fn separate(&mut self, x: f32, y: f32, height: f32, text: &str) {
        let Some((last_x, last_y, last_height)) = self.pen else { return };
        let height = height.max(last_height).max(0.01);
        let (right, down) = (x - last_x, last_y - y);
        let separator = if down.abs() > 0.5 * height {
            // Upwards is another column, or another part of the page.
            if down > 1.9 * height || down < -height { "\n\n" } else { "\n" }
        } else if right > 0.17 * height || right < -height {
            " "
        } else {
            return;
        };
        let blank =
            self.out.ends_with(char::is_whitespace) || text.starts_with(char::is_whitespace);
        match separator {
            " " if blank => {}
            " " => self.out.push(' '),
            lines => {
                self.out.truncate(self.out.trim_end_matches(' ').len());
                let there = self.out.len() - self.out.trim_end_matches('\n').len();
                self.out.push_str(&lines[there.min(lines.len())..]);
            }
        }
    }
}

impl Default for State<'_> {
    fn default() -> Self {
        Self {
            matrix: Matrix::IDENTITY,
            font: None,
            size: 1.0,
            leading: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
        }
    }
}

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(numbers: impl Iterator<Item = Option<f32>>) -> Option<Self> {
        let numbers: Option<Vec<f32>> = numbers.take(6).collect();
        numbers?.try_into().ok().map(Self)
    }

    /// This, then the other.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, other.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    fn origin(self) -> (f32, f32) {
        (self.0[4], self.0[5])
    }

    fn vertical_scale(self) -> f32 {
        self.0[2].hypot(self.0[3])
    }
}

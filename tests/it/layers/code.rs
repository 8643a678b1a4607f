//! As much of the grammar of Rust as it takes to see who uses whom.
//!
//! In: the text of a source file. Out: the paths that it names, and the signatures that others see.

use std::collections::BTreeSet;

/// Every path that a file names: those of its `use` lines, and those in the code that start at a crate.
pub fn paths(module: &str, code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut rest = code;
    while let Some(at) = find_word(rest, "use") {
        rest = &rest[at + 3..];
        // `use<…>` says what a return type captures.
        if rest.starts_with('<') {
            continue;
        }
        let end = rest.find(';').unwrap_or(rest.len());
        expand(&rest[..end].split_whitespace().collect::<Vec<_>>().join(" "), "", &mut paths);
        rest = &rest[end..];
    }
    for start in ["crate", "super", "self", "tantivy", "clap", "anyhow", "std", "casebook"] {
        let mut rest = code;
        while let Some(at) = find_word(rest, start) {
            rest = &rest[at..];
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .unwrap_or(rest.len());
            if rest[..end].contains("::") {
                paths.insert(rest[..end].trim_end_matches(':').to_owned());
            }
            rest = &rest[end.max(1)..];
        }
    }
    paths.into_iter().map(|path| absolute(module, &path)).collect()
}

/// `a::{b, c::{d, e}}` one by one.
pub fn expand(tree: &str, prefix: &str, paths: &mut BTreeSet<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree).trim();
        if !path.is_empty() {
            paths.insert(format!("{prefix}{path}"));
        }
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[start..at], &prefix, paths);
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The path from the root of the crate.
fn absolute(module: &str, path: &str) -> String {
    let mut here: Vec<&str> = module.split("::").collect();
    let mut rest = path;
    let mut relative = false;
    loop {
        if let Some(after) = rest.strip_prefix("super::") {
            here.pop();
            rest = after;
        } else if let Some(after) = rest.strip_prefix("self::") {
            rest = after;
        } else {
            break;
        }
        relative = true;
    }
    match relative {
        true => [&["crate"], here.as_slice(), &[rest]].concat().join("::"),
        false => path.to_owned(),
    }
}

/// Where `word` stands as a word of its own.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        !text[..at].ends_with(|c: char| part(c) || c == ':')
            && !text[at + word.len()..].starts_with(part)
    })
}

/// The code without comments and without what stands in strings.
pub fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = rest.strip_prefix("r\"") {
            raw.find('"').map_or(rest.len(), |end| end + 3)
        } else if c == '"' {
            string_end(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'{'") || rest.starts_with("'}'") {
            3
        } else if rest.starts_with("'\\''") || rest.starts_with("b'\\''") {
            rest.find("\\''").unwrap_or(0) + 3
        } else {
            0
        };
        if skip == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            // What was a string stays one, so that no word grows together with the next.
            code.push_str(if rest.starts_with("//") { " " } else { "\"\"" });
            rest = &rest[skip..];
        }
    }
    code
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The code without the items behind `#[cfg(test)]`.
pub fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find([';', '{']).unwrap_or(rest.len());
        rest = match rest[end..].starts_with('{') {
            true => &rest[end + block_end(&rest[end..])..],
            false => &rest[(end + 1).min(rest.len())..],
        };
    }
    kept.push_str(rest);
    kept
}

/// The length of a block that starts with `{`.
fn block_end(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// What others see of these names: public fields, and signatures of public functions.
pub fn public_signatures(code: &str, exported: &BTreeSet<String>) -> Vec<String> {
    let mut signatures = Vec::new();
    for (at, _) in code.match_indices("pub ") {
        let rest = &code[at + 4..];
        let mut words = rest.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let open = rest.find(['{', ';']).unwrap_or(rest.len());
        match kind {
            "struct" | "enum" | "trait" if exported.contains(name) => {
                let end = match rest[open..].starts_with('{') {
                    true => open + block_end(&rest[open..]),
                    false => open,
                };
                // Of a structure only what is public; of the others all is.
                let fields = rest[open..end].split(',');
                let public =
                    fields.filter(|field| kind != "struct" || find_word(field, "pub").is_some());
                signatures.push(rest[..open].to_owned());
                signatures.extend(public.map(str::to_owned));
            }
            "fn" | "type" | "const" if exported.contains(name) => {
                signatures.push(rest[..open].to_owned());
            }
            _ => {}
        }
    }
    for (at, _) in code.match_indices("impl") {
        let rest = &code[at..];
        let Some(open) = rest.find('{') else { continue };
        let head = &rest[..open];
        let of = head.split(" for ").last().unwrap_or(head);
        if !exported.iter().any(|name| find_word(of, name).is_some()) {
            continue;
        }
        let body = &rest[open..open + block_end(&rest[open..])];
        if head.contains(" for ") {
            signatures.push(head.to_owned());
        }
        for (at, _) in body.match_indices("pub fn ") {
            let end = body[at..].find('{').map_or(body.len(), |end| at + end);
            signatures.push(body[at..end].to_owned());
        }
    }
    signatures
}

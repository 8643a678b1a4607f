//! Names of files, paths, registry keys.
//!
//! In: text that begins with one. Out: how long it is, and its canonical form: as written, but with single
//! backslashes, and with the short names of registry hives.
//!
//! A name needs an ending that is known, a path a beginning that is. Blanks are part of a path only in the names of
//! folders that every Windows has (`Program Files`), since nothing else tells where such a path ends.

use super::{Found, IndicatorKind};

const LONGEST: usize = 512;

/// The endings of files that reports speak of. No top-level domain is among them but those in [`is_rather_file`].
const ENDINGS: &str = " 7z a3x ace accdb apk arj asar asp aspx au3 aut avi bak bash bat bin bmp bz2 c cab cer cfg cfm \
    cgi chm class cmd conf config cpl cpp crt cs csv dat db dll dmg doc docm docx dot dotm dotx drv dylib efi elf eml \
    eps exe flv gif gz hta htm html hwp ico img inf ini ipa iqy iso jar java jfif jpeg jpg js jse json jsp jspx key kdbx \
    ko lnk log lua lz lzh mdb mht mhtml mof mp3 mp4 msc msg msi msix msp mst odt ocx one onepkg ost pcap pdb pdf pem pfx \
    php php3 php5 phtml pif pkg plist png pot potm potx pps ppsm ppsx ppt pptm pptx ps1 psd1 psm1 pst pub py pyc pyd rar \
    rdp reg rtf scf scr sct sh shtml slk so sql sqlite svg swf sys tar tgz tif tiff tmp torrent txt url vb vba vbe vbs \
    vhd vhdx wim war wav wll wmf ws wsc wsf wsh xla xlam xll xls xlsb xlsm xlsx xlt xltm xml xps xsl xz zip zipx ";

/// Names with such an ending that are no files.
const NO_FILES: [&str; 14] = [
    "node.js",
    "next.js",
    "vue.js",
    "react.js",
    "express.js",
    "angular.js",
    "three.js",
    "d3.js",
    "nuxt.js",
    "ember.js",
    "backbone.js",
    "electron.js",
    "nest.js",
    "chart.js",
];

/// Whether a name whose ending is a top-level domain too is that of a file.
pub(super) fn is_rather_file(name: &str, ending: &str) -> bool {
    let base = &name[..name.len() - ending.len() - 1];
    match ending {
        "py" | "zip" | "mov" | "cab" | "java" => true,
        _ if base.contains('.') => false,
        "sh" => true,
        "so" => base.starts_with("lib"),
        "app" => base.starts_with(|c: char| c.is_ascii_uppercase()),
        "md" => matches!(base, "README" | "readme" | "CHANGELOG" | "LICENSE"),
        "com" => matches!(base.to_ascii_lowercase().as_str(), "command" | "autoexec"),
        _ => false,
    }
}

/// The file name that `text` begins with.
pub(super) fn name(text: &str) -> Option<Found> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._-$~+".contains(b);
    let run = text.bytes().take(256).take_while(is_name).count();
    if run > 255 || text[run..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let name = text[..run].trim_end_matches(['.', '-', '_', '~', '$', '+']);
    is_file_name(name).then(|| Found {
        kind: IndicatorKind::File,
        end: name.len(),
        canonical: name.to_owned(),
    })
}

/// Whether a name without blanks and slashes is that of a file.
pub(super) fn is_file_name(name: &str) -> bool {
    let Some((base, ending)) = name.rsplit_once('.') else { return false };
    let lower = ending.to_ascii_lowercase();
    let known = lower.len() <= 7
        && (ENDINGS.split_ascii_whitespace().any(|known| known == lower)
            || is_rather_file(name, &lower));
    known
        && base.contains(|c: char| c.is_ascii_alphanumeric())
        && !base.contains(['/', '\\'])
        && !NO_FILES.contains(&name.to_ascii_lowercase().as_str())
}

/// The path or registry key that `text` begins with.
pub(super) fn path(text: &str) -> Option<Found> {
    match text.as_bytes().first()? {
        b'\\' => unc(text),
        b'/' | b'~' => unix(text),
        b'%' => environment(text),
        b'h' | b'H' => registry(text).or_else(|| drive(text)),
        letter if letter.is_ascii_alphabetic() => drive(text),
        _ => None,
    }
}

/// `C:\Windows\…`
fn drive(text: &str) -> Option<Found> {
    if !text.get(1..).is_some_and(|rest| rest.starts_with(":\\")) {
        return None;
    }
    finish(text, 2, 2 + components(&text[2..]), IndicatorKind::Path)
}

/// `\\host\share\…`
fn unc(text: &str) -> Option<Found> {
    let host = text.strip_prefix("\\\\")?;
    if !host.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '?' | '*')) {
        return None;
    }
    let share = 2 + host.bytes().take(LONGEST).take_while(|b| is_part(*b)).count();
    finish(text, share, share + components(&text[share..]), IndicatorKind::Path)
}

/// `%APPDATA%\…`
fn environment(text: &str) -> Option<Found> {
    let name =
        text[1..].bytes().take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    if name < 2 || !text[1 + name..].starts_with("%\\") {
        return None;
    }
    finish(text, name + 2, name + 2 + components(&text[name + 2..]), IndicatorKind::Path)
}

/// `/etc/passwd`, `~/Library/x`
fn unix(text: &str) -> Option<Found> {
    const ROOTS: [&str; 27] = [
        "etc",
        "usr",
        "var",
        "tmp",
        "bin",
        "sbin",
        "home",
        "opt",
        "root",
        "dev",
        "proc",
        "sys",
        "lib",
        "lib64",
        "mnt",
        "boot",
        "run",
        "srv",
        "data",
        "storage",
        "sdcard",
        "Users",
        "Library",
        "Applications",
        "System",
        "private",
        "Volumes",
    ];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"/._-+@%~$*:".contains(b);
    let end = text.bytes().take(LONGEST).take_while(is_part).count();
    let path = text[..end].trim_end_matches(['.', ':', '*', '-', '/']);
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or_default();
    let root = parts.next().unwrap_or_default();
    let known = if first.is_empty() { ROOTS.contains(&root) } else { first == "~" };
    let deep = if first.is_empty() {
        parts.next().is_some_and(|part| !part.is_empty())
    } else {
        !root.is_empty()
    };
    if !known || !deep || path.contains("//") {
        return None;
    }
    finish(text, 1, path.len(), IndicatorKind::Path)
}

const HIVES: [(&str, &str); 11] = [
    ("HKEY_LOCAL_MACHINE", "HKLM"),
    ("HKEY_CURRENT_USER", "HKCU"),
    ("HKEY_CLASSES_ROOT", "HKCR"),
    ("HKEY_USERS", "HKU"),
    ("HKEY_CURRENT_CONFIG", "HKCC"),
    ("HKEY_LOCALMACHINE", "HKLM"),
    ("HKLM", "HKLM"),
    ("HKCU", "HKCU"),
    ("HKCR", "HKCR"),
    ("HKCC", "HKCC"),
    ("HKU", "HKU"),
];

/// `HKEY_LOCAL_MACHINE\Software\…`
fn registry(text: &str) -> Option<Found> {
    let (long, short) = HIVES.iter().find(|(name, _)| {
        text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    })?;
    let start = long.len();
    let colon = usize::from(text[start..].starts_with(":\\"));
    if !text[start + colon..].starts_with('\\') {
        return None;
    }
    let end = start + colon + components(&text[start + colon..]);
    let mut found = finish(text, start, end, IndicatorKind::Registry)?;
    found.canonical = single_backslashes(&format!("{short}{}", &text[start + colon..found.end]));
    Some(found)
}

/// Names of folders and keys with blanks in them.
const SPACED: [&str; 30] = [
    "Program Files (x86)",
    "Program Files",
    "Documents and Settings",
    "Windows NT",
    "Start Menu",
    "Application Data",
    "Application Support",
    "Local Settings",
    "Common Files",
    "Internet Explorer",
    "Internet Settings",
    "Control Panel",
    "Session Manager",
    "Image File Execution Options",
    "User Shell Folders",
    "Shell Folders",
    "Active Setup",
    "Installed Components",
    "Browser Helper Objects",
    "Windows Defender",
    "Windows Script Host",
    "Windows Media Player",
    "Microsoft Office",
    "Temporary Internet Files",
    "All Users",
    "Default User",
    "Security Center",
    "Terminal Server",
    "Windows Mail",
    "My Documents",
];

/// The length of `\Windows\System32\x.dll` and the like.
fn components(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < LONGEST && bytes.get(at) == Some(&b'\\') {
        while bytes.get(at) == Some(&b'\\') {
            at += 1;
        }
        let rest = &text[at..];
        let spaced = SPACED.iter().find(|name| {
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && !rest[name.len()..].starts_with(|c: char| c.is_alphanumeric())
        });
        at += match spaced {
            Some(name) => name.len(),
            None => rest.bytes().take_while(|b| is_part(*b)).count(),
        };
    }
    at
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-+@%~$#!&={}()*?[]".contains(&byte)
}

/// Cuts off what belongs to the sentence around the path. Something must be named behind its `root`.
fn finish(text: &str, root: usize, end: usize, kind: IndicatorKind) -> Option<Found> {
    let mut path = text.get(..end)?;
    loop {
        let cut = path.trim_end_matches(['.', '!', '?', '\\', '&', '*', '=']);
        let open = |open: char, close: char| cut.matches(open).count() < cut.matches(close).count();
        let unbalanced = (cut.ends_with(')') && open('(', ')'))
            || (cut.ends_with(']') && open('[', ']'))
            || (cut.ends_with('}') && open('{', '}'));
        let next = if unbalanced { &cut[..cut.len() - 1] } else { cut };
        if next.len() == path.len() {
            break;
        }
        path = next;
    }
    let named = path.get(root..)?.contains(|c: char| c.is_ascii_alphanumeric());
    let more = |c: char| c.is_alphanumeric();
    (named && !text[path.len()..].starts_with(more)).then(|| Found {
        kind,
        end: path.len(),
        canonical: single_backslashes(path),
    })
}

/// Paths copied out of programs have each backslash twice. The two of a share stay.
fn single_backslashes(path: &str) -> String {
    let (share, rest) = match path.strip_prefix("\\\\") {
        Some(rest) => ("\\\\", rest.trim_start_matches('\\')),
        None => ("", path),
    };
    let mut single = String::with_capacity(path.len());
    single.push_str(share);
    for c in rest.chars() {
        if c != '\\' || !single.ends_with('\\') {
            single.push(c);
        }
    }
    single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases = [
            ("evil.exe", Some("evil.exe")),
            ("Invoice_2023.pdf.exe.", Some("Invoice_2023.pdf.exe")),
            ("install.sh", Some("install.sh")),
            ("libfoo.so", Some("libfoo.so")),
            ("README.md", Some("README.md")),
            ("payload.zip,", Some("payload.zip")),
            ("invoice.pdf.zip", Some("invoice.pdf.zip")),
            ("Node.js", None),
            ("example.com", None),
            ("v1.2", None),
            (".exe", None),
            ("evil.exefoo", None),
            ("evil.exe\u{e9}", None),
            ("end.The", None),
        ];
        for (text, expected) in cases {
            let found = name(text).map(|found| found.canonical);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn paths_and_keys() {
        use IndicatorKind::{Path, Registry};
        let cases = [
            (r"C:\Windows\System32\cmd.exe.", Some((Path, r"C:\Windows\System32\cmd.exe"))),
            (r"C:\\Windows\\Temp", Some((Path, r"C:\Windows\Temp"))),
            (
                r"c:\Program Files (x86)\Foo\bar.exe and",
                Some((Path, r"c:\Program Files (x86)\Foo\bar.exe")),
            ),
            (r"C:\Temp and D:\x", Some((Path, r"C:\Temp"))),
            (r"(C:\Temp)", None),
            (r"C:\Temp)", Some((Path, r"C:\Temp"))),
            (r"C:\", None),
            (r"C:", None),
            (r"%APPDATA%\x\y.dll", Some((Path, r"%APPDATA%\x\y.dll"))),
            (r"%5C\x", None),
            (r"\\host\share\x", Some((Path, r"\\host\share\x"))),
            (r"\\host", None),
            ("/etc/passwd,", Some((Path, "/etc/passwd"))),
            ("/usr/bin/", Some((Path, "/usr/bin"))),
            ("~/Library/LaunchAgents/x.plist", Some((Path, "~/Library/LaunchAgents/x.plist"))),
            ("/etc", None),
            ("/month/x", None),
            ("/or", None),
            (
                r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Run.",
                Some((Registry, r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Run")),
            ),
            (r"HKCU:\Software\x", Some((Registry, r"HKCU\Software\x"))),
            (r"hklm\\software\\x", Some((Registry, r"HKLM\software\x"))),
            ("HKLM", None),
            ("http://x", None),
        ];
        for (text, expected) in cases {
            let found = path(text);
            let found = found.as_ref().map(|found| (found.kind, found.canonical.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}

//! The files of a folder that hold calls, and what else is in it.
//!
//! **Invariant:** everything that is in a folder, or in a folder in it, is read or counted as left out. Each folder is
//! read once, so that links which lead back to it end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::input_entry::InputError;

/// How the calls of a file are written, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// As JSON.
    Json,
    /// As JSON Lines.
    JsonLines,
    /// As one transcript with times, `WebVTT` or `SubRip`.
    Subtitles,
}

/// The extensions of the files that are read in folders, in any case.
const EXTENSIONS: [(&str, FileKind); 5] = [
    ("json", FileKind::Json),
    ("jsonl", FileKind::JsonLines),
    ("ndjson", FileKind::JsonLines),
    ("vtt", FileKind::Subtitles),
    ("srt", FileKind::Subtitles),
];

/// More extensions than these are not named, and of each no more characters.
const MOST_NAMED: usize = 6;
const LONGEST_NAMED: usize = 12;

impl FileKind {
    /// The kind of the file of that name, if its extension is known.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let extension = extension(path)?;
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
    }
}

/// The files that are read in folders, as patterns.
pub(crate) fn patterns() -> String {
    EXTENSIONS.map(|(extension, _)| format!("*.{extension}")).join(", ")
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
}

/// What is in folders and not read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Files and folders whose names begin with a full stop.
    hidden: usize,
    /// Files of other kinds by their extensions; without one, the empty text.
    others: BTreeMap<String, usize>,
    /// Sockets, pipes and devices.
    special: usize,
    /// Links to folders that are read already.
    repeated: usize,
}

impl LeftOut {
    /// Adds what is left out in another folder.
    pub(crate) fn add(&mut self, other: Self) {
        let Self { hidden, others, special, repeated } = other;
        self.hidden += hidden;
        self.special += special;
        self.repeated += repeated;
        for (extension, count) in others {
            *self.others.entry(extension).or_default() += count;
        }
    }

    /// Whether nothing is left out.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        let others = self.others.iter().take(MOST_NAMED).map(|(extension, count)| match extension.as_str() {
            "" => format!("{count} without an extension"),
            _ => format!(
                "{count} *.{}",
                extension.chars().take(LONGEST_NAMED).flat_map(char::escape_debug).collect::<String>()
            ),
        });
        parts.extend(others);
        let mut add = |count: usize, what: &str| parts.extend((count > 0).then(|| format!("{count} {what}")));
        add(self.others.values().skip(MOST_NAMED).sum(), "with other extensions");
        add(self.hidden, "hidden");
        add(self.special, "not a plain file");
        add(self.repeated, "linked to a folder that is read already");
        write!(f, "left out in folders: {} (read are {}, and files that are named)", parts.join(", "), patterns())
    }
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct FolderContent {
    /// The files to read, in the order of their names, and what cannot be listed.
    pub(crate) files: Vec<(PathBuf, Result<(), InputError>)>,
    /// What else is there.
    pub(crate) left_out: LeftOut,
    /// The folders that were read, by their real paths.
    seen: BTreeSet<PathBuf>,
}

impl FolderContent {
    /// Adds what is in a folder and in the folders in it.
    pub(crate) fn add(&mut self, folder: &Path) {
        let entries = fs::canonicalize(folder).and_then(|real| {
            let is_new = self.seen.insert(real);
            is_new.then(|| fs::read_dir(folder)?.collect::<io::Result<Vec<DirEntry>>>()).transpose()
        });
        match entries {
            Ok(None) => self.left_out.repeated += 1,
            Ok(Some(mut entries)) => {
                entries.sort_by_key(DirEntry::file_name);
                for entry in &entries {
                    self.add_entry(entry);
                }
            }
            Err(error) => self.files.push((folder.to_owned(), Err(error.into()))),
        }
    }

    fn add_entry(&mut self, entry: &DirEntry) {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            self.left_out.hidden += 1;
        } else if path.is_dir() {
            self.add(&path);
        } else if FileKind::of(&path).is_none() {
            *self.left_out.others.entry(extension(&path).unwrap_or_default()).or_default() += 1;
        } else if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            self.left_out.special += 1;
        } else {
            // A link that leads nowhere is an error when it is read.
            self.files.push((path, Ok(())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(content: &FolderContent, root: &Path) -> Vec<String> {
        content.files.iter().map(|(path, _)| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn folders_in_folders_are_read_in_the_order_of_their_names() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("b/2026/01.json")).unwrap();
        fs::create_dir_all(root.path().join(".git")).unwrap();
        let files =
            ["c.NDJSON", "a.json", "b/2.srt", "b/2026/01.json/x.vtt", "b/2026/y.jsonl", ".git/z.json", ".d.json"];
        for name in files.iter().chain(&["notes.txt", "b/call.WAV", "b/call.wav", "README"]) {
            fs::write(root.path().join(name), "").unwrap();
        }
        let mut content = FolderContent::default();
        content.add(root.path());
        assert_eq!(
            names(&content, root.path()),
            ["a.json", "b/2.srt", "b/2026/01.json/x.vtt", "b/2026/y.jsonl", "c.NDJSON"]
        );
        assert_eq!(
            content.left_out.to_string(),
            "left out in folders: 1 without an extension, 1 *.txt, 2 *.wav, 2 hidden \
             (read are *.json, *.jsonl, *.ndjson, *.vtt, *.srt, and files that are named)"
        );
    }

    #[test]
    fn links_that_lead_back_end() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a")).unwrap();
        fs::write(root.path().join("a/1.json"), "").unwrap();
        symlink(root.path(), root.path().join("a/back")).unwrap();
        symlink(root.path().join("a"), root.path().join("again")).unwrap();
        symlink("nowhere", root.path().join("lost.json")).unwrap();
        let mut content = FolderContent::default();
        content.add(root.path());
        assert_eq!(names(&content, root.path()), ["a/1.json", "lost.json"]);
        assert_eq!(content.left_out, LeftOut { repeated: 2, ..LeftOut::default() });
    }

    #[test]
    fn no_more_than_a_few_extensions_are_named() {
        let others = (0..9).map(|number| (format!("{number}\u{1b}aaaaaaaaaaaaaaaa"), 1)).collect();
        let text = LeftOut { others, ..LeftOut::default() }.to_string();
        assert!(text.contains("1 *.0\\u{1b}aaaaaaaaaa, ") && text.contains(", 3 with other extensions"), "{text}");
    }
}

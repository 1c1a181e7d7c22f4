//! What the pages of `docs/ideas` write in TOML is read, whole sweeps and parts of them.

use std::path::{Path, PathBuf};

use super::examples::{as_json, blocks, root, validator};
use super::parse;

/// What a part of a sweep lacks to be one.
const DATA: &str = "[data]\npath = \"a.csv\"\ntarget = \"y\"\n";
const MODEL: &str = "[model]\nhidden = [8, 4]\n";
const ARCHITECTURES: &str = "[architectures]\nwide = { width = 2 }\ndeep = { hidden = [4, 4] }\n";

/// A block as a whole sweep: after keys that belong to no section come the sections that it lacks.
fn whole(block: &str) -> String {
    let first_section =
        if block.starts_with('[') { 0 } else { block.find("\n[").map_or(block.len(), |newline| newline + 1) };
    let (keys, sections) = block.split_at(first_section);
    let lacks = |name: &str| !block.lines().any(|line| line.starts_with(name));
    let mut text = keys.to_owned();
    for (name, section) in [("[data]", DATA), ("[model]", MODEL), ("[architectures]", ARCHITECTURES)] {
        if lacks(name) {
            text.push_str(section);
        }
    }
    text + sections
}

fn pages() -> Vec<PathBuf> {
    let entries = fs_err::read_dir(root("docs/ideas")).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

#[test]
fn every_sweep_and_part_of_one_on_the_pages_is_read_and_fits_the_schema() {
    let validator = validator();
    let mut count = 0;
    for path in pages() {
        let page = fs_err::read_to_string(&path).unwrap();
        for block in blocks(&page) {
            let text = whole(block);
            let read = parse(Path::new("example.toml"), &text);
            assert!(read.is_ok(), "{}\n{text}\n{:#?}", path.display(), read.unwrap_err().list);
            let errors: Vec<String> = validator.iter_errors(&as_json(&text)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}\n{text}\n{errors:?}", path.display());
            count += 1;
        }
    }
    assert!(count >= 20, "{count} blocks");
}

#[test]
fn keys_before_the_first_section_stay_before_it() {
    assert_eq!(
        whole("replicates = 8\n\n[data]\nrows = 9\n"),
        format!("replicates = 8\n\n{MODEL}{ARCHITECTURES}[data]\nrows = 9\n")
    );
    assert_eq!(whole("[grid]\nepochs = [3]\n"), format!("{DATA}{MODEL}{ARCHITECTURES}[grid]\nepochs = [3]\n"));
    assert_eq!(whole("confirm = 5\n"), format!("confirm = 5\n{DATA}{MODEL}{ARCHITECTURES}"));
}

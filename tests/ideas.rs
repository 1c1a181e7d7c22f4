//! The pages of `docs/ideas` name sweeps, pictures, pages and commands that there are.

use std::path::{Path, PathBuf};

use crate::sandbox::Sandbox;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every page, with its name.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = fs_err::read_dir(root().join("docs/ideas"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs_err::read_to_string(&path).unwrap()))
        .collect();
    pages.sort();
    pages
}

/// What stands between the two marks, wherever they do.
fn between<'text>(text: &'text str, open: &str, close: &str) -> Vec<&'text str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inside, _)| inside).collect()
}

/// The pictures that the pages show, from `docs/ideas`.
fn pictures() -> Vec<String> {
    let pages = pages();
    let targets = pages.iter().flat_map(|(_, text)| between(text, "](", ")"));
    targets.filter(|target| target.starts_with("images/")).map(str::to_owned).collect()
}

/// The commands that a page tells to run: lines of its shell blocks, and what stands in backticks.
fn commands(text: &str) -> Vec<&str> {
    let blocks = between(text, "```sh\n", "```").into_iter().flat_map(str::lines);
    blocks.chain(text.lines().flat_map(between_backticks)).map(str::trim).collect()
}

fn between_backticks(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_sweep_that_a_page_names_ships() {
    for (name, text) in pages() {
        let named = between(&text, "sweeps/", ".toml");
        assert!(!named.is_empty(), "{name} names no sweep");
        for sweep in named {
            let file = root().join("sweeps").join(format!("{sweep}.toml"));
            assert!(file.is_file(), "{name} names {}", file.display());
        }
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    for (name, text) in pages() {
        for target in between(&text, "](", ")").into_iter().filter(|target| !target.contains("://")) {
            assert!(root().join("docs/ideas").join(target).is_file(), "{name} links to {target}");
        }
    }
}

#[test]
fn every_page_is_in_the_contents_and_every_picture_on_a_page() {
    let pages = pages();
    let (_, contents) = pages.iter().find(|(name, _)| name == "README.md").unwrap();
    for (name, text) in pages.iter().filter(|(name, _)| name != "README.md") {
        assert!(contents.contains(&format!("]({name})")), "the contents lack {name}");
        assert!(text.contains("](images/"), "{name} shows no picture");
    }
    let shown = pictures();
    for entry in fs_err::read_dir(root().join("docs/ideas/images")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("images/{}", path.file_name().unwrap().to_string_lossy());
        assert!(shown.contains(&name), "no page shows {name}");
        assert!(fs_err::metadata(&path).unwrap().len() < 150_000, "{name} is larger than 150 kB");
    }
}

#[test]
fn every_picture_is_named_after_a_sweep_that_ships() {
    let shown = pictures();
    assert!(shown.len() > 10);
    for picture in shown {
        let (sweep, _) = picture.trim_start_matches("images/").split_once('-').unwrap();
        assert!(root().join("sweeps").join(format!("{sweep}.toml")).is_file(), "{picture}");
    }
}

#[test]
fn every_command_that_a_page_names_exists() {
    let justfile = fs_err::read_to_string(root().join("justfile")).unwrap();
    let sandbox = Sandbox::new();
    let mut count = 0;
    for (name, text) in pages() {
        for command in commands(&text) {
            let mut words = command.split_whitespace();
            match (words.next(), words.next()) {
                (Some("just"), Some(recipe)) => {
                    let is_recipe = |line: &str| line.split([' ', ':']).next() == Some(recipe) && line.contains(':');
                    assert!(justfile.lines().any(is_recipe), "{name} names `{command}`");
                    count += 1;
                }
                (Some("swath"), Some(word)) => {
                    let ended = sandbox.swath(&[word, "--help"]);
                    assert_eq!(ended.code, 0, "{name} names `{command}`: {}", ended.stderr);
                    count += 1;
                }
                _ => {}
            }
        }
    }
    assert!(count >= 4);
}

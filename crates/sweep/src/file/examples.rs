//! The user's page on the sweep file, the shipped sweeps and the schema agree with the reader.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::keys::{
    ACTIVATIONS, ARCHITECTURE, AUGMENTATION, CLIP, Choice, DATA, EARLY_STOPPING, ENSEMBLE, GATE, INITIALIZERS, Key,
    Kind, LAYERS, LOSSES, MODEL, NORMALIZATIONS, OPTIMIZERS, SCHEDULES, TOP, TRAIN, WARM_UP,
};
use super::parse;
use crate::schema::json_schema;

/// A path from the root of the repository.
pub(super) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn page() -> String {
    fs_err::read_to_string(root("docs/sweep-file.md")).unwrap()
}

/// The blocks of a page that hold TOML.
pub(super) fn blocks(page: &str) -> Vec<&str> {
    page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// What holds a sweep to the schema.
pub(super) fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&json_schema()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// A sweep as the schema sees it.
pub(super) fn as_json(toml: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(toml).unwrap()).unwrap()
}

fn kind_text(kind: &Kind) -> String {
    match kind {
        Kind::Choice(_) => "word or table, see below".to_owned(),
        Kind::ColumnWords(words) => format!("table of columns: {}", Kind::Word(*words).describe()),
        Kind::ColumnTexts => "table of columns: a list of strings each".to_owned(),
        Kind::Integers { least, most, .. } => {
            format!("list of integers: {}", Kind::Integer { least: *least, most: *most }.describe())
        }
        Kind::Numbers { bounds, .. } => format!("list of numbers: {}", bounds.describe()),
        kind => kind.describe(),
    }
}

/// The row of a key in the page's tables.
fn row(key: &Key) -> String {
    let mut row = String::new();
    let (kind, default) = (kind_text(&key.kind), key.default_text());
    write!(row, "| `{}` | {kind} | {default} | {} | `{} = {}` |", key.name, key.about, key.name, key.example).unwrap();
    row
}

fn choice_row(choice: &Choice) -> String {
    format!("| `{}` | {} | `{}` |", choice.name, choice.about, choice.example)
}

#[test]
fn the_page_has_a_true_row_for_every_key() {
    let page = page();
    let tables = [DATA, ENSEMBLE, MODEL, ARCHITECTURE, TRAIN, WARM_UP, EARLY_STOPPING, CLIP, AUGMENTATION, GATE];
    let plain = TOP.iter().filter(|key| !matches!(key.kind, Kind::Table(_) | Kind::Named(_) | Kind::Grid));
    let mut rows: Vec<String> = plain.chain(tables.into_iter().flatten()).map(row).collect();
    for choice in
        [LAYERS, NORMALIZATIONS, ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES].into_iter().flatten()
    {
        rows.push(choice_row(choice));
        rows.extend(choice.keys.iter().map(row));
    }
    let lacking: Vec<String> = rows.into_iter().filter(|row| !page.lines().any(|line| line == row)).collect();
    assert!(lacking.is_empty(), "docs/sweep-file.md lacks these rows:\n{}", lacking.join("\n"));
}

#[test]
fn the_whole_sweeps_on_the_page_are_read_and_fit_the_schema() {
    let page = page();
    let whole: Vec<&str> = blocks(&page).into_iter().filter(|block| block.contains("[data]")).collect();
    assert!(whole.len() >= 3);
    let validator = validator();
    for block in whole {
        let read = parse(Path::new("example.toml"), block);
        assert!(read.is_ok(), "{block}\n{:#?}", read.unwrap_err().list);
        let errors: Vec<String> = validator.iter_errors(&as_json(block)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{block}\n{errors:?}");
    }
}

#[test]
fn the_parts_of_sweeps_on_the_page_are_read_in_a_sweep() {
    let page = page();
    let parts: Vec<&str> = blocks(&page).into_iter().filter(|block| !block.contains("[data]")).collect();
    assert!(parts.len() >= 3);
    for part in parts {
        let model = if part.contains("[model]") { "" } else { "[model]\nhidden = [8, 4]\n" };
        let architectures = if part.contains("[architectures]") {
            ""
        } else {
            "[architectures]\nwide = { width = 2 }\ndeep = { hidden = [4, 4] }\n"
        };
        let text = format!("[data]\npath = \"a.csv\"\ntarget = \"y\"\n{model}{architectures}{part}");
        let read = parse(Path::new("example.toml"), &text);
        assert!(read.is_ok(), "{part}\n{:#?}", read.unwrap_err().list);
    }
}

#[test]
fn the_shipped_schema_is_the_one_that_is_written() {
    let shipped = fs_err::read_to_string(root("sweeps/sweep.schema.json")).unwrap_or_default();
    assert!(shipped == json_schema(), "write it again: swath schema > sweeps/sweep.schema.json");
}

#[test]
fn every_shipped_sweep_fits_the_schema_and_is_read() {
    let validator = validator();
    let mut count = 0;
    for entry in fs_err::read_dir(root("sweeps")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = fs_err::read_to_string(&path).unwrap();
        assert!(text.starts_with("#:schema ./sweep.schema.json\n"), "{}", path.display());
        let errors: Vec<String> = validator.iter_errors(&as_json(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        assert!(parse(&path, &text).is_ok(), "{}", path.display());
        count += 1;
    }
    assert!(count >= 2);
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = validator();
    let sound = "[data]\npath = \"a.csv\"\ntarget = \"y\"\n[model]\nhidden = [4]\n";
    assert!(validator.is_valid(&as_json(sound)));
    for wrong in [
        "[train]\nepoch = 3\n",
        "[train]\nepochs = 0\n",
        "[train]\nschedule = \"step\"\n",
        "[train]\nschedule = { name = \"step\", every = 3, factr = 1 }\n",
        "[train]\noptimizer = { learning_rate = 0.1 }\n",
        "[train]\nearly_stopping = true\n",
        "[train]\nclip = { by = \"norm\" }\n",
        "[train]\nl2 = -1\n",
        "[train]\naugmentation = \"no\"\n",
        "[train]\naugmentation = { rotate = 200 }\n",
        "[train]\naugmentation = { blur = 1 }\n",
        "[model.normalization]\nname = \"layer_norm\"\nform = \"torch\"\n",
        "[grid]\nepochs = 3\n",
        "[grid]\n\"model.depth\" = [3]\n",
        "[[grid]]\nepochs = [0]\n",
        "[architectures]\nwide = { widht = 2 }\n",
        "[architectures]\nconv = { layers = [] }\n",
        "[architectures]\nconv = { layers = [{ conv = 0 }] }\n",
        "[architectures]\nconv = { layers = [{ convolution = 8 }] }\n",
        "[architectures]\nconv = { layers = [{ pool = 2, kernel = 3 }] }\n",
    ] {
        let text = format!("{sound}{wrong}");
        assert!(parse(Path::new("a.toml"), &text).is_err(), "{wrong}");
        assert!(!validator.is_valid(&as_json(&text)), "{wrong}");
    }
}

#[test]
fn every_example_and_default_of_a_key_is_a_value_that_it_accepts() {
    let base = "data.path = \"a.csv\"\ndata.target = \"y\"\n";
    for (section, keys) in [("data", DATA), ("model", MODEL), ("train", TRAIN)] {
        for key in keys {
            let layers = if ["hidden", "layers"].contains(&key.name) { "" } else { "model.hidden = [4]\n" };
            let name = format!("{section}.{}", key.name);
            let base = base.replace(&format!("{name} = \"a.csv\"\n"), "").replace(&format!("{name} = \"y\"\n"), "");
            let is_of_classes = ["label_smoothing", "class_weights"].contains(&key.name);
            let task = if is_of_classes { "data.task = \"classification\"\n" } else { "" };
            let text = format!("{base}{task}{layers}{name} = {}\n", key.example);
            let read = parse(Path::new("a.toml"), &text);
            assert!(read.is_ok(), "{text}\n{:#?}", read.unwrap_err().list);
        }
    }
    for (key, choices, task) in [
        ("model.normalization", NORMALIZATIONS, ""),
        ("model.activation", ACTIVATIONS, ""),
        ("model.initializer", INITIALIZERS, ""),
        ("train.optimizer", OPTIMIZERS, ""),
        ("train.schedule", SCHEDULES, ""),
        ("train.loss", LOSSES, "data.task = \"classification\"\n"),
    ] {
        for choice in choices {
            let task = if choice.name.ends_with("entropy") { task } else { "" };
            let text = format!("{base}{task}model.hidden = [4]\n{key} = {}\n", choice.example);
            let read = parse(Path::new("a.toml"), &text);
            assert!(read.is_ok(), "{text}\n{:#?}", read.unwrap_err().list);
        }
    }
}

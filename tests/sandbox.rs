//! A folder of its own for every test, with a small data set, and the binary run in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A folder with `data.csv` in it.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// How the binary ended.
pub(crate) struct Ended {
    /// Its exit code; 128 and the signal's number where a signal ended it.
    pub(crate) code: i32,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// What it wrote to standard error.
    pub(crate) stderr: String,
}

impl Ended {
    /// Exit code, standard output and standard error in one text, without times and folders, for snapshots.
    pub(crate) fn everything(&self, sandbox: &Sandbox) -> String {
        let text = format!("exit {}\n--- stdout\n{}--- stderr\n{}", self.code, self.stdout, self.stderr);
        text.replace(&sandbox.path().display().to_string(), "[sandbox]")
    }
}

/// A text in one line, as lines are broken for the width of a page or of a terminal.
pub(crate) fn in_one_line(text: &str) -> String {
    text.split(|sign: char| sign.is_whitespace() || sign == '│')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Rows of the sandbox's data set.
const ROWS: u32 = 120;

impl Sandbox {
    /// A new one.
    pub(crate) fn new() -> Self {
        let sandbox = Self { folder: TempDir::new().unwrap() };
        sandbox.write("data.csv", small_data());
        sandbox
    }

    /// A new one with this sweep file as `sweep.toml`.
    pub(crate) fn of(sweep: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::new();
        sandbox.write("sweep.toml", sweep);
        sandbox
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, content).unwrap();
        path
    }

    /// Reads a file in it.
    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.path().join(name)).unwrap()
    }

    /// The rows of a CSV file in it, as cells by column.
    pub(crate) fn table(&self, name: &str) -> Vec<HashMap<String, String>> {
        let text = self.read(name);
        let mut lines = text.lines().map(cells);
        let header = lines.next().unwrap();
        lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
    }

    /// Whether a file stands in it.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// The binary with these arguments, to be run in it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swath"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("NO_COLOR", "1")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn swath(&self, arguments: &[&str]) -> Ended {
        ended(self.start(arguments))
    }

    /// Starts the binary.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }
}

/// The cells of a line of CSV. Between quotes a comma is part of a cell.
fn cells(line: &str) -> Vec<String> {
    let mut is_quoted = false;
    let parts = line.split(|sign: char| {
        is_quoted ^= sign == '"';
        sign == ',' && !is_quoted
    });
    parts.map(|cell| cell.trim_matches('"').to_owned()).collect()
}

/// Waits for the end of a started binary.
pub(crate) fn ended(child: Child) -> Ended {
    use std::os::unix::process::ExitStatusExt;
    let output = child.wait_with_output().unwrap();
    let code = output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap());
    Ended { code, stdout: String::from_utf8(output.stdout).unwrap(), stderr: String::from_utf8(output.stderr).unwrap() }
}

/// y = a * b + c, with a word column: made by whole numbers, so that it is the same everywhere.
fn small_data() -> String {
    let mut text = String::from("a,b,kind,y,class\n");
    for row in 0..ROWS {
        let a = f64::from(row * 37 % 101) / 50.0 - 1.0;
        let b = f64::from(row * 53 % 97) / 48.0 - 1.0;
        let kind = ["low", "middle", "high"][(row * 7 % 3) as usize];
        let y = a * b + f64::from(row * 7 % 3) / 2.0;
        let class = if y > 0.5 { "yes" } else { "no" };
        text.push_str(&format!("{a},{b},{kind},{y:.6},{class}\n"));
    }
    text
}

/// A sweep over the sandbox's data: 2 architectures x 2 epochs x 2 schedules, 3 replicates.
pub(crate) const SMALL_SWEEP: &str = r#"name = "small"
seed = 1
replicates = 3

[data]
path = "data.csv"
target = "y"
inputs = ["a", "b", "kind"]

[model]
hidden = [4]

[architectures]
baseline = {}
wide = { width = 2 }

[train]
optimizer = { name = "adam", learning_rate = 0.02 }
batch_size = 16

[grid]
architecture = ["baseline", "wide"]
epochs = [2, 4]
schedule = ["constant", { name = "step", factor = 0.5, every = 2 }]
"#;

/// The files that must be the same bytes for any threads, machine or interruption.
pub(crate) const COMPARED: [&str; 9] = [
    "trials.csv",
    "epochs.parquet",
    "summary.csv",
    "comparisons.csv",
    "effects.csv",
    "verdicts.csv",
    "expected_best.csv",
    "predictions.parquet",
    "ensembles.csv",
];

/// The content of the files that must not depend on how they were made, and of the report without its section on cost.
pub(crate) fn comparable(sandbox: &Sandbox, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = COMPARED
        .iter()
        .map(|name| {
            let path = sandbox.path().join(folder).join(name);
            ((*name).to_owned(), fs_err::read(path).unwrap())
        })
        .collect();
    files.push(("report.md".to_owned(), without_cost(&sandbox.read(&format!("{folder}/report.md"))).into_bytes()));
    files
}

/// A report up to its section on cost, which alone speaks of times and of the machine.
pub(crate) fn without_cost(report: &str) -> String {
    let (before, _) = report.split_once("## What it cost").expect("the report has a section on cost");
    before.to_owned()
}

/// Asserts that two sets of files are the same bytes, naming the first that is not.
pub(crate) fn assert_same(left: &[(String, Vec<u8>)], right: &[(String, Vec<u8>)]) {
    for ((name, left), (_, right)) in left.iter().zip(right) {
        assert!(left == right, "{name} differs:\n{}", first_difference(left, right));
    }
    assert_eq!(left.len(), right.len());
}

fn first_difference(left: &[u8], right: &[u8]) -> String {
    let (left, right) = (String::from_utf8_lossy(left), String::from_utf8_lossy(right));
    let differing = left.lines().zip(right.lines()).find(|(left, right)| left != right);
    differing.map_or_else(|| "one is longer".to_owned(), |(left, right)| format!("- {left}\n+ {right}"))
}

//! `swath speed-gate`: two builds timed in turn on one sweep, and their counts of instructions; for `just speed-gate`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use swath_report::number::{count, percent};
use swath_report::page::{Block, Table};
use swath_report::statistics::alternation::{BLOCK, FEWEST_BLOCKS};
use swath_report::statistics::{Alpha, Slowdown, log_ratio, slowdown};
use swath_report::write::markdown;

use crate::args::SpeedGateArguments;
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stderr, to_stdout};

/// Wrong once in five hundred nights.
const ALPHA: f64 = 0.002;

/// Times, judges and prints.
pub(crate) fn run(arguments: &SpeedGateArguments) -> Result<Exit, Failure> {
    let too_few =
        || Failure::Timing(format!("{FEWEST_BLOCKS} blocks are needed at least: write `--blocks {FEWEST_BLOCKS}`"));
    if arguments.blocks < FEWEST_BLOCKS {
        return Err(too_few());
    }
    let counts = match (&arguments.old_counts, &arguments.new_counts) {
        (Some(old), Some(new)) => compare(&read_counts(old)?, &read_counts(new)?),
        _ => Vec::new(),
    };
    let (ratios, against_itself) = time(arguments)?;
    let alpha = Alpha::new(ALPHA).unwrap_or(Alpha::FIVE_PERCENT);
    let slowdown = slowdown(&ratios, &against_itself, arguments.threshold, alpha).ok_or_else(too_few)?;
    let has_more = counts.iter().any(|counted| counted.share() > arguments.count_threshold);
    to_stdout(&printable(&markdown(&page(&slowdown, &counts, arguments.count_threshold))))?;
    Ok(if slowdown.is_slower || has_more { Exit::Regressed } else { Exit::Done })
}

/// Log ratios of blocks of the two builds, and of as many blocks of the old one against itself, in turn.
fn time(arguments: &SpeedGateArguments) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let [old, new] = [&arguments.old, &arguments.new].map(|program| Timed { program, arguments });
    // The first run of each pays for what the system then remembers.
    old.seconds()?;
    new.seconds()?;
    let (mut ratios, mut against_itself) = (Vec::new(), Vec::new());
    for block in 1..=arguments.blocks {
        ratios.extend(one_block(&old, &new)?);
        against_itself.extend(one_block(&old, &old)?);
        to_stderr(&format!("block {block} of {}\n", arguments.blocks));
    }
    Ok((ratios, against_itself))
}

fn one_block(old: &Timed<'_>, new: &Timed<'_>) -> Result<Option<f64>, Failure> {
    let mut seconds = [0.0; BLOCK.len()];
    for (seconds, is_new) in seconds.iter_mut().zip(BLOCK) {
        *seconds = if is_new { new.seconds()? } else { old.seconds()? };
    }
    Ok(log_ratio(seconds))
}

/// A build, and what it is timed on.
struct Timed<'a> {
    program: &'a Path,
    arguments: &'a SpeedGateArguments,
}

impl Timed<'_> {
    /// Seconds of one run of the whole sweep from nothing.
    fn seconds(&self) -> Result<f64, Failure> {
        let scratch = &self.arguments.scratch;
        let failed = |reason: String| Failure::Timing(format!("`{}`: {reason}", self.program.display()));
        let mut command = Command::new(self.program);
        command.arg("run").arg(&self.arguments.file).arg("--results").arg(scratch);
        command.args(["--quiet", "--threads", "1"]).stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let status = command.status().map_err(|error| failed(error.to_string()))?;
        let seconds = started.elapsed().as_secs_f64();
        if !status.success() {
            return Err(failed(status.to_string()));
        }
        fs_err::remove_dir_all(scratch).map_err(|error| failed(error.to_string()))?;
        Ok(seconds)
    }
}

/// Instructions of one thing in both builds.
struct Counted {
    name: String,
    old: u64,
    new: u64,
}

impl Counted {
    /// How many more the new build executes, as a share.
    fn share(&self) -> f64 {
        self.new as f64 / self.old as f64 - 1.0
    }
}

/// Lines of a name and a count.
fn read_counts(path: &Path) -> Result<Vec<(String, u64)>, Failure> {
    let wrong = |reason: String| Failure::Timing(format!("`{}` holds no counts: {reason}", path.display()));
    let text = fs_err::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let line = |line: &str| {
        let (name, number) = line.rsplit_once(' ')?;
        Some((name.to_owned(), number.parse().ok().filter(|number| *number > 0)?))
    };
    text.lines().map(|text| line(text).ok_or_else(|| wrong(format!("`{text}`")))).collect()
}

/// What both builds were counted on.
fn compare(old: &[(String, u64)], new: &[(String, u64)]) -> Vec<Counted> {
    let in_old = |name: &String| old.iter().find(|(known, _)| known == name).map(|(_, count)| *count);
    new.iter().filter_map(|(name, new)| Some(Counted { name: name.clone(), old: in_old(name)?, new: *new })).collect()
}

fn page(slowdown: &Slowdown, counts: &[Counted], count_threshold: f64) -> Vec<Block> {
    let verdict = if slowdown.is_slower { "slower" } else { "not shown to be slower" };
    let mut page = vec![
        Block::Heading(2, "Speed".to_owned()),
        Block::List(vec![
            format!("The new build is {verdict}: {} in {} blocks.", percent(slowdown.mean), slowdown.blocks),
            format!(
                "Between {} and {} slower (t bounds, alpha {ALPHA}).",
                percent(slowdown.low),
                percent(slowdown.high)
            ),
            format!(
                "It is called slower where the lower bound is over {}: at least three half widths of the old build against \
                 itself on this machine, now.",
                percent(slowdown.threshold)
            ),
            format!("A slowdown of less than {} would not have been seen.", percent(slowdown.smallest_seen)),
        ]),
    ];
    if counts.is_empty() {
        page.push(Block::Paragraph("Instructions were not counted.".to_owned()));
        return page;
    }
    let mut table = Table::new().words(["instructions of"]).numbers(["old", "new", "more"]).words(["answer"]);
    for counted in counts {
        let answer = if counted.share() > count_threshold { "regressed" } else { "passed" };
        table.row(vec![
            counted.name.clone(),
            count(counted.old),
            count(counted.new),
            format!("{:.3} %", 100.0 * counted.share()),
            answer.to_owned(),
        ]);
    }
    page.push(Block::Paragraph(format!(
        "Counts repeat exactly; more than {} is a regression.",
        percent(count_threshold)
    )));
    page.push(Block::Table(table));
    page
}

//! `swath compare A B`: two results folders held against each other; writes nothing.

use swath_report::answer::name_of;
use swath_report::compare::{Side, compare, document, text};

use super::left::{Left, open};
use crate::args::{CompareArguments, Format};
use crate::exit::{Exit, Failure};
use crate::output::{printable, to_stderr, to_stdout};

/// Compares and prints.
pub(crate) fn run(arguments: &CompareArguments) -> Result<Exit, Failure> {
    let (left_a, left_b) = (open(&arguments.a)?, open(&arguments.b)?);
    let [results_a, results_b] = [&left_a, &left_b].map(Left::results);
    let a = Side { results: &results_a, record: &left_a.record };
    let b = Side { results: &results_b, record: &left_b.record };
    let folders = [&arguments.a, &arguments.b].map(|folder| folder.display().to_string());
    let folders = folders.each_ref().map(String::as_str);
    let comparison = compare(a, b).map_err(Failure::Incomparable)?;
    for (letter, counts) in ["A", "B"].iter().zip(comparison.counts) {
        if counts.missing > 0 {
            to_stderr(&format!(
                "note: {letter} is partial: {} of {} trials have no outcome\n",
                counts.missing,
                counts.total()
            ));
        }
    }
    to_stdout(&match arguments.format {
        Format::Text => {
            let name = |side: usize, point: usize| name_of(if side == 0 { &results_a } else { &results_b }, point);
            printable(&text(&comparison, folders, &name))
        }
        Format::Json => format!("{:#}\n", document(&comparison, a, b, folders)),
    })?;
    Ok(Exit::Done)
}

//! What the run cost: the one section that differs between two runs of the same sweep.

use swath_results::run::RunRecord;

use crate::draw;
use crate::number::{count, figure, percent};
use crate::page::Block;
use crate::plot::{SavedSteps, TimelinePlot};
use crate::results::Results;
use crate::sentences::counted;

/// Time, threads, trials, steps, engine and machine of the latest run, what sharing epochs saved, and what each worker did.
pub(super) fn cost(results: &Results<'_>, record: &RunRecord) -> Vec<Block> {
    let run = &record.run;
    let mut items = vec![format!(
        "{} seconds on {}; engine {}; swath {}.",
        figure(run.seconds),
        counted(u64::from(run.threads), "thread"),
        run.engine,
        record.swath
    )];
    items.push(format!(
        "{}, {} distinct{}: {} trained, {} found in the journal.",
        counted(run.trials, "trial"),
        count(run.distinct_trials),
        if run.confirming > 0 { format!(", {} to confirm", count(run.confirming)) } else { String::new() },
        count(run.trained),
        count(run.reused)
    ));
    if run.steps_asked > 0 {
        let saved = 1.0 - run.steps_trained as f64 / run.steps_asked as f64;
        items.push(format!(
            "{} asked for, {} computed: {} saved by training shared epochs once.",
            counted(run.steps_asked, "optimiser step"),
            count(run.steps_trained),
            percent(saved)
        ));
    }
    let machine = &record.machine;
    let processor = if machine.processor.is_empty() { "a processor of unknown name" } else { &machine.processor };
    items.push(format!(
        "Machine: {}, {processor}, {}.",
        machine.system,
        counted(u64::from(machine.processors), "processor")
    ));
    if !run.complete {
        items.push("The latest run has not come to its end.".to_owned());
    }
    let saved = SavedSteps::new(results).map(|plot| draw::saved_steps::picture(&plot));
    let timeline = TimelinePlot::new(&record.timeline).map(|plot| draw::timeline::picture(&plot));
    let mut blocks = vec![Block::Heading(2, "What it cost".to_owned()), Block::List(items)];
    blocks.extend(saved.into_iter().chain(timeline).map(|picture| Block::Picture(Box::new(picture))));
    blocks
}

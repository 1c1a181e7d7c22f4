//! What cannot be said, in words.

use super::counted;
use crate::answer::Limit;
use crate::number::count;

/// A limit in words.
pub fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Partial { done, asked } => format!(
            "Partial: {} of {} trials have an outcome; all that follows is about these.",
            count(*done),
            count(*asked)
        ),
        Limit::UnlikeLosses { axes, metric } => format!(
            "{} {} what the loss measures, so no loss below compares its levels, and the best by loss may only have \
             the smallest unit: compare them by the {metric} columns of summary.csv.",
            axes.join(" and "),
            if axes.len() == 1 { "changes" } else { "change" }
        ),
        Limit::NothingFinished => "No trial finished, so nothing can be said about the settings.".to_owned(),
        Limit::NoCompletePoint => {
            "Every point lacks a replicate (diverged, failed or not yet trained), so none is called best.".to_owned()
        }
        Limit::IncompletePoints { points } => format!(
            "{} a replicate (diverged, failed or not yet trained) and so could not be best.",
            if *points == 1 { "1 point lacks".to_owned() } else { format!("{} points lack", count(*points as u64)) }
        ),
        Limit::FewReplicates { replicates: 1 } => {
            "With 1 replicate nothing tells a difference from the luck of the seed: ask for 5 or more.".to_owned()
        }
        Limit::FewReplicates { replicates } => format!(
            "With {} the intervals are so wide that they say little: ask for 5 or more.",
            counted(u64::from(*replicates), "replicate")
        ),
        Limit::NoTest { chosen_by, reads } => format!(
            "The sweep keeps no test rows: the best point's {chosen_by} stands on the rows that chose it, so it reads \
             {reads}. Set `test` in [data] to have an honest figure."
        ),
        Limit::NotConfirmed { replicates, done: _, asked: None } => format!(
            "Not confirmed yet: once every trial of the grid has an outcome, a run trains the best point and the baseline \
             again on {}.",
            counted(u64::from(*replicates), "fresh replicate")
        ),
        Limit::NotConfirmed { replicates: _, done, asked: Some(asked) } => {
            format!("Not confirmed yet: {} of {} have an outcome.", count(*done), counted(*asked, "fresh trial"))
        }
        Limit::Entangled { axis } => {
            format!("{axis} never changes alone, so its levels cannot be told from what changes with them.")
        }
    }
}

/// All axes that never change alone, in one sentence.
pub(super) fn entangled(limits: &[Limit]) -> Option<String> {
    let mut axes: Vec<&str> = limits
        .iter()
        .filter_map(|limit| match limit {
            Limit::Entangled { axis } => Some(axis.as_str()),
            _ => None,
        })
        .collect();
    let last = axes.pop()?;
    if axes.is_empty() {
        return Some(limit(&Limit::Entangled { axis: last.to_owned() }));
    }
    Some(format!(
        "{} and {last} never change alone, so their levels cannot be told from what changes with them.",
        axes.join(", ")
    ))
}

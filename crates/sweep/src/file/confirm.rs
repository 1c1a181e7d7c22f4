//! `confirm`: how many fresh replicates the winner and the baseline are trained on, and whether they can be fresh.

use std::num::NonZeroU32;

use swath_core::spec::DataSpec;

use super::fields::Fields;
use super::problem::{Found, Problem, count};
use super::tree::Table;

/// Reads the key; the outer `None`: it is wrong, and that is told.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn read(
    root: &Table,
    fields: &Fields<'_>,
    data: &[DataSpec],
    max_trials: u32,
    found: &mut Found,
) -> Option<Option<NonZeroU32>> {
    let Some(confirm) = fields.optional_count("confirm")? else { return Some(None) };
    let span = root.get("confirm").map(|node| node.span.clone()).unwrap_or_default();
    let trials = 2 * u64::from(confirm.get());
    if trials > u64::from(max_trials) {
        let message = format!(
            "`confirm = {confirm}` may train {} on top of the grid, more than the limit of {}",
            count(trials, "trial"),
            count(max_trials, "trial")
        );
        let help = format!("write at most `confirm = {}`; 5 to 20 say much", (max_trials / 2).max(1));
        found.report(&span, message, "too many fresh replicates", help);
        return None;
    }
    if data.iter().any(|spec| !spec.resplit && spec.test <= 0.0) {
        let resplit = root.get("data").and_then(|node| node.table()?.get("resplit")).map(|node| node.span.clone());
        found.add(Problem {
            message:
                "`confirm` needs rows that had no part in choosing the winner: with `resplit = false` and without \
                      test rows, every replicate is judged by the rows that chose it"
                    .to_owned(),
            span,
            label: "nothing would be fresh but the seed".to_owned(),
            help: Some("keep test rows, for example `test = 0.2` in `[data]`, or write `resplit = true`".to_owned()),
            also: resplit.map(|span| (span, "the same rows in every replicate".to_owned())).into_iter().collect(),
        });
        return None;
    }
    Some(Some(confirm))
}

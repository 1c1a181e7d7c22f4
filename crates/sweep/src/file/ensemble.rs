//! `[ensemble]`: how many points are combined, and whether they can be.

use std::num::NonZeroU32;

use swath_core::spec::DataSpec;

use super::fields::Fields;
use super::keys::ENSEMBLE;
use super::problem::{Found, Problem, count};
use super::tree::{Node, Table};

/// Reads the table; the outer `None`: it is wrong, and that is told.
#[expect(clippy::option_option, reason = "wrong, absent and present are three things")]
pub(super) fn read(root: &Table, data: &[DataSpec], points: usize, found: &mut Found) -> Option<Option<NonZeroU32>> {
    let Some(section) = root.get("ensemble") else { return Some(None) };
    let table = section.table()?;
    let members = Fields::new(Some(table), ENSEMBLE).count("points")?;
    let span = table.get("points").map(|node| node.span.clone()).unwrap_or_default();
    if u64::from(members.get()) > points as u64 {
        let message = format!(
            "an ensemble of {members} points cannot be made of a grid that has {}",
            count(points as u64, "point")
        );
        let help = if points < 2 {
            "give the grid more points, or leave `[ensemble]` out: the replicates of the only point are combined anyway"
                .to_owned()
        } else {
            format!("write at most `points = {points}`, or give the grid more of them")
        };
        found.report(&span, message, "more than there are", help);
        return None;
    }
    if data.iter().any(|spec| spec.test <= 0.0) {
        let test = root.get("data").and_then(Node::table).and_then(|table| table.get("test"));
        found.add(Problem {
            message:
                "ensembles are judged on test rows, and the sweep keeps none: the validation rows choose the members \
                      and fit the stacked ones"
                    .to_owned(),
            span: section.span.clone(),
            label: "nothing to judge them by".to_owned(),
            help: Some("keep test rows, for example `test = 0.2` in `[data]`".to_owned()),
            also: test.map(|node| (node.span.clone(), "no test rows".to_owned())).into_iter().collect(),
        });
        return None;
    }
    Some(Some(members))
}

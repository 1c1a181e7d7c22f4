//! `zip`: axes of a grid that walk together.

use super::axes::Axis;
use super::nearest;
use super::path;
use super::problem::{Found, Problem, count};
use super::tree::{Node, Table, shown};

const EXAMPLE: &str = "for example `zip = [[\"epochs\", \"batch_size\"]]`";

/// Reads `zip`: for each entry its axes; what is wrong is left out.
pub(super) fn read(node: &Node, grid: &Table, axes: &[Axis], found: &mut Found) -> Vec<Vec<usize>> {
    let Some(entries) = node.list() else {
        let message = format!("`zip` must be a list of lists of axes, not {}", node.describe());
        found.report(&node.span, message, "expected a list of lists", EXAMPLE.to_owned());
        return Vec::new();
    };
    let mut zips: Vec<Vec<usize>> = Vec::new();
    for entry in entries {
        let Some(names) = entry.list() else {
            let message = format!("an entry of `zip` must be a list of axes, not {}", entry.describe());
            found.report(&entry.span, message, "expected a list", EXAMPLE.to_owned());
            continue;
        };
        if names.len() < 2 {
            let help = EXAMPLE.to_owned();
            found.report(&entry.span, "an entry of `zip` needs two axes or more", "nothing to walk with", help);
            continue;
        }
        if let Some(zip) = read_entry(names, grid, axes, &zips, found) {
            zips.push(zip);
        }
    }
    zips
}

fn read_entry(
    names: &[Node],
    grid: &Table,
    axes: &[Axis],
    earlier: &[Vec<usize>],
    found: &mut Found,
) -> Option<Vec<usize>> {
    let mut zip: Vec<usize> = Vec::new();
    let mut is_sound = true;
    for node in names {
        let Some(index) = find_axis(node, grid, axes, found) else {
            is_sound = false;
            continue;
        };
        if zip.contains(&index) || earlier.iter().any(|other| other.contains(&index)) {
            let message = format!("the axis `{}` stands twice in `zip`", shown(node.text().unwrap_or_default()));
            found.report(&node.span, message, "here again", "name each axis once".to_owned());
            is_sound = false;
            continue;
        }
        let first = zip.first().and_then(|&first| axes.get(first));
        if let (Some(first), Some(axis)) = (first, axes.get(index))
            && first.written != axis.written
        {
            let (one, other) = (count(first.written as u64, "value"), count(axis.written as u64, "value"));
            found.add(Problem {
                message: format!(
                    "`{}` has {one} and `{}` has {other}: they cannot walk together",
                    first.name, axis.name
                ),
                span: node.span.clone(),
                label: "zipped with an axis of another length".to_owned(),
                help: Some("give both the same number of values, or take one out of `zip`".to_owned()),
                also: vec![(first.list.clone(), one), (axis.list.clone(), other)],
            });
            is_sound = false;
            continue;
        }
        zip.push(index);
    }
    let lengths = zip.iter().filter_map(|&index| axes.get(index)).map(|axis| axis.values.len());
    (is_sound && lengths.clone().min() == lengths.max()).then_some(zip)
}

/// The axis that a text names; what is wrong is reported, unless the axis itself was wrong already.
fn find_axis(node: &Node, grid: &Table, axes: &[Axis], found: &mut Found) -> Option<usize> {
    let Some(name) = node.text() else {
        let message = format!("an axis is named by a string, not {}", node.describe());
        found.report(&node.span, message, "expected a string", EXAMPLE.to_owned());
        return None;
    };
    let index = axis_named(name, axes);
    if index.is_none() && grid.get(name).is_none() {
        report_unknown(name, &node.span, "zip", axes, found);
    }
    index
}

/// The position of an axis by its name, short or full.
pub(super) fn axis_named(name: &str, axes: &[Axis]) -> Option<usize> {
    axes.iter().position(|axis| axis.path == path::full(name))
}

/// Reports a name that is no axis of this grid.
pub(super) fn report_unknown(name: &str, span: &std::ops::Range<usize>, what: &str, axes: &[Axis], found: &mut Found) {
    let names: Vec<&str> = axes.iter().map(|axis| axis.name.as_str()).collect();
    let message = format!("`{what}` names `{}`, which is no axis of this grid", shown(name));
    let help = if names.is_empty() { "this grid has no axes".to_owned() } else { nearest::help(name, &names) };
    found.report(span, message, "no such axis here", help);
}

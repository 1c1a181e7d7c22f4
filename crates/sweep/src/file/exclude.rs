//! `exclude`: points of a grid that are left out.

use std::ops::Range;

use super::axes::{Axis, quoted};
use super::nearest;
use super::problem::Found;
use super::tree::{Node, Table, shown};
use super::zip::{axis_named, report_unknown};

const EXAMPLE: &str = "for example `exclude = [{ architecture = \"deep\", batch_size = 16 }]`";

/// Every point is held against every rule, so there may not be any number of them.
const MOST_RULES: usize = 1000;

/// A rule: axes with the level that must match; and its place.
pub(super) type Rule = (Vec<(usize, u32)>, Range<usize>);

/// Reads `exclude`; rules that are wrong are left out.
pub(super) fn read(node: &Node, grid: &Table, axes: &[Axis], found: &mut Found) -> Vec<Rule> {
    let Some(entries) = node.list() else {
        let message = format!("`exclude` must be a list of tables, not {}", node.describe());
        found.report(&node.span, message, "expected a list of tables", EXAMPLE.to_owned());
        return Vec::new();
    };
    if entries.len() > MOST_RULES {
        let help = "write several `[[grid]]` without the points instead".to_owned();
        found.report(&node.span, format!("`exclude` has more than {MOST_RULES} entries"), "too many", help);
    }
    let mut rules = Vec::new();
    for entry in entries.iter().take(MOST_RULES) {
        let Some(table) = entry.table() else {
            let message = format!("an entry of `exclude` must be a table, not {}", entry.describe());
            found.report(&entry.span, message, "expected a table", EXAMPLE.to_owned());
            continue;
        };
        if table.entries.is_empty() {
            let help = EXAMPLE.to_owned();
            found.report(&entry.span, "an empty entry of `exclude` removes every point", "names no axis", help);
            continue;
        }
        if let Some(rule) = read_rule(table, grid, axes, found) {
            rules.push((rule, entry.span.clone()));
        }
    }
    rules
}

fn read_rule(table: &Table, grid: &Table, axes: &[Axis], found: &mut Found) -> Option<Vec<(usize, u32)>> {
    let mut rule: Vec<(usize, u32)> = Vec::new();
    let mut is_sound = true;
    for entry in &table.entries {
        let Some(index) = axis_named(&entry.key, axes) else {
            is_sound = false;
            if grid.get(&entry.key).is_none() {
                report_unknown(&entry.key, &entry.key_span, "exclude", axes, found);
            }
            continue;
        };
        if rule.iter().any(|(other, _)| *other == index) {
            let message = format!("`exclude` names the axis `{}` twice", shown(&entry.key));
            found.report(&entry.key_span, message, "the same axis again", "name each axis once".to_owned());
            is_sound = false;
            continue;
        }
        let Some(named) = axes.get(index) else { continue };
        let level = named.values.iter().position(|value| value.same(&entry.node));
        if let Some(level) = level.and_then(|level| u32::try_from(level).ok()) {
            rule.push((index, level));
            continue;
        }
        is_sound = false;
        if named.is_whole() {
            report_level(entry.key.as_str(), &entry.node, &named.values, found);
        }
    }
    is_sound.then_some(rule)
}

fn report_level(name: &str, node: &Node, values: &[Node], found: &mut Found) {
    let message = format!("`exclude` names {}, which is no value of the axis `{}`", node.describe(), shown(name));
    let near = node.text().and_then(|text| nearest::nearest(text, values.iter().filter_map(Node::text)));
    let help = if let Some(near) = near {
        format!("did you mean `\"{near}\"`?")
    } else {
        let mut written: Vec<String> = values.iter().take(12).map(quoted).collect();
        if values.len() > written.len() {
            written.push("...".to_owned());
        }
        format!("its values: {}", written.join(", "))
    };
    found.report(&node.span, message, "not on this axis", help);
}

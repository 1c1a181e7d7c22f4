//! `[grid]` as written: its axes with their values, `zip` and `exclude`.

use std::collections::HashMap;
use std::ops::Range;

use super::architecture::Architectures;
use super::check::check;
use super::exclude;
use super::keys::Key;
use super::nearest;
use super::path;
use super::problem::{Found, Problem};
use super::tree::{Entry, Node, Table, Value, shown};
use super::zip;
use crate::grid::Shape;

/// Grids that a file may have at most.
const MOST_GRIDS: usize = 1000;

/// One grid.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Its axes, in the order of the file.
    pub(super) axes: Vec<Axis>,
    /// The same by indices, with what walks together and what is removed.
    pub(super) shape: Shape,
    /// The place of each rule of `exclude`.
    pub(super) excludes: Vec<Range<usize>>,
    /// Whether every axis was understood.
    pub(super) is_whole: bool,
    /// Where it stands.
    pub(super) span: Range<usize>,
}

/// One axis.
#[derive(Debug)]
pub(super) struct Axis {
    /// As written.
    pub(super) name: String,
    /// Its full path, which is the axis' identity.
    pub(super) path: String,
    /// The place of its name.
    pub(super) span: Range<usize>,
    /// The place of its list.
    pub(super) list: Range<usize>,
    /// Its values, each different, without those that cannot be.
    pub(super) values: Vec<Node>,
    /// How many values are written.
    pub(super) written: usize,
    /// For the axis of architectures: which.
    pub(super) architectures: Vec<usize>,
}

/// The grids of a file: none, `[grid]`, or several `[[grid]]`. A file without one has a grid without axes.
pub(super) fn read(node: Option<&Node>, architectures: &Architectures, found: &mut Found) -> Vec<Grid> {
    let Some(node) = node else {
        return vec![read_grid(&Table::default(), &(0..0), architectures, found)];
    };
    let tables: Vec<&Node> = match &node.value {
        Value::List(list) => list.iter().collect(),
        _ => vec![node],
    };
    if tables.len() > MOST_GRIDS {
        let help = "join grids that differ in one axis only".to_owned();
        found.report(&node.span, format!("more than {MOST_GRIDS} grids"), "too many", help);
    }
    let mut grids = Vec::new();
    for table in tables.into_iter().take(MOST_GRIDS) {
        let Value::Table(axes) = &table.value else {
            let message = format!("`grid` must be a table of axes, not {}", table.describe());
            found.report(&table.span, message, "expected a table", "write `[grid]` on a line of its own".to_owned());
            continue;
        };
        grids.push(read_grid(axes, &table.span, architectures, found));
    }
    if grids.is_empty() && found.is_empty() {
        found.report(&node.span, "`grid` is an empty list", "no grid", "write `[grid]`, or leave it out".to_owned());
    }
    grids
}

fn read_grid(table: &Table, span: &Range<usize>, architectures: &Architectures, found: &mut Found) -> Grid {
    let before = found.len();
    let mut axes: Vec<Axis> = Vec::new();
    for entry in table.entries.iter().filter(|entry| entry.key != "zip" && entry.key != "exclude") {
        if found.is_full() {
            break;
        }
        let Some(new) = read_axis(entry, architectures, found) else { continue };
        if let Some(first) = axes.iter().find(|other| other.path == new.path) {
            found.add(Problem {
                message: format!("the axis `{}` stands twice, as `{}` too", new.name, first.name),
                span: new.span,
                label: "the same axis again".to_owned(),
                help: Some("take one of them out".to_owned()),
                also: vec![(first.span.clone(), "first here".to_owned())],
            });
            continue;
        }
        axes.push(new);
    }
    let is_whole = found.len() == before;
    let lengths = axes.iter().map(|axis| u32::try_from(axis.values.len()).unwrap_or(u32::MAX)).collect();
    let zips = table.get("zip").map_or_else(Vec::new, |node| zip::read(node, table, &axes, found));
    let rules = table.get("exclude").map_or_else(Vec::new, |node| exclude::read(node, table, &axes, found));
    let (excludes, spans) = rules.into_iter().unzip();
    Grid { axes, shape: Shape { lengths, zips, excludes }, excludes: spans, is_whole, span: span.clone() }
}

fn read_axis(entry: &Entry, architectures: &Architectures, found: &mut Found) -> Option<Axis> {
    let path = path::full(&entry.key);
    if let (false, Value::Table(below)) = (path::is_axis(path), &entry.node.value)
        && path::SECTIONS.iter().any(|(section, _)| *section == entry.key)
    {
        let inner = below.entries.first().map_or("...", |below| below.key.as_str());
        let message = format!("the dotted name of an axis must stand in quotes: `\"{}.{}\"`", entry.key, shown(inner));
        let help = format!("write `\"{}.{}\" = [...]`", entry.key, shown(inner));
        found.report(&entry.key_span, message, "without quotes this is a table", help);
        return None;
    }
    if !path::is_axis(path) {
        let message = format!("`{}` is no axis", shown(&entry.key));
        found.report(&entry.key_span, message, "not a setting that can vary", path::help(path));
        return None;
    }
    let name = &entry.key;
    let Some(list) = entry.node.list() else {
        let message = format!("the axis `{name}` must be a list of values, not {}", entry.node.describe());
        let written = if name.contains('.') { format!("\"{name}\"") } else { name.clone() };
        let shown = if entry.node.table().is_some() { "...".to_owned() } else { quoted(&entry.node) };
        found.report(&entry.node.span, message, "expected a list", format!("write `{written} = [{shown}]`"));
        return None;
    };
    if list.is_empty() {
        let help = "give it values, or take the axis out".to_owned();
        found.report(&entry.node.span, format!("the axis `{name}` has no values"), "an empty list", help);
        return None;
    }
    if path == path::ARCHITECTURE && architectures.names().is_empty() {
        let help = "add `[architectures]`, for example with `wide = { width = 2 }`".to_owned();
        found.report(&entry.key_span, "the axis `architecture` needs `[architectures]`", "there are none", help);
        return None;
    }
    let mut axis = Axis {
        name: name.clone(),
        path: path.to_owned(),
        span: entry.key_span.clone(),
        list: entry.node.span.clone(),
        values: Vec::new(),
        written: list.len(),
        architectures: Vec::new(),
    };
    let keys = path::keys_at(path);
    let mut seen: HashMap<String, Range<usize>> = HashMap::new();
    for value in list {
        if check_value(value, &mut axis, &keys, architectures, found) && is_new(value, name, &mut seen, found) {
            axis.values.push(value.clone());
        } else if path == path::ARCHITECTURE {
            axis.architectures.truncate(axis.values.len());
        }
    }
    (!axis.values.is_empty()).then_some(axis)
}

fn check_value(node: &Node, axis: &mut Axis, keys: &[&Key], architectures: &Architectures, found: &mut Found) -> bool {
    if axis.path == path::ARCHITECTURE {
        let Some(name) = node.text() else {
            let message = format!("an architecture is named by a string, not {}", node.describe());
            let help = format!("known here: {}", nearest::listed(&architectures.names()));
            found.report(&node.span, message, "expected a string", help);
            return false;
        };
        let names = architectures.names();
        let Some(index) = names.iter().position(|known| *known == name) else {
            let message = format!("there is no architecture `{}`", shown(name));
            found.report(&node.span, message, "not in `[architectures]`", nearest::help(name, &names));
            return false;
        };
        axis.architectures.push(index);
        return true;
    }
    // A setting that several choices have is checked with each choice, point by point.
    match keys {
        [only] => check(node, only, &axis.path, found),
        _ => true,
    }
}

fn is_new(node: &Node, name: &str, seen: &mut HashMap<String, Range<usize>>, found: &mut Found) -> bool {
    // "cosine" and { name = "cosine" } have one label, and mean the same.
    for identity in [node.identity(), format!("label {}", node.label())] {
        if let Some(first) = seen.get(&identity).filter(|first| **first != node.span) {
            found.add(Problem {
                message: format!("{} stands twice on the axis `{name}`", shown(&node.label())),
                span: node.span.clone(),
                label: "the same value again".to_owned(),
                help: Some("take one of them out".to_owned()),
                also: vec![(first.clone(), "first here".to_owned())],
            });
            return false;
        }
        seen.insert(identity, node.span.clone());
    }
    true
}

impl Axis {
    /// Whether none of its values was left out.
    pub(super) fn is_whole(&self) -> bool {
        self.values.len() == self.written
    }
}

/// A value as it would be written.
pub(super) fn quoted(node: &Node) -> String {
    node.text().map_or_else(|| node.label(), |text| format!("\"{}\"", shown(text)))
}

//! Which point of one folder is which of the other: by labels of axes, by settings, by keys.

use std::collections::{HashMap, HashSet};

use super::side::Side;

/// Points of both folders, and those of one alone, by their places in the manifests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// In A's order.
    pub matched: Vec<Matched>,
    /// Points of A that B has not, or that could be several of B's.
    pub only_a: Vec<usize>,
    /// Points of B that A has not, or that could be several of A's.
    pub only_b: Vec<usize>,
    /// Axes that A alone has.
    pub axes_only_a: Vec<String>,
    /// Axes that B alone has.
    pub axes_only_b: Vec<String>,
    /// Points of A that look like several of B's, or several of A like one of B's, so that they are not matched.
    pub ambiguous: usize,
}

/// One point in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched {
    /// Its place in A.
    pub a: usize,
    /// Its place in B.
    pub b: usize,
}

impl Matching {
    /// Points are the same where all axes that both have stand at the same labels, and an axis that one alone has
    /// stands at what the other has for all its points. Where several points still look alike, none is matched. What is
    /// left is matched by its keys, which say the same whatever points are called.
    pub(crate) fn of(a: Side<'_>, b: Side<'_>) -> Self {
        let [of_a, of_b] = [a, b].map(|side| side.results.manifest());
        let names = |side: Side<'_>| -> Vec<String> {
            side.results.manifest().axes.iter().map(|axis| axis.name.clone()).collect()
        };
        let (names_a, names_b) = (names(a), names(b));
        let common: Vec<String> = names_a.iter().filter(|name| names_b.contains(name)).cloned().collect();
        let axes_only_a: Vec<String> = names_a.iter().filter(|name| !common.contains(name)).cloned().collect();
        let axes_only_b: Vec<String> = names_b.iter().filter(|name| !common.contains(name)).cloned().collect();
        let by_labels_a = by_labels(a, b, &common, &axes_only_a);
        let by_labels_b = by_labels(b, a, &common, &axes_only_b);

        let mut matching = Self { axes_only_a, axes_only_b, ..Self::default() };
        let mut partners: HashMap<usize, usize> = HashMap::new();
        let mut ambiguous: Vec<usize> = Vec::new();
        for (labels, points) in &by_labels_a {
            match (points.as_slice(), by_labels_b.get(labels).map(Vec::as_slice)) {
                ([point], Some([other])) => drop(partners.insert(*point, *other)),
                (_, Some(_)) => ambiguous.extend(points),
                (_, None) => {}
            }
        }
        let mut taken: HashSet<usize> = partners.values().copied().collect();
        let first_keys: HashMap<_, usize> =
            (0..of_b.points.len()).rev().filter_map(|point| Some((of_b.key(point, 0)?, point))).collect();
        for point in 0..of_a.points.len() {
            let by_labels = partners.get(&point).copied();
            let by_key = || {
                let other = first_keys.get(&of_a.key(point, 0)?).copied();
                other.filter(|other| taken.insert(*other))
            };
            match by_labels.or_else(by_key) {
                Some(other) => matching.matched.push(Matched { a: point, b: other }),
                None => matching.only_a.push(point),
            }
        }
        matching.ambiguous = ambiguous.iter().filter(|point| matching.only_a.contains(point)).count();
        let known: HashSet<usize> = matching.matched.iter().map(|matched| matched.b).collect();
        matching.only_b = (0..of_b.points.len()).filter(|point| !known.contains(point)).collect();
        matching
    }
}

/// Points by their labels on the common axes, in the order of those. Of an axis that the other side lacks, only points
/// at the other side's setting are taken, where that is known to be one of its levels.
fn by_labels(side: Side<'_>, other: Side<'_>, common: &[String], own: &[String]) -> HashMap<Vec<String>, Vec<usize>> {
    let manifest = side.results.manifest();
    let place = |name: &String| manifest.axis(name);
    let common: Vec<usize> = common.iter().filter_map(place).collect();
    let fixed: Vec<(usize, String)> = own
        .iter()
        .filter_map(|name| {
            let axis = manifest.axis(name)?;
            let label = label_of_setting(other, name)?;
            let known = manifest.axes.get(axis)?.levels.iter().any(|level| level.label == label);
            known.then_some((axis, label))
        })
        .collect();
    let mut points: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for point in 0..manifest.points.len() {
        if fixed.iter().all(|(axis, label)| manifest.label(point, *axis) == label) {
            let labels = common.iter().map(|axis| manifest.label(point, *axis).to_owned()).collect();
            points.entry(labels).or_default().push(point);
        }
    }
    points
}

/// The label that a setting without an axis would have as a level, where it is a number, a word or a truth value.
fn label_of_setting(side: Side<'_>, axis: &str) -> Option<String> {
    // The short names of axes are settings of training.
    let name = if axis.contains('.') { axis.to_owned() } else { format!("train.{axis}") };
    match side.setting(&name)? {
        toml::Value::String(word) => Some(word.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

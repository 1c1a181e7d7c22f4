//! The levels of an axis with names that are short enough to be drawn.

use swath_results::Manifest;

/// An axis as pictures name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisLevels {
    /// Its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// The name without the table that it stands in, where no other axis has the same: `learning_rate`.
    pub short_name: String,
    /// The labels of its levels.
    pub labels: Vec<String>,
    /// The labels without their settings, where no other level has the same: `step` for `step(factor=0.5, every=10)`.
    pub short_labels: Vec<String>,
}

impl AxisLevels {
    /// `None` outside the manifest.
    pub fn new(manifest: &Manifest, place: usize) -> Option<Self> {
        let axis = manifest.axes.get(place)?;
        let names: Vec<&str> = manifest.axes.iter().map(|axis| axis.name.as_str()).collect();
        let labels: Vec<&str> = axis.levels.iter().map(|level| level.label.as_str()).collect();
        let short_name = shortest(&names, |name| name.rsplit_once('.').map_or(name, |(_, last)| last));
        let short_labels = shortest(&labels, |label| label.split_once('(').map_or(label, |(first, _)| first));
        Some(Self {
            axis: place,
            name: axis.name.clone(),
            short_name: short_name.get(place).copied().unwrap_or_default().to_owned(),
            short_labels: short_labels.into_iter().map(str::to_owned).collect(),
            labels: labels.into_iter().map(str::to_owned).collect(),
        })
    }

    /// All axes that have more than one level.
    pub fn several(manifest: &Manifest) -> Vec<Self> {
        (0..manifest.axes.len())
            .filter_map(|place| Self::new(manifest, place))
            .filter(|axis| axis.labels.len() > 1)
            .collect()
    }

    /// The label of a level; empty outside the axis.
    pub fn label(&self, level: usize) -> &str {
        self.labels.get(level).map_or("", String::as_str)
    }

    /// The short label of a level; empty outside the axis.
    pub fn short_label(&self, level: usize) -> &str {
        self.short_labels.get(level).map_or("", String::as_str)
    }
}

/// Each name made short, where that is not empty and no other name becomes the same.
fn shortest<'a>(names: &[&'a str], short: fn(&'a str) -> &'a str) -> Vec<&'a str> {
    let mut sorted: Vec<&str> = names.iter().map(|name| short(name)).collect();
    sorted.sort_unstable();
    let is_alone = |name: &str| {
        let first = sorted.partition_point(|other| *other < name);
        sorted.get(first + 1).is_none_or(|next| *next != name)
    };
    names
        .iter()
        .map(|name| Some(short(name)).filter(|short| !short.is_empty() && is_alone(short)).unwrap_or(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::AxisLevels;
    use crate::tests::fixture::Sweep;

    #[test]
    fn names_are_short_where_they_stay_different() {
        let axes: &[(&str, &[&str])] = &[
            ("schedule", &["constant", "step(factor=0.5)", "cosine", "cosine(alpha=0.1)", "(x)"]),
            ("train.optimizer", &["sgd(learning_rate=0.1)", "adam"]),
            ("a.rate", &["1"]),
            ("b.rate", &["1"]),
        ];
        let sweep = Sweep::new(Task::Regression, axes, 1);
        let axis = |place: usize| AxisLevels::new(&sweep.manifest, place).unwrap();
        assert_eq!(axis(0).short_labels, ["constant", "step", "cosine", "cosine(alpha=0.1)", "(x)"]);
        assert_eq!(
            (axis(1).short_name.as_str(), axis(1).short_label(0), axis(1).short_label(9)),
            ("optimizer", "sgd", "")
        );
        assert_eq!((axis(2).short_name.as_str(), axis(3).short_name.as_str()), ("a.rate", "b.rate"));
        assert_eq!(AxisLevels::several(&sweep.manifest).len(), 2);
    }
}

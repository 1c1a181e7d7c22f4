//! Which axis of a sweep is which setting.

use swath_results::Manifest;

/// Settings that a sweep file may name without the table that they stand in.
const SHORT: [&str; 3] = ["train.epochs", "train.batch_size", "train.schedule"];

/// The axis of a setting, given by its full path (`train.batch_size`), where it has at least two levels; `None` where
/// there is none.
pub fn of_setting(manifest: &Manifest, path: &str) -> Option<usize> {
    named(manifest, path).filter(|axis| manifest.axes.get(*axis).is_some_and(|axis| axis.levels.len() > 1))
}

/// The same with one level, too.
pub fn named(manifest: &Manifest, path: &str) -> Option<usize> {
    let short = SHORT.contains(&path).then(|| path.rsplit_once('.').map_or(path, |(_, name)| name));
    manifest.axes.iter().position(|axis| axis.name == path || Some(axis.name.as_str()) == short)
}

/// The axes of a setting and of what stands inside it: of `train.optimizer` also `train.optimizer.learning_rate`.
pub fn inside(manifest: &Manifest, path: &str) -> Vec<usize> {
    let is_inside = |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    (0..manifest.axes.len())
        .filter(|axis| manifest.axes.get(*axis).is_some_and(|axis| axis.levels.len() > 1 && is_inside(&axis.name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    #[test]
    fn an_axis_is_found_by_its_full_path_under_either_name() {
        let axes: [(&str, &[&str]); 4] = [
            ("batch_size", &["16", "32"]),
            ("train.epochs", &["2", "3"]),
            ("train.optimizer.learning_rate", &["0.1", "0.2"]),
            ("schedule", &["constant"]),
        ];
        let sweep = Sweep::new(Task::Regression, &axes, 1);
        let at = |path: &str| of_setting(&sweep.manifest, path);
        assert_eq!([at("train.batch_size"), at("train.epochs"), at("batch_size")], [Some(0), Some(1), Some(0)]);
        assert_eq!(at("train.schedule"), None, "one level is no choice");
        assert_eq!(named(&sweep.manifest, "train.schedule"), Some(3));
        assert_eq!(inside(&sweep.manifest, "train.optimizer"), [2]);
        assert_eq!(inside(&sweep.manifest, "train.opt"), [0; 0]);
    }
}

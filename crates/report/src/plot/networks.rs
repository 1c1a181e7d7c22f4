//! The architectures as networks: layers, parameters, and what came of each.

use crate::answer::Answer;
use crate::contrast::Comparison;
use crate::results::Results;
use crate::statistics::{Summary, Verdict};

/// Networks that are drawn: the first of more.
pub const MOST_NETWORKS: usize = 8;

/// The architectures of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworksPlot {
    /// The axis of architectures, by its place in the manifest.
    pub axis: usize,
    /// What they are compared by: `test loss`.
    pub figure: String,
    /// The first [`MOST_NETWORKS`] that have a drawing.
    pub networks: Vec<Network>,
    /// Networks that have no drawing, as there are too many.
    pub left_out: usize,
}

/// An architecture.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The level, by its place on the axis.
    pub level: usize,
    /// Its name.
    pub name: String,
    /// The image and the layers that see it, in words; empty where there are none.
    pub image_layers: Vec<String>,
    /// Units of every dense layer, what enters the first and the outputs included.
    pub layers: Vec<u32>,
    /// Trainable parameters.
    pub parameters: u64,
    /// What architectures are compared by, averaged over all other settings; `None` where no replicate has it.
    pub loss: Option<Summary>,
    /// Against the first architecture: the difference as a share of its value, and the verdict; `None` for the first.
    pub against_first: Option<(f64, Verdict)>,
}

impl NetworksPlot {
    /// The networks of the architectures; `None` where there is no such axis, or none whose layers are known.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let axis = results.manifest().axis(crate::answer::ARCHITECTURE)?;
        let known = answer.architectures()?;
        let mut networks: Vec<Network> = known
            .levels
            .iter()
            .enumerate()
            .filter(|(_, level)| level.layers.len() > 1)
            .map(|(place, level)| {
                let against = known.against_first(place);
                Network {
                    level: place,
                    name: level.label.clone(),
                    image_layers: level.image_layers.clone(),
                    layers: level.layers.clone(),
                    parameters: level.parameters.unwrap_or(0),
                    loss: if answer.compared_by.is_test() { level.test } else { level.validation },
                    against_first: against.and_then(Comparison::relative).zip(against.map(|found| found.verdict)),
                }
            })
            .collect();
        let left_out = networks.len().saturating_sub(MOST_NETWORKS);
        networks.truncate(MOST_NETWORKS);
        (!networks.is_empty()).then(|| Self { axis, figure: answer.compared_by_name.clone(), networks, left_out })
    }
}

/// What is drawn of a column of things: the places of those that are, and whether others are left out after the first
/// half of them. Up to `most` are all drawn, of more the first and the last.
pub fn abbreviated(count: usize, most: usize) -> (Vec<usize>, bool) {
    if count <= most {
        return ((0..count).collect(), false);
    }
    let shown = most.saturating_sub(2).max(2);
    let first = shown.div_ceil(2);
    ((0..first).chain(count - (shown - first)..count).collect(), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixture::Sweep;
    use swath_results::manifest::Task;

    #[test]
    fn every_architecture_has_its_layers_its_parameters_and_what_came_of_it() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let answer = Answer::new(&results);
        let plot = NetworksPlot::new(&results, &answer).unwrap();
        assert_eq!((plot.networks.len(), plot.left_out, plot.figure.as_str()), (4, 0, "test loss"));
        assert_eq!(plot.networks[2].layers, [4, 4, 8, 8, 4, 1]);
        assert_eq!(plot.networks[3].parameters, 697);
        assert!(plot.networks[0].against_first.is_none());
        let (share, verdict) = plot.networks[1].against_first.unwrap();
        assert!((-0.09..-0.07).contains(&share) && verdict == Verdict::Better, "{share}");
    }

    #[test]
    fn a_sweep_without_architectures_has_no_networks() {
        let sweep = Sweep::new(Task::Regression, &[("epochs", &["2", "3"])], 2);
        let results = sweep.results();
        assert_eq!(NetworksPlot::new(&results, &Answer::new(&results)), None);
    }

    #[test]
    fn of_many_units_the_first_and_the_last_are_drawn() {
        assert_eq!(abbreviated(12, 12), ((0..12).collect(), false));
        assert_eq!(abbreviated(64, 12), (vec![0, 1, 2, 3, 4, 59, 60, 61, 62, 63], true));
        assert_eq!(abbreviated(10, 9), (vec![0, 1, 2, 3, 7, 8, 9], true));
        assert_eq!(abbreviated(0, 12), (vec![], false));
    }
}

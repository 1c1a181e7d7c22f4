//! Who trains together next: strands of one shape, as many as the engine takes at once.
//!
//! Strands that are ready wait in groups of one shape. A worker that is free takes a pack from the group that fills it
//! best, and of those that fill it equally from the one with the most work left. Lanes that a finished strand left are
//! filled by forks and by trials that have not begun, so that packs stay full to the end of a group.

use std::collections::{BinaryHeap, HashMap};

use swath_core::engine::{Engine, Shape, Training};

use crate::root::Root;
use crate::strand::ReadyStrand;

/// What a worker trains for an epoch.
pub(crate) struct Pack<'a, E: Engine> {
    /// Where its strands come back to.
    pub(crate) group: usize,
    /// How many of them train together at most.
    pub(crate) width: usize,
    pub(crate) strands: Vec<ReadyStrand<E>>,
    /// To be started, for want of strands.
    pub(crate) roots: Vec<Root<'a>>,
}

/// Everything that waits for a worker.
pub(crate) struct Waiting<'a, E: Engine> {
    groups: Vec<Group<'a, E>>,
}

struct Group<'a, E: Engine> {
    /// What it trains, in words.
    label: String,
    width: usize,
    /// Multiply-adds of one step, about.
    weight_of_a_step: u64,
    /// Those with the most epochs left come first.
    strands: BinaryHeap<Longest<E>>,
    /// The last one comes first.
    roots: Vec<Root<'a>>,
    /// Steps that all of them ask for.
    steps_left: u64,
}

impl<E: Engine> Group<'_, E> {
    fn available(&self) -> usize {
        self.strands.len() + self.roots.len()
    }

    fn work_left(&self) -> u64 {
        self.steps_left.saturating_mul(self.weight_of_a_step)
    }
}

impl<'a, E: Engine> Waiting<'a, E> {
    /// Groups roots, of each group those with the most epochs first.
    pub(crate) fn new(engine: &E, roots: Vec<Root<'a>>) -> Self {
        let mut groups: Vec<Group<'a, E>> = Vec::new();
        let mut by_shape: HashMap<Shape, usize> = HashMap::new();
        // Trials of one point have one shape, but for the number of rows.
        let mut by_point: HashMap<(u32, usize), usize> = HashMap::new();
        for root in roots {
            let Some((trial, _)) = root.trials.first() else { continue };
            let training = &root.training;
            let index = *by_point.entry((trial.point, training.data.train.rows())).or_insert_with(|| {
                *by_shape.entry(training.shape()).or_insert_with(|| {
                    let weight_of_a_step = training.network.parameters() * u64::from(training.batch_size);
                    let width = engine.width(training).max(1);
                    let (strands, roots) = (BinaryHeap::new(), Vec::new());
                    let label = label(training);
                    groups.push(Group { label, width, weight_of_a_step, strands, roots, steps_left: 0 });
                    groups.len() - 1
                })
            });
            if let Some(group) = groups.get_mut(index) {
                group.steps_left += root.steps_asked();
                group.roots.push(root);
            }
        }
        for group in &mut groups {
            group.roots.reverse();
            group.roots.sort_by_key(Root::longest);
        }
        Self { groups }
    }

    /// What each group trains, in words; several may have the same.
    pub(crate) fn labels(&self) -> Vec<String> {
        self.groups.iter().map(|group| group.label.clone()).collect()
    }

    /// The next pack for one of `idle` workers; `None` where nothing waits.
    pub(crate) fn take(&mut self, idle: usize) -> Option<Pack<'a, E>> {
        let waiting: usize = self.groups.iter().map(Group::available).sum();
        // Towards the end, when there is less than a full pack for each worker, they share what there is.
        let share = waiting.div_ceil(idle.max(1));
        let fill = |group: &Group<'a, E>| group.available().min(group.width);
        let (index, group) = self.groups.iter_mut().enumerate().filter(|(_, group)| group.available() > 0).max_by_key(
            |(index, group)| (fill(group) * 64 / group.width, group.work_left(), std::cmp::Reverse(*index)),
        )?;
        let count = fill(group).min(share);
        let mut pack = Pack { group: index, width: group.width, strands: Vec::with_capacity(count), roots: Vec::new() };
        while pack.strands.len() < count
            && let Some(Longest(ready)) = group.strands.pop()
        {
            group.steps_left = group.steps_left.saturating_sub(ready.strand.steps_left_of_all());
            pack.strands.push(ready);
        }
        while pack.strands.len() + pack.roots.len() < count
            && let Some(root) = group.roots.pop()
        {
            group.steps_left = group.steps_left.saturating_sub(root.steps_asked());
            pack.roots.push(root);
        }
        Some(pack)
    }

    /// Takes back strands that go on.
    pub(crate) fn put_back(&mut self, group: usize, strands: impl IntoIterator<Item = ReadyStrand<E>>) {
        let Some(group) = self.groups.get_mut(group) else { return };
        for ready in strands {
            group.steps_left += ready.strand.steps_left_of_all();
            group.strands.push(Longest(ready));
        }
    }
}

/// `4-8-4-1, batch 32`.
fn label(training: &Training) -> String {
    format!("{}, batch {}", training.network, training.batch_size)
}

/// Ordered by the epochs that are left.
struct Longest<E: Engine>(ReadyStrand<E>);

impl<E: Engine> Ord for Longest<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.strand.epochs_left().cmp(&other.0.strand.epochs_left())
    }
}

impl<E: Engine> PartialOrd for Longest<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E: Engine> PartialEq for Longest<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<E: Engine> Eq for Longest<E> {}

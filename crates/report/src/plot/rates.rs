//! The learning rates that trainings had, epoch by epoch: schedules as they ran.

use std::collections::BTreeMap;

use super::{Shown, spread};
use crate::axes;
use crate::results::Results;

/// Schedules that have a panel.
const MOST_PANELS: usize = 16;

/// Lines of a panel; of more courses, so many that are evenly spread.
const MOST_LINES: usize = 40;

/// Trainings that are looked at.
const MOST_TRIALS: usize = 10_000;

/// The setting whose levels have a panel each.
const SCHEDULE: &str = "train.schedule";

/// The learning rates, schedule by schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct RatesPlot {
    /// The axis of schedules, by its place in the manifest, if the sweep has one.
    pub axis: Option<usize>,
    /// One for each schedule, in the manifest's order; one for all trainings where there is no such axis.
    pub panels: Vec<Schedule>,
    /// Schedules that have no panel, as there are too many.
    pub panels_left_out: usize,
    /// Whether trainings of the sweep were not looked at, as there are too many.
    pub is_sample: bool,
}

/// The learning rates under one schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The level, by its place on the axis.
    pub level: Option<usize>,
    /// How it is named.
    pub label: String,
    /// The courses that differ, the smallest first rate first.
    pub courses: Vec<Course>,
    /// Courses that are not drawn, as there are too many.
    pub courses_left_out: usize,
    /// How many trainings had any of these.
    pub trainings: usize,
}

/// A course of the learning rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The rate of the first step of each epoch.
    pub rates: Vec<f32>,
    /// Trainings that had it, or ended before they differed from it; each is counted with one course.
    pub trainings: usize,
}

impl RatesPlot {
    /// The courses of the learning rate at the shown points; `None` where no rate ever changed.
    pub fn new(results: &Results<'_>, shown: &Shown) -> Option<Self> {
        let manifest = results.manifest();
        let axis = axes::named(manifest, SCHEDULE);
        let levels = axis.and_then(|axis| manifest.axes.get(axis)).map_or(1, |axis| axis.levels.len());
        let mut courses: Vec<BTreeMap<Vec<u32>, usize>> = vec![BTreeMap::new(); levels.min(MOST_PANELS)];
        let replicates = (MOST_TRIALS / shown.points.len().max(1)).max(1);
        for point in &shown.points {
            let level = axis.and_then(|axis| manifest.points.get(*point)?.levels.get(axis).copied()).unwrap_or(0);
            let Some(courses) = courses.get_mut(level as usize) else { continue };
            for outcome in results.point(*point).take(replicates).filter_map(|trial| trial.outcome) {
                let rates = outcome.curves.learning_rate().iter().take_while(|rate| rate.is_finite());
                // No rate is negative, so that bits are in the order of the rates.
                let rates: Vec<u32> = rates.map(|rate| rate.to_bits()).collect();
                if !rates.is_empty() {
                    *courses.entry(rates).or_default() += 1;
                }
            }
        }
        let label = |place: usize| match axis {
            Some(axis) => {
                manifest.axes.get(axis).and_then(|axis| axis.levels.get(place)).map(|level| level.label.clone())
            }
            None => Some("all trainings".to_owned()),
        };
        let panels: Vec<Schedule> = courses
            .into_iter()
            .enumerate()
            .filter_map(|(place, courses)| Schedule::new(axis.map(|_| place), label(place)?, courses))
            .collect();
        panels.iter().any(Schedule::changes).then_some(Self {
            axis,
            panels,
            panels_left_out: levels.saturating_sub(MOST_PANELS),
            is_sample: shown.is_sample() || replicates < manifest.replicates as usize,
        })
    }
}

impl Schedule {
    fn new(level: Option<usize>, label: String, courses: BTreeMap<Vec<u32>, usize>) -> Option<Self> {
        let trainings = courses.values().sum();
        let mut apart: Vec<Course> = Vec::new();
        // From the last to the first, so that a course comes after those that go on from it.
        let mut longer: Vec<u32> = Vec::new();
        for (bits, trainings) in courses.into_iter().rev() {
            match apart.last_mut() {
                Some(course) if longer.starts_with(&bits) => course.trainings += trainings,
                _ => {
                    apart.push(Course { rates: bits.iter().map(|bits| f32::from_bits(*bits)).collect(), trainings });
                    longer = bits;
                }
            }
        }
        apart.reverse();
        let all = apart.len();
        let mut drawn = spread(all, MOST_LINES).peekable();
        let is_drawn = |(place, _): &(usize, Course)| drawn.next_if_eq(place).is_some();
        let courses: Vec<Course> = apart.into_iter().enumerate().filter(is_drawn).map(|(_, course)| course).collect();
        let courses_left_out = all - courses.len();
        (!courses.is_empty()).then_some(Self { level, label, courses, courses_left_out, trainings })
    }

    /// Whether a rate changes in the course of a training.
    pub fn changes(&self) -> bool {
        self.courses.iter().any(|course| course.rates.windows(2).any(|pair| pair.first() != pair.last()))
    }

    /// The smallest and the largest of all rates.
    pub fn span(&self) -> Option<(f32, f32)> {
        let rates = || self.courses.iter().flat_map(|course| course.rates.iter().copied());
        Some((rates().reduce(f32::min)?, rates().reduce(f32::max)?))
    }
}

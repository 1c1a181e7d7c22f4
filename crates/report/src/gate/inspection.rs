//! Every point against the baseline, and the answer of the whole.

use swath_results::Outcome;
use swath_results::row::Ending;
use thiserror::Error;

use super::judgement::{Evidence, Finding, Judged, Terms, judge};
use crate::answer::name_of;
use crate::averaging::Rows;
use crate::compare::{
    Change, Incomparable, Matched, Matching, Obstacle, Pairing, Side, changes, check, contradictions, has_unlike_losses,
};
use crate::figure::{Figure, Quantity};
use crate::objective::direction_of;
use crate::results::{Counts, Results};
use crate::statistics::Direction;
use crate::tables::comparisons::compared;

/// Results held against a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Name of the sweep.
    pub name: String,
    /// How its trials ended.
    pub counts: Counts,
    /// Replicates of each point.
    pub replicates: u32,
    /// The answer.
    pub finding: Finding,
    /// What was asked.
    pub terms: Terms,
    /// The figures that were compared, each with its column.
    pub figures: Vec<(Figure, String)>,
    /// What is not the same in settings, data, program and machine: of the baseline (A) and of the results (B).
    pub changes: Vec<Change>,
    /// Why no difference can be judged; empty where all can.
    pub obstacles: Vec<String>,
    /// Every point of the results, in their order, and then those of the baseline alone.
    pub points: Vec<GatedPoint>,
    /// Over all points, averaged within each replicate, a figure each; none where nothing was tested.
    pub overall: Vec<Judged>,
    /// Trials of equal keys with other results: the program does not compute what it did.
    pub contradictions: u64,
}

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub struct GatedPoint {
    /// Its levels in words; of many axes those alone at which it differs from the first point.
    pub name: String,
    /// Its place in the results; `None` where it is of the baseline alone.
    pub place: Option<usize>,
    /// How it stands to the baseline.
    pub state: State,
}

/// How a point stands to the baseline.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Every trial ended with the same bits.
    SameBits,
    /// Its differences were judged; of several figures this is the one that decides.
    Judged(Judged),
    /// The baseline has it, the results do not.
    Gone,
    /// The results have it, the baseline does not.
    New,
    /// So many trials failed.
    Failed(u64),
    /// So many trials diverged that finished in the baseline.
    Diverged(u64),
    /// So many trials have no outcome.
    Missing(u64),
    /// No replicate finished in both, or what they show cannot be compared.
    NothingToCompare,
}

impl State {
    /// The answer.
    pub fn finding(&self) -> Finding {
        match self {
            Self::SameBits => Finding::Passed,
            Self::Judged(judged) => judged.finding,
            Self::Gone | Self::Failed(_) | Self::Diverged(_) => Finding::Regressed,
            Self::New | Self::Missing(_) | Self::NothingToCompare => Finding::CannotTell,
        }
    }
}

impl Gate {
    /// A figure in words: `test loss`.
    pub fn words(&self, figure: Figure) -> String {
        let name = self.figures.iter().find(|(known, _)| *known == figure).map(|(_, name)| name.replace('_', " "));
        name.unwrap_or_default()
    }

    /// Whether all of it is the same bits as the baseline.
    pub fn is_same_bits(&self) -> bool {
        self.points.iter().all(|point| point.state == State::SameBits)
    }
}

/// Why a folder cannot be held against a baseline at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unusable {
    /// They have no figure in common.
    #[error("A is the baseline, B what is held against it: {0}")]
    Incomparable(Incomparable),
    /// The figure that `[gate]` names was not measured.
    #[error("`[gate]` compares `{0}`, but the sweep keeps no test rows; write `metric = \"validation_loss\"`")]
    NotMeasured(String),
}

/// Holds results against a baseline.
///
/// # Errors
/// They have nothing to be compared by.
pub fn inspect(new: Side<'_>, baseline: Side<'_>, terms: Terms) -> Result<Gate, Unusable> {
    check(baseline, new).map_err(Unusable::Incomparable)?;
    let figures = figures(new, baseline, &terms)?;
    let metric = &new.results.manifest().objective.metric;
    let asked: Vec<Asked> =
        figures.iter().map(|(figure, _)| Asked { figure: *figure, direction: direction_of(*figure, metric) }).collect();
    let obstacles = obstacles(new, baseline, &figures);
    let matching = Matching::of(new, baseline);
    let mut points: Vec<GatedPoint> = Vec::new();
    let mut family: Vec<Evidence> = Vec::new();
    // Whose each of the family is.
    let mut owners: Vec<usize> = Vec::new();
    let mut contradicting = 0;
    let mut matched = matching.matched.iter().peekable();
    for place in 0..new.results.manifest().points.len() {
        let name = short_name(new.results, place);
        let state = match matched.next_if(|matched| matched.a == place) {
            None => State::New,
            Some(matched) => {
                contradicting += contradictions(new.results, baseline.results, *matched, has_same_bits);
                let state = examine(new.results, baseline.results, *matched);
                if state == State::NothingToCompare && obstacles.is_empty() {
                    let found = asked.iter().filter_map(|asked| asked.of(new.results, baseline.results, *matched));
                    family.extend(found);
                    owners.resize(family.len(), points.len());
                }
                state
            }
        };
        points.push(GatedPoint { name, place: Some(place), state });
    }
    for place in &matching.only_b {
        points.push(GatedPoint { name: short_name(baseline.results, *place), place: None, state: State::Gone });
    }
    for (owner, judged) in owners.iter().zip(judge(&family, &terms)) {
        if let Some(point) = points.get_mut(*owner) {
            point.state =
                State::Judged(if let State::Judged(known) = point.state { known.worse(judged) } else { judged });
        }
    }
    let over_all = |asked: &Asked| asked.overall(new.results, baseline.results, &matching);
    let overall: Vec<Evidence> =
        if family.is_empty() { Vec::new() } else { asked.iter().filter_map(over_all).collect() };
    let overall = judge(&overall, &terms);
    let findings = points.iter().map(|point| point.state.finding()).chain(overall.iter().map(|judged| judged.finding));
    Ok(Gate {
        name: new.results.manifest().name.clone(),
        counts: new.results.counts(),
        replicates: new.results.manifest().replicates,
        finding: findings.max().unwrap_or(Finding::CannotTell),
        terms,
        changes: changes(baseline, new),
        obstacles,
        overall,
        points,
        figures,
        contradictions: contradicting as u64,
    })
}

/// What is compared, each with its column.
fn figures(new: Side<'_>, baseline: Side<'_>, terms: &Terms) -> Result<Vec<(Figure, String)>, Unusable> {
    let named = |figure: Figure| (figure, new.results.column(figure));
    match terms.figure {
        Some(figure) if figure.is_test() && !new.results.is_tested() => {
            Err(Unusable::NotMeasured(new.results.column(figure)))
        }
        Some(figure) => Ok(vec![named(figure)]),
        None => {
            let is_in_both = |figure: &Figure| baseline.results.figures().contains(figure);
            Ok(compared(new.results).into_iter().filter(is_in_both).map(named).collect())
        }
    }
}

/// Axes up to which a point's name says all its levels.
const MOST_AXES: usize = 4;

/// The levels of a point in words; in a sweep of many axes those alone that are not as at its first point.
fn short_name(results: &Results<'_>, point: usize) -> String {
    let manifest = results.manifest();
    if manifest.axes.len() <= MOST_AXES {
        return name_of(results, point);
    }
    let differs = |(axis, _): &(usize, _)| manifest.label(point, *axis) != manifest.label(0, *axis);
    let levels = manifest.axes.iter().enumerate().filter(differs);
    let words: Vec<String> =
        levels.map(|(place, axis)| format!("{} {}", axis.name, manifest.label(point, place))).collect();
    if words.is_empty() { "the first point".to_owned() } else { words.join(", ") }
}

/// Why differences cannot be judged.
fn obstacles(new: Side<'_>, baseline: Side<'_>, figures: &[(Figure, String)]) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Pairing::Unpaired(obstacles) = Pairing::of(baseline, new) {
        reasons.extend(obstacles.into_iter().map(|obstacle| match obstacle {
            Obstacle::Seed => "the seed changed".to_owned(),
            Obstacle::Data => "the data changed".to_owned(),
            Obstacle::Split(name) => format!("{name} changed"),
        }));
    }
    let is_metric = |figure: &Figure| matches!(figure, Figure::Held { quantity: Quantity::Metric, .. });
    if !figures.iter().all(|(figure, _)| is_metric(figure)) && has_unlike_losses(baseline, new) {
        reasons.push("losses are in other units".to_owned());
    }
    let [metric, metric_before] = [new, baseline].map(|side| &side.results.manifest().objective.metric);
    if figures.iter().any(|(figure, _)| is_metric(figure)) && metric != metric_before {
        reasons.push(format!("the metric changed from {metric_before} to {metric}"));
    }
    reasons
}

/// The state of a point; [`State::NothingToCompare`] until its differences are judged.
fn examine(new: &Results<'_>, baseline: &Results<'_>, matched: Matched) -> State {
    let (mut failed, mut diverged, mut missing, mut is_same) = (0, 0, 0, true);
    let mut trials = new.point(matched.a);
    for before in baseline.point(matched.b) {
        let now = trials.next().and_then(|trial| trial.outcome);
        let before = before.outcome;
        is_same &= now.zip(before).is_some_and(|(now, before)| has_same_bits(now, before));
        match now.map(|outcome| &outcome.ending) {
            None => missing += 1,
            Some(Ending::Failed { .. }) => failed += 1,
            Some(Ending::Diverged { .. }) => {
                diverged += u64::from(before.is_some_and(|before| matches!(before.ending, Ending::Finished(_))));
            }
            Some(Ending::Finished(_)) => {}
        }
    }
    match (failed, diverged, missing) {
        (1.., _, _) => State::Failed(failed),
        (0, 1.., _) => State::Diverged(diverged),
        (0, 0, 1..) => State::Missing(missing),
        (0, 0, 0) if is_same => State::SameBits,
        (0, 0, 0) => State::NothingToCompare,
    }
}

/// Whether two trials ended in the same way, with the same scores, bit for bit; curves are left out, as a baseline does not
/// keep them. A failed trial has no result.
fn has_same_bits(one: &Outcome, other: &Outcome) -> bool {
    match (&one.ending, &other.ending) {
        (Ending::Finished(one), Ending::Finished(other)) => {
            let figures = || Figure::all().into_iter();
            let bits = |scores| figures().map(move |figure| figure.of(scores).map(f32::to_bits)).collect::<Vec<_>>();
            (one.best_epoch, one.restored_epoch) == (other.best_epoch, other.restored_epoch) && bits(one) == bits(other)
        }
        (Ending::Diverged { epoch: one }, Ending::Diverged { epoch: other }) => one == other,
        _ => false,
    }
}

/// A figure, and which way it improves.
struct Asked {
    figure: Figure,
    direction: Direction,
}

impl Asked {
    /// The differences of one point.
    fn of(&self, new: &Results<'_>, baseline: &Results<'_>, matched: Matched) -> Option<Evidence> {
        let (now, before) = (new.values(matched.a, self.figure), baseline.values(matched.b, self.figure));
        Evidence::new(self.figure, &now, &before, self.direction)
    }

    /// The differences of all points in both, averaged within each replicate over those of which enough finished.
    fn overall(&self, new: &Results<'_>, baseline: &Results<'_>, matching: &Matching) -> Option<Evidence> {
        let common = new.manifest().replicates.min(baseline.manifest().replicates) as usize;
        let (mut now, mut before) = (Rows::default(), Rows::default());
        for matched in &matching.matched {
            now.push(new.row(matched.a, self.figure).get(..common)?);
            before.push(baseline.row(matched.b, self.figure).get(..common)?);
        }
        let (kept, _) = now.fullest_in_both(&before);
        Evidence::new(self.figure, &now.averages(&kept), &before.averages(&kept), self.direction)
    }
}

//! What each worker did when: spans of one group's packs, merged until few are left, for a picture of the run.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use swath_results::run::{Timeline, WorkerSpan};

/// Spans that all workers may have together, about: more than a picture can show.
const MOST_SPANS: usize = 500;

/// Spans that one worker may have at least, however many workers there are.
const FEWEST_OF_A_WORKER: usize = 4;

/// Spans of one group that follow each other within this time, in seconds, are one.
const FIRST_GRAIN: f64 = 1e-3;

/// Keeps the time of a run's workers.
#[derive(Debug)]
pub struct Timekeeper {
    started: Instant,
    threads: usize,
    /// What is trained together, each label once.
    labels: Mutex<Vec<String>>,
    /// One a worker; taken out by the worker while it works.
    workers: Mutex<Vec<WorkerSpans>>,
}

impl Timekeeper {
    /// For so many workers of a run that began at `started`.
    pub fn new(started: Instant, threads: usize) -> Self {
        let most = (MOST_SPANS / threads.max(1)).max(FEWEST_OF_A_WORKER);
        let workers = vec![WorkerSpans::new(most); threads];
        Self { started, threads, labels: Mutex::default(), workers: Mutex::new(workers) }
    }

    /// The places of these labels among all; new ones are added.
    pub(crate) fn places(&self, labels: &[String]) -> Vec<u32> {
        let mut known = lock(&self.labels);
        let place = |label: &String| {
            let found = known.iter().position(|known| known == label).unwrap_or_else(|| {
                known.push(label.clone());
                known.len() - 1
            });
            found as u32
        };
        labels.iter().map(place).collect()
    }

    /// Takes out the spans of a worker, to be brought back when it has nothing more to do.
    pub(crate) fn take(&self, worker: usize) -> WorkerSpans {
        let mut workers = lock(&self.workers);
        workers.get_mut(worker).map(|spans| std::mem::replace(spans, WorkerSpans::new(spans.most))).unwrap_or_default()
    }

    /// Brings them back.
    pub(crate) fn bring_back(&self, worker: usize, spans: WorkerSpans) {
        if let Some(place) = lock(&self.workers).get_mut(worker) {
            *place = spans;
        }
    }

    /// Seconds since the run began.
    pub(crate) fn seconds(&self, instant: Instant) -> f64 {
        instant.saturating_duration_since(self.started).as_secs_f64()
    }

    /// What the workers did, with at most about 500 spans.
    pub fn timeline(&self) -> Timeline {
        let mut timeline = Timeline { groups: lock(&self.labels).clone(), ..Timeline::default() };
        for (worker, spans) in lock(&self.workers).iter_mut().take(self.threads).enumerate() {
            spans.coarsen_to(spans.most);
            timeline.busy_seconds.push(rounded(spans.busy));
            timeline.spans.extend(spans.list.iter().map(|span| span.of(worker as u32)));
        }
        timeline
    }
}

/// Nothing that runs under these locks leaves a value half-changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The spans of one worker, in the order of time.
#[derive(Debug, Clone, Default)]
pub(crate) struct WorkerSpans {
    list: Vec<Span>,
    most: usize,
    /// Neighbours that together are shorter than this become one.
    grain: f64,
    /// Seconds of training.
    busy: f64,
}

/// One worker, training packs of one group (or mostly of one).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    /// Place of its label.
    pub(crate) group: u32,
    /// Seconds since the run began.
    pub(crate) start: f64,
    /// Seconds since the run began.
    pub(crate) end: f64,
    /// Seconds of training in it.
    pub(crate) busy: f64,
    /// States that were trained side by side, times the seconds of training.
    pub(crate) lane_seconds: f64,
}

impl WorkerSpans {
    fn new(most: usize) -> Self {
        Self { list: Vec::new(), most, grain: FIRST_GRAIN, busy: 0.0 }
    }

    /// Adds what came after all that is known.
    pub(crate) fn add(&mut self, span: Span) {
        self.busy += span.busy;
        append(&mut self.list, span, self.grain);
        // Twice as many are let through, so that merging is rare.
        if self.list.len() > 2 * self.most {
            self.coarsen_to(self.most);
        }
    }

    fn coarsen_to(&mut self, most: usize) {
        while self.list.len() > most.max(1) {
            self.grain *= 2.0;
            let spans = std::mem::take(&mut self.list);
            for span in spans {
                append(&mut self.list, span, self.grain);
            }
        }
    }
}

fn append(list: &mut Vec<Span>, span: Span, grain: f64) {
    match list.last_mut() {
        Some(last)
            if (last.group == span.group && span.start - last.end <= grain) || span.end - last.start <= grain =>
        {
            *last = last.and(span);
        }
        _ => list.push(span),
    }
}

impl Span {
    /// Both as one, which is of the group that trained longer.
    fn and(self, next: Self) -> Self {
        Self {
            group: if next.busy > self.busy { next.group } else { self.group },
            start: self.start,
            end: next.end,
            busy: self.busy + next.busy,
            lane_seconds: self.lane_seconds + next.lane_seconds,
        }
    }

    fn of(self, worker: u32) -> WorkerSpan {
        WorkerSpan {
            worker,
            group: self.group,
            start: rounded(self.start),
            end: rounded(self.end),
            busy: rounded(self.busy),
            lanes: if self.busy > 0.0 { rounded(self.lane_seconds / self.busy) } else { 0.0 },
        }
    }
}

/// To a millionth: clocks tell no more, and the file stays short.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn span(group: u32, start: f64, end: f64, lanes: f64) -> Span {
        Span { group, start, end, busy: end - start, lane_seconds: lanes * (end - start) }
    }

    fn kept(spans: &[Span], most: usize) -> Vec<WorkerSpan> {
        let mut kept = WorkerSpans::new(most);
        for span in spans {
            kept.add(*span);
        }
        kept.coarsen_to(most);
        kept.list.iter().map(|span| span.of(0)).collect()
    }

    #[test]
    fn spans_of_one_group_that_follow_each_other_are_one_and_a_pause_shows() {
        let spans = [span(0, 0.0, 1.0, 8.0), span(0, 1.0, 2.0, 4.0), span(1, 2.0, 3.0, 8.0), span(1, 5.0, 6.0, 2.0)];
        let seen: Vec<(u32, f64, f64, f64)> =
            kept(&spans, 10).iter().map(|span| (span.group, span.start, span.end, span.lanes)).collect();
        assert_eq!(seen, [(0, 0.0, 2.0, 6.0), (1, 2.0, 3.0, 8.0), (1, 5.0, 6.0, 2.0)]);
    }

    #[test]
    fn a_worker_goes_on_where_it_stopped_and_labels_stand_once() {
        let started = Instant::now();
        let keeper = Timekeeper::new(started, 2);
        for round in 0..2 {
            assert_eq!(keeper.places(&["a".to_owned(), "b".to_owned(), "a".to_owned()]), [0, 1, 0]);
            let mut spans = keeper.take(1);
            let at = f64::from(round) * 10.0;
            spans.add(span(round, at, at + 2.0, 4.0));
            keeper.bring_back(1, spans);
        }
        let timeline = keeper.timeline();
        assert_eq!(
            (timeline.groups.as_slice(), timeline.busy_seconds.as_slice()),
            (&["a".into(), "b".into()][..], &[0.0, 4.0][..])
        );
        assert_eq!(timeline.spans.iter().map(|span| (span.worker, span.group)).collect::<Vec<_>>(), [(1, 0), (1, 1)]);
        assert!((keeper.seconds(started + Duration::from_millis(1500)) - 1.5).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn however_many_spans_there_are_few_remain_in_order_and_no_second_is_lost(
            lengths in prop::collection::vec((0_u32..5, 0.0..0.01_f64, 0.0..0.02_f64, 1.0..16.0_f64), 0..3000),
            most in 4_usize..40,
        ) {
            let mut now = 0.0;
            let mut spans = Vec::new();
            for (group, pause, length, lanes) in lengths {
                spans.push(span(group, now + pause, now + pause + length, lanes));
                now += pause + length;
            }
            let kept = kept(&spans, most);
            prop_assert!(kept.len() <= most);
            prop_assert!(kept.windows(2).all(|pair| pair[0].end <= pair[1].start + 1e-6));
            let busy = |spans: f64, kept: f64| (spans - kept).abs() < 1e-6 * most as f64 + 1e-6;
            prop_assert!(busy(spans.iter().map(|span| span.busy).sum(), kept.iter().map(|span| span.busy).sum()));
            prop_assert!(kept.iter().all(|span| span.busy <= span.end - span.start + 2e-6 && span.lanes <= 16.0));
        }
    }
}

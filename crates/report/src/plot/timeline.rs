//! What each worker of the latest run did when.

use swath_results::run::{Timeline, WorkerSpan};

use crate::draw::palette::SERIES;

/// Workers that have a row.
const MOST_WORKERS: usize = 64;

/// Groups that have a colour and a letter of their own; the last colour is that of all others.
pub const MOST_GROUPS: usize = SERIES - 1;

/// A row for each worker, in seconds since the run began.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelinePlot {
    /// The workers, in order.
    pub workers: Vec<WorkerRow>,
    /// Workers that have no row, as there are too many.
    pub workers_left_out: usize,
    /// What was trained side by side, the longest first.
    pub groups: Vec<GroupTime>,
    /// The first begin and the last end of all spans.
    pub range: (f64, f64),
}

/// One worker.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// Its number, counted from 0.
    pub worker: usize,
    /// The share of the whole time that it trained, from 0 to 1.
    pub busy: f64,
    /// What it did, in the order of time; groups are places in [`TimelinePlot::groups`].
    pub spans: Vec<(usize, WorkerSpan)>,
}

/// Networks of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTime {
    /// Layers and batch size, as `4-8-4-1, batch 32`.
    pub name: String,
    /// Seconds of all workers in its spans.
    pub seconds: f64,
}

impl TimelinePlot {
    /// The timeline of a run; `None` where nothing was trained.
    pub fn new(timeline: &Timeline) -> Option<Self> {
        let range = timeline.range().filter(|(start, end)| end > start)?;
        let mut groups: Vec<(usize, GroupTime)> =
            timeline.groups.iter().map(|name| GroupTime { name: name.clone(), seconds: 0.0 }).enumerate().collect();
        for span in &timeline.spans {
            if let Some((_, group)) = groups.get_mut(span.group as usize) {
                group.seconds += span.busy;
            }
        }
        groups.sort_by(|(one, its), (other, others)| others.seconds.total_cmp(&its.seconds).then(one.cmp(other)));
        let place = |group: u32| groups.iter().position(|(known, _)| *known == group as usize);
        let all = timeline.busy_seconds.len();
        let workers = (0..all.min(MOST_WORKERS)).map(|worker| {
            let spans = timeline.spans.iter().filter(|span| span.worker as usize == worker);
            WorkerRow {
                worker,
                busy: timeline.busy_share(worker).unwrap_or(0.0),
                spans: spans.filter_map(|span| Some((place(span.group)?, *span))).collect(),
            }
        });
        Some(Self {
            workers: workers.collect(),
            workers_left_out: all.saturating_sub(MOST_WORKERS),
            groups: groups.iter().map(|(_, group)| group.clone()).collect(),
            range,
        })
    }
}

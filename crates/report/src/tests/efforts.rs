//! What pictures of steps and workers show, which may differ between two runs.

use swath_results::manifest::Task;
use swath_results::row::Ending;
use swath_results::run::{Timeline, WorkerSpan};

use super::fixture::{Sweep, run_record};
use crate::answer::Answer;
use crate::draw;
use crate::page::Subject;
use crate::plot::{SavedSteps, TimelinePlot};
use crate::render::render;

/// Trainings of 10 and 30 epochs of 25 steps each, in 2 replicates: the short ones cost nothing beside the long ones.
fn shared() -> Sweep {
    let mut sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 2);
    for point in 0..2 {
        for replicate in 0..2 {
            let key = sweep.manifest.key(point, replicate).unwrap();
            sweep.outcomes.get_mut(&key).unwrap().effort.steps_trained = [125.0, 625.0][point];
        }
    }
    sweep
}

/// What each bar says: label, steps asked for, steps computed.
fn bars(plot: &SavedSteps) -> Vec<(&str, f64, f64)> {
    plot.bars.iter().map(|bar| (bar.label.as_str(), bar.asked, bar.computed)).collect()
}

#[test]
fn steps_asked_for_stand_against_those_computed_in_all_and_by_level() {
    let plot = SavedSteps::new(&shared().results()).unwrap();
    assert_eq!(
        bars(&plot),
        [("all trials", 2_000.0, 1_500.0), ("epochs 10", 500.0, 250.0), ("epochs 30", 1_500.0, 1_250.0)]
    );
    assert_eq!(plot.bars[0].saved(), Some(0.25));
    assert_eq!(plot.bars[2].subject, Subject::Level { axis: 0, level: 1 });
}

#[test]
fn trials_of_one_key_are_computed_once_and_a_diverged_one_asked_for_the_epoch_that_it_began() {
    let mut sweep = shared();
    sweep.manifest.keys[1] = sweep.manifest.keys[0];
    sweep.set_ending(1, 0, Ending::Diverged { epoch: 5 });
    let plot = SavedSteps::new(&sweep.results()).unwrap();
    // 10 + 10 epochs of one key, 5 that ended in divergence, 30.
    assert_eq!(bars(&plot)[0], ("all trials", 1_375.0, 1_375.0));
    assert_eq!(bars(&plot)[1], ("epochs 10", 500.0, 125.0));
}

#[test]
fn without_a_step_there_is_no_picture_of_steps() {
    let mut sweep = shared();
    sweep.outcomes.clear();
    assert_eq!(SavedSteps::new(&sweep.results()), None);
}

fn span(worker: u32, group: u32, start: f64, end: f64, busy: f64) -> WorkerSpan {
    WorkerSpan { worker, group, start, end, busy, lanes: 15.96 }
}

/// Two workers and two networks: worker 0 trains the first, worker 1 waits half of the time.
fn timeline() -> Timeline {
    Timeline {
        groups: vec!["4-8-4-1, batch 16".to_owned(), "4-16-8-1, batch 16 <script>".to_owned()],
        busy_seconds: vec![2.0, 1.0],
        spans: vec![span(0, 0, 0.5, 1.5, 1.0), span(0, 1, 1.5, 2.5, 1.0), span(1, 1, 0.5, 2.5, 1.0)],
    }
}

#[test]
fn a_worker_has_a_row_with_its_spans_and_the_share_that_it_trained() {
    let plot = TimelinePlot::new(&timeline()).unwrap();
    assert_eq!(plot.range, (0.5, 2.5));
    // The second network trained longer, so it comes first.
    let groups: Vec<(&str, f64)> = plot.groups.iter().map(|group| (group.name.as_str(), group.seconds)).collect();
    assert_eq!(groups, [("4-16-8-1, batch 16 <script>", 2.0), ("4-8-4-1, batch 16", 1.0)]);
    let workers: Vec<(f64, Vec<usize>)> =
        plot.workers.iter().map(|row| (row.busy, row.spans.iter().map(|(group, _)| *group).collect())).collect();
    assert_eq!(workers, [(1.0, vec![1, 0]), (0.5, vec![0])]);
    assert_eq!(TimelinePlot::new(&Timeline::default()), None);
    let at_once = Timeline { spans: vec![span(0, 0, 1.0, 1.0, 0.0)], ..timeline() };
    assert_eq!(TimelinePlot::new(&at_once), None);
}

#[test]
fn the_pictures_of_steps_and_workers_are_drawn_so() {
    let steps = draw::saved_steps::picture(&SavedSteps::new(&shared().results()).unwrap());
    insta::assert_snapshot!("saved_steps", steps.drawing.body.replace("><", ">\n<"));
    let workers = draw::timeline::picture(&TimelinePlot::new(&timeline()).unwrap());
    insta::assert_snapshot!("timeline", workers.drawing.body.replace("><", ">\n<"));
    assert_eq!(
        workers.description,
        "From 0.5000 to 2.500 seconds: worker 0 trained 100.0 % of the time, worker 1 trained 50.0 % of the time. Longest: \
         4-16-8-1, batch 16 <script>, 2.000 seconds of all workers."
    );
}

#[test]
fn very_many_workers_and_networks_stay_readable() {
    let all = 0..200_u32;
    let many = Timeline {
        groups: all.clone().map(|group| format!("network {group}")).collect(),
        busy_seconds: vec![1.0; 200],
        spans: all.map(|worker| span(worker, worker, 0.0, 1.0, 1.0)).collect(),
    };
    let plot = TimelinePlot::new(&many).unwrap();
    assert_eq!((plot.workers.len(), plot.workers_left_out), (64, 136));
    let picture = draw::timeline::picture(&plot);
    assert!(picture.drawing.height < 620.0 && picture.drawing.body.contains("193 groups more"));
    assert!(picture.caption.contains("first 64 of 200 workers"), "{}", picture.caption);
}

#[test]
fn what_differs_between_runs_is_no_file_of_its_own() {
    let sweep = shared();
    let results = sweep.results();
    let mut record = run_record();
    record.timeline = timeline();
    let files = render(&results, &Answer::new(&results), Some(&record)).unwrap();
    let page = files.iter().find(|file| file.name == "report.html").unwrap();
    let page = String::from_utf8(page.bytes.clone()).unwrap();
    for id in ["saved-steps", "timeline"] {
        assert!(page.contains(&format!("<figure id=\"{id}\"")), "{id}");
        assert!(!files.iter().any(|file| file.name.contains(id)), "{id}");
    }
}

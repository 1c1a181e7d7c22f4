//! What the picture of the learning rates shows.

use swath_results::manifest::Task;

use super::fixture::Sweep;
use crate::answer::Answer;
use crate::draw;
use crate::plot::{RatesPlot, Shown};

/// The sweep with these learning rates of every trial.
fn with_rates(mut sweep: Sweep, rates: impl Fn(usize, u32) -> Vec<f32>) -> Sweep {
    for point in 0..sweep.manifest.points.len() {
        for replicate in 0..sweep.manifest.replicates {
            let key = sweep.manifest.key(point, replicate).unwrap();
            let outcome = sweep.outcomes.get_mut(&key).unwrap();
            let mut curves = outcome.curves.unpack();
            curves.learning_rate = rates(point, replicate);
            outcome.curves = curves.pack();
        }
    }
    sweep
}

/// A step schedule, one that follows each replicate, and a constant one, for 2 and 3 epochs, in 2 replicates.
fn schedules() -> Sweep {
    let axes: [(&str, &[&str]); 2] = [("schedule", &["step", "plateau", "constant"]), ("epochs", &["2", "3"])];
    with_rates(Sweep::new(Task::Regression, &axes, 2), |point, replicate| {
        let mut rates = match (point / 2, replicate) {
            (0, _) => vec![0.1, 0.05, 0.05],
            (1, 1) => vec![0.1, 0.1, 0.05],
            _ => vec![0.1, 0.1, 0.1],
        };
        rates.truncate(2 + point % 2);
        rates
    })
}

fn rates(sweep: &Sweep) -> Option<RatesPlot> {
    let results = sweep.results();
    RatesPlot::new(&results, &Shown::new(&results, &Answer::new(&results)))
}

#[test]
fn courses_of_a_rate_are_told_apart_and_shorter_ones_count_with_those_that_go_on() {
    let plot = rates(&schedules()).unwrap();
    let courses = |panel: usize| -> Vec<(&[f32], usize)> {
        plot.panels[panel].courses.iter().map(|course| (course.rates.as_slice(), course.trainings)).collect()
    };
    assert_eq!(
        plot.panels.iter().map(|panel| panel.label.as_str()).collect::<Vec<_>>(),
        ["step", "plateau", "constant"]
    );
    assert_eq!(courses(0), [(&[0.1, 0.05, 0.05][..], 4)]);
    // The trainings of 2 epochs went as both did until then, and are counted once.
    assert_eq!(courses(1), [(&[0.1, 0.1, 0.05][..], 3), (&[0.1, 0.1, 0.1], 1)]);
    assert_eq!(courses(2), [(&[0.1, 0.1, 0.1][..], 4)]);
    assert_eq!(plot.panels[1].trainings, 4);
    assert_eq!((plot.axis, plot.panels[2].level), (Some(0), Some(2)));
}

#[test]
fn rates_that_never_change_have_no_picture() {
    assert_eq!(rates(&Sweep::architectures()), None);
    let sweep = Sweep::new(Task::Regression, &[("train.optimizer.learning_rate", &["0.1", "0.01"])], 2);
    assert_eq!(rates(&with_rates(sweep, |point, _| vec![[0.1, 0.01][point]; 3])), None);
}

#[test]
fn a_rate_that_changes_has_a_picture_without_an_axis_of_schedules() {
    let sweep = with_rates(Sweep::new(Task::Regression, &[], 2), |_, _| vec![0.1, 0.05]);
    let plot = rates(&sweep).unwrap();
    assert_eq!((plot.axis, plot.panels.len(), plot.panels[0].courses.len()), (None, 1, 1));
    assert!(sweep.file("report.md").contains("plots/learning-rates.svg"));
}

#[test]
fn of_very_many_courses_some_are_drawn() {
    let sweep = with_rates(Sweep::new(Task::Regression, &[], 100), |_, replicate| {
        let mut rates = vec![0.1; 100];
        rates[replicate as usize..].fill(0.05);
        rates
    });
    let panel = rates(&sweep).unwrap().panels.remove(0);
    assert_eq!((panel.courses.len(), panel.courses_left_out, panel.trainings), (40, 60, 100));
    assert_eq!(panel.courses[0].rates, [0.05; 100]);
}

#[test]
fn the_picture_of_learning_rates_is_the_same_on_every_machine() {
    let picture = draw::rates::picture(&rates(&schedules()).unwrap());
    insta::assert_snapshot!(picture.drawing.body.replace("><", ">\n<"));
    assert_eq!(
        picture.description,
        "Learning rates. step: from 0.1000 down to 0.05000, one course in 4 trainings. plateau: from 0.1000 down to 0.05000, \
         2 courses in 4 trainings. constant: 0.1000 throughout, one course in 4 trainings."
    );
}

//! Whole pages, as a reader sees them.

use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::fixture::{Sweep, run_record};
use crate::answer::Answer;
use crate::plot::{Shown, TabledPlots};
use crate::sections::page;
use crate::write::markdown;

fn report(sweep: &Sweep) -> String {
    sweep.file("report.md")
}

#[test]
fn the_report_of_four_architectures_answers_first_and_ends_with_the_cost() {
    let sweep = Sweep::architectures();
    let results = sweep.results();
    let answer = Answer::new(&results);
    let page =
        page(&results, &answer, &Shown::new(&results, &answer), &TabledPlots::new(&results), Some(&run_record()));
    insta::assert_snapshot!(markdown(&page));
    assert!(answer.headline().len() <= 16);
}

#[test]
fn the_report_of_a_partial_run_says_so_first_and_hides_no_accident() {
    let mut sweep = Sweep::architectures();
    sweep.set_ending(2, 0, Ending::Diverged { epoch: 3 });
    sweep.set_ending(2, 3, Ending::Diverged { epoch: 7 });
    sweep.set_ending(5, 1, Ending::Failed { message: "a batch of one row | <b>with</b> batch_norm".to_owned() });
    for point in 6..8 {
        for replicate in 2..5 {
            sweep.remove(point, replicate);
        }
    }
    insta::assert_snapshot!(report(&sweep));
}

#[test]
fn the_report_of_a_classification_shows_accuracies() {
    let axes: [(&str, &[&str]); 3] =
        [("architecture", &["baseline", "wide"]), ("batch_size", &["16", "32"]), ("schedule", &["constant", "cosine"])];
    insta::assert_snapshot!(report(&Sweep::new(Task::Classification, &axes, 4)));
}

#[test]
fn long_tables_stand_at_the_end_where_they_interrupt_nobody() {
    let levels: Vec<String> = (0..60).map(|level| level.to_string()).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    let page = report(&Sweep::new(Task::Regression, &[("seed", levels.as_slice())], 3));
    let (before, numbers) = page.split_once("## The numbers\n").unwrap();
    assert!(before.contains("## How this was computed\n") && !before.contains("All points, the best first"));
    assert!(numbers.contains("All points, the best first"));
    assert!(!report(&Sweep::architectures()).contains("## The numbers\n"));
}

#[test]
fn without_a_run_record_the_page_bears_no_time() {
    assert!(!report(&Sweep::architectures()).contains("What it cost"));
}

//! Pictures of sweeps of any size and shape, under any names.

use std::collections::BTreeSet;

use swath_results::manifest::Task;
use swath_results::row::Ending;

use super::fixture::{Sweep, run_record};
use crate::answer::Answer;
use crate::draw::Picture;
use crate::page::Block;
use crate::plot::{Shown, TabledPlots};
use crate::render::render;
use crate::sections::page;

/// All pictures of the page, those of times among them.
fn pictures(sweep: &Sweep) -> Vec<Picture> {
    let results = sweep.results();
    let answer = Answer::new(&results);
    let page =
        page(&results, &answer, &Shown::new(&results, &answer), &TabledPlots::new(&results), Some(&run_record()));
    let pictures: Vec<Picture> = page.iter().flat_map(Block::pictures).cloned().collect();
    let ids: BTreeSet<&str> = pictures.iter().map(|picture| picture.id.as_str()).collect();
    assert_eq!(ids.len(), pictures.len(), "two pictures have one id");
    for picture in &pictures {
        check(picture);
    }
    pictures
}

/// A drawing that no browser stumbles over, of which no text runs far out of its place.
fn check(picture: &Picture) {
    let file = picture.to_file();
    assert!(!["NaN", "inf", "<script", "\u{202e}"].iter().any(|word| file.contains(word)), "{file}");
    assert!(!picture.description.is_empty() && !picture.caption.is_empty(), "{}", picture.id);
    for text in picture.drawing.body.split("<text").skip(1) {
        let shown = text.split("</text>").next().unwrap().rsplit('>').next().unwrap();
        // An escaped character is one on the page.
        let letters = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").chars().count();
        assert!(letters <= 64, "{}: {shown}", picture.id);
    }
    let words: Vec<&str> = file.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).collect();
    assert!(
        words.iter().filter_map(|word| word.parse::<f64>().ok()).all(|number| number.abs() < 1e7 || number > 1e12),
        "{file}"
    );
    assert!(picture.drawing.width < 2_000.0 && picture.drawing.height < 4_000.0, "{}", picture.id);
}

fn ids(sweep: &Sweep) -> Vec<String> {
    pictures(sweep).into_iter().map(|picture| picture.id).collect()
}

/// How the ids of pictures begin that hold losses of points or levels against each other.
const COMPARING: [&str; 7] = ["points", "comparisons", "heat-", "lines-", "parallel", "cost-", "budget"];

#[test]
fn a_full_sweep_has_all_comparing_pictures_and_a_sweep_of_one_point_has_none() {
    let of_full = ids(&Sweep::architectures());
    let of_one = ids(&Sweep::new(Task::Regression, &[], 3));
    for beginning in COMPARING {
        assert!(of_full.iter().any(|id| id.starts_with(beginning)), "{beginning}: {of_full:?}");
        assert!(!of_one.iter().any(|id| id.starts_with(beginning)), "{beginning}: {of_one:?}");
    }
}

#[test]
fn odd_sweeps_are_drawn_as_far_as_they_go() {
    let architectures: (&str, &[&str]) = ("architecture", &["baseline", "wide"]);
    ids(&Sweep::new(Task::Regression, &[architectures], 1));
    ids(&Sweep::new(Task::Classification, &[architectures, ("epochs", &["10", "30"])], 2).without_test());
    let mut diverged = Sweep::architectures();
    for point in 0..8 {
        for replicate in 0..5 {
            diverged.set_ending(point, replicate, Ending::Diverged { epoch: 1 });
        }
    }
    // The crosses of each axis stand for the trials that diverged.
    let of_diverged = ids(&diverged);
    assert!(of_diverged.iter().any(|id| id.starts_with("axis-")), "{of_diverged:?}");
    assert!(
        !of_diverged.iter().any(|id| COMPARING.iter().any(|beginning| id.starts_with(beginning))),
        "{of_diverged:?}"
    );
    let mut incomplete = Sweep::architectures();
    for point in 0..8 {
        incomplete.set_ending(point, 0, Ending::Diverged { epoch: 1 });
    }
    assert!(ids(&incomplete).iter().any(|id| id == "points"), "no point can be best, and still all are drawn");
    let levels: &[&str] = &["1", "2", "3"];
    let six: Vec<(&str, &[&str])> = ["a", "b", "c", "d", "e", "f"].map(|name| (name, levels)).to_vec();
    let heat = ids(&Sweep::new(Task::Regression, &six, 2)).iter().filter(|id| id.starts_with("heat")).count();
    assert_eq!(heat, 10);
}

#[test]
fn losses_that_are_equal_or_very_large_are_drawn() {
    for factor in [0.0, 1e30] {
        let mut sweep = Sweep::architectures();
        for outcome in sweep.outcomes.values_mut() {
            if let Ending::Finished(scores) = &mut outcome.ending {
                scores.last.validation_loss *= factor;
                scores.last.test_loss = scores.last.test_loss.map(|loss| loss * factor);
            }
        }
        pictures(&sweep);
    }
}

#[test]
fn hostile_names_break_no_picture() {
    let long = "x".repeat(200);
    let labels = ["<script>alert(1)</script>", long.as_str(), "", "\u{202e}abc"];
    let axes: [(&str, &[&str]); 3] = [("<script>", &labels), ("\u{202e}b", &labels), (&long, &["(", "(a)", "(b)"])];
    let sweep = Sweep::new(Task::Regression, &axes, 3);
    assert!(ids(&sweep).len() > 8);
    let page = sweep.file("report.html");
    assert_eq!(page.matches("<script").count(), 2, "the page's data and its own script");
}

#[test]
fn pictures_of_three_thousand_points_stay_small() {
    let labels: Vec<String> = (1..=60).map(|level| level.to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let sweep = Sweep::new(Task::Regression, &[("x", &labels), ("y", &labels[..50])], 2);
    let pictures = pictures(&sweep);
    for picture in &pictures {
        assert!(picture.drawing.body.len() < 300_000, "{}: {}", picture.id, picture.drawing.body.len());
    }
    let parallel = pictures.iter().find(|picture| picture.id == "parallel").unwrap();
    assert!(parallel.caption.contains("of 3,000 points are shown: the 100 best"), "{}", parallel.caption);
    assert!(sweep.file("report.html").len() < 2_000_000);
}

#[test]
fn seconds_are_drawn_in_the_last_section_and_in_no_file_of_their_own() {
    let mut sweep = Sweep::architectures();
    for (place, outcome) in sweep.outcomes.values_mut().enumerate() {
        outcome.effort.seconds = 0.01 + place as f32 / 100.0;
    }
    let results = sweep.results();
    let files = render(&results, &Answer::new(&results), Some(&run_record())).unwrap();
    assert!(files.iter().all(|file| !file.name.contains("seconds")));
    let text =
        |name: &str| String::from_utf8(files.iter().find(|file| file.name == name).unwrap().bytes.clone()).unwrap();
    let report = text("report.md");
    let (before, after) = report.split_once("## What it cost").unwrap();
    assert!(!before.contains("seconds") && after.contains("Validation loss over seconds of a trial:"), "{after}");
    assert!(!after.contains("!["), "a picture that is no file: {after}");
    let page = text("report.html");
    assert!(page.find("id=\"cost-seconds\"").unwrap() > page.find("id=\"what-it-cost\"").unwrap());
}

#[test]
fn the_sections_of_ideas_are_drawn_whatever_a_sweep_holds() {
    let hostile = ["<script>alert(1)</script>", "\u{202e}abc", "3"];
    let axes: [(&str, &[&str]); 4] = [
        ("architecture", &["baseline", "wide", "deep"]),
        ("model.dropout", &hostile),
        ("batch_size", &hostile),
        ("model.activation", &hostile),
    ];
    let mut sweep = Sweep::new(Task::Regression, &axes, 3);
    for (place, point) in sweep.manifest.points.iter_mut().enumerate() {
        point.settings.training_rows = 100 * (place as u64 % 3);
        point.settings.update_rule = hostile[place % 3].into();
    }
    let drawn = ids(&sweep);
    for beginning in ["networks", "gap-", "activations", "complexity-", "verdicts"] {
        assert!(drawn.iter().any(|id| id.starts_with(beginning)), "{beginning}: {drawn:?}");
    }
    let of_rows: [(&str, &[&str]); 2] =
        [("data.training_rows", &["100", "200", "400", "800"]), ("train.early_stopping", &["false", "{patience=1}"])];
    let of_rates: [(&str, &[&str]); 1] = [("train.optimizer.learning_rate", &["0.1", "0.2", "0.3"])];
    for replicates in [1, 3] {
        let mut rows = Sweep::new(Task::Regression, &of_rows, replicates).without_test();
        for (place, point) in rows.manifest.points.iter_mut().enumerate() {
            point.settings.training_rows = [100, 200, 400, 800][place / 2];
            point.settings.stops_early = place % 2 == 1;
        }
        let mut rates = Sweep::new(Task::Regression, &of_rates, replicates);
        for (place, point) in rates.manifest.points.iter_mut().enumerate() {
            point.settings.learning_rate = [0.1, 0.2, 0.3][place];
        }
        for (mut sweep, beginning) in [(rows, "rows-"), (rates, "optimizers")] {
            assert!(ids(&sweep).iter().any(|id| id.starts_with(beginning)), "{beginning}");
            for point in 0..sweep.manifest.points.len() {
                sweep.set_ending(point, 0, Ending::Diverged { epoch: 1 });
            }
            ids(&sweep);
        }
    }
}

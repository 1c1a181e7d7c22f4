//! How far a run is: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use swath_results::Manifest;
use swath_sweep::event::{Observer, Progress};

use crate::output::{printable, to_stderr};

/// Plain lines follow each other at this interval at first; each is half as long again as the one before.
const FIRST_INTERVAL: Duration = Duration::from_secs(2);

/// The longest interval between plain lines.
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);

/// Shows progress on standard error.
pub(crate) enum ProgressDisplay<'a> {
    /// Nothing is wanted.
    Quiet,
    /// A bar that moves.
    Bar(Box<Bar<'a>>),
    /// Lines, for logs.
    Lines(Lines<'a>),
}

impl<'a> ProgressDisplay<'a> {
    /// Chooses by whether standard error is a terminal.
    pub(crate) fn new(quiet: bool, manifest: &'a Manifest) -> Self {
        if quiet {
            Self::Quiet
        } else if std::io::stderr().is_terminal() {
            Self::Bar(Box::new(Bar { drawn: None, manifest, started: Instant::now() }))
        } else {
            Self::Lines(Lines { manifest, started: Instant::now(), due: FIRST_INTERVAL, interval: FIRST_INTERVAL })
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Self::Bar(bar) = self
            && let Some(drawn) = &bar.drawn
        {
            drawn.finish_and_clear();
        }
    }
}

impl Observer for ProgressDisplay<'_> {
    fn progress(&mut self, progress: &Progress) {
        match self {
            Self::Quiet => {}
            Self::Bar(bar) => bar.show(progress),
            Self::Lines(lines) => lines.show(progress),
        }
    }
}

/// A bar that moves.
pub(crate) struct Bar<'a> {
    drawn: Option<ProgressBar>,
    manifest: &'a Manifest,
    started: Instant,
}

impl Bar<'_> {
    fn show(&mut self, progress: &Progress) {
        if progress.steps == 0 {
            return;
        }
        let drawn = self.drawn.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(progress.steps), ProgressDrawTarget::stderr_with_hz(10));
            let template = "{bar:30} {percent:>3}% of {human_len} steps, {eta} left; {wide_msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━╸ "));
            }
            bar
        });
        // It grows once it is known what is to be confirmed.
        drawn.set_length(progress.steps);
        drawn.set_position(progress.steps_settled);
        drawn.set_message(state(progress, self.manifest, self.started.elapsed()));
    }
}

/// Lines, for logs.
pub(crate) struct Lines<'a> {
    manifest: &'a Manifest,
    started: Instant,
    due: Duration,
    interval: Duration,
}

impl Lines<'_> {
    fn show(&mut self, progress: &Progress) {
        let elapsed = self.started.elapsed();
        if elapsed < self.due || progress.steps == 0 {
            return;
        }
        self.interval = (self.interval * 3 / 2).min(LONGEST_INTERVAL);
        self.due = elapsed + self.interval;
        let share = progress.steps_settled as f64 / progress.steps as f64;
        let left = if share > 0.0 { elapsed.as_secs_f64() * (1.0 - share) / share } else { 0.0 };
        let state = state(progress, self.manifest, elapsed);
        to_stderr(&format!("{:.0}% of {} steps, {left:.0} s left; {state}\n", share * 100.0, progress.steps));
    }
}

/// `312 of 768 trials (40 a second), best 0.0832 (wide, 30, 16, cosine), 2 diverged`.
fn state(progress: &Progress, manifest: &Manifest, elapsed: Duration) -> String {
    let mut state = format!("{} of {} trials", progress.reused + progress.recorded, progress.trials);
    if progress.confirming > 0 {
        state.push_str(&format!(", {} of them to confirm the best point", progress.confirming));
    }
    if elapsed.as_secs_f64() > 0.0 {
        state.push_str(&format!(" ({:.0} a second)", progress.recorded as f64 / elapsed.as_secs_f64()));
    }
    if let Some(best) = progress.best {
        let labels: Vec<&str> =
            (0..manifest.axes.len()).map(|axis| manifest.label(best.point as usize, axis)).collect();
        let place = if labels.is_empty() { String::new() } else { format!(" ({})", printable(&labels.join(", "))) };
        state.push_str(&format!(", best {:.4}{place}", best.value));
    }
    for (count, word) in [(progress.diverged, "diverged"), (progress.failed, "failed")] {
        if count > 0 {
            state.push_str(&format!(", {count} {word}"));
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use swath_sweep::event::BestSoFar;

    #[test]
    fn the_state_names_what_is_recorded_and_what_went_wrong() {
        let manifest = Manifest {
            name: "sweep".to_owned(),
            objective: swath_results::manifest::Objective {
                task: swath_results::manifest::Task::Regression,
                target: "y".to_owned(),
                loss: "mse".to_owned(),
                metric: "mae".to_owned(),
                best_by: swath_results::manifest::BestBy::Loss,
            },
            axes: Vec::new(),
            points: Vec::new(),
            architectures: Vec::new(),
            replicates: 1,
            confirm: 0,
            predicted_points: 1,
            predicted_replicates: 1,
            keys: Vec::new(),
            data: swath_results::manifest::DataSummary::default(),
            pictures: None,
            excluded_points: 0,
            surface: None,
        };
        let progress = Progress {
            trials: 768,
            reused: 12,
            recorded: 300,
            diverged: 2,
            best: Some(BestSoFar { value: 0.083_21, point: 0, replicate: 1 }),
            ..Progress::default()
        };
        assert_eq!(
            state(&progress, &manifest, Duration::from_secs(10)),
            "312 of 768 trials (30 a second), best 0.0832, 2 diverged"
        );
    }
}

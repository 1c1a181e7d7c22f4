//! Learning curves of a few points as small multiples with common scales.

use maud::{Markup, html};

use super::frame::Frame;
use super::legend::{Entry, Sample, legend, ring};
use super::palette::{cross, symbol};
use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{area, attributes, line, lines_of, mark, path, shorten, text};
use crate::fit::{Fit, FitVerdict};
use crate::number::{MISSING, count, figure};
use crate::page::{Subject, Table};
use crate::plot::LearningPlot;
use crate::plot::learning::Panel;
use crate::plot::mean_curve::{Band, thinned};
use crate::plot::point_curves::{Alone, PointCurves, Training};
use crate::sentences::counted;
use crate::text::capital;

/// Height of a panel's marks.
const HEIGHT: f64 = 132.0;
/// A line of a panel's title.
const LINE: f64 = 15.0;
/// A loss that falls to less than this share of what it was has a logarithmic scale.
const FACTOR: f64 = 8.0;

/// The picture.
pub fn picture(plot: &LearningPlot) -> Picture {
    Picture {
        id: "learning-curves".to_owned(),
        title: "Training and validation loss over the epochs".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

/// The scale of losses on which means and bands of all `curves` have room; lines of replicates that diverged may leave it.
fn losses<'a>(curves: impl Iterator<Item = &'a PointCurves> + Clone, start: f64, end: f64) -> Scale {
    let means = curves.clone().flat_map(|curves| {
        let alone = curves.alone.iter().filter(|alone| alone.diverged.is_none());
        let ends = curves.training_at_end.iter().map(|(_, loss)| *loss);
        let alone = alone.flat_map(|alone| alone.values.iter().map(|value| f64::from(*value)));
        curves.validation.means.iter().chain(&curves.training.means).copied().chain(ends).chain(alone)
    });
    let mut numbers: Vec<f64> = means.filter(|value| value.is_finite()).collect();
    let (low, high) =
        numbers.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
    // A band that is wider than the losses themselves is cut, or it would press everything else together.
    let bands = curves.clone().flat_map(|curves| curves.validation.band.iter());
    numbers
        .extend(bands.flat_map(|(from, to)| [from.max(low / 1.5), to.min(high * 1.2)]).filter(|end| end.is_finite()));
    if numbers.is_empty() {
        let values = curves.flat_map(|curves| curves.alone.iter()).flat_map(|alone| alone.values.iter());
        numbers.extend(values.map(|value| f64::from(*value)).filter(|value| value.is_finite()));
    }
    Scale::fitting(numbers, FACTOR, start, end)
}

fn draw(plot: &LearningPlot) -> Drawing {
    let (above, legend_height) = legend(&entries(plot), 0.0, 0.0, WIDTH);
    let width = Panels::width(plot.panels.len());
    // About how many characters of either weight a line holds.
    let title = |panel: &Panel| -> Vec<(&str, String)> {
        let roles = lines_of(&roles(panel), (width / 7.6) as usize, 2).into_iter().map(|line| ("strong", line));
        let name = lines_of(named(panel), (width / 6.2) as usize, 2).into_iter();
        let verdict = verdict(panel).map(|words| ("small", shorten(&words, (width / 6.2) as usize)));
        roles.chain(name.map(|line| ("soft small", line))).chain(verdict).collect()
    };
    let most_lines = plot.panels.iter().map(|panel| title(panel).len()).max().unwrap_or(1);
    let head = LINE * most_lines as f64 + 10.0;
    let places = Panels::new(plot.panels.len(), legend_height + 8.0, head, HEIGHT);
    let epochs = plot.panels.iter().map(|panel| panel.curves.epochs()).max().unwrap_or(1);
    let panels = plot.panels.iter().enumerate().map(|(place, panel)| {
        let ((left, top), frame) = (places.corner(place), places.frame(place));
        let x = Scale::whole([1.0, epochs as f64], frame.left, frame.right);
        let y = losses(plot.panels.iter().map(|panel| &panel.curves), frame.bottom, frame.top);
        let (point, _) = attributes(Subject::Point(panel.curves.point));
        html! {
            g data-point=[point] {
                @for (place, (class, words)) in title(panel).iter().enumerate() {
                    (text(left, top + LINE * (place as f64 + 1.0), class, words))
                }
                (frame.vertical(&y, ""))
                (frame.horizontal(&x, "epoch"))
                (curves(&panel.curves, &frame, &x, &y))
            }
        }
    });
    let body = html! { (above) @for panel in panels { (panel) } };
    Drawing::new(WIDTH, places.bottom(), body)
}

/// The curves of a point in a frame; what leaves the scale is drawn at its edge.
fn curves(curves: &PointCurves, frame: &Frame, x: &Scale, y: &Scale) -> Markup {
    let subject = Subject::Point(curves.point);
    let at = |epoch: usize, loss: f64| (x.at(epoch as f64), height(frame, y, loss));
    let lowest = curves.validation.lowest();
    let kept = lowest.map_or(0, |(epoch, _)| epoch - 1);
    let line_of = |values: &[f64]| -> Vec<(f64, f64)> {
        thinned(values.len(), kept).into_iter().filter_map(|place| Some(at(place + 1, *values.get(place)?))).collect()
    };
    let band: Vec<(f64, f64, f64)> = thinned(curves.validation.band.len(), kept)
        .into_iter()
        .filter_map(|place| {
            let (low, high) = curves.validation.band.get(place)?;
            let ((x, low), (_, high)) = (at(place + 1, *low), at(place + 1, *high));
            Some((x, low, high))
        })
        .collect();
    let validation = line_of(&curves.validation.means);
    let training = line_of(&curves.training.means);
    html! {
        @for alone in &curves.alone { (alone_line(curves, alone, frame, &at)) }
        @if !training.is_empty() {
            (mark(subject, &training_words(curves), &html! {
                (path("reach", training.iter().copied()))
                (path("line s1", training.iter().copied()))
                @if let [(x, y)] = training.as_slice() { (symbol(1, *x, *y)) }
            }))
        }
        @if !validation.is_empty() {
            (mark(subject, &validation_words(curves), &html! {
                (area("area s0", &band))
                (path("reach", validation.iter().copied()))
                (path("line s0", validation.iter().copied()))
                @if let [(x, y)] = validation.as_slice() { (symbol(0, *x, *y)) }
            }))
        }
        @for (epoch, loss) in &curves.training_at_end {
            @let (x, y) = at(*epoch, *loss);
            (mark(subject, &format!("training loss of the weights of epoch {epoch}: {}", figure(*loss)), &symbol(1, x, y)))
        }
        @if let Some((epoch, loss)) = lowest {
            @let (x, y) = at(epoch, loss);
            (mark(subject, &format!("smallest mean validation loss: epoch {epoch}, {}", figure(loss)), &html! {
                (line("zero", (x, y - 5.0), (x, frame.top)))
                @let (aside, side) = if x > frame.right - 60.0 { (-5.0, "soft small end") } else { (5.0, "soft small") };
                (text(x + aside, frame.top + 9.0, side, &format!("epoch {}", count(epoch as u64))))
                (ring(x, y))
            }))
        }
    }
}

fn alone_line(curves: &PointCurves, alone: &Alone, frame: &Frame, at: &impl Fn(usize, f64) -> (f64, f64)) -> Markup {
    let subject = Subject::Point(curves.point);
    let places: Vec<(f64, f64)> = thinned(alone.values.len(), 0)
        .into_iter()
        .filter_map(|place| Some(at(alone.from + place, f64::from(*alone.values.get(place)?))))
        .collect();
    let end = places.last().copied().unwrap_or_else(|| (at(alone.last_epoch(), f64::NAN).0, frame.top + 4.0));
    let words = match alone.diverged {
        Some(epoch) => format!("replicate {}: diverged in epoch {epoch}", alone.replicate),
        None => format!(
            "replicate {} alone: {} in epoch {}",
            alone.replicate,
            alone.values.last().map_or_else(|| MISSING.to_owned(), |value| figure(f64::from(*value))),
            alone.last_epoch()
        ),
    };
    mark(
        subject,
        &words,
        &html! {
            (path("reach", places.iter().copied()))
            (path("line lone s0", places.iter().copied()))
            @if alone.diverged.is_some() { (cross(end.0, end.1)) }
        },
    )
}

/// The place of a loss between the edges of a frame.
fn height(frame: &Frame, scale: &Scale, loss: f64) -> f64 {
    // On a logarithmic scale what is not positive lies below all.
    if loss <= 0.0 && scale.is_logarithmic() { frame.bottom } else { scale.at(loss).clamp(frame.top, frame.bottom) }
}

fn roles(panel: &Panel) -> String {
    capital(&panel.roles.join("; "))
}

/// The point's name, unless its roles say it.
fn named(panel: &Panel) -> &str {
    if panel.roles.contains(&panel.curves.name) { "" } else { &panel.curves.name }
}

/// What was found of its training, with the rise of its validation loss where that is said to matter.
fn verdict(panel: &Panel) -> Option<String> {
    let fit = panel.fit.as_ref().filter(|fit| !fit.is(FitVerdict::NoVerdict))?;
    let is_over = fit.is(FitVerdict::Overfits) || fit.is(FitVerdict::OverfitsRestored);
    let evidence = fit.evidence.as_ref().filter(|_| is_over);
    let rise = evidence.and_then(|evidence| Some((evidence.generalization_loss?, evidence.best_epoch)));
    Some(match rise {
        Some((rise, epoch)) => format!("Verdict: {} ({rise:.1} % up after epoch {epoch})", fit.words()),
        None => format!("Verdict: {}", fit.words()),
    })
}

fn entries(plot: &LearningPlot) -> Vec<Entry> {
    let any = |holds: fn(&PointCurves) -> bool| plot.panels.iter().any(|panel| holds(&panel.curves));
    let mut entries = Vec::new();
    if any(|curves| curves.validation.n > 0) {
        entries.push(Entry::new(Sample::Line("line s0".to_owned()), "validation loss, mean"));
        if let Some(words) = band_words(plot) {
            entries.push(Entry::new(Sample::Area("area s0".to_owned()), words));
        }
        entries.push(Entry::new(Sample::Ring, "its smallest mean"));
    }
    if any(|curves| curves.training.n > 0 && curves.training_is == Training::Running) {
        entries.push(Entry::new(Sample::Line("line s1".to_owned()), "training loss while weights move, mean"));
    }
    if any(|curves| curves.training.n > 0 && curves.training_is == Training::Evaluated) {
        entries.push(Entry::new(Sample::Line("line s1".to_owned()), "training loss after the epoch, mean"));
    }
    if any(|curves| !curves.training_at_end.is_empty()) {
        entries.push(Entry::new(Sample::Symbol(1), "training loss of the final weights"));
    }
    if any(|curves| !curves.alone.is_empty()) {
        entries.push(Entry::new(Sample::Line("line lone s0".to_owned()), "one replicate"));
    }
    if any(|curves| curves.diverged() > 0) {
        entries.push(Entry::new(Sample::Cross, "diverged"));
    }
    entries
}

fn band_words(plot: &LearningPlot) -> Option<&'static str> {
    let bands = plot.panels.iter().map(|panel| Band::of(panel.curves.validation.n));
    match bands.clone().find(|band| *band != Band::Nothing)? {
        _ if bands.clone().any(|band| band == Band::Interval) && bands.clone().any(|band| band == Band::Range) => {
            Some("its 95 % interval; of two replicates their range")
        }
        Band::Interval => Some("its 95 % interval"),
        Band::Range | Band::Nothing => Some("from one replicate to the other"),
    }
}

fn validation_words(curves: &PointCurves) -> String {
    let last = curves
        .validation
        .last()
        .map_or_else(String::new, |(epoch, loss)| format!(", {} in epoch {epoch}", figure(loss)));
    let lowest = curves
        .validation
        .lowest()
        .map_or_else(String::new, |(epoch, loss)| format!(", smallest in epoch {epoch}: {}", figure(loss)));
    format!(
        "{}: mean validation loss of {}{last}{lowest}",
        curves.name,
        counted(curves.validation.n as u64, "replicate")
    )
}

fn training_words(curves: &PointCurves) -> String {
    let how = match curves.training_is {
        Training::Running => "while weights move",
        Training::Evaluated => "after the epoch",
    };
    let last =
        curves.training.last().map_or_else(String::new, |(epoch, loss)| format!(", {} in epoch {epoch}", figure(loss)));
    format!("{}: mean training loss {how}{last}", curves.name)
}

fn description(plot: &LearningPlot) -> String {
    let of_panel = |panel: &Panel| {
        let curves = &panel.curves;
        let words = match (curves.validation.lowest(), curves.validation.last()) {
            (Some((epoch, lowest)), Some((last, loss))) => format!(
                "smallest mean validation loss {} in epoch {epoch}, {} in epoch {last}",
                figure(lowest),
                figure(loss)
            ),
            _ => format!("no replicate finished, {} diverged", curves.diverged()),
        };
        let words = match verdict(panel) {
            Some(verdict) => format!("{words}. {verdict}"),
            None => words,
        };
        match named(panel) {
            "" => format!("{}: {words}.", roles(panel)),
            name => format!("{} ({name}): {words}.", roles(panel)),
        }
    };
    plot.panels.iter().map(of_panel).collect::<Vec<_>>().join(" ")
}

fn caption(plot: &LearningPlot) -> String {
    let any = |holds: fn(&PointCurves) -> bool| plot.panels.iter().any(|panel| holds(&panel.curves));
    let mut words =
        "All panels have the same scales. Where the validation loss rises after the ring while the training \
                     loss still falls, the network overfits; where both stay high, it underfits."
            .to_owned();
    if plot.panels.iter().any(|panel| verdict(panel).is_some()) {
        words.push_str(" Verdicts are those of verdicts.csv, which has the tests that they are founded on.");
    }
    if any(|curves| curves.training_is == Training::Running) {
        words.push_str(
            " The training line was measured while the weights moved, with dropout where there is some, so it may lie on \
             either side of the validation line; the square is the training loss of the final weights, measured as the \
             validation loss is: compare that one.",
        );
    }
    if any(PointCurves::has_ends_apart) {
        words.push_str(
            " Means end where the first replicate stopped; beyond, each replicate goes on alone as a thin line, as the \
             mean of those left would jump.",
        );
    }
    if any(|curves| curves.diverged() > 0) {
        words.push_str(" A thin line that ends in a cross is a replicate that diverged; it is in no mean.");
    }
    words.push_str(" epochs.parquet has every epoch of every trial.");
    words
}

fn table(plot: &LearningPlot) -> Table {
    let mut table = Table::new().words(["shown as", "point", "verdict"]).numbers([
        "n",
        "diverged",
        "epochs",
        "epoch of the smallest mean",
        "smallest mean validation loss",
        "mean validation loss at the last common epoch",
        "training loss of the final weights",
    ]);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| MISSING.to_owned());
    for panel in &plot.panels {
        let curves = &panel.curves;
        let (lowest, last) = (curves.validation.lowest(), curves.validation.last());
        let at_end: Vec<f64> = match curves.training_is {
            Training::Running => curves.training_at_end.iter().map(|(_, loss)| *loss).collect(),
            Training::Evaluated => curves.training.last().map(|(_, loss)| loss).into_iter().collect(),
        };
        table.row_of(
            Subject::Point(curves.point),
            vec![
                panel.roles.join("; "),
                curves.name.clone(),
                or_dash(panel.fit.as_ref().map(Fit::words)),
                curves.validation.n.to_string(),
                curves.diverged().to_string(),
                count(curves.epochs() as u64),
                or_dash(lowest.map(|(epoch, _)| count(epoch as u64))),
                or_dash(lowest.map(|(_, loss)| figure(loss))),
                or_dash(last.map(|(_, loss)| figure(loss))),
                or_dash(crate::statistics::mean(&at_end).map(figure)),
            ],
        );
    }
    table
}

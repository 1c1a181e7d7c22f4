//! Every comparison of two levels under each other: the difference with its interval, zero, the margin, the verdict.

use maud::{Markup, html};

use super::frame::Frame;
use super::interval::horizontal;
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{attributes, line, mark, number, rectangle, shorten, text};
use crate::contrast::MARGIN;
use crate::number::{MISSING, count, p_value, percent};
use crate::objective::Objective;
use crate::page::{Subject, Table};
use crate::plot::ComparisonsPlot;
use crate::plot::comparisons::{ComparedAxis, ComparisonRow};
use crate::sentences::{counted, long_verdict, margin, verdict};
use crate::statistics::{Interval, Verdict};

const WIDTH: f64 = 720.0;

/// The height of a row.
const ROW: f64 = 18.0;

/// The height of an axis' name above its rows.
const HEAD: f64 = 26.0;

/// Characters that the two names of a row have together.
const NAMES: usize = 26;

/// Width of the words that say on which side the first is better, with the gap before them.
const DIRECTION: f64 = 116.0;

/// The picture of all comparisons.
pub fn picture(plot: &ComparisonsPlot) -> Picture {
    Picture {
        id: "comparisons".to_owned(),
        title: format!("Differences in {} between levels", plot.figure),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &ComparisonsPlot) -> Drawing {
    let height: f64 = plot.axes.iter().map(|axis| HEAD + ROW * rows_of(axis) as f64).sum();
    let frame = Frame { left: 240.0, right: 500.0, top: 30.0, bottom: 30.0 + height };
    let shares = plot.rows().filter_map(|row| Some((row.share()?, row.interval)));
    let marks: Vec<(f64, Option<Interval>)> = shares.chain([(MARGIN * 1.2, None), (-MARGIN * 1.2, None)]).collect();
    let marks: Vec<(f64, Option<Interval>)> =
        marks.into_iter().map(|(share, interval)| (share * 100.0, interval.map(in_percent))).collect();
    let scale = Scale::of_intervals(&marks, f64::INFINITY, frame.left + 6.0, frame.right - 6.0);
    let (from, to) = (scale.at(-100.0 * MARGIN), scale.at(100.0 * MARGIN));
    let zero = scale.at(0.0);
    let mut y = frame.top;
    let mut groups = Vec::with_capacity(plot.axes.len());
    for axis in &plot.axes {
        groups.push(group(plot, axis, &scale, &frame, y));
        y += HEAD + ROW * rows_of(axis) as f64;
    }
    let [(left_class, left_words), (right_class, right_words)] = plot.objective.either(
        [("small good end", "← first is better"), ("small bad", "first is worse →")],
        [("small bad end", "← first is worse"), ("small good", "first is better →")],
    );
    // Where 0 is far to the right, they stand above the heads of the columns.
    let above = if zero + DIRECTION <= frame.right + 28.0 { 8.0 } else { 20.0 };
    let body = html! {
        (rectangle("margin", from, frame.top, to - from, frame.bottom - frame.top))
        (frame.horizontal(&scale, "difference in % of the second"))
        (line("zero", (zero, frame.top), (zero, frame.bottom)))
        (text(zero - 10.0, frame.top - above, left_class, left_words))
        (text(zero + 10.0, frame.top - above, right_class, right_words))
        (text(frame.right + 32.0, frame.top - 8.0, "small soft", "verdict"))
        (text(WIDTH - 4.0, frame.top - 8.0, "small soft end", "p (Holm)"))
        @for group in groups { (group) }
    };
    Drawing::new(WIDTH, frame.bottom + 42.0, body)
}

fn in_percent(interval: Interval) -> Interval {
    Interval { low: interval.low * 100.0, high: interval.high * 100.0 }
}

/// Rows of an axis, with one for what is left out.
fn rows_of(axis: &ComparedAxis) -> usize {
    axis.rows.len() + usize::from(axis.rows.len() < axis.all)
}

fn group(plot: &ComparisonsPlot, axis: &ComparedAxis, scale: &Scale, frame: &Frame, top: f64) -> Markup {
    html! {
        (text(4.0, top + HEAD - 9.0, "strong", &shorten(&axis.name, NAMES)))
        @for (place, row) in axis.rows.iter().enumerate() {
            (row_of(plot, axis, row, scale, frame, top + HEAD + ROW * (place as f64 + 0.5)))
        }
        @if axis.rows.len() < axis.all {
            (text(16.0, top + HEAD + ROW * (axis.rows.len() as f64 + 0.5) + 4.0, "small soft", &left_out(axis)))
        }
    }
}

fn left_out(axis: &ComparedAxis) -> String {
    format!("{} of {}; comparisons.csv has all", count(axis.rows.len() as u64), counted(axis.all as u64, "pair"))
}

fn row_of(
    plot: &ComparisonsPlot,
    axis: &ComparedAxis,
    row: &ComparisonRow,
    scale: &Scale,
    frame: &Frame,
    y: f64,
) -> Markup {
    let comparison = &row.comparison;
    let subject = |level: usize| Subject::Level { axis: axis.axis, level };
    // A row tells of two levels: it goes where either does.
    let (_, other) = attributes(subject(comparison.b));
    let (symbol, class) = look(&plot.objective, comparison.verdict);
    html! {
        g data-level=[other] {
            (mark(subject(comparison.a), &words(row), &html! {
                (rectangle("hit", 0.0, y - ROW / 2.0, WIDTH, ROW))
                (text(16.0, y + 4.0, "", &names(row)))
                @if let Some(share) = row.share() {
                    @if let Some(interval) = row.interval {
                        (horizontal("interval s0", scale, in_percent(interval), y, (frame.left, frame.right)))
                    }
                    circle class={ "s0 " (if row.is_told_apart() { "" } else { "hollow" }) } cx=(number(scale.at(share * 100.0))) cy=(number(y)) r="4" {}
                }
                (text(frame.right + 14.0, y + 4.0, &format!("strong {class}"), symbol))
                (text(frame.right + 32.0, y + 4.0, class, if comparison.never_alone() { "no setting in common" } else { verdict(comparison.verdict) }))
                (text(WIDTH - 4.0, y + 4.0, "small soft end", &comparison.p_holm.map_or_else(String::new, p_value)))
            }))
        }
    }
}

/// Symbol and colour of a verdict.
fn look(objective: &Objective, verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Better => (objective.either("▼", "▲"), "good"),
        Verdict::Worse => (objective.either("▲", "▼"), "bad"),
        Verdict::SameWithinMargin => ("=", ""),
        Verdict::NotEnoughReplicates { .. } => ("?", "soft"),
    }
}

/// Both names, of which a long one leaves room to the other.
fn names(row: &ComparisonRow) -> String {
    let [a, b] = row.short_labels.each_ref().map(|label| shorten(label, usize::MAX).chars().count());
    let room = |own: usize, other: usize| own.min(NAMES.saturating_sub(other).max(NAMES / 2));
    let [first, second] = &row.short_labels;
    format!("{} against {}", shorten(first, room(a, b)), shorten(second, room(b, a)))
}

fn words(row: &ComparisonRow) -> String {
    let [a, b] = &row.labels;
    let share = row.share().map_or_else(|| "no replicate in common".to_owned(), signed);
    let interval =
        row.interval.map(|interval| format!(" (interval {} to {})", signed(interval.low), signed(interval.high)));
    let p = row.comparison.p_holm.map(|p| format!(", p {}", p_value(p))).unwrap_or_default();
    format!("{a} against {b}: {share}{}; {}{p}", interval.unwrap_or_default(), long_verdict(&row.comparison))
}

fn signed(share: f64) -> String {
    format!("{}{}", if share > 0.0 { "+" } else { "" }, percent(share))
}

fn description(plot: &ComparisonsPlot) -> String {
    let count_of = |wanted: fn(&ComparisonRow) -> bool| plot.rows().filter(|row| wanted(row)).count();
    let apart = count_of(ComparisonRow::is_told_apart);
    let same = count_of(|row| row.comparison.verdict == Verdict::SameWithinMargin);
    let largest = plot
        .rows()
        .filter(|row| row.is_told_apart())
        .filter_map(|row| Some((row.share()?, row)))
        .max_by(|one, other| one.0.abs().total_cmp(&other.0.abs()));
    let largest = largest.map(|(_, row)| format!(" The largest that is told apart: {}.", words(row)));
    format!(
        "Of {} {apart} told apart, {same} the same within {}, {} not settled.{}",
        counted(plot.rows().count() as u64, "comparison"),
        margin(),
        plot.rows().count() - apart - same,
        largest.unwrap_or_default()
    )
}

fn caption(plot: &ComparisonsPlot) -> String {
    let quantity = plot.objective.quantity_words();
    let mut parts = vec![format!(
        "A row compares two levels of one setting, averaged over all else within each replicate. The mark is the mean \
         difference, as a share of the second level's {quantity}; it is filled where the two are told apart. The line is \
         Bonferroni's 95 % interval over the axis; an arrow says that it goes on. Left of zero the first has the smaller \
         {quantity}{}. The band is ±{}: an interval within it means the same.",
        plot.objective.either("", ", which is worse"),
        margin()
    )];
    if plot.axes.iter().any(|axis| axis.is_against_first) {
        parts.push("An axis of very many pairs shows each level against the first.".to_owned());
    }
    if plot.rows().any(|row| row.share().is_none()) {
        parts.push("A row without a mark has no replicate in common, or no setting.".to_owned());
    }
    parts.join(" ")
}

fn table(plot: &ComparisonsPlot) -> Table {
    let mut table =
        Table::new().words(["axis", "first", "second"]).numbers(["n", "difference", "from", "to", "p (Holm)"]);
    table = table.words(["the first is"]);
    for axis in &plot.axes {
        for row in &axis.rows {
            let [a, b] = row.labels.clone();
            let or_missing = |share: Option<f64>| share.map_or_else(|| MISSING.to_owned(), signed);
            table.row_of(
                Subject::Level { axis: axis.axis, level: row.comparison.a },
                vec![
                    axis.name.clone(),
                    a,
                    b,
                    row.comparison.n.to_string(),
                    or_missing(row.share()),
                    or_missing(row.interval.map(|interval| interval.low)),
                    or_missing(row.interval.map(|interval| interval.high)),
                    row.comparison.p_holm.map_or_else(|| MISSING.to_owned(), p_value),
                    long_verdict(&row.comparison),
                ],
            );
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::tests::fixture::Sweep;

    #[test]
    fn the_comparisons_of_a_small_sweep_are_drawn_and_told() {
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let picture = picture(&ComparisonsPlot::new(&results, &Answer::new(&results)).unwrap());
        insta::assert_snapshot!(picture.drawing.body.replace("<g data-level", "\n<g data-level"));
        insta::assert_snapshot!(picture.description);
    }

    #[test]
    fn a_long_name_leaves_room_to_the_other() {
        let long = "x".repeat(200);
        let sweep = Sweep::architectures();
        let results = sweep.results();
        let mut row = ComparisonsPlot::new(&results, &Answer::new(&results)).unwrap().axes[0].rows[0].clone();
        row.short_labels = [long.clone(), "b".to_owned()];
        assert_eq!(names(&row).chars().count(), 25 + " against ".len() + 1);
        row.short_labels = [long.clone(), long];
        assert_eq!(names(&row).chars().count(), 13 + " against ".len() + 13);
    }
}

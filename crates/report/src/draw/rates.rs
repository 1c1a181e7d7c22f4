//! Schedules of the learning rate as they ran.

use maud::{Markup, html};

use super::panels::{Panels, WIDTH};
use super::picture::{Drawing, Picture};
use super::scale::Scale;
use super::svg::{attributes, mark, path, shorten, text};
use crate::number::{count, figure};
use crate::page::{Subject, Table};
use crate::plot::RatesPlot;
use crate::plot::mean_curve::thinned;
use crate::plot::rates::{Course, Schedule};
use crate::sentences::counted;

const HEIGHT: f64 = 120.0;
/// Room of a panel's title.
const HEAD: f64 = 42.0;
/// Rates that span this factor have a logarithmic scale.
const FACTOR: f64 = 20.0;

/// The picture.
pub fn picture(plot: &RatesPlot) -> Picture {
    Picture {
        id: "learning-rates".to_owned(),
        title: "The learning rate over the epochs".to_owned(),
        description: description(plot),
        caption: caption(plot),
        drawing: draw(plot),
        table: table(plot),
        is_timed: false,
    }
}

fn draw(plot: &RatesPlot) -> Drawing {
    let panels = Panels::new(plot.panels.len(), 0.0, HEAD, HEIGHT);
    let courses = || plot.panels.iter().flat_map(|panel| &panel.courses);
    let epochs = courses().map(|course| course.rates.len()).max().unwrap_or(1);
    let rates: Vec<f64> = courses().flat_map(|course| &course.rates).map(|rate| f64::from(*rate)).collect();
    let most = (Panels::width(plot.panels.len()) / 7.6) as usize;
    let drawn = plot.panels.iter().enumerate().map(|(place, panel)| {
        let ((left, top), frame) = (panels.corner(place), panels.frame(place));
        let x = Scale::whole([1.0, epochs as f64], frame.left, frame.right);
        let y = Scale::fitting(rates.iter().copied(), FACTOR, frame.bottom, frame.top);
        let subject = subject(plot, panel);
        let (_, level) = attributes(subject);
        html! {
            g data-level=[level] {
                (text(left, top + 14.0, "strong", &shorten(&panel.label, most)))
                (text(left, top + 30.0, "soft small", &courses_words(panel)))
                (frame.vertical(&y, ""))
                (frame.horizontal(&x, "epoch"))
                @for course in &panel.courses {
                    (line(panel, course, subject, |place, rate| (x.at(place as f64 + 1.0), y.at(rate))))
                }
            }
        }
    });
    let body = html! { @for panel in drawn { (panel) } };
    Drawing::new(WIDTH, panels.bottom(), body)
}

fn subject(plot: &RatesPlot, panel: &Schedule) -> Subject {
    plot.axis.zip(panel.level).map_or(Subject::Sweep, |(axis, level)| Subject::Level { axis, level })
}

fn line(panel: &Schedule, course: &Course, subject: Subject, at: impl Fn(usize, f64) -> (f64, f64)) -> Markup {
    // Where a rate stays, its ends say it.
    let stays = |place: usize| {
        let rate = |place: usize| course.rates.get(place);
        place > 0 && rate(place - 1) == rate(place) && rate(place) == rate(place + 1)
    };
    let places: Vec<(f64, f64)> = thinned(course.rates.len(), 0)
        .into_iter()
        .filter(|place| !stays(*place))
        .filter_map(|place| Some(at(place, f64::from(*course.rates.get(place)?))))
        .collect();
    // One epoch alone is a short stroke.
    let stroke = places.iter().map(|(x, y)| (x + 3.0, *y)).filter(|_| places.len() == 1);
    let places: Vec<(f64, f64)> = places.iter().copied().chain(stroke).collect();
    let class = if panel.courses.len() > 6 { "line lone s0" } else { "line s0" };
    mark(
        subject,
        &words(panel, course),
        &html! {
            (path("reach", places.iter().copied()))
            (path(class, places.iter().copied()))
        },
    )
}

fn words(panel: &Schedule, course: &Course) -> String {
    let rate = |rate: Option<&f32>| rate.map_or_else(String::new, |rate| figure(f64::from(*rate)));
    format!(
        "{}: {}, from {} in epoch 1 to {} in epoch {}",
        panel.label,
        counted(course.trainings as u64, "training"),
        rate(course.rates.first()),
        rate(course.rates.last()),
        count(course.rates.len() as u64)
    )
}

fn courses_words(panel: &Schedule) -> String {
    let all = panel.courses.len() + panel.courses_left_out;
    let courses = if all == 1 { "one course".to_owned() } else { format!("{} courses", count(all as u64)) };
    let shown = if panel.courses_left_out > 0 { format!(", {} drawn", panel.courses.len()) } else { String::new() };
    format!("{courses} in {}{shown}", counted(panel.trainings as u64, "training"))
}

fn description(plot: &RatesPlot) -> String {
    let of_panel = |panel: &Schedule| {
        let span = panel.span().map_or_else(String::new, |(low, high)| match (f64::from(low), f64::from(high)) {
            (low, high) if low < high => format!("from {} down to {}", figure(high), figure(low)),
            (_, high) => format!("{} throughout", figure(high)),
        });
        format!("{}: {span}, {}.", panel.label, courses_words(panel))
    };
    format!("Learning rates. {}", plot.panels.iter().map(of_panel).collect::<Vec<_>>().join(" "))
}

fn caption(plot: &RatesPlot) -> String {
    let mut words = "Each line is a course that the learning rate took, in every training that took it; the rate is that of \
                     an epoch's first step. A schedule that asks for the number of epochs has a course for each; one that \
                     follows the validation loss may have one for each training. All panels have the same scales."
        .to_owned();
    if plot.is_sample {
        words.push_str(" Of this sweep some trainings are looked at.");
    }
    if plot.panels_left_out > 0 {
        words.push_str(&format!(" {} more are not drawn.", counted(plot.panels_left_out as u64, "schedule")));
    }
    words
}

fn table(plot: &RatesPlot) -> Table {
    let mut table = Table::new().words(["schedule"]).numbers(["trainings", "epochs", "first rate", "last rate"]);
    for panel in &plot.panels {
        for course in &panel.courses {
            let rate = |rate: Option<&f32>| rate.map_or_else(String::new, |rate| figure(f64::from(*rate)));
            table.row_of(
                subject(plot, panel),
                vec![
                    panel.label.clone(),
                    count(course.trainings as u64),
                    count(course.rates.len() as u64),
                    rate(course.rates.first()),
                    rate(course.rates.last()),
                ],
            );
        }
    }
    table
}

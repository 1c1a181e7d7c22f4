//! Numbers to places on a drawing.

use crate::number::count;
use crate::statistics::Interval;

/// A line from one place of the drawing to another, with numbers on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    kind: Kind,
    /// The number at `start`.
    from: f64,
    /// The number at `end`.
    to: f64,
    start: f64,
    end: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Logarithmic,
    /// As linear, with whole numbers alone beside it.
    Whole,
}

/// A number that is written beside a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its place.
    pub at: f64,
    /// How it is written.
    pub label: String,
}

/// Room that is left at both ends of a scale, as a share of what the numbers span.
const ROOM: f64 = 0.04;

/// About how many ticks a scale has.
const TICKS: f64 = 5.0;

impl Scale {
    /// From `start` to `end` of the drawing, wide enough for all finite `numbers`.
    pub fn linear(numbers: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Self {
        let (low, high) = span(numbers).unwrap_or((0.0, 1.0));
        let room = if high > low { (high - low) * ROOM } else { (low.abs() * 0.05).max(1e-9) };
        Self { kind: Kind::Linear, from: low - room, to: high + room, start, end }
    }

    /// As [`Scale::linear`], but equal ratios have equal lengths; only positive numbers count.
    pub fn logarithmic(numbers: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Self {
        let (low, high) = span(numbers.into_iter().filter(|number| *number > 0.0)).unwrap_or((0.1, 1.0));
        let room = if high > low { libm::pow(high / low, ROOM) } else { 1.1 };
        Self { kind: Kind::Logarithmic, from: low / room, to: high * room, start, end }
    }

    /// As [`Scale::linear`], for counts: only whole numbers are written beside it.
    pub fn whole(numbers: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Self {
        Self { kind: Kind::Whole, ..Self::linear(numbers, start, end) }
    }

    /// [`Scale::logarithmic`] where all finite numbers are positive and span a factor of at least `factor`, else
    /// [`Scale::linear`].
    pub fn fitting(numbers: impl IntoIterator<Item = f64> + Clone, factor: f64, start: f64, end: f64) -> Self {
        match span(numbers.clone()) {
            Some((low, high)) if low > 0.0 && high / low >= factor => Self::logarithmic(numbers, start, end),
            _ => Self::linear(numbers, start, end),
        }
    }

    /// [`Scale::fitting`] for means with their intervals: wide enough for all means and for three quarters of the
    /// intervals, so that a few very wide ones do not press all others together. Those are cut where they are drawn.
    pub fn of_intervals(marks: &[(f64, Option<Interval>)], factor: f64, start: f64, end: f64) -> Self {
        let Some((low, high)) = span(marks.iter().map(|(mean, _)| *mean)) else {
            return Self::linear([], start, end);
        };
        let is_logarithmic = low > 0.0 && high / low >= factor;
        let to = |number: f64| if is_logarithmic { libm::log(number) } else { number };
        let from = |number: f64| if is_logarithmic { libm::exp(number) } else { number };
        let reach = |(mean, interval): &(f64, Option<Interval>)| {
            let interval = interval.as_ref()?;
            Some((to(interval.high) - to(*mean)).max(to(*mean) - to(interval.low)))
        };
        // The logarithm of what is not positive is no reach.
        let mut reaches: Vec<f64> = marks.iter().filter_map(reach).filter(|reach| reach.is_finite()).collect();
        reaches.sort_by(f64::total_cmp);
        let room = reaches.get(reaches.len() * 3 / 4).copied().unwrap_or(0.0).max((to(high) - to(low)) / 2.0);
        let (least, most) = (from(to(low) - room), from(to(high) + room));
        let ends =
            marks.iter().filter_map(|(_, interval)| *interval).flat_map(|interval| [interval.low, interval.high]);
        let numbers: Vec<f64> = ends.map(|end| end.clamp(least.min(low), most.max(high))).chain([low, high]).collect();
        if is_logarithmic { Self::logarithmic(numbers, start, end) } else { Self::linear(numbers, start, end) }
    }

    /// The numbers at its start and at its end.
    pub fn ends(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Whether equal ratios have equal lengths.
    pub fn is_logarithmic(&self) -> bool {
        self.kind == Kind::Logarithmic
    }

    /// The place of a number; beyond the ends where it is beyond the numbers of the scale.
    pub fn at(&self, number: f64) -> f64 {
        let share = match self.kind {
            Kind::Linear | Kind::Whole => (number - self.from) / (self.to - self.from),
            Kind::Logarithmic => libm::log(number / self.from) / libm::log(self.to / self.from),
        };
        self.start + share * (self.end - self.start)
    }

    /// Round numbers along the scale.
    pub fn ticks(&self) -> Vec<Tick> {
        let numbers = match self.kind {
            Kind::Logarithmic if self.to / self.from >= 6.0 => ticks_of_decades(self.from, self.to),
            Kind::Whole => whole_ticks(self.from, self.to),
            _ => linear_ticks(self.from, self.to),
        };
        let step =
            numbers.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).fold(f64::INFINITY, f64::min);
        let write = |number: f64| match self.kind {
            Kind::Logarithmic => tick_label(number, number),
            Kind::Linear => tick_label(number, step),
            Kind::Whole => count(number.max(0.0) as u64),
        };
        numbers.iter().map(|number| Tick { at: self.at(*number), label: write(*number) }).collect()
    }
}

/// The colours of a heat map over the numbers that it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shades {
    low: f64,
    high: f64,
    is_logarithmic: bool,
}

impl Shades {
    /// Numbers that span this factor are coloured by their logarithm, else one large number would make all others alike.
    const LOGARITHMIC_FROM: f64 = 8.0;

    /// From the smallest of the finite `numbers` to the largest.
    pub fn new(numbers: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = span(numbers).unwrap_or((0.0, 0.0));
        Self { low, high, is_logarithmic: low > 0.0 && high / low >= Self::LOGARITHMIC_FROM }
    }

    /// Where a number stands between the smallest, 0, and the largest, 1; 0 where all are equal.
    pub fn share(&self, number: f64) -> f64 {
        let share = if self.is_logarithmic {
            libm::log(number / self.low) / libm::log(self.high / self.low)
        } else {
            (number - self.low) / (self.high - self.low)
        };
        if share.is_finite() { share } else { 0.0 }
    }

    /// The smallest number.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The largest number.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether equal ratios are equally far apart.
    pub fn is_logarithmic(&self) -> bool {
        self.is_logarithmic
    }
}

/// Places for `count` things of equal room between `start` and `end`: the middles, and the room of one.
pub fn bands(count: usize, start: f64, end: f64) -> (Vec<f64>, f64) {
    let room = (end - start) / count.max(1) as f64;
    ((0..count).map(|place| start + room * (place as f64 + 0.5)).collect(), room.abs())
}

fn span(numbers: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.into_iter().filter(|number| number.is_finite()).fold(None, |span, number| {
        let (low, high) = span.unwrap_or((number, number));
        Some((number.min(low), number.max(high)))
    })
}

/// Multiples of 1, 2 or 5 times a power of ten within the bounds.
fn linear_ticks(from: f64, to: f64) -> Vec<f64> {
    let (low, high) = (from.min(to), from.max(to));
    let rough = (high - low) / TICKS;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough * 0.999);
    let Some(step) = step else { return Vec::new() };
    let first = libm::ceil(low / step);
    (0..20).map(|place| (first + f64::from(place)) * step).take_while(|tick| *tick <= high + step * 1e-9).collect()
}

/// Those of [`linear_ticks`] that are whole and count something.
fn whole_ticks(from: f64, to: f64) -> Vec<f64> {
    let ticks = linear_ticks(from, to).into_iter().map(|tick| (tick, libm::round(tick)));
    ticks.filter(|(tick, whole)| (tick - whole).abs() < 1e-6 && *whole >= 1.0).map(|(_, whole)| whole).collect()
}

/// Powers of ten within the bounds; their doubles and fivefolds as well where there are few.
fn ticks_of_decades(from: f64, to: f64) -> Vec<f64> {
    let (first, last) = (libm::floor(libm::log10(from)) as i32, libm::ceil(libm::log10(to)) as i32);
    let every = ((last - first) / 8 + 1).max(1);
    let ticks = |times: &[f64]| -> Vec<f64> {
        let powers = (first..=last).filter(|power| (power - first) % every == 0);
        let ticks = powers.flat_map(|power| times.iter().map(move |times| times * libm::pow(10.0, f64::from(power))));
        ticks.filter(|tick| (from * 0.999..=to * 1.001).contains(tick)).collect()
    };
    if last - first > 3 {
        return ticks(&[1.0]);
    }
    // Less than a decade may hold two of these alone.
    let few = ticks(&[1.0, 2.0, 5.0]);
    if few.len() < 3 { ticks(&[1.0, 2.0, 3.0, 5.0, 7.0]) } else { few }
}

/// A tick's number with as many decimals as tell it from its neighbours, `step` away.
fn tick_label(number: f64, step: f64) -> String {
    let size = number.abs().max(step.abs());
    if number != 0.0 && size.is_finite() && !(9.9e-5..1e7).contains(&size) {
        let text = format!("{number:.1e}");
        return text.replace(".0e", "e");
    }
    let decimals = if step.is_finite() && step > 0.0 { (-libm::floor(libm::log10(step) + 1e-9)).max(0.0) } else { 0.0 };
    let text = format!("{number:.*}", decimals as usize);
    if text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks().into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_and_say_no_more_digits_than_they_need() {
        assert_eq!(labels(&Scale::linear([0.0, 1.0], 0.0, 100.0)), ["0", "0.5", "1.0"]);
        assert_eq!(labels(&Scale::linear([0.1032, 0.1121], 0.0, 100.0)), ["0.104", "0.106", "0.108", "0.110", "0.112"]);
        assert_eq!(labels(&Scale::linear([-0.02, 0.01], 0.0, 100.0)), ["-0.02", "-0.01", "0", "0.01"]);
        assert_eq!(labels(&Scale::logarithmic([81.0, 697.0], 0.0, 100.0)), ["100", "200", "500"]);
        assert_eq!(labels(&Scale::logarithmic([0.012, 0.077], 0.0, 100.0)), ["0.02", "0.03", "0.05", "0.07"]);
        assert_eq!(
            labels(&Scale::logarithmic([1e-6, 0.1], 0.0, 1.0)),
            ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1"]
        );
    }

    #[test]
    fn counts_have_whole_numbers_beside_them() {
        assert_eq!(labels(&Scale::whole([1.0, 1.0], 0.0, 100.0)), ["1"]);
        assert_eq!(labels(&Scale::whole([1.0, 3.0], 0.0, 100.0)), ["1", "2", "3"]);
        assert_eq!(labels(&Scale::whole([1.0, 2_000.0], 0.0, 100.0)), ["500", "1,000", "1,500", "2,000"]);
    }

    #[test]
    fn one_number_alone_and_none_still_make_a_scale() {
        assert!((Scale::linear([0.5], 0.0, 100.0).at(0.5) - 50.0).abs() < 1e-9);
        assert!(Scale::linear([f64::NAN], 0.0, 100.0).at(0.5).is_finite());
        assert!((Scale::logarithmic([20.0], 0.0, 100.0).at(20.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn one_very_wide_interval_does_not_press_the_others_together() {
        let mark = |mean: f64, reach: f64| (mean, Some(Interval { low: mean - reach, high: mean + reach }));
        let marks = [mark(1.0, 0.1), mark(1.1, 0.1), mark(1.2, 0.1), mark(1.3, 0.1), mark(1.4, 50.0)];
        let scale = Scale::of_intervals(&marks, 10.0, 0.0, 100.0);
        assert!(scale.at(1.0) > 15.0 && scale.at(1.4) < 85.0 && scale.at(51.4) > 1_000.0);
        let all = Scale::of_intervals(&marks[..4], 10.0, 0.0, 100.0);
        assert!(all.at(0.9) > 0.0 && all.at(1.4) < 100.0);
    }

    #[test]
    fn shades_go_from_the_smallest_to_the_largest() {
        let shades = Shades::new([2.0, 3.0, f64::NAN, 4.0]);
        assert_eq!([2.0, 3.0, 4.0].map(|number| shades.share(number).to_string()), ["0", "0.5", "1"]);
        let wide = Shades::new([1.0, 10.0, 100.0]);
        assert!(wide.is_logarithmic() && (wide.share(10.0) - 0.5).abs() < 1e-12);
        assert!(Shades::new([5.0]).share(5.0).abs() < 1e-12 && Shades::new([]).share(1.0).is_finite());
    }

    proptest! {
        #[test]
        fn every_mean_lies_on_a_scale_of_intervals(
            marks in prop::collection::vec((-1e3..1e3_f64, 0.0..1e6_f64), 1..20), factor in 1.0..20.0_f64
        ) {
            let marks: Vec<(f64, Option<Interval>)> =
                marks.into_iter().map(|(mean, reach)| (mean, Some(Interval { low: mean - reach, high: mean + reach }))).collect();
            let scale = Scale::of_intervals(&marks, factor, 10.0, 90.0);
            for (mean, _) in marks {
                prop_assert!((9.9..=90.1).contains(&scale.at(mean)), "{}", scale.at(mean));
            }
        }

        #[test]
        fn numbers_and_ticks_lie_between_the_ends_in_order(
            numbers in prop::collection::vec(1e-6..1e6_f64, 1..20), logarithmic in any::<bool>()
        ) {
            let make = if logarithmic { Scale::logarithmic } else { Scale::linear };
            let scale = make(numbers.clone(), 10.0, 90.0);
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            for pair in sorted.windows(2) {
                prop_assert!(scale.at(pair[0]) <= scale.at(pair[1]) + 1e-9);
            }
            let ticks = scale.ticks();
            prop_assert!(ticks.len() <= 24);
            for place in sorted.iter().map(|number| scale.at(*number)).chain(ticks.iter().map(|tick| tick.at)) {
                prop_assert!((9.9..=90.1).contains(&place), "{}", place);
            }
            let mut labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
            labels.dedup();
            prop_assert_eq!(labels.len(), ticks.len());
        }
    }
}

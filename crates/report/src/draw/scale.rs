//! Numbers to places on a drawing.

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

    /// [`Scale::logarithmic`] where all finite numbers are positive and span a factor of at least `factor`, else
    /// [`Scale::linear`].
    pub fn fitting(numbers: impl IntoIterator<Item = f64> + Clone, factor: f64, start: f64, end: f64) -> Self {
        match span(numbers.clone()) {
            Some((low, high)) if low > 0.0 && high / low >= factor => Self::logarithmic(numbers, start, end),
            _ => Self::linear(numbers, start, end),
        }
    }

    /// Whether equal ratios have equal lengths.
    pub fn is_logarithmic(&self) -> bool {
        self.kind == Kind::Logarithmic
    }

    /// The place of a number; beyond the ends where it is beyond the numbers of the scale.
    pub fn at(&self, number: f64) -> f64 {
        let share = match self.kind {
            Kind::Linear => (number - self.from) / (self.to - self.from),
            Kind::Logarithmic => libm::log(number / self.from) / libm::log(self.to / self.from),
        };
        self.start + share * (self.end - self.start)
    }

    /// Round numbers along the scale.
    pub fn ticks(&self) -> Vec<Tick> {
        let numbers = match self.kind {
            Kind::Logarithmic if self.to / self.from >= 6.0 => ticks_of_decades(self.from, self.to),
            _ => linear_ticks(self.from, self.to),
        };
        let step =
            numbers.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).fold(f64::INFINITY, f64::min);
        let write = |number: f64| match self.kind {
            Kind::Logarithmic => tick_label(number, number),
            Kind::Linear => tick_label(number, step),
        };
        numbers.iter().map(|number| Tick { at: self.at(*number), label: write(*number) }).collect()
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

/// Powers of ten within the bounds; their doubles and fivefolds as well where there are few.
fn ticks_of_decades(from: f64, to: f64) -> Vec<f64> {
    let (first, last) = (libm::floor(libm::log10(from)) as i32, libm::ceil(libm::log10(to)) as i32);
    let every = ((last - first) / 8 + 1).max(1);
    let times: &[f64] = if last - first <= 3 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let powers = (first..=last).filter(|power| (power - first) % every == 0);
    let ticks = powers.flat_map(|power| times.iter().map(move |times| times * libm::pow(10.0, f64::from(power))));
    ticks.filter(|tick| (from * 0.999..=to * 1.001).contains(tick)).collect()
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
        assert_eq!(
            labels(&Scale::logarithmic([1e-6, 0.1], 0.0, 1.0)),
            ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1"]
        );
    }

    #[test]
    fn one_number_alone_and_none_still_make_a_scale() {
        assert!((Scale::linear([0.5], 0.0, 100.0).at(0.5) - 50.0).abs() < 1e-9);
        assert!(Scale::linear([f64::NAN], 0.0, 100.0).at(0.5).is_finite());
        assert!((Scale::logarithmic([20.0], 0.0, 100.0).at(20.0) - 50.0).abs() < 1e-9);
    }

    proptest! {
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

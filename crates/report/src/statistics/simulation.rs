//! What the tests promise in the long run, by simulation.

use std::f64::consts::PI;

use super::alpha::Alpha;
use super::describe::mean_interval;
use super::mean_test::Replicates;
use super::multiple::holm;
use super::paired::Pairs;
use super::stream::Stream;

const SWEEPS: usize = 1_000;
const REPLICATES: usize = 5;
const POINTS: usize = 6;

fn uniform(stream: &mut Stream) -> f64 {
    ((stream.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// By Box and Muller.
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * libm::log(uniform(stream))).sqrt();
    radius * libm::cos(2.0 * PI * uniform(stream))
}

/// Points that differ by nothing: each replicate shifts all of them, as common seeds do.
fn null_sweep(stream: &mut Stream) -> Vec<Vec<f64>> {
    let shared: Vec<f64> = (0..REPLICATES).map(|_| normal(stream)).collect();
    (0..POINTS).map(|_| shared.iter().map(|shift| shift + normal(stream)).collect()).collect()
}

#[test]
#[ignore = "simulation: a second"]
fn a_thousand_null_sweeps_raise_a_false_alarm_in_one_of_twenty_and_intervals_cover_their_mean() {
    let mut stream = Stream::new(20_260_101);
    let (mut alarms, mut covered) = (0_usize, 0_usize);
    for _ in 0..SWEEPS {
        let points = null_sweep(&mut stream);
        // Differences to a common baseline depend on each other and would make Holm conservative: pairs of two do not.
        let p_values: Vec<f64> = points
            .chunks_exact(2)
            .map(|pair| Pairs::of_values(&pair[0], &pair[1]).unwrap().test(Replicates::Independent).unwrap().p())
            .collect();
        alarms += usize::from(holm(&p_values).unwrap().iter().any(|p| *p < 0.05));
        covered +=
            points.iter().filter(|point| mean_interval(point, Alpha::FIVE_PERCENT).unwrap().contains(0.0)).count();
    }
    let (error, coverage) = (alarms as f64 / SWEEPS as f64, covered as f64 / (SWEEPS * POINTS) as f64);
    assert!((error - 0.05).abs() <= 0.02, "family-wise error {error}");
    assert!((coverage - 0.95).abs() <= 0.02, "coverage {coverage}");
}

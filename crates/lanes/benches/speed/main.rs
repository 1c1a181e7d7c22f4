//! Microseconds of a trial-step, kernel by kernel and as a whole, and the share of what the processor could multiply
//! and add meanwhile, on each instruction set.
//!
//! `cargo bench -p swath-lanes`, with instruction sets (`AVX2`) or networks (`4-64-64-1`) after `--` for some alone. The
//! peak is measured too, by independent fused multiply-adds on the same vectors; SSE2 has none, and does them by software.
//! Every figure is the fastest of many repetitions.
//!
//! No benchmark framework: none states shares of a peak, and this builds in seconds. The kernels are private, so the
//! program takes their files in as modules of its own.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the crate's own files are taken in whole, used in part, and linted where they stand"
)]

#[path = "../../src/kernel/mod.rs"]
mod kernel;
#[path = "../../src/lane.rs"]
mod lane;
#[path = "../../src/layout.rs"]
mod layout;
#[path = "../../src/math.rs"]
mod math;
#[path = "../../src/optimizer/mod.rs"]
mod optimizer;
#[path = "../../src/philox.rs"]
mod philox;
#[path = "../../src/rows.rs"]
mod rows;
#[path = "../../src/training.rs"]
mod training;

mod kernels;
mod peak;
mod steps;

use std::time::{Duration, Instant};

use fearless_simd::Level;

/// The networks of the main sweep and larger ones, smallest first.
const NETWORKS: [&[usize]; 11] = [
    &[4, 8, 4, 1],
    &[4, 4, 8, 8, 4, 1],
    &[4, 16, 8, 1],
    &[4, 8, 16, 16, 8, 1],
    &[30, 64, 32, 1],
    &[4, 64, 64, 1],
    &[64, 128, 10],
    &[4, 96, 96, 1],
    &[784, 16, 10],
    &[4, 128, 128, 1],
    &[784, 128, 10],
];

/// Rows of a step.
const BATCHES: [usize; 2] = [32, 128];

/// What is asked for on the command line; nothing: everything.
struct Wanted(Vec<String>);

impl Wanted {
    /// Whether any of these names is asked for, or none of their kind.
    fn asks(&self, name: &str, kind: &[String]) -> bool {
        let of_the_kind: Vec<_> = self.0.iter().filter(|wanted| kind.contains(wanted)).collect();
        of_the_kind.is_empty() || of_the_kind.iter().any(|wanted| *wanted == name)
    }
}

/// `4-8-4-1`.
fn name(layers: &[usize]) -> String {
    layers.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// Multiply-adds of one trial-step: forward, gradients, and backward but to the inputs.
fn multiply_adds(layers: &[usize], batch: usize) -> f64 {
    let layer = |(index, pair): (usize, &[usize])| pair[0] * pair[1] * if index == 0 { 2 } else { 3 };
    (layers.windows(2).enumerate().map(layer).sum::<usize>() * batch) as f64
}

/// Seconds of the fastest of many calls.
fn fastest(mut work: impl FnMut()) -> f64 {
    let (mut fastest, begun) = (Duration::MAX, Instant::now());
    while begun.elapsed() < Duration::from_millis(150) {
        let start = Instant::now();
        work();
        fastest = fastest.min(start.elapsed());
    }
    fastest.as_secs_f64()
}

fn main() {
    let wanted = Wanted(std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect());
    let sets = ["AVX-512", "AVX2", "SSE2", "NEON"].map(str::to_owned);
    let networks: Vec<String> = NETWORKS.iter().map(|layers| name(layers)).collect();
    let chosen: Vec<&[usize]> = NETWORKS.into_iter().filter(|layers| wanted.asks(&name(layers), &networks)).collect();
    println!("Microseconds of a trial-step, and the share of the peak\n");
    let level = Level::new();
    let mut peaks = Vec::new();
    macro_rules! on {
        ($name:literal, $token:expr) => {
            if let Some(token) = $token
                && wanted.asks($name, &sets)
            {
                let peak = peak::measure(token);
                println!("{}: {:.1} thousand million fused multiply-adds a second\n", $name, peak / 1e9);
                kernels::print(token, &chosen, peak);
                println!();
                peaks.push(($name, peak));
            }
        };
    }
    #[cfg(target_arch = "x86_64")]
    {
        on!("AVX-512", level.as_avx512());
        on!("AVX2", level.as_avx2());
        on!("SSE2", level.as_sse2());
    }
    #[cfg(target_arch = "aarch64")]
    on!("NEON", level.as_neon());
    steps::print(&chosen, &peaks);
}

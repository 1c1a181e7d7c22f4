//! What the crate promises, on every instruction set that this processor has: accuracy of the elementary functions,
//! every kernel and whole epochs against the slow twin, the same bits however trials are packed and batches are cut,
//! and neighbours that no NaN disturbs.

mod accuracy;
mod bits;
mod dense;
mod elementwise;
mod epochs;
mod matrices;
mod normalization;
mod poison;
mod trials;
mod updates;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use crate::dispatch::InstructionSet;

/// The instruction sets that there are for this architecture, the widest first.
#[cfg(target_arch = "x86_64")]
const SETS: [&str; 3] = ["AVX-512", "AVX2", "SSE2"];
#[cfg(target_arch = "aarch64")]
const SETS: [&str; 1] = ["NEON"];

/// Calls a generic function with the token of each instruction set that this processor has, and gives name and result
/// of each.
macro_rules! on_each_instruction_set {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        $crate::tests::say_what_is_skipped();
        let level = fearless_simd::Level::new();
        let mut results = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            results.extend(level.as_avx512().map(|token| ("AVX-512", $function(token, $($argument),*))));
            results.extend(level.as_avx2().map(|token| ("AVX2", $function(token, $($argument),*))));
            results.extend(level.as_sse2().map(|token| ("SSE2", $function(token, $($argument),*))));
        }
        #[cfg(target_arch = "aarch64")]
        results.extend(level.as_neon().map(|token| ("NEON", $function(token, $($argument),*))));
        results
    }};
}
use on_each_instruction_set;

/// The instruction sets that this processor has; what it lacks is said.
fn sets() -> Vec<InstructionSet> {
    say_what_is_skipped();
    InstructionSet::available()
}

/// Says, once and past the capture of test output, which instruction sets are not tested.
fn say_what_is_skipped() {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let available: Vec<&str> = InstructionSet::available().into_iter().map(InstructionSet::name).collect();
    for name in SETS.into_iter().filter(|name| !available.contains(name)) {
        if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
            writeln!(std::io::stderr(), "SKIPPED: this processor has no {name}; nothing is tested on it")
                .expect("stderr can be written");
        }
    }
}

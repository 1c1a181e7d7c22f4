//! What the crate promises, on every instruction set that this processor has.

mod accuracy;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// Calls a generic function with the token of each instruction set that this processor has, and gives name and result
/// of each.
macro_rules! on_each_instruction_set {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        let level = fearless_simd::Level::new();
        let mut results = Vec::new();
        macro_rules! on {
            ($name:literal, $token:expr) => {
                match $token {
                    Some(token) => results.push(($name, $function(token, $($argument),*))),
                    None => $crate::tests::say_skipped($name),
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
        results
    }};
}
use on_each_instruction_set;

/// Says, once and past the capture of test output, that an instruction set is not tested.
fn say_skipped(name: &'static str) {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
        writeln!(std::io::stderr(), "SKIPPED: this processor has no {name}, which is therefore not tested")
            .expect("stderr can be written");
    }
}

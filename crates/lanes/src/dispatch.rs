//! Instruction sets, chosen when the program runs.

use fearless_simd::Level;

use crate::buffers::Buffers;
use crate::evaluation::{self, Evaluation, Metric, RowsAbreast, Scratch};
use crate::layout::Layout;
use crate::pack;
use crate::training::Training;
use crate::trial::Lane;
use crate::wide;
use crate::wide_buffers::WideBuffers;

/// An instruction set that this processor has.
///
/// Its lanes are as many as its registers hold. Where a processor has several, the widest trains full packs: microseconds
/// a trial-step, Adam, batch 32, on an Intel Xeon with AVX-512 (`cargo bench -p swath-lanes`):
///
/// | network | AVX-512, 16 lanes | AVX2, 8 lanes |
/// |---|---:|---:|
/// | 4-8-4-1 | 0.21 | 0.28 |
/// | 4-16-8-1 | 0.48 | 0.62 |
/// | 4-4-8-8-4-1 | 0.41 | 0.54 |
/// | 4-8-16-16-8-1 | 1.19 | 1.57 |
/// | 4-64-64-1 | 8.98 | 12.6 |
#[derive(Debug, Clone, Copy)]
pub struct InstructionSet(Which);

macro_rules! instruction_sets {
    ($($(#[$condition:meta])* $variant:ident($token:ty, $name:literal, $lanes:literal),)*) => {
        #[derive(Debug, Clone, Copy)]
        enum Which {
            $($(#[$condition])* $variant($token),)*
        }

        /// Vectors that a worker keeps from epoch to epoch, so that none are allocated in between.
        pub struct Workspace(Spaces);

        enum Spaces {
            $($(#[$condition])* $variant($token, Box<Space<$token>>),)*
        }

        impl InstructionSet {
            /// The names of those that there are for this architecture, the widest first.
            pub const NAMES: &[&str] = &[$($(#[$condition])* $name,)*];

            /// As people call it.
            pub fn name(self) -> &'static str {
                match self.0 {
                    $($(#[$condition])* Which::$variant(_) => $name,)*
                }
            }

            /// Trials that it trains side by side.
            pub fn lanes(self) -> usize {
                match self.0 {
                    $($(#[$condition])* Which::$variant(_) => $lanes,)*
                }
            }

            /// Room to work in.
            pub fn workspace(self) -> Workspace {
                Workspace(match self.0 {
                    $($(#[$condition])* Which::$variant(token) => Spaces::$variant(token, Box::default()),)*
                })
            }
        }

        impl Workspace {
            /// Trains one epoch of each lane; at most as many as [`InstructionSet::lanes`], all with the same number of
            /// rows. For each the row-weighted mean of the batch losses while the weights moved, or `None` where a loss
            /// or a parameter became NaN or infinite, or there was no batch.
            pub fn train_epoch(&mut self, training: &Training, layout: &Layout, pack: &mut [Lane<'_>]) -> Vec<Option<f32>> {
                match &mut self.0 {
                    $($(#[$condition])* Spaces::$variant(token, space) => pack::train_epoch(*token, training, layout, pack, &mut space.pack),)*
                }
            }

            /// Trains one epoch of a single trial whose units lie side by side, which suits wide networks; the bits are
            /// those of [`Self::train_epoch`]. Not for every training: see [`trains_wide`].
            pub fn train_wide_epoch(&mut self, training: &Training, layout: &Layout, lane: &mut Lane<'_>) -> Option<f32> {
                match &mut self.0 {
                    $($(#[$condition])* Spaces::$variant(token, space) => wide::train_epoch(*token, training, layout, lane, &mut space.wide),)*
                }
            }

            /// Loss and metric of these parameters and moving statistics over rows, in evaluation mode.
            pub fn evaluate(
                &mut self,
                training: &Training,
                layout: &Layout,
                numbers: [&[f32]; 2],
                rows: &RowsAbreast,
                metric: Metric,
            ) -> Evaluation {
                self.evaluate_into(training, layout, numbers, rows, metric, None)
            }

            /// As [`Self::evaluate`], with what leaves the network for every row, row-major: for metrics that are no mean
            /// over rows, or need every class.
            pub fn evaluate_with_outputs(
                &mut self,
                training: &Training,
                layout: &Layout,
                numbers: [&[f32]; 2],
                rows: &RowsAbreast,
                metric: Metric,
            ) -> (Evaluation, Vec<f32>) {
                let mut kept = Vec::new();
                let evaluation = self.evaluate_into(training, layout, numbers, rows, metric, Some(&mut kept));
                (evaluation, kept)
            }

            fn evaluate_into(
                &mut self,
                training: &Training,
                layout: &Layout,
                numbers: [&[f32]; 2],
                rows: &RowsAbreast,
                metric: Metric,
                kept: Option<&mut Vec<f32>>,
            ) -> Evaluation {
                match &mut self.0 {
                    $($(#[$condition])* Spaces::$variant(token, space) => {
                        evaluation::evaluate(*token, training, layout, numbers, rows, metric, &mut space.evaluation, kept)
                    })*
                }
            }
        }
    };
}

/// Whether [`Workspace::train_wide_epoch`] can run a training: without normalization, clipping and dropped weights.
pub fn trains_wide(training: &Training) -> bool {
    wide::is_possible(training)
}

struct Space<S: fearless_simd::Simd> {
    pack: Buffers<S>,
    wide: WideBuffers<S>,
    evaluation: Scratch<S>,
}

impl<S: fearless_simd::Simd> Default for Space<S> {
    fn default() -> Self {
        Self { pack: Buffers::default(), wide: WideBuffers::default(), evaluation: Scratch::default() }
    }
}

instruction_sets! {
    #[cfg(target_arch = "x86_64")]
    Avx512(fearless_simd::x86::Avx512, "AVX-512", 16),
    #[cfg(target_arch = "x86_64")]
    Avx2(fearless_simd::x86::Avx2, "AVX2", 8),
    #[cfg(target_arch = "x86_64")]
    Sse2(fearless_simd::x86::Sse2, "SSE2", 4),
    #[cfg(target_arch = "aarch64")]
    Neon(fearless_simd::aarch64::Neon, "NEON", 4),
}

impl InstructionSet {
    /// Whether it multiplies and adds in one instruction. SSE2 does so by software: a step of four trials takes fifteen
    /// times as long as one of eight on AVX2.
    pub fn fuses(self) -> bool {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Which::Sse2(_) => false,
            _ => true,
        }
    }

    /// Those that this processor has, the widest first.
    pub fn available() -> Vec<Self> {
        let level = Level::new();
        let mut sets = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            sets.extend(level.as_avx512().map(|token| Self(Which::Avx512(token))));
            sets.extend(level.as_avx2().map(|token| Self(Which::Avx2(token))));
            sets.extend(level.as_sse2().map(|token| Self(Which::Sse2(token))));
        }
        #[cfg(target_arch = "aarch64")]
        sets.extend(level.as_neon().map(|token| Self(Which::Neon(token))));
        sets
    }
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Workspace").finish_non_exhaustive()
    }
}

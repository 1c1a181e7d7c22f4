//! Statistics of sweeps: pure functions over finite numbers, which know nothing of the rest of the project.
//!
//! The unit of analysis is the **replicate**, never the trial: every slice holds one value per replicate, and two
//! points are compared replicate by replicate. What cannot be said (an interval of one replicate, a t of constant
//! differences) is `None` or a value of an enum, never NaN or 0: functions take finite values, and answer `None` where
//! one is not. Sums are exactly rounded, so no order of replicates changes a bit; `exp`, `ln` and their like are those
//! of `libm`, but inside `statrs`: the tail of chi squared and the normal quantile.
//!
//! | question | module |
//! |---|---|
//! | what is one point like? | [`describe`](mod@describe), [`bootstrap`](mod@bootstrap), [`divergence`] |
//! | do two points differ, how much, and which way? | [`paired`], [`mean_test`], [`effect`], [`exact`]; without pairs [`welch`] |
//! | and two classifiers on the same rows? | [`mcnemar`] |
//! | are they the same, better, or not settled? | [`equivalence`](mod@equivalence), [`verdict`] |
//! | how many replicates are enough? | [`power`](mod@power) |
//! | what would more rows bring? | [`power_law`] |
//! | and many points? | [`multiple`], [`leaders`](mod@leaders), [`ranks`] |
//! | was a training too long, or too short? | [`learning`] |
//! | which axes matter? | [`grid`], [`contrasts`], [`anova`](mod@anova) |
//! | what did choosing the best cost? | [`best`], [`stability`](mod@stability) |
//! | is one program slower than another? when did a series change? | [`alternation`], [`change_points`](mod@change_points) |
//! | tails and quantiles | [`distribution`] |

pub mod alpha;
pub mod alternation;
pub mod anova;
pub mod best;
pub mod bootstrap;
pub mod change_points;
pub mod contrasts;
pub mod describe;
pub mod distribution;
pub mod divergence;
pub mod effect;
pub mod equivalence;
pub mod exact;
pub mod grid;
pub mod interval;
pub mod leaders;
pub mod learning;
pub mod mcnemar;
pub mod mean_test;
pub mod multiple;
pub mod paired;
pub mod power;
pub mod power_law;
pub mod ranks;
pub mod stability;
pub mod verdict;
pub mod welch;

mod incomplete_beta;
mod multisets;
mod stream;
mod sum;

#[cfg(test)]
pub(crate) mod golden;
#[cfg(test)]
mod simulation;

pub use alpha::Alpha;
pub use alternation::{Slowdown, log_ratio, slowdown};
pub use anova::{Anova, Design, Effect, Squares, anova};
pub use best::{expected_best, expected_best_with_replacement, expected_largest_normal, winners_curse};
pub use bootstrap::{Method, Resampled, bootstrap};
pub use change_points::{ChangePoint, change_points};
pub use contrasts::{Contrast, LevelMeans};
pub use describe::{
    Summary, describe, geometric_mean, half_width_in_sd, interquartile_mean, mean_interval, median, quantile,
};
pub use divergence::{Rate, rate};
pub use effect::{EffectSizes, cliffs_delta, corrected_effect, effect_sizes, probability_over};
pub use equivalence::{Equivalence, equivalence};
pub use exact::{sign_flip_p, smallest_exact_p, wilcoxon_p};
pub use grid::{Grid, GridError};
pub use interval::Interval;
pub use leaders::{Leaders, leaders};
pub use learning::{BestEpochs, LearningCurves, Rise, generalization_loss, is_early};
pub use mcnemar::mcnemar_p;
pub use mean_test::{MeanTest, OneSided, Replicates, standard_deviation};
pub use multiple::{benjamini_hochberg, holm, holm_of};
pub use paired::{Pairs, Ratio};
pub use power::{needed_replicates, noether, power, smallest_effect};
pub use power_law::{Forecast, PowerLaw, forecast};
pub use ranks::{Friedman, average_ranks, friedman};
pub use stability::{draws, stability};
pub use sum::mean;
pub use verdict::{Direction, Question, Verdict};
pub use welch::Welch;

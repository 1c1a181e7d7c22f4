//! Gaussian noise, fast: as many numbers as there are inputs are drawn for every row in every epoch.
//!
//! Box and Muller (1958) in `f32`, with polynomials of our own for logarithm, sine and cosine (coefficients of the Cephes
//! library), because those of platforms differ. Loops run over eight blocks of random bits at a time, so that the compiler
//! makes vectors of them; nothing is fused, so every machine rounds alike.

use swath_lanes::philox::{self, Name};

/// Blocks of random bits that are turned into numbers side by side.
const SIDE: usize = 8;
/// Numbers that a block of random bits makes.
const OF_A_BLOCK: usize = 4;

/// Blocks that so many numbers take.
pub(super) fn blocks(numbers: usize) -> u32 {
    numbers.div_ceil(OF_A_BLOCK) as u32
}

/// Adds independent normal numbers of mean 0 to these, from the stream of this name, beginning at a block.
pub(super) fn add(name: Name, first: u32, deviation: f32, to: &mut [f32]) {
    let [w1, w2, w3] = name.words.map(|word| [word; SIDE]);
    let key = name.key.map(|word| [word; SIDE]);
    for (index, to) in to.chunks_mut(SIDE * OF_A_BLOCK).enumerate() {
        let start = first.wrapping_add((index * SIDE) as u32);
        let counter: [u32; SIDE] = std::array::from_fn(|block| start.wrapping_add(block as u32));
        let [a, b, c, d] = philox::blocks([counter, w1, w2, w3], key);
        let [first_pair, second_pair] = [normals(&a, &b), normals(&c, &d)];
        let [of_a, of_b] = first_pair;
        let [of_c, of_d] = second_pair;
        for (block, to) in to.chunks_mut(OF_A_BLOCK).enumerate() {
            for (to, normals) in to.iter_mut().zip([&of_a, &of_b, &of_c, &of_d]) {
                *to += deviation * normals.get(block).copied().unwrap_or(0.0);
            }
        }
    }
}

/// Two normal numbers of each pair of words.
#[inline]
fn normals(radii: &[u32; SIDE], angles: &[u32; SIDE]) -> [[f32; SIDE]; 2] {
    let mut pairs = [[0.0; SIDE]; 2];
    let [cosines, sines] = &mut pairs;
    for (((radius, angle), cosine), sine) in radii.iter().zip(angles).zip(cosines).zip(sines) {
        // In (0, 1], whose logarithm is finite, and in [0, 1).
        let unit = ((radius >> 8) + 1) as f32 * (1.0 / 16_777_216.0);
        let turn = (angle >> 8) as f32 * (1.0 / 16_777_216.0);
        let length = (-2.0 * ln(unit)).sqrt();
        let [cos, sin] = cos_and_sin(turn);
        *cosine = length * cos;
        *sine = length * sin;
    }
    pairs
}

/// The natural logarithm of a normal number above 0.
#[inline]
fn ln(x: f32) -> f32 {
    // x = 2^exponent * (1 + rest), with 1 + rest between the roots of 1/2 and of 2.
    let bits = x.to_bits();
    let mantissa = f32::from_bits((bits & 0x007F_FFFF) | 0x3F80_0000);
    let is_upper = mantissa > std::f32::consts::SQRT_2;
    let exponent = (bits >> 23).cast_signed() - 127 + i32::from(is_upper);
    let rest = if is_upper { mantissa * 0.5 } else { mantissa } - 1.0;
    let square = rest * rest;
    let mut tail = 7.037_683_6e-2_f32;
    for coefficient in [
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ] {
        tail = tail * rest + coefficient;
    }
    tail * rest * square - 0.5 * square + rest + exponent as f32 * std::f32::consts::LN_2
}

/// Cosine and sine of so many turns, from 0 to 1.
#[inline]
fn cos_and_sin(turn: f32) -> [f32; 2] {
    let quarter = (turn * 4.0 + 0.5) as i32;
    let angle = (turn - quarter as f32 * 0.25) * std::f32::consts::TAU;
    let square = angle * angle;
    let sin = ((-1.951_529_6e-4 * square + 8.332_161e-3) * square - 1.666_665_5e-1) * square * angle + angle;
    let cos =
        ((2.443_315_7e-5 * square - 1.388_731_6e-3) * square + 4.166_664_6e-2) * square * square - 0.5 * square + 1.0;
    let (along, across) = if quarter & 1 == 0 { (cos, sin) } else { (sin, cos) };
    let is_left = (quarter + 1) & 2 != 0;
    let is_below = quarter & 2 != 0;
    [if is_left { -along } else { along }, if is_below { -across } else { across }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    fn name(epoch: u32) -> Name {
        Stream::new(7, 3, Purpose::Noise, epoch).name()
    }

    #[test]
    fn logarithm_cosine_and_sine_are_those_of_the_library_within_a_millionth() {
        for step in 1..=4096_u32 {
            let x = step as f32 / 4096.0;
            let exact = libm::log(f64::from(x));
            assert!((f64::from(ln(x)) - exact).abs() < 1e-6 * exact.abs().max(1e-3), "ln {x}");
            let turn = (step - 1) as f32 / 4096.0;
            let angle = f64::from(turn) * std::f64::consts::TAU;
            let [cos, sin] = cos_and_sin(turn).map(f64::from);
            assert!((cos - libm::cos(angle)).abs() < 5e-7, "cos {turn}");
            assert!((sin - libm::sin(angle)).abs() < 5e-7, "sin {turn}");
        }
        assert!(ln(1.0 / 16_777_216.0).is_finite());
    }

    #[test]
    fn numbers_have_mean_0_the_deviation_asked_for_and_the_tails_of_a_normal_distribution() {
        let mut numbers = vec![0.0; 100_000];
        add(name(0), 0, 2.0, &mut numbers);
        let count = numbers.len() as f64;
        let mean = numbers.iter().map(|&number| f64::from(number)).sum::<f64>() / count;
        let variance = numbers.iter().map(|&number| f64::from(number) * f64::from(number)).sum::<f64>() / count;
        assert!(mean.abs() < 4.0 * 2.0 / count.sqrt(), "mean {mean}");
        assert!((variance - 4.0).abs() < 4.0 * 4.0 * (2.0 / count).sqrt(), "variance {variance}");
        // A share of 0.0455 lies beyond two deviations.
        let beyond = numbers.iter().filter(|number| number.abs() > 4.0).count() as f64 / count;
        assert!((beyond - 0.0455).abs() < 4.0 * (0.0455 / count).sqrt(), "{beyond}");
    }

    #[test]
    fn a_row_that_begins_later_in_the_stream_has_the_numbers_that_stand_there() {
        let (mut all, mut part) = (vec![0.0; 100], vec![0.0; 60]);
        add(name(1), 5, 1.0, &mut all);
        add(name(1), 15, 1.0, &mut part);
        assert_eq!(all[40..], part);
        assert_eq!((blocks(0), blocks(1), blocks(4), blocks(5)), (0, 1, 1, 2));
    }
}

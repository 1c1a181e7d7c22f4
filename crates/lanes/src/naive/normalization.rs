//! Batch and layer normalization.

use super::{Matrix, fused};

/// What a normalization leaves for the way back.
pub(crate) struct Normalized {
    /// What leaves it.
    pub(crate) values: Matrix,
    /// Before gamma and beta.
    pub(crate) plain: Matrix,
    /// 1 / sqrt(variance + epsilon): of each unit, or of each row.
    pub(crate) scales: Vec<f32>,
    /// Of each unit; empty for layer normalization.
    pub(crate) means: Vec<f32>,
    pub(crate) variances: Vec<f32>,
}

/// The derivatives by what entered, and the gradients of gamma and beta.
pub(crate) struct Derivatives {
    pub(crate) deltas: Matrix,
    pub(crate) gamma: Vec<f32>,
    pub(crate) beta: Vec<f32>,
}

fn sum(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut sum = 0.0;
    for number in numbers {
        sum += number;
    }
    sum
}

/// Over the rows.
pub(crate) fn batch(rows: &[Vec<f32>], epsilon: f32, [gamma, beta]: [&[f32]; 2]) -> Normalized {
    let count = rows.len() as f32;
    let mut result = Normalized {
        values: rows.to_vec(),
        plain: rows.to_vec(),
        scales: Vec::new(),
        means: Vec::new(),
        variances: Vec::new(),
    };
    for unit in 0..gamma.len() {
        let mean = sum(rows.iter().map(|row| row[unit])) / count;
        let variance = sum(rows.iter().map(|row| (row[unit] - mean) * (row[unit] - mean))) / count;
        let scale = 1.0 / (variance + epsilon).sqrt();
        for (index, row) in rows.iter().enumerate() {
            result.plain[index][unit] = (row[unit] - mean) * scale;
            result.values[index][unit] = fused(result.plain[index][unit], gamma[unit], beta[unit]);
        }
        result.scales.push(scale);
        result.means.push(mean);
        result.variances.push(variance);
    }
    result
}

/// The way back through [`batch`].
pub(crate) fn batch_backward(deltas: &[Vec<f32>], plain: &[Vec<f32>], scales: &[f32], gamma: &[f32]) -> Derivatives {
    let share = 1.0 / deltas.len() as f32;
    let mut result = Derivatives { deltas: deltas.to_vec(), gamma: Vec::new(), beta: Vec::new() };
    for unit in 0..gamma.len() {
        let total = sum(deltas.iter().map(|row| row[unit]));
        let along = sum(deltas.iter().zip(plain).map(|(row, plain)| row[unit] * plain[unit]));
        for (row, plain) in result.deltas.iter_mut().zip(plain) {
            let centered = row[unit] - total * share;
            row[unit] = gamma[unit] * scales[unit] * fused(-plain[unit], along * share, centered);
        }
        result.gamma.push(along);
        result.beta.push(total);
    }
    result
}

/// Over the units of each row.
pub(crate) fn layer(rows: &[Vec<f32>], epsilon: f32, [gamma, beta]: [&[f32]; 2]) -> Normalized {
    let count = gamma.len() as f32;
    let mut result = Normalized {
        values: Vec::new(),
        plain: Vec::new(),
        scales: Vec::new(),
        means: Vec::new(),
        variances: Vec::new(),
    };
    for row in rows {
        let mean = sum(row.iter().copied()) / count;
        let mut squares = 0.0;
        for value in row {
            squares = fused(value - mean, value - mean, squares);
        }
        let scale = 1.0 / (squares / count + epsilon).sqrt();
        let plain: Vec<f32> = row.iter().map(|value| (value - mean) * scale).collect();
        let factors = gamma.iter().zip(beta);
        result
            .values
            .push(plain.iter().zip(factors).map(|(value, (gamma, beta))| fused(*value, *gamma, *beta)).collect());
        result.plain.push(plain);
        result.scales.push(scale);
    }
    result
}

/// The way back through [`layer`].
pub(crate) fn layer_backward(deltas: &[Vec<f32>], plain: &[Vec<f32>], scales: &[f32], gamma: &[f32]) -> Derivatives {
    let units = gamma.len();
    let share = 1.0 / units as f32;
    let mut result = Derivatives { deltas: deltas.to_vec(), gamma: vec![0.0; units], beta: vec![0.0; units] };
    for ((row, plain), scale) in result.deltas.iter_mut().zip(plain).zip(scales) {
        let (mut total, mut along) = (0.0, 0.0);
        for unit in 0..units {
            result.gamma[unit] = fused(row[unit], plain[unit], result.gamma[unit]);
            result.beta[unit] += row[unit];
            total += row[unit] * gamma[unit];
            along = fused(row[unit] * gamma[unit], plain[unit], along);
        }
        for unit in 0..units {
            let centered = fused(row[unit], gamma[unit], -(total * share));
            row[unit] = scale * fused(-plain[unit], along * share, centered);
        }
    }
    result
}

/// By the moving statistics.
pub(crate) fn by_moving_statistics(
    rows: &[Vec<f32>],
    epsilon: f32,
    [gamma, beta]: [&[f32]; 2],
    [means, variances]: [&[f32]; 2],
) -> Matrix {
    let value = |unit: usize, value: f32| {
        fused((value - means[unit]) / (variances[unit] + epsilon).sqrt(), gamma[unit], beta[unit])
    };
    rows.iter().map(|row| row.iter().enumerate().map(|(unit, number)| value(unit, *number)).collect()).collect()
}

//! Rows of each lane's own data, side by side.

use std::ops::Range;

use fearless_simd::{Simd, SimdBase, f32x4};

use super::panel::{ROWS, lines_mut};
use crate::lane::{MOST_LANES, Vector, lanes, quad_of, transposed};
use crate::rows::{Rows, Targets};

/// The rows `order[lane][places]` of each lane: `inputs` in blocks of rows, `targets` one a row. Rows that only fill the
/// last block repeat the last row: what stood there before could overflow where no row of the lane does, and 0 times
/// infinity is no 0.
#[inline(always)]
pub(crate) fn gather<S: Simd>(
    simd: S,
    columns: usize,
    data: &[Rows<'_>; MOST_LANES],
    order: &[&[u32]; MOST_LANES],
    places: Range<usize>,
    inputs: &mut [[Vector<S>; ROWS]],
    targets: &mut [Vector<S>],
) {
    macro_rules! quads {
        ($($quad:literal),*) => {$(
            if $quad * 4 < lanes::<S>() {
                let of_quad = |lane: usize| &order[$quad * 4 + lane][places.clone()];
                let order = [of_quad(0), of_quad(1), of_quad(2), of_quad(3)];
                gather_quad::<S, $quad>(simd, columns, &data.as_chunks().0[$quad], order, inputs, targets);
            }
        )*};
    }
    quads!(0, 1, 2, 3);
    let rows = places.len();
    if !rows.is_multiple_of(ROWS) {
        for column in &mut inputs[rows / ROWS * columns..][..columns] {
            let (filled, rest) = column.split_at_mut(rows % ROWS);
            rest.fill(filled[filled.len() - 1]);
        }
    }
}

/// Four lanes.
#[inline(always)]
fn gather_quad<S: Simd, const QUAD: usize>(
    simd: S,
    columns: usize,
    data: &[Rows<'_>; 4],
    order: [&[u32]; 4],
    inputs: &mut [[Vector<S>; ROWS]],
    targets: &mut [Vector<S>],
) {
    if let [Targets::Numbers(a), Targets::Numbers(b), Targets::Numbers(c), Targets::Numbers(d)] =
        data.map(|rows| rows.targets)
    {
        let numbers = [a, b, c, d];
        if columns == 4 {
            let tables = std::array::from_fn(|lane| Table::<4>::new(&data[lane], numbers[lane]));
            gather_tables::<S, _, QUAD>(simd, columns, tables, order, inputs, targets);
        } else {
            let tables = std::array::from_fn(|lane| AnyTable::new(columns, &data[lane], numbers[lane]));
            gather_tables::<S, _, QUAD>(simd, columns, tables, order, inputs, targets);
        }
    } else {
        let tables = std::array::from_fn(|lane| AnyTable::new(columns, &data[lane], &[]));
        gather_tables::<S, _, QUAD>(simd, columns, tables, order, inputs, &mut []);
        for lane in 0..4 {
            gather_targets::<S>(QUAD * 4 + lane, data[lane].targets, order[lane], targets);
        }
    }
}

/// Rows that are looked up by their number.
trait Lookup {
    fn row(&self, row: u32) -> &[f32];
    fn target(&self, row: u32) -> f32;
}

/// Rows of so many columns. One check of a row's number holds for its inputs and its target.
struct Table<'a, const COLUMNS: usize> {
    inputs: &'a [[f32; COLUMNS]],
    targets: &'a [f32],
}

impl<'a, const COLUMNS: usize> Table<'a, COLUMNS> {
    #[inline(always)]
    fn new(rows: &Rows<'a>, targets: &'a [f32]) -> Self {
        let (inputs, _) = rows.inputs.as_chunks();
        let known = inputs.len().min(targets.len());
        Self { inputs: &inputs[..known], targets: &targets[..known] }
    }
}

impl<const COLUMNS: usize> Lookup for Table<'_, COLUMNS> {
    #[inline(always)]
    fn row(&self, row: u32) -> &[f32] {
        &self.inputs[row as usize]
    }

    #[inline(always)]
    fn target(&self, row: u32) -> f32 {
        self.targets[row as usize]
    }
}

/// Rows of any number of columns.
struct AnyTable<'a> {
    columns: usize,
    inputs: &'a [f32],
    targets: &'a [f32],
}

impl<'a> AnyTable<'a> {
    #[inline(always)]
    fn new(columns: usize, rows: &Rows<'a>, targets: &'a [f32]) -> Self {
        Self { columns, inputs: rows.inputs, targets }
    }
}

impl Lookup for AnyTable<'_> {
    #[inline(always)]
    fn row(&self, row: u32) -> &[f32] {
        &self.inputs[row as usize * self.columns..][..self.columns]
    }

    #[inline(always)]
    fn target(&self, row: u32) -> f32 {
        self.targets[row as usize]
    }
}

/// Inputs of four lanes, and as many of their targets as there is room for.
#[inline(always)]
fn gather_tables<S: Simd, L: Lookup, const QUAD: usize>(
    simd: S,
    columns: usize,
    tables: [L; 4],
    order: [&[u32]; 4],
    inputs: &mut [[Vector<S>; ROWS]],
    targets: &mut [Vector<S>],
) {
    let [first, second, third, fourth] = order.map(|order| order.as_chunks::<ROWS>());
    let (targets, last_targets) = targets.as_chunks_mut::<ROWS>();
    let mut targets = targets.iter_mut();
    let mut blocks = lines_mut(inputs, columns);
    for (((first, second), third), fourth) in first.0.iter().zip(second.0).zip(third.0).zip(fourth.0) {
        let Some(out) = blocks.next() else { return };
        if let Some(targets) = targets.next() {
            for row in 0..ROWS {
                let rows = [first[row], second[row], third[row], fourth[row]];
                gather_target::<S, L, QUAD>(simd, &tables, rows, &mut targets[row]);
                gather_inputs::<S, L, QUAD>(simd, &tables, rows, row, out);
            }
        } else {
            for row in 0..ROWS {
                let rows = [first[row], second[row], third[row], fourth[row]];
                gather_inputs::<S, L, QUAD>(simd, &tables, rows, row, out);
            }
        }
    }
    let Some(out) = blocks.next() else { return };
    let mut last_targets = last_targets.iter_mut();
    let rest = first.1.iter().zip(second.1).zip(third.1).zip(fourth.1);
    for (row, (((first, second), third), fourth)) in rest.enumerate() {
        let rows = [*first, *second, *third, *fourth];
        if let Some(target) = last_targets.next() {
            gather_target::<S, L, QUAD>(simd, &tables, rows, target);
        }
        gather_inputs::<S, L, QUAD>(simd, &tables, rows, row, out);
    }
}

#[inline(always)]
fn gather_target<S: Simd, L: Lookup, const QUAD: usize>(
    simd: S,
    tables: &[L; 4],
    rows: [u32; 4],
    target: &mut Vector<S>,
) {
    let [first, second, third, fourth] = tables;
    let numbers = [first.target(rows[0]), second.target(rows[1]), third.target(rows[2]), fourth.target(rows[3])];
    f32x4::load_array(simd, numbers).store_slice(quad_of::<S>(target, QUAD));
}

#[inline(always)]
fn gather_inputs<S: Simd, L: Lookup, const QUAD: usize>(
    simd: S,
    tables: &[L; 4],
    rows: [u32; 4],
    row: usize,
    out: &mut [[Vector<S>; ROWS]],
) {
    let [first, second, third, fourth] = tables;
    turn::<S, QUAD>(simd, row, [first.row(rows[0]), second.row(rows[1]), third.row(rows[2]), fourth.row(rows[3])], out);
}

/// Writes one row of four lanes: what are rows in memory become columns of the lane vectors.
#[inline(always)]
fn turn<S: Simd, const QUAD: usize>(simd: S, row: usize, from: [&[f32]; 4], out: &mut [[Vector<S>; ROWS]]) {
    let [first, second, third, fourth] = from.map(|row| row.as_chunks::<4>());
    let (outs, out_rest) = out.as_chunks_mut::<4>();
    for ((((first, second), third), fourth), out) in first.0.iter().zip(second.0).zip(third.0).zip(fourth.0).zip(outs) {
        let rows = [
            f32x4::load_array_ref(simd, first),
            f32x4::load_array_ref(simd, second),
            f32x4::load_array_ref(simd, third),
            f32x4::load_array_ref(simd, fourth),
        ];
        for (out, column) in out.iter_mut().zip(transposed(rows)) {
            column.store_slice(quad_of::<S>(&mut out[row], QUAD));
        }
    }
    let rests = first.1.iter().zip(second.1).zip(third.1).zip(fourth.1).zip(out_rest);
    for ((((first, second), third), fourth), out) in rests {
        quad_of::<S>(&mut out[row], QUAD).copy_from_slice(&[*first, *second, *third, *fourth]);
    }
}

#[inline(always)]
fn gather_targets<S: Simd>(lane: usize, from: Targets<'_>, order: &[u32], targets: &mut [Vector<S>]) {
    match from {
        Targets::Numbers(numbers) => {
            for (target, row) in targets.iter_mut().zip(order) {
                target.as_mut_slice()[lane] = numbers[*row as usize];
            }
        }
        Targets::Classes(classes) | Targets::Mixed { classes, .. } => {
            for (target, row) in targets.iter_mut().zip(order) {
                target.as_mut_slice()[lane] = classes[*row as usize] as f32;
            }
        }
    }
}

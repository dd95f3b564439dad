//! AVERAGE_POOL_2D and MAX_POOL_2D.

use super::{Call, clamped};
use crate::operator::{Pool, PoolKind};

/// The mean or the greatest of the window's cells that lie in the map, clamped.
///
/// A mean divides by the number of those cells and rounds half away from zero.
///
/// Source: TensorFlow Lite `reference/integer_ops/pooling.h`.
pub(super) fn pool(pool: &Pool, arena: &mut [u8], call: &Call<'_>) {
    let (window, input) = (&pool.window, &call.inputs[0]);
    for y in call.region.rows.indices() {
        let rows = window.taps_inside(0, y);
        for x in call.region.columns.indices() {
            let columns = window.taps_inside(1, x);
            let output = call.output.cell(y, x);
            for channel in 0..window.output.channels {
                let (mut sum, mut greatest, mut cells) = (0i32, i32::from(i8::MIN), 0i32);
                for i in rows.indices() {
                    for j in columns.indices() {
                        let cell = input.cell(window.source(0, y, i), window.source(1, x, j));
                        let value = i32::from(arena[cell + channel].cast_signed());
                        sum = sum.wrapping_add(value);
                        greatest = greatest.max(value);
                        cells = cells.wrapping_add(1);
                    }
                }
                let value = match pool.kind {
                    PoolKind::Average => rounded_quotient(sum, cells),
                    PoolKind::Max => greatest,
                };
                arena[output + channel] = clamped(value, pool.clamp);
            }
        }
    }
}

/// `sum / cells`, rounded half away from zero; 0 for a window without cells.
fn rounded_quotient(sum: i32, cells: i32) -> i32 {
    let half = cells / 2;
    let nudged = if sum > 0 { sum.wrapping_add(half) } else { sum.wrapping_sub(half) };
    nudged.checked_div(cells).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Operator, Window},
        tensor::Map,
    };

    fn pool(kind: PoolKind, kernel: usize, padding: usize) -> Operator {
        Operator::Pool(Pool {
            window: Window {
                input: Map { height: 1, width: 3, channels: 1 },
                output: Map { height: 1, width: 3, channels: 1 },
                kernel: [kernel, kernel],
                stride: [1, 1],
                dilation: [1, 1],
                padding_before: [padding, padding],
            },
            kind,
            clamp: (-100, 100),
        })
    }

    #[track_caller]
    fn check(pool: &Operator, input: [i8; 3], expected: [i8; 3]) {
        let (output, _) = whole::<Reference>(pool, &[input.map(i8::cast_unsigned).to_vec()]);
        assert_eq!(output, expected.map(i8::cast_unsigned));
    }

    #[test]
    fn means_count_cells_of_the_map_alone() {
        let average = pool(PoolKind::Average, 3, 1);
        check(&average, [1, 2, 3], [2, 2, 3]); // 1.5, 2, 2.5
        check(&average, [-1, -2, -4], [-2, -2, -3]); // -1.5, -7/3, -3
    }

    #[test]
    fn the_greatest_is_clamped() {
        check(&pool(PoolKind::Max, 3, 1), [-128, -128, 127], [-100, 100, 100]);
    }

    #[test]
    fn a_window_far_beyond_the_map_costs_no_more_than_the_map() {
        check(&pool(PoolKind::Average, 1 << 30, 1 << 29), [1, 2, 6], [3, 3, 3]);
    }
}

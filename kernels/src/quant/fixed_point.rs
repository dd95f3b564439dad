//! gemmlowp's fixed-point exponential and reciprocal, on raw 32-bit values.
//!
//! A number in Qm.n is an `i32` that stands for itself divided by 2^n, with m + n = 31. The product
//! of raw values is [`super::saturating_rounding_doubling_high_multiply`]: Qa times Qb is Q(a+b).
//!
//! Source: gemmlowp `fixedpoint/fixedpoint.h`.

use super::{
    rounding_divide_by_power_of_two, saturating_rounding_doubling_high_multiply as multiply,
};

/// e^x for x in Q5.26, at most 0; the result is in Q0.31 (1 is `i32::MAX`).
///
/// x is split into a multiple of 1/4 and a rest in `[-1/4, 0)`: the rest goes through a Taylor
/// polynomial, each bit of the multiple multiplies by its own power of e. The absolute error is below
/// 3e-7.
///
/// Source: gemmlowp `exp_on_negative_values`, with 5 integer bits.
#[must_use]
pub fn exp_of_non_positive(x: i32) -> i32 {
    const FRACTION_BITS: u32 = 26;
    const QUARTER: i32 = 1 << (FRACTION_BITS - 2);
    /// e^-(2^k) in Q0.31 for k = -2..=4.
    const POWERS: [i32; 7] =
        [1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242];

    if x == 0 {
        return i32::MAX;
    }
    let rest = (x & (QUARTER - 1)) - QUARTER;
    let multiple = rest.wrapping_sub(x);
    let mut result = exp_near_zero(saturating_shift_left(rest, 5));
    for (bit, &power) in (FRACTION_BITS - 2..).zip(&POWERS) {
        if multiple & (1 << bit) != 0 {
            result = multiply(result, power);
        }
    }
    result
}

/// e^x for x in `[-1/4, 0)`, Q0.31: the Taylor polynomial of degree 4 around -1/8.
///
/// Source: gemmlowp `exp_on_interval_between_negative_one_quarter_and_0_excl`.
fn exp_near_zero(x: i32) -> i32 {
    const EXP_OF_MINUS_EIGHTH: i32 = 1_895_147_668;
    const THIRD: i32 = 715_827_883;
    let t = x.wrapping_add(1 << 28);
    let t2 = multiply(t, t);
    let t3 = multiply(t2, t);
    let t4 = multiply(t2, t2);
    let t4_over_4 = rounding_divide_by_power_of_two(t4, 2);
    let higher_terms = rounding_divide_by_power_of_two(
        multiply(t4_over_4.wrapping_add(t3), THIRD).wrapping_add(t2),
        1,
    );
    let product = multiply(EXP_OF_MINUS_EIGHTH, t.wrapping_add(higher_terms));
    EXP_OF_MINUS_EIGHTH.wrapping_add(product)
}

/// 1 / (1 + x) for x in `[0, 1)`; both in Q0.31. Three steps of Newton's method.
///
/// Source: gemmlowp `one_over_one_plus_x_for_x_in_0_1`.
#[must_use]
pub fn reciprocal_of_one_plus(x: i32) -> i32 {
    /// In Q2.29, like the iterate.
    const ONE: i32 = 1 << 29;
    const FORTY_EIGHT_SEVENTEENTHS: i32 = 1_515_870_810;
    const MINUS_THIRTY_TWO_SEVENTEENTHS: i32 = -1_010_580_540;
    let half_denominator = rounding_half_sum(x, i32::MAX);
    let mut estimate = FORTY_EIGHT_SEVENTEENTHS
        .wrapping_add(multiply(half_denominator, MINUS_THIRTY_TWO_SEVENTEENTHS));
    for _ in 0..3 {
        let error = ONE.wrapping_sub(multiply(half_denominator, estimate));
        let correction = saturating_shift_left(multiply(estimate, error), 2);
        estimate = estimate.wrapping_add(correction);
    }
    // The iterate is twice the result: Q2.29 read as Q1.30 halves it.
    saturating_shift_left(estimate, 1)
}

/// `(a + b) / 2`, rounded half away from zero.
fn rounding_half_sum(a: i32, b: i32) -> i32 {
    let sum = i64::from(a) + i64::from(b);
    let sign = if sum >= 0 { 1 } else { -1 };
    #[expect(clippy::cast_possible_truncation, reason = "a mean of two i32 is one")]
    let half = ((sum + sign) / 2) as i32;
    half
}

/// `value * 2^exponent`, saturated; `exponent` in `0..=30`.
fn saturating_shift_left(value: i32, exponent: u32) -> i32 {
    value.saturating_mul(1 << exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: f64 = 2_147_483_648.0;

    #[test]
    fn exponential_is_close_to_the_real_one() {
        for step in 0..=4096 {
            let x = i32::MIN / 4096 * step;
            let real = f64::from(x) / f64::from(1 << 26);
            let result = f64::from(exp_of_non_positive(x)) / ONE;
            assert!((result - real.exp()).abs() < 3e-7, "{real}: {result}");
        }
    }

    #[test]
    fn exponential_of_zero_is_one_and_of_minus_32_nothing() {
        assert_eq!(exp_of_non_positive(0), i32::MAX);
        assert_eq!(exp_of_non_positive(i32::MIN), 0);
    }

    #[test]
    fn reciprocal_is_close_to_the_real_one() {
        for step in 0..4096 {
            let x = (1 << 19) * step;
            let real = 1.0 / (1.0 + f64::from(x) / ONE);
            let result = f64::from(reciprocal_of_one_plus(x)) / ONE;
            assert!((result - real).abs() < 1e-8, "{x}: {result}");
        }
    }

    #[test]
    fn half_sums_round_away_from_zero() {
        assert_eq!(rounding_half_sum(1, 2), 2);
        assert_eq!(rounding_half_sum(-1, -2), -2);
        assert_eq!(rounding_half_sum(i32::MIN, i32::MIN), i32::MIN);
    }
}

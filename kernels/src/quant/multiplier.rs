//! A real factor as a 32-bit fixed-point multiplier and a shift, and scaling by it.

use serde::{Deserialize, Serialize};

/// A non-negative real factor: `fixed / 2^31 * 2^shift`.
///
/// [`Multiplier::from_real`] gives a `fixed` in `[2^30, 2^31)` or 0. Where a further factor is
/// folded in as TensorFlow Lite does it (see [`crate::operator::Mean::new`]), `fixed` may be less.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Multiplier {
    /// The significand in Q0.31.
    pub fixed: i32,
    /// The power of two: positive shifts left, before the multiplication.
    pub shift: i32,
}

impl Multiplier {
    /// The multiplier nearest to `real`, or `None` when it is negative, not finite, or needs a
    /// left shift of more than 30.
    ///
    /// Rounds the significand half away from zero. Factors below 2^-32 become 0.
    ///
    /// Source: TensorFlow Lite `quantization_util.cc`, `QuantizeMultiplier`.
    #[must_use]
    pub fn from_real(real: f64) -> Option<Self> {
        if !real.is_finite() || real < 0.0 {
            return None;
        }
        if real == 0.0 {
            return Some(Self::default());
        }
        let (significand, mut shift) = frexp(real);
        let scaled = (significand * f64::from(1u32 << 31)).round();
        // `significand` is below 1, so `scaled` is at most 2^31.
        #[expect(clippy::cast_possible_truncation, reason = "between 2^30 and 2^31")]
        let mut fixed = scaled as i64;
        if fixed == 1 << 31 {
            fixed /= 2;
            shift += 1;
        }
        if shift < -31 {
            return Some(Self::default());
        }
        if shift > 30 {
            return None;
        }
        Some(Self { fixed: i32::try_from(fixed).ok()?, shift })
    }

    /// Scales `value`: left shift, saturating rounding doubling high multiply, then a rounding
    /// right shift, half away from zero.
    ///
    /// Two roundings, as TensorFlow Lite Micro's kernels do it; one alone differs in 0.05 to
    /// 0.25 % of values. A left shift that overflows wraps.
    #[must_use]
    pub fn apply(self, value: i32) -> i32 {
        let left = self.shift.max(0);
        let right = (-self.shift).max(0);
        let shifted = value.wrapping_shl(left.cast_unsigned());
        let product = saturating_rounding_doubling_high_multiply(shifted, self.fixed);
        rounding_divide_by_power_of_two(product, right.cast_unsigned())
    }
}

/// `value = significand * 2^exponent` with the significand in `[0.5, 1)`, for positive finite
/// values.
fn frexp(value: f64) -> (f64, i32) {
    const EXPONENT_BITS: u64 = 0x7ff << 52;
    let bits = value.to_bits();
    let biased = ((bits & EXPONENT_BITS) >> 52) as i32;
    if biased == 0 {
        // A subnormal number: scale it into the normal range first.
        let (significand, exponent) = frexp(value * f64::from(2.0f32.powi(64)));
        return (significand, exponent - 64);
    }
    let significand = f64::from_bits((bits & !EXPONENT_BITS) | (1022 << 52));
    (significand, biased - 1022)
}

/// The high 32 bits of `2 * a * b`, rounded to nearest (half towards positive infinity), and
/// saturated where both are `i32::MIN`.
///
/// Source: gemmlowp `SaturatingRoundingDoublingHighMul`.
#[must_use]
pub fn saturating_rounding_doubling_high_multiply(a: i32, b: i32) -> i32 {
    if a == i32::MIN && b == i32::MIN {
        return i32::MAX;
    }
    let product = i64::from(a) * i64::from(b);
    let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
    // The division truncates towards zero, as C++'s does.
    #[expect(clippy::cast_possible_truncation, reason = "the quotient is within 32 bits")]
    let high = ((product + nudge) / (1 << 31)) as i32;
    high
}

/// `value / 2^exponent`, rounded half away from zero; `exponent` in `0..=31`.
///
/// Source: gemmlowp `RoundingDivideByPOT`.
#[must_use]
pub fn rounding_divide_by_power_of_two(value: i32, exponent: u32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 31 ones")]
    let mask = ((1i64 << exponent) - 1) as i32;
    let remainder = value & mask;
    let threshold = (mask >> 1) + i32::from(value < 0);
    (value >> exponent) + i32::from(remainder > threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_become_significand_and_shift() {
        let of = |real| Multiplier::from_real(real);
        assert_eq!(of(0.5), Some(Multiplier { fixed: 1 << 30, shift: 0 }));
        assert_eq!(of(1.0), Some(Multiplier { fixed: 1 << 30, shift: 1 }));
        assert_eq!(of(0.0), Some(Multiplier::default()));
        assert_eq!(of(1e-12), Some(Multiplier::default()));
        assert_eq!(of(5e-324), Some(Multiplier::default()));
        assert_eq!(of(-1.0), None);
        assert_eq!(of(f64::NAN), None);
        assert_eq!(of(1e12), None);
        // Rounds up to exactly 2^31, which is renormalised.
        assert_eq!(of(1.0 - 1e-12), Some(Multiplier { fixed: 1 << 30, shift: 1 }));
    }

    #[test]
    fn right_shifts_round_half_away_from_zero() {
        let cases = [(5, 1, 3), (-5, 1, -3), (4, 2, 1), (6, 2, 2), (-6, 2, -2), (-7, 2, -2)];
        for (value, exponent, expected) in cases {
            assert_eq!(rounding_divide_by_power_of_two(value, exponent), expected, "{value}");
        }
        assert_eq!(rounding_divide_by_power_of_two(i32::MIN, 31), -1);
        assert_eq!(rounding_divide_by_power_of_two(i32::MAX, 31), 1);
    }

    #[test]
    fn high_multiply_saturates_and_rounds() {
        let multiply = saturating_rounding_doubling_high_multiply;
        assert_eq!(multiply(i32::MIN, i32::MIN), i32::MAX);
        assert_eq!(multiply(1 << 30, 1 << 30), 1 << 29);
        assert_eq!(multiply(3, 1 << 30), 2); // 1.5 up
        assert_eq!(multiply(-3, 1 << 30), -1); // -1.5 towards positive infinity
    }
}

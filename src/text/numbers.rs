//! Numbers as people read them.

/// Bytes in KiB (1024 bytes) with one decimal: `135.0 KiB`.
#[must_use]
pub fn kib(bytes: u64) -> String {
    // Tenths, rounded half up, in integers: no rounding of a rounding.
    let tenths = (u128::from(bytes) * 10 + 512) / 1024;
    format!("{}.{} KiB", tenths / 10, tenths % 10)
}

/// A count with commas between groups of three digits: `1,505,280`.
#[must_use]
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kib_has_one_decimal() {
        assert_eq!(kib(138_240), "135.0 KiB");
        assert_eq!(kib(0), "0.0 KiB");
        assert_eq!(kib(1023), "1.0 KiB");
        assert_eq!(kib(u64::MAX), "18014398509481984.0 KiB");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_505_280), "1,505,280");
        assert_eq!(thousands(100), "100");
    }
}

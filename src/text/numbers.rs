//! Numbers as people read them.

/// Bytes in KiB (1024 bytes) with one decimal, below that as bytes: `135.0 KiB`, `32 B`.
#[must_use]
pub fn kib(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    kib_of_tenths(tenths_of_kib(bytes))
}

/// Tenths of a KiB, rounded half up, in integers: no rounding of a rounding.
fn tenths_of_kib(bytes: u64) -> u128 {
    (u128::from(bytes) * 10 + 512) / 1024
}

fn kib_of_tenths(tenths: u128) -> String {
    format!("{}.{} KiB", tenths / 10, tenths % 10)
}

/// How far two sizes lie apart, so that it is the difference of what [`kib`] shows of them as well:
/// `7.0 KiB`; to the last byte below one KiB, which tenths would hide.
#[must_use]
pub fn kib_apart(one: u64, other: u64) -> String {
    let bytes = one.abs_diff(other);
    if bytes < 1024 {
        return kib(bytes);
    }
    kib_of_tenths(tenths_of_kib(one).abs_diff(tenths_of_kib(other)))
}

/// Both: `135.0 KiB (138,240 bytes)`; below one KiB the bytes alone.
#[must_use]
pub fn kib_and_bytes(bytes: u64) -> String {
    if bytes < 1024 {
        return exact_bytes(bytes);
    }
    format!("{} ({})", kib(bytes), exact_bytes(bytes))
}

/// Bytes to the last one: `138,240 bytes`.
#[must_use]
pub fn exact_bytes(bytes: u64) -> String {
    format!("{} bytes", thousands(bytes))
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

/// A count in thousands or millions with one decimal: `1.5 M`.
#[must_use]
pub fn compact_count(count: u64) -> String {
    let scaled = |unit: u64, name: &str| {
        let tenths = (u128::from(count) * 10 + u128::from(unit) / 2) / u128::from(unit);
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    };
    match count {
        0..10_000 => thousands(count),
        10_000..1_000_000 => scaled(1_000, "k"),
        1_000_000..1_000_000_000 => scaled(1_000_000, "M"),
        _ => scaled(1_000_000_000, "G"),
    }
}

/// A part of a whole in whole percent: `105 %`; an empty whole gives an en dash.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let rounded = (u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole) * 2);
    format!("{rounded} %")
}

/// A part of a whole in percent with one decimal: `41.9 %`; an empty whole gives an en dash.
#[must_use]
pub fn percent_tenths(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let rounded = (u128::from(part) * 2000 + u128::from(whole)) / (u128::from(whole) * 2);
    format!("{}.{} %", rounded / 10, rounded % 10)
}

/// A time, no finer than browsers' clocks: `< 0.1 ms`, `0.50 ms`, `3.1 ms`, `128 ms`, `1.25 s`.
#[must_use]
pub fn milliseconds(ms: f64) -> String {
    if ms >= 1000.0 {
        format!("{:.2} s", ms / 1000.0)
    } else if ms >= 100.0 {
        format!("{ms:.0} ms")
    } else if ms >= 1.0 {
        format!("{ms:.1} ms")
    } else if ms >= 0.05 {
        format!("{ms:.2} ms")
    } else {
        "< 0.1 ms".to_owned()
    }
}

/// Multiply-accumulates in a time, as thousand millions a second; `None` where either is 0.
#[must_use]
pub fn giga_macs_per_second(macs: u64, ms: f64) -> Option<String> {
    (macs > 0 && ms > 0.0).then(|| format!("{:.2} GMAC/s", macs as f64 / (ms * 1e6)))
}

/// A size of memory as it is written into a field: whole KiB as their number, other sizes in bytes with the unit.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    if bytes.is_multiple_of(1024) { (bytes / 1024).to_string() } else { format!("{bytes} B") }
}

/// The bytes of a size as people write it: `64`, `80.5 KiB`, `100,000 B`, `100000 bytes`; a part of a byte counts as a
/// whole one. Nothing for what is no size.
#[must_use]
pub fn size_of(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase().replace([' ', '_'], "");
    let is_number = |letter: char| letter.is_ascii_digit() || ",.".contains(letter);
    let end = text.find(|letter| !is_number(letter)).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (number, part) =
        number.split_once('.').map_or((number, None), |(all, part)| (all, Some(part)));
    // A comma parts thousands; what looks like a decimal one is refused.
    let mut groups = number.split(',').skip(1);
    if groups.any(|group| group.len() != 3) {
        return None;
    }
    let number = number.replace(',', "");
    let unit_bytes = match unit {
        "" | "k" | "kib" => 1024,
        "b" | "byte" | "bytes" => 1,
        "m" | "mib" => 1 << 20,
        _ => return None,
    };
    let whole = number.parse::<u64>().ok()?.checked_mul(unit_bytes)?;
    let Some(part) = part else { return Some(whole) };
    // Seven digits part a MiB finer than into bytes.
    let most = if unit_bytes == 1 { 0 } else { 7 };
    let digits = u32::try_from(part.len()).ok().filter(|digits| (1..=most).contains(digits))?;
    let part = part.parse::<u64>().ok()? * unit_bytes;
    whole.checked_add(part.div_ceil(10_u64.pow(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kib_has_one_decimal() {
        assert_eq!(kib(138_240), "135.0 KiB");
        assert_eq!(kib(0), "0 B");
        assert_eq!(kib(1023), "1023 B");
        assert_eq!(kib(1024), "1.0 KiB");
        assert_eq!(kib(u64::MAX), "18014398509481984.0 KiB");
    }

    #[test]
    fn what_is_shown_of_two_sizes_differs_by_what_is_shown_of_their_difference() {
        let (one, other) = (140_000, 131_124);
        assert_eq!([kib(one), kib(other), kib(one - other)], ["136.7 KiB", "128.1 KiB", "8.7 KiB"]);
        assert_eq!(kib_apart(one, other), "8.6 KiB");
        assert_eq!(kib_apart(other, one), "8.6 KiB");
        assert_eq!(kib_apart(700, 131_072), "127.3 KiB");
        assert_eq!([kib_apart(5000, 4999), kib_apart(7, 7)], ["1 B", "0 B"]);
        assert_eq!(kib_apart(u64::MAX, 0), "18014398509481984.0 KiB");
        let tenths = |words: &str| words.replace(['.', ' '], "").replace("KiB", "").parse::<u64>();
        for one in (20_000..30_000).step_by(37) {
            for other in (2_000..18_000).step_by(103) {
                let [one, other, apart] = [kib(one), kib(other), kib_apart(one, other)];
                let shown = tenths(&one).unwrap() - tenths(&other).unwrap();
                assert_eq!(shown, tenths(&apart).unwrap(), "{one} - {other}");
            }
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_505_280), "1,505,280");
        assert_eq!(thousands(100), "100");
        assert_eq!(exact_bytes(138_240), "138,240 bytes");
    }

    #[test]
    fn counts_shrink_to_one_decimal() {
        assert_eq!(compact_count(9_999), "9,999");
        assert_eq!(compact_count(1_492_992), "1.5 M");
        assert_eq!(compact_count(10_050), "10.1 k");
        assert_eq!(compact_count(2_000_000_000), "2.0 G");
    }

    #[test]
    fn percent_rounds_half_up() {
        assert_eq!(percent(138_240, 131_072), "105 %");
        assert_eq!(percent(1, 200), "1 %");
        assert_eq!(percent(5, 0), "–");
    }

    #[test]
    fn times_are_no_finer_than_clocks() {
        assert_eq!(milliseconds(0.0421), "< 0.1 ms");
        assert_eq!(milliseconds(0.5), "0.50 ms");
        assert_eq!(milliseconds(3.16), "3.2 ms");
        assert_eq!(milliseconds(1250.0), "1.25 s");
        assert_eq!(giga_macs_per_second(2_000_000, 1.0).as_deref(), Some("2.00 GMAC/s"));
        assert_eq!(giga_macs_per_second(0, 1.0), None);
    }

    #[test]
    fn sizes_are_read_as_they_are_written() {
        let read = ["64", " 64 KiB", "100,000 B", "100000 bytes", "1 MiB"].map(size_of);
        assert_eq!(read, [64 << 10, 64 << 10, 100_000, 100_000, 1 << 20].map(Some));
        let parts = ["80.5", "1.5 MiB", "0.001 KiB", "1,024.25 k", "0.000001 MiB"].map(size_of);
        assert_eq!(parts, [82_432, 1_572_864, 2, 1_048_832, 2].map(Some));
        let refused = [
            "1,5",
            "64,5 KiB",
            "KiB",
            "1.5 B",
            ".5",
            "1.",
            "1.2.3",
            "1.1,5",
            "1.00000001",
            "-1",
            "64 kB",
            "99999999999999999 MiB",
        ]
        .map(size_of);
        assert_eq!(refused, [None; 12]);
        assert_eq!(size_of(""), None);
        for bytes in [1, 1024, 100_000, 131_072] {
            assert_eq!(size_of(&size_text(bytes)), Some(bytes));
        }
    }
}

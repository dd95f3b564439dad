//! The spectrogram: power by pitch and time, on a logarithmic scale.
//!
//! A short-time Fourier transform of 512 samples (32 ms) every 320 (20 ms) under a periodic Hann
//! window; the power of each bin summed up under 40 triangles of height 1 that are evenly spaced in
//! mels from 60 to 7600 Hz, mel = 2595 log10(1 + f / 700) (O'Shaughnessy 1987; the triangles are those
//! of Davis and Mermelstein 1980). Of a power `p`, a level is
//!
//! ```text
//! 255 + 16 (log2 p - reference), rounded half up, clamped to 0 to 255
//! ```
//!
//! where the reference is the greatest log2 p of the second, so that a soft and a loud voice look
//! alike, but at least -4, so that a quiet room stays dark. `models/train/log_mel.py` computes the same
//! in another language; the two agree to a level, where a value lies on the edge between two.

use super::{
    RATE_HZ, SIZE,
    turns::{PARTS, Turns},
};

/// Columns: parts of the second.
pub const FRAMES: usize = SIZE[0] as usize;
/// Rows: bands of frequencies.
pub const BANDS: usize = SIZE[1] as usize;

/// Samples of a frame.
pub(super) const WINDOW: u32 = 512;
/// Samples from one frame to the next.
pub(super) const HOP: u32 = 320;
/// The table of turns is that of the transform.
const _: () = assert!(WINDOW as usize == PARTS);
const BINS: usize = PARTS / 2 + 1;
/// Where the lowest band begins, as 1 + f / 700, to which mels are the logarithm.
const LOWEST: f64 = 1.0 + 60.0 / 700.0;
/// From the corner of a band to the next: the 41st root of (1 + 7600 / 700) / (1 + 60 / 700).
const RATIO: f64 = 1.060043102219385;
const LEVELS_A_DOUBLING: f64 = 16.0;
const LEAST_REFERENCE: f64 = -4.0;
/// Stands for no power at all: 2^-40.
const SILENCE: f64 = 1.0 / (1u64 << 40) as f64;

/// The levels of [`RATE_HZ`] samples, row by row, the highest band first.
pub(super) fn levels(samples: &[f32]) -> Vec<u8> {
    let (turns, bank) = (Turns::new(), filters());
    let mut doublings = vec![0.0; BANDS * FRAMES];
    let mut greatest = LEAST_REFERENCE;
    for (frame, start) in (0..FRAMES).map(|frame| (frame, frame * HOP as usize)) {
        let power = spectrum(samples.get(start..start + PARTS).unwrap_or_default(), turns.all());
        for (band, filter) in bank.iter().enumerate() {
            let sum: f64 = filter.iter().zip(&power).map(|(weight, power)| weight * power).sum();
            let value = sum.max(SILENCE).log2();
            greatest = greatest.max(value);
            doublings[(BANDS - 1 - band) * FRAMES + frame] = value;
        }
    }
    doublings.into_iter().map(|value| level(value - greatest)).collect()
}

/// The level of so many doublings of power, which are negative, above the reference.
fn level(doublings: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a byte"
    )]
    let level = (255.5 + LEVELS_A_DOUBLING * doublings).floor().clamp(0.0, 255.0) as u8;
    level
}

/// The power of each bin of a frame under a Hann window.
fn spectrum(frame: &[f32], turns: &[[f64; 2]]) -> Vec<f64> {
    const BITS: u32 = PARTS.trailing_zeros();
    let mut values = vec![[0.0; 2]; PARTS];
    for (index, (&sample, turn)) in frame.iter().zip(turns).enumerate() {
        // Sorted as the transform wants it: by the bits of the index from behind.
        let place = index.reverse_bits() >> (usize::BITS - BITS);
        values[place] = [f64::from(sample) * (0.5 - 0.5 * turn[0]), 0.0];
    }
    // Cooley and Tukey 1965: transforms of 1, 2, 4, ... values, each of two of half the length.
    let mut half = 1;
    while half < PARTS {
        for pair in values.chunks_exact_mut(2 * half) {
            let (even, odd) = pair.split_at_mut(half);
            let turns = turns.iter().step_by(PARTS / (2 * half));
            for ((even, odd), [cos, sin]) in even.iter_mut().zip(odd).zip(turns) {
                let turned = [odd[0] * cos + odd[1] * sin, odd[1] * cos - odd[0] * sin];
                *odd = [even[0] - turned[0], even[1] - turned[1]];
                *even = [even[0] + turned[0], even[1] + turned[1]];
            }
        }
        half *= 2;
    }
    values[..BINS].iter().map(|[real, imaginary]| real * real + imaginary * imaginary).collect()
}

/// The weight of every bin in every band, the lowest band first.
fn filters() -> Vec<Vec<f64>> {
    let mut corners = [700.0 * (LOWEST - 1.0); BANDS + 2];
    let mut reached = LOWEST;
    for corner in &mut corners[1..] {
        reached *= RATIO;
        *corner = 700.0 * (reached - 1.0);
    }
    let filter = |band: usize| {
        let [low, middle, high] = [band, band + 1, band + 2].map(|number| corners[number]);
        let weight = |bin: usize| {
            let hz = bin as f64 * f64::from(RATE_HZ) / f64::from(WINDOW);
            ((hz - low) / (middle - low)).min((high - hz) / (high - middle)).max(0.0)
        };
        (0..BINS).map(weight).collect()
    };
    (0..BANDS).map(filter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn tone(hz: f64, loudness: f64) -> Vec<f32> {
        let sample = |n: u32| loudness * (2.0 * PI * hz * f64::from(n) / f64::from(RATE_HZ)).sin();
        #[expect(clippy::cast_possible_truncation, reason = "samples are single precision")]
        let samples = (0..RATE_HZ).map(|n| sample(n) as f32).collect();
        samples
    }

    #[test]
    fn the_transform_is_that_of_its_definition() {
        let turns = Turns::new();
        let frame: Vec<f32> = (0..512u32)
            .map(|n| f32::from(u8::try_from(n * n % 97).unwrap()) / 97.0 - 0.5)
            .collect();
        let power = spectrum(&frame, turns.all());
        for bin in [0, 1, 7, 100, 255, 256] {
            let mut sum = [0.0; 2];
            for (n, &sample) in frame.iter().enumerate() {
                let windowed = f64::from(sample) * (PI * n as f64 / 512.0).sin().powi(2);
                let angle = 2.0 * PI * (bin * n) as f64 / 512.0;
                sum = [sum[0] + windowed * angle.cos(), sum[1] - windowed * angle.sin()];
            }
            let expected = sum[0] * sum[0] + sum[1] * sum[1];
            assert!((power[bin] - expected).abs() < 1e-9, "{bin}: {} {expected}", power[bin]);
        }
    }

    #[test]
    fn a_tone_is_a_line_at_its_pitch_however_loud() {
        let row_of = |levels: &[u8]| {
            let column = levels.iter().skip(FRAMES / 2).step_by(FRAMES);
            column.copied().enumerate().max_by_key(|&(_, level)| level).unwrap()
        };
        let rows = [100.0, 1000.0, 5000.0].map(|hz| {
            let loud = levels(&tone(hz, 0.5));
            assert_eq!(levels(&tone(hz, 0.01)), loud, "{hz} Hz");
            let (row, level) = row_of(&loud);
            assert!(level >= 254, "{level}");
            row
        });
        assert!(rows[0] > rows[1] && rows[1] > rows[2], "high on top: {rows:?}");
    }

    #[test]
    fn half_the_power_is_16_levels_less() {
        let mut samples = tone(1000.0, 0.5);
        let quieter = tone(1000.0, 0.25);
        samples[8000..].copy_from_slice(&quieter[8000..]);
        let levels = levels(&samples);
        let greatest = |column: usize| (0..BANDS).map(|row| levels[row * FRAMES + column]).max();
        // Half the amplitude is a quarter of the power.
        assert_eq!([greatest(5), greatest(45)], [Some(255), Some(223)]);
    }

    #[test]
    fn a_quiet_room_stays_dark_and_silence_black() {
        assert_eq!(levels(&[0.0; RATE_HZ as usize]), [0; BANDS * FRAMES]);
        let hiss = levels(&tone(2000.0, 1e-4));
        assert!(hiss.iter().all(|&level| level < 200), "{:?}", hiss.iter().max());
    }

    #[test]
    fn bands_are_evenly_spaced_in_mels() {
        let mel = |hz: f64| 2595.0 * (1.0 + hz / 700.0).log10();
        let step = (mel(7600.0) - mel(60.0)) / 41.0;
        assert!((RATIO.log10() * 2595.0 - step).abs() < 1e-9);
        let peak = |filter: &Vec<f64>| filter.iter().copied().fold(0.0, f64::max);
        assert!(filters().iter().map(peak).all(|peak| peak <= 1.0));
    }

    #[test]
    fn every_band_hears_something_and_no_bin_counts_twice() {
        let bank = filters();
        assert!(bank.iter().all(|filter| filter.iter().any(|&weight| weight > 0.3)));
        for bin in 0..BINS {
            let sum: f64 = bank.iter().map(|filter| filter[bin]).sum();
            assert!(sum <= 1.0 + 1e-9, "{bin}: {sum}");
        }
    }
}

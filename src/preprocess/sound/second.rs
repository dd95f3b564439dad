//! The second of a recording that is to be named, at the rate that networks get.

use super::{RATE_HZ, Sound, turns::Turns};
use std::f64::consts::PI;

/// Seconds are looked for every 100th of one.
const STEPS_A_SECOND: u32 = 100;
/// How loud, as a share of the loudest, a second is as well: a word that is there whole stays in the middle.
const AS_LOUD: f64 = 0.99;
/// Zero crossings of the low-pass on each side.
const CROSSINGS: f64 = 16.0;
/// Where the low-pass lets half of the amplitude through, as a share of the lower of both rates' halves.
const PASSED: f64 = 0.94;

/// The loudest second, or all with silence around it.
pub(super) fn second(sound: &Sound) -> Vec<f32> {
    let start = start(sound);
    if sound.rate_hz == RATE_HZ {
        let at = |index: u32| at(sound, start + i64::from(index));
        return (0..RATE_HZ).map(at).collect();
    }
    let step = f64::from(sound.rate_hz) / f64::from(RATE_HZ);
    let turns = Turns::new();
    let at = |index: u32| between(sound, start, f64::from(index) * step, step, &turns);
    (0..RATE_HZ).map(at).collect()
}

/// Where that second begins; before the first sample of a shorter recording.
fn start(sound: &Sound) -> i64 {
    let (samples, length) = (&sound.samples, sound.rate_hz as usize);
    if samples.len() <= length {
        return -whole((length - samples.len()) / 2);
    }
    let step = (sound.rate_hz / STEPS_A_SECOND) as usize;
    // What a cheap microphone adds to every sample is no loudness.
    let sum: f64 = samples.iter().copied().map(f64::from).sum();
    let offset = sum / samples.len() as f64;
    let energy: Vec<f64> = samples.chunks(step).map(|some| energy(some, offset)).collect();
    let steps = STEPS_A_SECOND as usize;
    let loudness: Vec<f64> = energy.windows(steps).map(|second| second.iter().sum()).collect();
    let greatest = loudness.iter().copied().fold(0.0, f64::max);
    let first = loudness.iter().position(|&one| one >= greatest).unwrap_or(0);
    // Where the quiet before and after a word makes no difference, the word goes to the middle.
    let is_as_loud = |one: &&f64| **one >= AS_LOUD * greatest;
    let before = loudness[..first].iter().rev().take_while(is_as_loud).count();
    let after = loudness[first..].iter().take_while(is_as_loud).count();
    let start = (first - before + (before + after) / 2) * step;
    whole(start.min(samples.len() - length))
}

/// A length as a place, which may be before the beginning.
fn whole(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The energy of samples around the recording's own middle.
fn energy(samples: &[f32], offset: f64) -> f64 {
    samples.iter().map(|&sample| (f64::from(sample) - offset).powi(2)).sum()
}

/// A sample; silence before and after the recording.
fn at(sound: &Sound, index: i64) -> f32 {
    usize::try_from(index).ok().and_then(|index| sound.samples.get(index)).copied().unwrap_or(0.0)
}

/// The sound at `time`, counted in samples from `start`, band-limited to half of the lower rate: a sinc under
/// a Hann window (Smith, Digital Audio Resampling).
fn between(sound: &Sound, start: i64, time: f64, step: f64, turns: &Turns) -> f32 {
    let cutoff = PASSED / step.max(1.0);
    let reach = CROSSINGS / cutoff;
    #[expect(clippy::cast_possible_truncation, reason = "at most some seconds of samples")]
    let [first, last] = [(time - reach).ceil() as i64, (time + reach).floor() as i64];
    let mut sum = 0.0;
    for index in first..=last {
        let away = index as f64 - time;
        let crossings = cutoff * away;
        // Near the middle a sinc is 1.
        let sinc = if crossings.abs() < 1e-3 {
            1.0
        } else {
            turns.at(crossings / 2.0)[1] / (PI * crossings)
        };
        let window = 0.5 + 0.5 * turns.at(away / reach / 2.0)[0];
        sum += f64::from(at(sound, start + index)) * sinc * window;
    }
    #[expect(clippy::cast_possible_truncation, reason = "samples are single precision")]
    let sample = (sum * cutoff) as f32;
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate_hz: u32, hz: f64, seconds: f64) -> Sound {
        let turn = 2.0 * PI * hz / f64::from(rate_hz);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a test's few samples"
        )]
        let samples = (0..(f64::from(rate_hz) * seconds) as u32)
            .map(|n| (turn * f64::from(n)).sin() as f32)
            .collect();
        Sound::new(samples, rate_hz).unwrap()
    }

    #[test]
    fn a_second_at_the_rate_is_taken_as_it_is() {
        let sound = tone(RATE_HZ, 440.0, 1.0);
        assert_eq!(sound.second(), sound.samples());
    }

    #[test]
    fn other_rates_give_the_same_tone() {
        let expected = tone(RATE_HZ, 1000.0, 1.0).second();
        for rate_hz in [8000, 11_025, 22_050, 44_100, 48_000, 192_000] {
            let found = tone(rate_hz, 1000.0, 1.0).second();
            assert_eq!(found.len(), expected.len());
            let inside = 200..RATE_HZ as usize - 200;
            let off = inside.map(|n| (found[n] - expected[n]).abs()).fold(0.0, f32::max);
            assert!(off < 2e-3, "{rate_hz} Hz: {off}");
        }
    }

    #[test]
    fn what_is_above_half_the_rate_is_not_folded_back() {
        let found = tone(48_000, 9500.0, 1.0).second();
        let loudest = found[200..15_800].iter().map(|sample| sample.abs()).fold(0.0, f32::max);
        assert!(loudest < 1e-2, "{loudest}");
    }

    #[test]
    fn a_short_sound_is_in_the_middle_of_silence() {
        let second = Sound::new(vec![1.0; 4000], RATE_HZ).unwrap().second();
        assert_eq!(second.len(), RATE_HZ as usize);
        assert!(second[..6000].iter().chain(&second[10_000..]).all(|&sample| sample == 0.0));
        assert!(second[6000..10_000].iter().all(|&sample| sample > 0.5));
    }

    /// As with silence: an offset is all of the energy of most seconds.
    #[test]
    fn an_offset_hides_no_word() {
        let mut samples = vec![0.25; 4 * RATE_HZ as usize];
        samples[50_000..54_000].fill(0.45);
        let second = Sound::new(samples, RATE_HZ).unwrap().second();
        assert_eq!(second.iter().filter(|&&sample| sample > 0.4).count(), 4000);
    }

    #[test]
    fn of_a_long_sound_the_loudest_second_is_taken_with_its_word_in_the_middle() {
        let mut samples = vec![1e-4; 3 * RATE_HZ as usize];
        samples[3000..5000].fill(0.2);
        samples[30_000..34_000].fill(0.8);
        let second = Sound::new(samples, RATE_HZ).unwrap().second();
        let heard: Vec<usize> = (0..second.len()).filter(|&n| second[n] > 0.5).collect();
        assert_eq!(heard.len(), 4000);
        assert!((5800..6200).contains(&heard[0]), "{}", heard[0]);
    }

    #[test]
    fn the_last_second_can_be_the_loudest() {
        let mut samples = vec![0.0; 2 * RATE_HZ as usize + 7];
        // A tone: one level all along would be half an offset.
        for (n, sample) in samples[16_007..].iter_mut().enumerate() {
            *sample = if n % 2 == 0 { 0.5 } else { -0.5 };
        }
        let second = Sound::new(samples, RATE_HZ).unwrap().second();
        assert!(second.iter().filter(|&&sample| sample != 0.0).count() > 15_800);
    }
}

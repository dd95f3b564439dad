//! A sound to a picture: what a network for spoken words sees.
//!
//! ```text
//! WAV ─wav::read→ Sound ─second→ 16,000 samples ─log_mel→ levels, a picture of 49 x 40
//! ```
//!
//! From there on it is a picture of grey levels like any other ([`super::picture_to_tensor`]), already
//! as large as the input, so nothing is resized.

mod log_mel;
mod second;
mod turns;
mod wav;

pub use log_mel::{BANDS, FRAMES};
pub use wav::MOST_BYTES;

/// Samples a second that networks get.
pub const RATE_HZ: u32 = 16_000;

/// The spectrogram that is made here, as cards name it: samples a second, samples of a frame and from one to the
/// next, bands with their lowest and highest frequency, levels that twice the power is more.
pub const SPECTROGRAM: &str =
    "log-mel: 16000 Hz, frames of 512 every 320, 40 bands from 60 to 7600 Hz, 16 levels a doubling";

/// Columns and rows of that picture.
pub const SIZE: [u32; 2] = [1 + (RATE_HZ - log_mel::WINDOW) / log_mel::HOP, 40];

/// Sampling rates that are read.
pub const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// A recording with one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Finite; full scale is -1 to 1, and nothing is cut off beyond it.
    samples: Vec<f32>,
    rate_hz: u32,
}

/// Why bytes or samples are no sound that can be heard here.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SoundError {
    /// The file is longer than any that is read.
    #[error("it has {bytes} bytes; sounds have at most {MOST_BYTES}")]
    TooLong {
        /// Its length.
        bytes: u64,
    },
    /// It holds nothing.
    #[error("the file is empty, it has 0 bytes")]
    NoBytes,
    /// It does not begin as WAV files do.
    #[error("it does not begin with RIFF and WAVE, as WAV files do")]
    NotWave,
    /// It ends within a chunk.
    #[error(
        "the chunk `{chunk}` at byte {at} has {wanted} bytes, and the file ends after {found} of them"
    )]
    Cut {
        /// The chunk's name.
        chunk: &'static str,
        /// Where it begins.
        at: usize,
        /// Bytes that it claims or needs.
        wanted: u32,
        /// Bytes that are there.
        found: usize,
    },
    /// A chunk is missing, or comes too late.
    #[error("there is no chunk `{chunk}` before byte {at}")]
    Missing {
        /// Its name.
        chunk: &'static str,
        /// Where it was needed.
        at: usize,
    },
    /// The samples are written in a way that is not read.
    #[error("the format at byte {at} is {code} with {bits} bits a sample")]
    Encoding {
        /// Where that is said.
        at: usize,
        /// The format's number: 1 for integers, 3 for float.
        code: u16,
        /// Bits of a sample.
        bits: u16,
    },
    /// Neither mono nor stereo, or frames of another size.
    #[error("the format at byte {at} has {channels} channels in frames of {frame_bytes} bytes")]
    Channels {
        /// Where that is said.
        at: usize,
        /// How many.
        channels: u16,
        /// Bytes of a sample of every channel.
        frame_bytes: u16,
    },
    /// The sampling rate is out of bounds.
    #[error("it has {hz} samples a second, and {} to {} are read", RATES_HZ.start(), RATES_HZ.end())]
    Rate {
        /// Samples a second.
        hz: u32,
    },
    /// A sample is no number.
    #[error("sample {index} is no finite number")]
    NotFinite {
        /// Which one, from 0.
        index: usize,
    },
    /// There is nothing to hear.
    #[error("there is no sample")]
    Empty,
}

impl Sound {
    /// A recording with one channel, full scale from -1 to 1.
    ///
    /// # Errors
    /// [`SoundError`] where there is no sample, one is no finite number, or the rate is outside
    /// [`RATES_HZ`].
    pub fn new(samples: Vec<f32>, rate_hz: u32) -> Result<Self, SoundError> {
        if !RATES_HZ.contains(&rate_hz) {
            return Err(SoundError::Rate { hz: rate_hz });
        }
        if samples.is_empty() {
            return Err(SoundError::Empty);
        }
        // A power of such samples stays finite too.
        match samples.iter().position(|sample| sample.is_nan() || sample.abs() > 1e6) {
            Some(index) => Err(SoundError::NotFinite { index }),
            None => Ok(Self { samples, rate_hz }),
        }
    }

    /// Reads a WAV file: integers of 8, 16, 24 or 32 bits or float of 32, mono or stereo (the mean of
    /// both), of at most [`MOST_BYTES`].
    ///
    /// # Errors
    /// [`SoundError`] where it is none of these.
    pub fn from_wav(bytes: &[u8]) -> Result<Self, SoundError> {
        wav::read(bytes)
    }

    /// The recording's samples.
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Samples a second.
    #[must_use]
    pub const fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// The [`RATE_HZ`] samples of the second to be named: the loudest of a longer recording, a shorter
    /// one with silence around it.
    #[must_use]
    pub fn second(&self) -> Vec<f32> {
        second::second(self)
    }

    /// That second as a picture: [`BANDS`] rows of [`FRAMES`] levels, high frequencies on top, time to the
    /// right. The loudest cell is 255, and each halving of power 16 levels less.
    #[must_use]
    pub fn levels(&self) -> Vec<u8> {
        log_mel::levels(&self.second())
    }

    /// The same as grey pixels: red, green, blue and opacity.
    #[must_use]
    pub fn rgba(&self) -> Vec<u8> {
        self.levels().into_iter().flat_map(|grey| [grey, grey, grey, 255]).collect()
    }
}

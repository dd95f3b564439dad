//! WAV files: chunks of RIFF, of which the format and the samples count (Multimedia Programming
//! Interface and Data Specifications 1.0, IBM and Microsoft 1991).

use super::{Sound, SoundError};

/// The longest file that is read: 43 seconds of stereo at 48 kHz in 16 bits.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A name and a length come before each chunk.
const HEADER_BYTES: usize = 8;
/// Of the format, all that says how samples are written.
const FORMAT_BYTES: usize = 16;
/// Where, in a format that leaves its number to its end, that stands.
const EXTENSION_AT: usize = 24;
const INTEGERS: u16 = 1;
const FLOATS: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;
/// Programs that write to a pipe do not know the length, and write such a one.
const UNKNOWN_LENGTH: u32 = 0x7FFF_0000;

/// How samples are written.
struct Format {
    code: u16,
    channels: usize,
    rate_hz: u32,
    sample_bytes: usize,
}

/// A chunk of which at least a part is there.
struct Chunk<'a> {
    name: [u8; 4],
    at: usize,
    claimed: u32,
    body: &'a [u8],
}

pub(super) fn read(bytes: &[u8]) -> Result<Sound, SoundError> {
    if bytes.len() > MOST_BYTES {
        return Err(SoundError::TooLong { bytes: bytes.len() as u64 });
    }
    if bytes.is_empty() {
        return Err(SoundError::NoBytes);
    }
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(SoundError::NotWave);
    }
    let (mut at, mut format) = (12, None);
    while let Some(chunk) = chunk(bytes, at) {
        match (&chunk.name, &format) {
            (b"fmt ", _) => format = Some(read_format(&chunk)?),
            (b"data", Some(format)) => return samples(&chunk, format),
            (b"data", None) => return Err(SoundError::Missing { chunk: "fmt ", at }),
            _ => {}
        }
        // Chunks begin at even places.
        let length = chunk.claimed as usize;
        at = at.saturating_add(HEADER_BYTES).saturating_add(length).saturating_add(length % 2);
    }
    let chunk = if format.is_some() { "data" } else { "fmt " };
    Err(SoundError::Missing { chunk, at: bytes.len() })
}

/// The chunk at a place, with as much of its body as is there; `None` at the end.
fn chunk(bytes: &[u8], at: usize) -> Option<Chunk<'_>> {
    let (name, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let claimed = u32::from_le_bytes(*length);
    let body = rest.get(..claimed as usize).unwrap_or(rest);
    Some(Chunk { name: *name, at, claimed, body })
}

fn read_format(chunk: &Chunk<'_>) -> Result<Format, SoundError> {
    let (at, body) = (chunk.at, chunk.body);
    let cut = |wanted: usize| SoundError::Cut {
        chunk: "fmt ",
        at,
        wanted: u32::try_from(wanted).unwrap_or(u32::MAX),
        found: body.len(),
    };
    let number = |from: usize| {
        let bytes = body.get(from..)?.first_chunk::<2>()?;
        Some(u16::from_le_bytes(*bytes))
    };
    let need = |from: usize| number(from).ok_or_else(|| cut(FORMAT_BYTES.max(from + 2)));
    let (mut code, channels, frame_bytes, bits) = (need(0)?, need(2)?, need(12)?, need(14)?);
    let rate_hz = u32::from(need(4)?) | u32::from(need(6)?) << 16;
    if code == EXTENSIBLE {
        code = need(EXTENSION_AT)?;
    }
    if !matches!((code, bits), (INTEGERS, 8 | 16 | 24 | 32) | (FLOATS, 32)) {
        return Err(SoundError::Encoding { at, code, bits });
    }
    let sample_bytes = usize::from(bits / 8);
    if !matches!(channels, 1 | 2)
        || usize::from(frame_bytes) != usize::from(channels) * sample_bytes
    {
        return Err(SoundError::Channels { at, channels, frame_bytes });
    }
    Ok(Format { code, channels: usize::from(channels), rate_hz, sample_bytes })
}

/// The samples of a chunk, both channels of a stereo recording as their mean.
fn samples(chunk: &Chunk<'_>, format: &Format) -> Result<Sound, SoundError> {
    if chunk.body.len() < chunk.claimed as usize && chunk.claimed < UNKNOWN_LENGTH {
        let (at, wanted, found) = (chunk.at, chunk.claimed, chunk.body.len());
        return Err(SoundError::Cut { chunk: "data", at, wanted, found });
    }
    #[expect(clippy::cast_precision_loss, reason = "1 or 2")]
    let share = 1.0 / format.channels as f32;
    let frames = chunk.body.chunks_exact(format.sample_bytes * format.channels);
    let mono = frames.map(|frame| {
        let samples = frame.chunks_exact(format.sample_bytes);
        samples.map(|sample| level(sample, format.code) * share).sum()
    });
    Sound::new(mono.collect(), format.rate_hz)
}

/// A sample of -1 to 1; those of 8 bits alone are written without a sign.
fn level(sample: &[u8], code: u16) -> f32 {
    match *sample {
        [byte] => (f32::from(byte) - 128.0) / 128.0,
        [low, high] => f32::from(i16::from_le_bytes([low, high])) / 32_768.0,
        [low, middle, high] => of_32_bits(i32::from_le_bytes([0, low, middle, high])),
        [a, b, c, d] if code == FLOATS => f32::from_le_bytes([a, b, c, d]),
        [a, b, c, d] => of_32_bits(i32::from_le_bytes([a, b, c, d])),
        _ => 0.0,
    }
}

fn of_32_bits(sample: i32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "samples are single precision")]
    let level = sample as f32 / 2_147_483_648.0;
    level
}

#[cfg(test)]
mod tests {
    use super::{super::SoundError, *};

    /// A chunk with its header.
    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
        [&name[..], &length.to_le_bytes(), body, pad].concat()
    }

    fn format(code: u16, channels: u16, rate_hz: u32, bits: u16) -> Vec<u8> {
        let frame_bytes = channels * (bits / 8);
        let bytes_a_second = rate_hz * u32::from(frame_bytes);
        let mut body = [code, channels].map(u16::to_le_bytes).concat();
        body.extend([rate_hz, bytes_a_second].map(u32::to_le_bytes).concat());
        body.extend([frame_bytes, bits].map(u16::to_le_bytes).concat());
        body
    }

    fn wave(chunks: &[Vec<u8>]) -> Vec<u8> {
        let body = [b"WAVE".to_vec(), chunks.concat()].concat();
        chunk(b"RIFF", &body)
    }

    fn mono(code: u16, bits: u16, data: &[u8]) -> Vec<u8> {
        wave(&[chunk(b"fmt ", &format(code, 1, 16_000, bits)), chunk(b"data", data)])
    }

    #[test]
    fn every_encoding_reads_as_the_same_levels() {
        let (low, high) = (i32::MIN, 0x4000_0000);
        let data = |bytes: usize| {
            let cut = |value: i32| value.to_le_bytes()[4 - bytes..].to_vec();
            [low, high].map(cut).concat()
        };
        for (bits, bytes) in [(16, 2), (24, 3), (32, 4)] {
            assert_eq!(read(&mono(1, bits, &data(bytes))).unwrap().samples(), [-1.0, 0.5]);
        }
        assert_eq!(read(&mono(1, 8, &[0, 192])).unwrap().samples(), [-1.0, 0.5]);
        let floats = [-1.0f32, 0.5].map(f32::to_le_bytes).concat();
        assert_eq!(read(&mono(3, 32, &floats)).unwrap().samples(), [-1.0, 0.5]);
    }

    #[test]
    fn stereo_is_mixed_down_and_other_chunks_are_skipped() {
        let data = [0x4000u16, 0, 0x2000, 0x2000].map(u16::to_le_bytes).concat();
        let bytes = wave(&[
            chunk(b"LIST", b"odd"),
            chunk(b"fmt ", &format(1, 2, 44_100, 16)),
            chunk(b"fact", &[0; 4]),
            chunk(b"data", &data),
        ]);
        let sound = read(&bytes).unwrap();
        assert_eq!((sound.samples(), sound.rate_hz()), (&[0.25, 0.25][..], 44_100));
    }

    #[test]
    fn a_format_with_an_extension_and_a_length_from_a_pipe_are_read() {
        let mut extended = format(0xFFFE, 1, 16_000, 16);
        extended.extend([22, 0, 16, 0, 4, 0, 0, 0, 1, 0]);
        extended.extend([0; 14]);
        let mut bytes = wave(&[chunk(b"fmt ", &extended), chunk(b"data", &[0, 64])]);
        assert_eq!(read(&bytes).unwrap().samples(), [0.5]);
        let length = bytes.len() - 6;
        bytes[length..length + 4].copy_from_slice(&0x7FFF_F000u32.to_le_bytes());
        assert_eq!(read(&bytes).unwrap().samples(), [0.5]);
    }

    #[test]
    fn what_is_not_read_is_refused_with_its_place() {
        let fmt = |code, channels, rate, bits| {
            wave(&[chunk(b"fmt ", &format(code, channels, rate, bits)), chunk(b"data", &[0; 8])])
        };
        let refused = |bytes: &[u8]| read(bytes).unwrap_err();
        assert_eq!(refused(b""), SoundError::NoBytes);
        assert_eq!(refused(b"RIFF....AVI "), SoundError::NotWave);
        assert_eq!(
            refused(&fmt(2, 1, 16_000, 4)),
            SoundError::Encoding { at: 12, code: 2, bits: 4 }
        );
        assert_eq!(
            refused(&fmt(3, 1, 16_000, 64)),
            SoundError::Encoding { at: 12, code: 3, bits: 64 }
        );
        let channels = SoundError::Channels { at: 12, channels: 6, frame_bytes: 12 };
        assert_eq!(refused(&fmt(1, 6, 16_000, 16)), channels);
        for hz in [0, 7999, 192_001, u32::MAX / 4] {
            assert_eq!(refused(&fmt(1, 1, hz, 16)), SoundError::Rate { hz });
        }
        assert_eq!(refused(&mono(1, 16, &[])), SoundError::Empty);
        assert_eq!(
            refused(&mono(3, 32, &f32::NAN.to_le_bytes())),
            SoundError::NotFinite { index: 0 }
        );
        assert_eq!(refused(&wave(&[])), SoundError::Missing { chunk: "fmt ", at: 12 });
        let data_first =
            wave(&[chunk(b"data", &[0; 4]), chunk(b"fmt ", &format(1, 1, 16_000, 16))]);
        assert_eq!(refused(&data_first), SoundError::Missing { chunk: "fmt ", at: 12 });
        let no_data = wave(&[chunk(b"fmt ", &format(1, 1, 16_000, 16))]);
        assert_eq!(refused(&no_data), SoundError::Missing { chunk: "data", at: 36 });
        let too_long = vec![0; MOST_BYTES + 1];
        assert!(matches!(refused(&too_long), SoundError::TooLong { .. }));
    }

    #[test]
    fn whatever_is_cut_off_or_changed_is_an_error_or_a_sound() {
        let whole = mono(1, 16, &[1; 64]);
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..44 {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut changed = whole.clone();
                changed[at] = value;
                if let Ok(sound) = read(&changed) {
                    assert!(sound.samples().iter().all(|sample| sample.is_finite()));
                    assert_eq!(sound.second().len(), 16_000);
                }
            }
        }
    }
}

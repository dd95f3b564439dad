//! The words of sounds and of the microphone.

use super::thousands;
use crate::{
    preprocess::sound::{MOST_BYTES, RATE_HZ, SoundError},
    report::{Problem, ProblemKind},
};

/// A sound of one's own.
pub const OWN_SOUND: &str = "Own WAV";
/// How sounds come in.
pub const HINT: &str = "Or drop a WAV file. Of a recording that is longer than a second, the loudest second is \
                        named. It is read here and goes nowhere.";
/// Leads to the microphone.
pub const TRY: &str = "Try your own voice";
/// How to read the picture of a sound.
pub const SEEN: &str = "A second: time runs to the right, pitch upwards, from 60 to 7600 Hz; the brighter, the louder.";
/// Plays a sample.
pub const LISTEN: &str = "The sample, to listen to";
/// Opens the microphone.
pub const MICROPHONE: &str = "Microphone";
/// Closes it.
pub const CANCEL: &str = "Stop recording";
/// While the visitor is asked.
pub const ASKED: &str = "The browser asks whether this page may use the microphone…";
/// While it is on.
pub const LISTENING: &str = "Say one of the words now. Two seconds are recorded, the loudest is named; nothing is kept \
                             or sent.";
/// After a recording in which nothing was.
pub const NOTHING_HEARD: &str = "The microphone heard nothing at all. Is it switched off, or another one chosen in the \
                                 browser's settings?";

/// Why there is no sound of the microphone, from the name of the browser's error.
#[must_use]
pub fn microphone_failed(name: &str) -> &'static str {
    match name {
        "NotAllowedError" | "SecurityError" => {
            "The microphone was refused. Allow it for this page in the browser's settings to try again."
        }
        "NotFoundError" | "OverconstrainedError" => {
            "No microphone was found. Connect one, or choose a WAV file instead."
        }
        "NotReadableError" | "AbortError" => {
            "The microphone is there but gives no sound. Another program may be using it: close that one."
        }
        "InsecureContext" => {
            "Microphones work only on pages with a secure address (https). Choose a WAV file instead."
        }
        _ => "This browser gives no microphone. Choose a WAV file instead.",
    }
}

/// Whether an answer is right.
#[must_use]
pub fn judged(label: &str, is_right: bool) -> String {
    let (mark, word) = if is_right { ("✓", "Right") } else { ("✕", "Wrong") };
    format!("{mark} {word}: the label of this sound is {label}.")
}

/// A sound that cannot be heard.
#[must_use]
pub fn unheard(error: &SoundError) -> Problem {
    let kind = match error {
        SoundError::TooLong { .. } => ProblemKind::Limit,
        SoundError::Encoding { .. } | SoundError::Channels { .. } | SoundError::Rate { .. } => {
            ProblemKind::Unsupported
        }
        _ => ProblemKind::Malformed,
    };
    problem(kind, &error.to_string(), advice(error))
}

/// A sound whose file could not be read.
#[must_use]
pub fn unread(why: &str) -> Problem {
    problem(ProblemKind::Malformed, why.trim_end_matches('.'), "Choose the file again.")
}

/// A sound for a model that hears nothing.
#[must_use]
pub fn not_for_sounds() -> Problem {
    problem(
        ProblemKind::Unsupported,
        "the open model is none for sounds",
        "Open \u{201c}Spoken words\u{201d} under Samples first.",
    )
}

/// A sound of one's own by its file's name, and what became of it where it has another rate than networks get.
#[must_use]
pub fn named(file_name: &str, rate_hz: u32) -> String {
    if rate_hz == RATE_HZ {
        return file_name.to_owned();
    }
    let rate = |hz: u32| thousands(u64::from(hz));
    let lost = if rate_hz < RATE_HZ {
        format!("; above {} Hz it has nothing, so words may be taken for others", rate(rate_hz / 2))
    } else {
        String::new()
    };
    format!("{file_name}: {} samples a second, brought to {}{lost}.", rate(rate_hz), rate(RATE_HZ))
}

/// What makes a sound that is read here.
#[must_use]
pub fn advice(error: &SoundError) -> &'static str {
    match error {
        SoundError::NoBytes => "It was not saved, or not copied whole: choose another file.",
        SoundError::Rate { hz: 0 } => {
            "The file's head is damaged: save it anew, with 16,000 samples a second."
        }
        SoundError::Rate { .. } => "Save it with another sampling rate: 16,000 Hz is best.",
        SoundError::Channels { .. } => "Save it as mono or stereo.",
        SoundError::TooLong { .. } => "Cut it down to the word; a second is enough.",
        SoundError::Cut { .. } | SoundError::Missing { .. } => {
            "The file is damaged or was not copied whole: save it anew."
        }
        SoundError::Empty => {
            "The recording was ended before it began, or not saved whole: record a second with a word in it."
        }
        SoundError::NotFinite { .. } => "Save it anew, as integers of 16 bits.",
        SoundError::NotWave | SoundError::Encoding { .. } => {
            "Save it as WAV, mono or stereo, uncompressed: 8, 16, 24 or 32 bits, or float of 32."
        }
    }
}

/// Why a file is not read at all.
#[must_use]
pub fn too_long(bytes: u64) -> Option<SoundError> {
    (bytes > MOST_BYTES as u64).then_some(SoundError::TooLong { bytes })
}

fn problem(kind: ProblemKind, why: &str, advice: &str) -> Problem {
    Problem {
        kind,
        message: format!("The sound could not be read: {why}."),
        advice: advice.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_of_a_microphone_has_advice() {
        let names = ["NotAllowedError", "NotFoundError", "NotReadableError", "InsecureContext", ""];
        let words = names.map(microphone_failed);
        assert!(words.iter().all(|words| words.matches('.').count() >= 2), "{words:?}");
        assert!((1..words.len()).all(|index| !words[..index].contains(&words[index])));
    }

    #[test]
    fn advice_is_about_what_is_wrong() {
        let of = |error: SoundError| {
            let Problem { message, advice, .. } = unheard(&error);
            [message, advice].join(" ")
        };
        let told = of(SoundError::NoBytes);
        assert!(told.contains("the file is empty") && !told.contains("8, 16, 24"), "{told}");
        let told = of(SoundError::Empty);
        assert!(told.contains("there is no sample") && told.contains("saved whole"), "{told}");
        let told = of(SoundError::Rate { hz: 4000 });
        assert!(
            told.contains("it has 4000 samples a second, and 8000 to 192000 are read"),
            "{told}"
        );
        assert!(told.contains("16,000 Hz") && !told.contains("uncompressed"), "{told}");
        assert!(of(SoundError::Rate { hz: 0 }).contains("head is damaged"));
        let told = of(SoundError::Channels { at: 12, channels: 6, frame_bytes: 12 });
        assert!(told.contains("6 channels") && told.ends_with("mono or stereo."), "{told}");
    }

    #[test]
    fn a_sound_of_another_rate_says_what_became_of_it() {
        assert_eq!(named("yes.wav", 16_000), "yes.wav");
        assert_eq!(
            named("yes.wav", 8_000),
            "yes.wav: 8,000 samples a second, brought to 16,000; above 4,000 Hz it has nothing, so words \
             may be taken for others."
        );
        let told = named("yes.wav", 44_100);
        assert_eq!(told, "yes.wav: 44,100 samples a second, brought to 16,000.");
    }

    #[test]
    fn a_sound_is_refused_with_cause_place_and_advice() {
        let cut = SoundError::Cut { chunk: "data", at: 36, wanted: 100, found: 7 };
        let told = unheard(&cut);
        assert!(told.message.contains("`data` at byte 36 has 100 bytes"), "{}", told.message);
        assert!(told.advice.contains("save it anew"), "{}", told.advice);
        let most = MOST_BYTES as u64;
        assert_eq!((too_long(most), too_long(most + 1).is_some()), (None, true));
        assert_eq!(unheard(&too_long(most + 1).unwrap()).kind, ProblemKind::Limit);
    }
}

//! Inputs made of WAV files, as the page makes them.

use crate::{failure::Failure, files};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tinyml_playground::{
    kernels::Kernels,
    preprocess::{
        Preprocessing, ValueRange,
        sound::{MOST_BYTES, SIZE, Sound},
    },
    session::Session,
    text::sound,
};

/// The most files that are taken of a folder.
const MOST_FILES: usize = 1 << 20;

/// Whether a path is that of a sound.
pub(crate) fn is_sound(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wav"))
}

/// The sounds of a folder, in the order of their names.
pub(crate) fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| Failure::file(folder, &error);
    let mut sounds = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)?.take(MOST_FILES) {
        let path = entry.map_err(failed)?.path();
        if is_sound(&path) {
            sounds.push(path);
        }
    }
    sounds.sort();
    Ok(sounds)
}

/// The input of a network for spectrograms, of a WAV file.
pub(crate) fn input<K: Kernels>(session: &Session<K>, path: &Path) -> Result<Vec<u8>, Failure> {
    let shape = session.graph().inputs.first().map(|&id| session.graph().tensor(id).shape.map());
    let [width, height] = SIZE;
    let takes = |side: usize, wanted: u32| u32::try_from(side) == Ok(wanted);
    if !shape.is_some_and(|map| {
        takes(map.width, width) && takes(map.height, height) && map.channels == 1
    }) {
        let message = format!(
            "{} is a sound, and the model takes no spectrogram of {height}x{width}x1.",
            path.display()
        );
        return Err(Failure::new(
            message,
            "Give a model for sounds, such as models/keywords.tflite.",
        ));
    }
    let sound = Sound::from_wav(&files::read(path, MOST_BYTES)?).map_err(|error| {
        Failure::new(format!("{}: {error}.", path.display()), sound::advice(&error))
    })?;
    Ok(session.input_from_picture(&sound.rgba(), SIZE, choices(session))?)
}

/// The page's choices for an input whose card is not at hand: levels in the range that its scale and zero point
/// span.
pub(crate) fn choices<K: Kernels>(session: &Session<K>) -> Preprocessing {
    let range = session.report().input_quantization().map_or_else(ValueRange::default, |one| {
        ValueRange::fitting(f64::from(one.scale), one.zero_point)
    });
    Preprocessing { range, ..Preprocessing::default() }
}

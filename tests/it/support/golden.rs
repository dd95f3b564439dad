//! The folder of real models and the answers of real engines, which not every machine has.

use std::{
    env, fs,
    io::{self, Write as _},
    path::PathBuf,
    thread,
};

/// The golden folder: `TINYML_GOLDEN_DIR`, else `../shared/golden` beside this package. `None`,
/// and a line that says so, where there is none: the caller then has nothing to test.
pub fn golden_dir() -> Option<PathBuf> {
    let dir = env::var_os("TINYML_GOLDEN_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/golden"),
        PathBuf::from,
    );
    if dir.join("models").is_dir() {
        return Some(dir);
    }
    // Past the harness, which hides what a passing test prints: skipping is said aloud.
    let test = thread::current();
    let test = test.name().unwrap_or("a test");
    let _ = writeln!(
        io::stderr(),
        "SKIPPED {test}: no golden models in {} (set TINYML_GOLDEN_DIR)",
        dir.display()
    );
    None
}

/// The real models, by id and in order: the files' names without `.tflite`.
pub fn golden_models() -> Vec<(String, Vec<u8>)> {
    let Some(dir) = golden_dir() else { return Vec::new() };
    let mut paths: Vec<PathBuf> = fs::read_dir(dir.join("models"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tflite"))
        .collect();
    paths.sort();
    let id = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (id(path), fs::read(path).unwrap())).collect()
}

/// What TensorFlow Lite Micro reported of its arena, for each of eight real models with its bytes.
pub fn tflm_arenas() -> Vec<(String, Vec<u8>, serde_json::Value)> {
    let Some(dir) = golden_dir() else { return Vec::new() };
    let arena: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("tflm_arena.json")).unwrap()).unwrap();
    let models = arena["models"].as_object().unwrap();
    assert_eq!(models.len(), 8);
    let bytes = |id: &String| fs::read(dir.join(format!("models/{id}.tflite"))).unwrap();
    models.iter().map(|(id, figures)| (id.clone(), bytes(id), figures.clone())).collect()
}

//! TensorFlow Lite Micro itself runs the plans that are written for it, where Python has it.

use crate::{Outcome, commands::Call};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The script with its own README line and pinned requirements.
const SCRIPT: &str = "tests/tflm/offline_plan.py";

/// Runs the script on every model there is; says aloud that it does not where Python has no
/// `tflite_micro`. `TFLM_PYTHON` names another Python than `python3`.
pub fn check() -> Outcome {
    let python = env::var_os("TFLM_PYTHON").unwrap_or_else(|| "python3".into());
    if Call::new(&python).args(["-c", "import tflite_micro"]).output().is_none() {
        eprintln!(
            "SKIPPED tflm: {} has no tflite_micro; install tests/tflm/requirements.txt and name its \
             Python in TFLM_PYTHON",
            Path::new(&python).display()
        );
        return Ok(());
    }
    Call::new("cargo").args(["build", "--locked", "--bin", "inspect"]).run()?;
    Call::new(&python).arg(SCRIPT).arg("--inspect").arg(inspect()).args(models()).run()
}

fn inspect() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    target.join("debug").join(format!("inspect{}", env::consts::EXE_SUFFIX))
}

/// The project's models, and those of the golden folder where there is one.
fn models() -> Vec<PathBuf> {
    let golden = env::var_os("TINYML_GOLDEN_DIR")
        .map_or_else(|| PathBuf::from("../shared/golden"), PathBuf::from);
    let folders = [PathBuf::from("models"), golden.join("models")];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let paths = files.filter_map(|entry| Some(entry.ok()?.path()));
    let mut models: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "tflite")).collect();
    models.sort();
    models
}

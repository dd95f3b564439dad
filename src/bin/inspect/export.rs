//! The `export` command.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, json_text, open},
    failure::Failure,
    files,
};
use serde_json::json;
use std::{
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tinyml_playground::{
    handover::{Format, HandOver, HandOverError, OfflineRefusal},
    kernels::Reference,
    schedule::PlanChoice,
    session::Error,
    text::{exact_bytes, kib},
};

/// The `export` command.
pub(crate) struct Export {
    pub(crate) model: ModelArguments,
    pub(crate) format: Format,
    pub(crate) choice: PlanChoice,
    pub(crate) output: Option<PathBuf>,
}

/// What keeps a plan out of a format, with the options that change it.
fn refused(error: Error) -> Failure {
    match &error {
        Error::HandOver(HandOverError::Offline(refusal @ OfflineRefusal::Passes { .. })) => {
            let advice = format!("{} Give --keep-pad --keep-float-boundary.", refusal.advice());
            Failure::new(error.problem().message, advice)
        }
        _ => error.into(),
    }
}

impl Export {
    pub(crate) fn execute(self) -> Outcome {
        let session = open::<Reference>(&self.model)?;
        let planned = session.plan(self.choice)?;
        let name = self.model.model.file_stem().unwrap_or_default().to_string_lossy();
        let file = session.hand_over(&planned, self.format, &name, None).map_err(refused)?;
        match &self.output {
            Some(path) => self.write(path, &file),
            None if self.model.json => Err(Failure::new(
                "With --json the summary goes to standard output, so the file needs a place.",
                "Give --output FILE.",
            )),
            None if self.format == Format::Tflite && io::stdout().is_terminal() => {
                Err(Failure::new("The file is no text for a terminal.", "Give --output FILE."))
            }
            None => files::print_bytes(&file.bytes, ExitCode::SUCCESS),
        }
    }

    /// Writes the file and says so.
    fn write(&self, path: &Path, file: &HandOver) -> Outcome {
        fs::write(path, &file.bytes).map_err(|error| Failure::file(path, &error))?;
        let bytes = file.bytes.len() as u64;
        let text = if self.model.json {
            json_text(&json!({
                "format": self.format,
                "file": path.display().to_string(),
                "file_bytes": bytes,
                "arena_bytes": file.arena_bytes,
            }))
        } else {
            format!(
                "{}: {}, of a plan of {} ({})\n",
                path.display(),
                kib(bytes),
                kib(file.arena_bytes),
                exact_bytes(file.arena_bytes)
            )
        };
        files::print(&text, ExitCode::SUCCESS)
    }
}

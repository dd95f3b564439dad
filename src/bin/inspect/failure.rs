//! Errors as the command line prints them.

use std::{fmt, path::Path};
use tinyml_playground::{plan::csv::CsvError, report::Problem, session::Error};

/// A message and an advice for stderr.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    advice: String,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { message: message.into(), advice: advice.into() }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("{}: {error}.", path.display()), "Check the path and its permissions.")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Problem { message, advice, .. } = error.problem();
        Self { message, advice }
    }
}

impl From<CsvError> for Failure {
    fn from(error: CsvError) -> Self {
        Self::new(format!("{error}."), "Columns id, lower, upper and size are needed.")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names come from the file: keep its control characters off the terminal.
        let plain = |text: &str| -> String {
            text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
        };
        write!(f, "error: {}\n{}", plain(&self.message), plain(&self.advice))
    }
}

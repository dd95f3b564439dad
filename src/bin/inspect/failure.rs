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
        Self::new(format!("{error}."), error.advice())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\n{}", plain(&self.message), plain(&self.advice))
    }
}

/// A text from a file as one line of a terminal: what could move the cursor, colour it or turn the
/// direction of writing is shown as a replacement character.
pub(crate) fn plain(text: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_of_a_file_cannot_steer_the_terminal() {
        let hostile = "a\u{1b}[31mb\nc\u{202e}d";
        assert_eq!(plain(hostile), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d");
        assert_eq!(plain("größe 4x4"), "größe 4x4");
    }
}

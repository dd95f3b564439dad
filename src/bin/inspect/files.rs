//! Reading files within bounds, and writing to a reader who may leave.

use crate::failure::Failure;
use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};
use tinyml_playground::text::thousands;

/// Reads a file of at most `limit` bytes, whatever its size claims to be.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit {
        let most = thousands(limit as u64);
        let message = format!("{} has more than {most} bytes.", path.display());
        return Err(Failure::new(message, "Give a smaller file."));
    }
    Ok(bytes)
}

/// Prints to standard output and answers `code`.
pub(crate) fn print(text: &str, code: ExitCode) -> Result<ExitCode, Failure> {
    print_bytes(text.as_bytes(), code)
}

/// Writes bytes to standard output and answers `code`. A reader who has seen enough (`| head`) is
/// no failure.
pub(crate) fn print_bytes(bytes: &[u8], code: ExitCode) -> Result<ExitCode, Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Ok(()) => Ok(code),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(code),
        Err(error) => Err(Failure::file(Path::new("standard output"), &error)),
    }
}

//! The project's commands.

mod seal;

/// What a command can end with: nothing, or one line that says what to do.
type Outcome = Result<(), Failure>;

/// One line for the person at the terminal: what went wrong and what to do about it.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

fn main() -> std::process::ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("seal") => seal::seal(),
        _ => Err(Failure::new("usage: cargo xtask seal")),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(Failure(line)) => {
            eprintln!("xtask: {line}");
            std::process::ExitCode::FAILURE
        }
    }
}

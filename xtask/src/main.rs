//! The project's commands: `cargo xtask help` lists them.
//!
//! Small, so that the first command on a fresh machine starts within half a minute: beside the standard
//! library it takes what reads and writes WebAssembly modules.

mod bench_page;
mod commands;
mod fold;
mod names;
mod page_checks;
mod scheduling;
mod seal;
mod setup;
mod sizes;
mod steps;
mod tflm;
mod versions;

use commands::Call;
use setup::Purpose;
use std::{env, path::Path, process::ExitCode};

const HELP: &str = "\
usage: cargo xtask COMMAND

  serve [ARGS]   set up what is missing, then `trunk serve ARGS`: the page on
                 http://127.0.0.1:8080/, rebuilt at every change (ARGS: --port 9000, --open, ...)
  build [ARGS]   set up what is missing, then `trunk build --release ARGS`: the page in dist/
  test [STEP..]  set up what is missing, then everything that CI checks, or only the named steps
  scheduling [FILE..]
                 make the pictures of docs/scheduling.md anew, and in its tables the rows of the
                 project's models and of each FILE; other rows stay
  check-page [NAME..]
                 check the page in dist/ as docs/page-checks.md says (times, keyboard, reflow, axe, ...),
                 or only the named checks; a table of measured values and thresholds
  screenshots [STATE..] [--vision]
                 pictures of the page in dist/: eight states, light and dark, three widths, in
                 target/screenshots/
  animation      the patches as they sweep over their input, in docs/patch-sweep.png (animated)
  bench-page [SET]
                 build the engine alone, with kernels SET (simd128, relaxed-simd), as a page in
                 target/engine/ for comparisons with other engines
  setup          only set up: the wasm32 target, trunk, wasm-bindgen, chromedriver and Chromium
  versions       print the tools' versions as NAME=VERSION lines
  help           print this";

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

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(line)) => {
            eprintln!("xtask: {line}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    enter_repository()?;
    let (command, rest) =
        arguments.split_first().map_or(("help", arguments), |(first, rest)| (first.as_str(), rest));
    match command {
        "serve" => {
            setup::prepare(Purpose::Page)?;
            say("`trunk serve`: the first build takes one to two minutes, later ones seconds");
            Call::new("trunk").arg("serve").args(rest).run()
        }
        "build" => {
            setup::prepare(Purpose::Page)?;
            Call::new("trunk").args(["build", "--release"]).args(rest).run()
        }
        "check-page" => page_checks::check(rest),
        "screenshots" => page_checks::screenshots(rest),
        "animation" => page_checks::animation(),
        "bench-page" => bench_page::build(rest),
        "test" => steps::run(rest),
        "setup" => setup::prepare(Purpose::Tests),
        "versions" => versions::print(),
        "scheduling" => scheduling::write(rest),
        "seal" => seal::seal(),
        "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => {
            Err(Failure::new(format!("there is no command `{other}`; see `cargo xtask help`")))
        }
    }
}

/// Makes the repository's root the current folder, whatever the caller's was.
fn enter_repository() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(&root).map_err(|e| {
        Failure::new(format!("{}: {e}; run `cargo xtask` inside the repository", root.display()))
    })
}

/// A line of progress.
fn say(line: &str) {
    eprintln!("xtask: {line}");
}

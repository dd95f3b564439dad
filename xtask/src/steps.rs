//! `cargo xtask test`: every check of the project, one after the other.

use crate::{
    Failure, Outcome,
    commands::Call,
    page_checks,
    setup::{self, Purpose},
    sizes, tflm,
};
use std::time::{Duration, Instant};

const WASM: &str = "wasm32-unknown-unknown";

/// One check.
struct Step {
    /// What to type to run it alone.
    name: &'static str,
    about: &'static str,
    check: fn() -> Outcome,
}

/// The order is that of patience: what fails fastest comes first.
const STEPS: [Step; 13] = [
    Step { name: "format", about: "the code is formatted", check: format },
    Step { name: "clippy", about: "no lint complains", check: clippy },
    Step { name: "clippy-wasm", about: "nor in what only browsers run", check: clippy_wasm },
    Step { name: "tests", about: "unit and integration tests", check: tests },
    Step { name: "doc-tests", about: "examples in the documentation", check: doc_tests },
    Step { name: "tflm", about: "plans inside TensorFlow Lite Micro", check: tflm::check },
    Step { name: "docs", about: "the documentation has no broken links", check: docs },
    Step { name: "page", about: "trunk build --release", check: page },
    Step { name: "sizes", about: "what a visitor downloads", check: sizes::report },
    Step { name: "modules", about: "no module needs more than its set of kernels", check: modules },
    Step { name: "web", about: "tests inside a headless browser", check: web },
    Step { name: "e2e", about: "the built page in a headless browser", check: e2e },
    Step {
        name: "looks",
        about: "the built page: axe, keyboard, reflow, times",
        check: page_checks::smoke,
    },
];

/// Sets up, then runs the steps that `names` name, or all; stops at the first that fails.
pub fn run(names: &[String]) -> Outcome {
    let chosen = choose(names)?;
    setup::prepare(Purpose::Tests)?;
    let mut times = Vec::new();
    for step in &chosen {
        eprintln!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let outcome = (step.check)();
        times.push((step.name, start.elapsed()));
        if let Err(Failure(why)) = outcome {
            print_times(&times);
            return Err(Failure::new(format!("step `{}` FAILED: {why}", step.name)));
        }
    }
    print_times(&times);
    eprintln!("all {} steps passed", chosen.len());
    Ok(())
}

fn choose(names: &[String]) -> Result<Vec<&'static Step>, Failure> {
    let known = |name: &String| STEPS.iter().any(|step| step.name == name);
    if let Some(stranger) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("no step `{stranger}`; there are {}", all.join(", "))));
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    Ok(STEPS.iter().filter(wanted).collect())
}

fn print_times(times: &[(&str, Duration)]) {
    eprintln!("\n{:<12} {:>8}", "step", "seconds");
    for (name, time) in times {
        eprintln!("{name:<12} {:>8.1}", time.as_secs_f64());
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    eprintln!("{:<12} {:>8.1}", "total", total.as_secs_f64());
}

fn cargo(command: &str) -> Call {
    Call::new("cargo").args([command, "--locked"])
}

fn format() -> Outcome {
    Call::new("cargo").args(["fmt", "--all", "--check"]).run()
}

fn clippy() -> Outcome {
    // The end-to-end tests are not part of `--all-targets`: Cargo.toml keeps them apart.
    let targets = ["--workspace", "--all-targets", "--test", "e2e"];
    cargo("clippy").args(targets).args(["--", "-D", "warnings"]).run()
}

fn clippy_wasm() -> Outcome {
    let targets = ["--lib", "--bins", "--test", "web", "--features", "relaxed-simd"];
    cargo("clippy").args(["--target", WASM]).args(targets).args(["--", "-D", "warnings"]).run()
}

fn tests() -> Outcome {
    cargo("test").args(["--workspace", "--lib", "--bins", "--tests"]).run()
}

fn doc_tests() -> Outcome {
    cargo("test").arg("--doc").run()
}

fn docs() -> Outcome {
    // Contributors read the private items as well, so links to those are none to nowhere.
    let scope = ["--no-deps", "--workspace", "--document-private-items"];
    cargo("doc")
        .args(scope)
        .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links")
        .run()
}

fn page() -> Outcome {
    Call::new("trunk").args(["build", "--release"]).run()
}

fn modules() -> Outcome {
    cargo("test").args(["--test", "e2e", "modules::"]).run()
}

fn web() -> Outcome {
    let features = ["--features", "relaxed-simd"];
    in_browser().args(["--test", "web"]).args(features).run()?;
    // The suite of the kernels, on the instructions of each set.
    in_browser().args(["--package", "tinyml-kernels", "--lib"]).args(features).run()
}

/// Tests that wasm-bindgen's runner opens in a browser. Its limits suit quick tests on idle machines; these compute
/// for many seconds, in a worker, so that the page and the driver go on talking.
fn in_browser() -> Call {
    cargo("test")
        .args(["--target", WASM])
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
}

fn e2e() -> Outcome {
    cargo("test").args(["--test", "e2e"]).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_in_their_own_order() {
        let names = ["e2e".to_owned(), "format".to_owned()];
        let chosen = choose(&names).unwrap();
        assert_eq!(chosen.iter().map(|step| step.name).collect::<Vec<_>>(), ["format", "e2e"]);
        assert_eq!(choose(&[]).unwrap().len(), STEPS.len());
        assert!(choose(&["nonsense".to_owned()]).is_err());
    }
}

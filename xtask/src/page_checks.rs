//! The checks of the built page and its pictures: Node drives a browser, with pinned packages.

use crate::{
    Failure, Outcome,
    commands::Call,
    say,
    setup::{self, Purpose},
};
use std::path::Path;

const FOLDER: &str = "tests/page";

/// `cargo xtask check-page [NAME..]`: all checks at their thresholds, or the named ones.
pub fn check(names: &[String]) -> Outcome {
    ready()?;
    node("check.mjs", names)
}

/// `cargo xtask screenshots [STATE..]`: pictures of the page's states in target/screenshots/.
pub fn screenshots(states: &[String]) -> Outcome {
    ready()?;
    node("screenshots.mjs", states)
}

/// `cargo xtask animation`: the sweep of the patches in docs/patch-sweep.png.
pub fn animation() -> Outcome {
    ready()?;
    node("animation.mjs", &[])
}

/// The smoke set of the checks, times at twice their thresholds; says aloud that it does not run where
/// Node is missing.
pub fn smoke() -> Outcome {
    if let Err(Failure(why)) = tools() {
        eprintln!("SKIPPED looks: {why}");
        return Ok(());
    }
    packages()?;
    node("check.mjs", &["--smoke".to_owned()])
}

/// Everything that the scripts need but dist/, of which they say themselves that it is missing.
fn ready() -> Outcome {
    tools()?;
    setup::prepare(Purpose::Tests)?;
    packages()
}

/// Node in a version that the packages take, and npm.
fn tools() -> Outcome {
    let advice = "install Node.js 20 or later with npm (https://nodejs.org)";
    let version = Call::new("node").arg("--version").text();
    let version = version.ok_or_else(|| Failure::new(format!("there is no `node`: {advice}")))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    if major.is_none_or(|major: u32| major < 20) {
        return Err(Failure::new(format!("`node` is {version}: {advice}")));
    }
    let npm = Call::new("npm").arg("--version").output();
    npm.map(drop).ok_or_else(|| Failure::new(format!("there is no `npm`: {advice}")))
}

/// Installs the packages that the lock file names, unless they are there.
fn packages() -> Outcome {
    let listed = ["ls", "--prefix", FOLDER];
    if Path::new(FOLDER).join("node_modules").is_dir()
        && Call::new("npm").args(listed).output().is_some()
    {
        return Ok(());
    }
    say("installing the packages of tests/page: seconds, once");
    // The browser is that of the other tests: none is downloaded.
    Call::new("npm").args(["ci", "--prefix", FOLDER, "--no-audit", "--no-fund"]).run()
}

fn node(script: &str, arguments: &[String]) -> Outcome {
    Call::new("node").arg(format!("{FOLDER}/{script}")).args(arguments).run()
}

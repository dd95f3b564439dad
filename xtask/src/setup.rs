//! Set-up: finds each tool, at once when it is there, and installs what is missing.

use crate::{Failure, Outcome, commands::Call, say, versions};
use std::{env, path::Path, time::Instant};

const TARGET: &str = "wasm32-unknown-unknown";

/// What the tools are for.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Purpose {
    /// Building and serving the page.
    Page,
    /// Also all checks, some of which need a browser.
    Tests,
}

/// Makes sure that every tool is there in the version that the project was built with.
pub fn prepare(purpose: Purpose) -> Outcome {
    wasm_target()?;
    let trunk = versions::trunk()?;
    let fits = |found: &str| versions::is_compatible(found, &trunk);
    let about = Tool { name: "trunk", package: "trunk", version: &trunk, locked: true };
    about.ensure(fits, "builds and serves the page", "5 to 10 minutes")?;
    let bindgen = versions::wasm_bindgen()?;
    // Its lock file names a crate version that not every registry has: resolve afresh.
    let about = Tool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &bindgen,
        locked: false,
    };
    about.ensure(|found| found == bindgen, "joins WebAssembly and JavaScript", "2 to 4 minutes")?;
    if purpose == Purpose::Tests {
        component("fmt", "rustfmt")?;
        component("clippy", "clippy")?;
        browser()?;
    }
    Ok(())
}

/// The standard library for WebAssembly.
fn wasm_target() -> Outcome {
    let library = Call::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).text();
    if library.is_some_and(|folder| Path::new(&folder).exists()) {
        return Ok(());
    }
    say(&format!("adding Rust's {TARGET} target: about half a minute, once"));
    Call::new("rustup").args(["target", "add", TARGET]).run().map_err(|Failure(why)| {
        Failure::new(format!(
            "{why}: the page needs Rust's {TARGET} target; get Rust from https://rustup.rs, \
             or install your distribution's package of that target's standard library"
        ))
    })
}

/// A part of the toolchain that is a cargo command.
fn component(command: &str, name: &str) -> Outcome {
    if Call::new("cargo").args([command, "--version"]).output().is_some() {
        return Ok(());
    }
    say(&format!("adding Rust's {name}, for the checks: seconds, once"));
    Call::new("rustup").args(["component", "add", name]).run()
}

/// A program that cargo can install.
struct Tool<'a> {
    name: &'a str,
    package: &'a str,
    version: &'a str,
    /// Whether the package's own lock file is used.
    locked: bool,
}

impl Tool<'_> {
    fn ensure(&self, fits: impl Fn(&str) -> bool, purpose: &str, time: &str) -> Outcome {
        let found = self.found();
        if found.as_deref().is_some_and(&fits) {
            return Ok(());
        }
        let Self { name, version, .. } = self;
        match found {
            Some(other) => {
                say(&format!("{name} {other} is replaced by {version}, which {purpose}"));
            }
            None => say(&format!("{name} {version} is missing; it {purpose}")),
        }
        let start = Instant::now();
        if !self.binstall() {
            say(&format!("installing {name} {version} with cargo: about {time}, once"));
            self.cargo_install()?;
        }
        match self.found() {
            Some(now) if fits(&now) => {
                say(&format!("{name} {now} is there after {} s", start.elapsed().as_secs()));
                Ok(())
            }
            other => Err(Failure::new(format!(
                "{name} {version} was installed, but the PATH leads to {}: \
                 put cargo's bin folder first",
                other.as_deref().unwrap_or("none")
            ))),
        }
    }

    fn found(&self) -> Option<String> {
        let line = Call::new(self.name).arg("--version").text()?;
        versions::in_line(&line).map(str::to_owned)
    }

    /// Fetches the ready-made program where the user has `cargo binstall`; whether that worked.
    fn binstall(&self) -> bool {
        if Call::new("cargo").args(["binstall", "-V"]).output().is_none() {
            return false;
        }
        say(&format!("fetching {} with cargo binstall: seconds, once", self.name));
        let package = format!("{}@{}", self.package, self.version);
        Call::new("cargo").args(["binstall", "--no-confirm", "--force", &package]).run().is_ok()
    }

    fn cargo_install(&self) -> Outcome {
        let call = Call::new("cargo").args([
            "install",
            self.package,
            "--version",
            self.version,
            "--force",
        ]);
        let call = if self.locked { call.arg("--locked") } else { call };
        call.run().map_err(|Failure(why)| {
            Failure::new(format!(
                "{why}: it needs the network and a C compiler (Debian: apt-get install \
                 build-essential; macOS: xcode-select --install)"
            ))
        })
    }
}

/// Chromedriver and a Chromium or Chrome of the same major version, for the tests in the browser.
fn browser() -> Outcome {
    if chromedriver().is_none() || browser_for(None) == Browser::Missing {
        install_browser()?;
    }
    let driver = chromedriver().ok_or_else(|| Failure::new(browser_advice()))?;
    match browser_for(Some(major(&driver))) {
        Browser::Fits => Ok(()),
        Browser::Missing => Err(Failure::new(browser_advice())),
        Browser::Other(version) => Err(Failure::new(format!(
            "chromedriver {driver} does not fit the browser {version}: install both from one \
             source, or name fitting ones in the variables CHROMEDRIVER and CHROME"
        ))),
    }
}

fn install_browser() -> Outcome {
    let has_apt = Call::new("apt-get").arg("--version").output().is_some();
    let is_root = Call::new("id").arg("-u").text().is_some_and(|id| id == "0");
    if !(has_apt && is_root) {
        return Err(Failure::new(browser_advice()));
    }
    say(
        "installing chromium and chromium-driver, for the tests in the browser: 1 to 2 minutes, once",
    );
    let apt = || Call::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
    let packages = ["chromium", "chromium-driver", "fonts-dejavu-core"];
    apt()
        .arg("update")
        .run()
        .and_then(|()| {
            apt().args(["install", "-y", "--no-install-recommends"]).args(packages).run()
        })
        .map_err(|Failure(why)| Failure::new(format!("{why}; {}", browser_advice())))
}

fn browser_advice() -> &'static str {
    if cfg!(target_os = "macos") {
        "the tests need Chromium and chromedriver: brew install --cask chromium chromedriver"
    } else if cfg!(windows) {
        "the tests need Chrome and chromedriver: winget install Google.Chrome Chromium.ChromeDriver"
    } else {
        "the tests need Chromium and chromedriver. Debian: sudo apt-get install chromium \
         chromium-driver; Ubuntu: sudo snap install chromium, and set CHROMEDRIVER=/snap/bin/\
         chromium.chromedriver; Fedora: sudo dnf install chromium chromedriver; Arch: sudo pacman \
         -S chromium"
    }
}

fn chromedriver() -> Option<String> {
    let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let line = Call::new(program).arg("--version").text()?;
    versions::in_line(&line).map(str::to_owned)
}

#[derive(Eq, PartialEq)]
enum Browser {
    Missing,
    Fits,
    /// There, but only in this version.
    Other(String),
}

/// Looks for a browser, of the `wanted` major version if one is wanted.
fn browser_for(wanted: Option<&str>) -> Browser {
    if cfg!(windows) {
        // Chrome opens a window there instead of telling its version; chromedriver finds it.
        return Browser::Fits;
    }
    let named = env::var("CHROME").ok();
    let usual = ["chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser"];
    let apps = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let mut other = Browser::Missing;
    for program in named.iter().map(String::as_str).chain(usual).chain(apps) {
        let Some(line) = Call::new(program).arg("--version").text() else { continue };
        match versions::in_line(&line) {
            Some(version) if wanted.is_some_and(|wanted| wanted != major(version)) => {
                other = Browser::Other(version.to_owned());
            }
            _ => return Browser::Fits,
        }
    }
    other
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

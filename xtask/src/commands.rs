//! Starting other programs, with the same environment each time.

use crate::{Failure, Outcome};
use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::{Command, Stdio},
};

/// A program about to be called.
pub struct Call {
    command: Command,
    /// As a person would type it.
    line: String,
}

impl Call {
    /// A call of `program`, which is looked for in cargo's folder of programs and on the PATH.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.env("PATH", search_path());
        // What cargo tells xtask about xtask is not for other builds.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        if program == "trunk" {
            // Trunk 0.21 takes true or false there, and exits at the customary 1.
            command.env_remove("NO_COLOR");
        }
        Self { command, line: program.to_string_lossy().into_owned() }
    }

    /// Adds an argument.
    pub fn arg(self, argument: impl AsRef<OsStr>) -> Self {
        self.args([argument])
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        for argument in arguments {
            self.line = format!("{} {}", self.line, argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Sets a variable of the program's environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs the program in view of the person at the terminal.
    pub fn run(mut self) -> Outcome {
        eprintln!("$ {}", self.line);
        match self.command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(format!("`{}` failed ({status})", self.line))),
            Err(e) => Err(Failure::new(format!("`{}` does not start: {e}", self.line))),
        }
    }

    /// Runs the program out of sight; its output, or `None` when it is missing or fails.
    pub fn output(mut self) -> Option<Vec<u8>> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then_some(output.stdout)
    }

    /// [`Call::output`] as text without the white space around it.
    pub fn text(self) -> Option<String> {
        Some(String::from_utf8_lossy(&self.output()?).trim().to_owned())
    }
}

/// The PATH with the folder before it that `cargo install` fills, which a new user's lacks.
fn search_path() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = cargo_bin().into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

fn cargo_bin() -> Option<PathBuf> {
    let home = || {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cargo"))
    };
    let root = env::var_os("CARGO_INSTALL_ROOT").or_else(|| env::var_os("CARGO_HOME"));
    Some(root.map(PathBuf::from).or_else(home)?.join("bin"))
}

//! The tools' versions, read where trunk and cargo read them: Trunk.toml and Cargo.lock.

use crate::{Failure, Outcome};
use std::fs;

/// The version of trunk that Trunk.toml asks for.
pub fn trunk() -> Result<String, Failure> {
    quoted_after(&read("Trunk.toml")?, "trunk-version = ")
        .map(|version| version.trim_start_matches(['^', '=', '>', '~']).to_owned())
        .ok_or_else(|| Failure::new("Trunk.toml names no trunk-version"))
}

/// The version of wasm-bindgen in Cargo.lock; its command line tool must be the very same.
pub fn wasm_bindgen() -> Result<String, Failure> {
    quoted_after(&read("Cargo.lock")?, "name = \"wasm-bindgen\"\nversion = ")
        .ok_or_else(|| Failure::new("Cargo.lock does not hold wasm-bindgen: restore the file"))
}

/// Prints both as lines that scripts can read.
pub fn print() -> Outcome {
    println!("trunk={}\nwasm-bindgen={}", trunk()?, wasm_bindgen()?);
    Ok(())
}

/// Whether version `found` may stand in for `wanted`: the same major and minor number, and no
/// older.
pub fn is_compatible(found: &str, wanted: &str) -> bool {
    match (numbers(found), numbers(wanted)) {
        (Some(found), Some(wanted)) => found[..2] == wanted[..2] && found[2] >= wanted[2],
        _ => false,
    }
}

/// The word of a `--version` line that is a version.
pub fn in_line(line: &str) -> Option<&str> {
    line.split_whitespace().find(|word| numbers(word).is_some())
}

fn numbers(version: &str) -> Option<[u32; 3]> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

fn read(name: &str) -> Result<String, Failure> {
    let text = fs::read_to_string(name).map_err(|e| Failure::new(format!("{name}: {e}")))?;
    Ok(text.replace("\r\n", "\n"))
}

fn quoted_after(text: &str, key: &str) -> Option<String> {
    let (_, after) = text.split_once(key)?;
    after.split('"').nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_patches_are_compatible() {
        assert!(is_compatible("0.21.14", "0.21.14"));
        assert!(is_compatible("0.21.15", "0.21.14"));
        assert!(!is_compatible("0.21.13", "0.21.14"));
        assert!(!is_compatible("0.22.1", "0.21.14"));
        assert!(!is_compatible("unknown", "0.21.14"));
    }

    #[test]
    fn versions_are_found_in_what_tools_print() {
        assert_eq!(in_line("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(in_line("ChromeDriver 156.0.8078.79 (a21c-refs/heads)"), Some("156.0.8078.79"));
        assert_eq!(in_line("no version here"), None);
    }

    #[test]
    fn the_locked_package_is_the_one_of_that_very_name() {
        let lock = "name = \"wasm-bindgen-macro\"\nversion = \"1\"\n\n\
                    name = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        let found = quoted_after(lock, "name = \"wasm-bindgen\"\nversion = ");
        assert_eq!(found.as_deref(), Some("0.2.130"));
    }
}

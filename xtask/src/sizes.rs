//! What a visitor downloads: the sizes of dist/ against budgets.

use crate::{Failure, Outcome, commands::Call};
use std::{fs, path::Path};

/// Bytes after `gzip -9` that the page without its worker may take.
const PAGE_BUDGET: usize = 500 * 1024;
/// Bytes after `gzip -9` that the worker may take.
const WORKER_BUDGET: usize = 300 * 1000;

/// A part of the page that is downloaded for one purpose.
struct Part {
    name: &'static str,
    raw: usize,
    packed: usize,
    budget: Option<usize>,
}

/// Prints a table of dist/ and fails when a part is over its budget.
pub fn report() -> Outcome {
    let mut parts = [
        Part { name: "page", raw: 0, packed: 0, budget: Some(PAGE_BUDGET) },
        Part { name: "worker", raw: 0, packed: 0, budget: Some(WORKER_BUDGET) },
        Part { name: "models", raw: 0, packed: 0, budget: None },
    ];
    println!("{:<44} {:>10} {:>10} {:>10}", "dist/", "bytes", "gzip -9", "budget");
    let mut files = Vec::new();
    collect(Path::new("dist"), &mut files)?;
    files.sort();
    for file in &files {
        let raw = fs::read(file).map_err(|e| Failure::new(format!("{file}: {e}")))?.len();
        let packed = Call::new("gzip").args(["-9", "-n", "-c", file]).output().map(|out| out.len());
        let packed = packed.ok_or_else(|| {
            Failure::new("the size check needs `gzip` on the PATH (on Windows, Git brings one)")
        })?;
        println!("  {:<42} {raw:>10} {packed:>10}", file.trim_start_matches("dist/"));
        let part = &mut parts[part_of(file)];
        part.raw += raw;
        part.packed += packed;
    }
    for Part { name, raw, packed, budget } in &parts {
        let budget = budget.map_or_else(String::new, |bytes| bytes.to_string());
        println!("{name:<44} {raw:>10} {packed:>10} {budget:>10}");
    }
    let heavy = parts.iter().find(|part| part.budget.is_some_and(|budget| part.packed > budget));
    heavy.map_or(Ok(()), |part| Err(Failure::new(format!("the {} is over its budget", part.name))))
}

/// The index among the parts of a path like `dist/worker.js`.
fn part_of(file: &str) -> usize {
    match file.trim_start_matches("dist/") {
        name if name.starts_with("worker") => 1,
        name if name.starts_with("models/") => 2,
        _ => 0,
    }
}

/// Adds the paths of all files under `folder`, with `/` between names.
fn collect(folder: &Path, files: &mut Vec<String>) -> Outcome {
    let failed =
        |e| Failure::new(format!("{}: {e}; run `cargo xtask build` first", folder.display()));
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_their_part() {
        assert_eq!(part_of("dist/index.html"), 0);
        assert_eq!(part_of("dist/app-00_bg.wasm"), 0);
        assert_eq!(part_of("dist/worker_bg.wasm"), 1);
        assert_eq!(part_of("dist/models/samples/cat.png"), 2);
    }
}

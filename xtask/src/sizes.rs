//! What a visitor downloads: the sizes of dist/ against budgets.

use crate::{Failure, Outcome, commands::Call, seal::WORKERS};
use std::{fs, path::Path};

/// Bytes after `gzip -9` that the page without its workers may take.
const PAGE_BUDGET: usize = 500 * 1024;
/// Bytes after `gzip -9` that each worker may take; a browser takes one.
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
    let part = |name, budget| Part { name, raw: 0, packed: 0, budget };
    let mut parts = vec![part("page", Some(PAGE_BUDGET)), part("models", None)];
    parts.extend(WORKERS.map(|name| part(name, Some(WORKER_BUDGET))));
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
        let name = part_of(file);
        let Some(part) = parts.iter_mut().find(|part| part.name == name) else {
            return Err(Failure::new(format!("{file} belongs to no part of the page")));
        };
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

/// The part to which a path like `dist/worker_portable.js` belongs.
fn part_of(file: &str) -> &'static str {
    let name = file.trim_start_matches("dist/");
    let endings = [".js", "_bg.wasm", "_loader.js"];
    let is_of =
        |worker: &&str| name.strip_prefix(worker).is_some_and(|ending| endings.contains(&ending));
    match WORKERS.iter().find(|worker| is_of(worker)) {
        Some(worker) => worker,
        None if name.starts_with("models/") => "models",
        None => "page",
    }
}

/// Adds the paths of all files under `folder`, with `/` between names.
pub fn collect(folder: &Path, files: &mut Vec<String>) -> Outcome {
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
        assert_eq!(part_of("dist/index.html"), "page");
        assert_eq!(part_of("dist/app-00_bg.wasm"), "page");
        assert_eq!(part_of("dist/worker_portable_bg.wasm"), "worker_portable");
        assert_eq!(part_of("dist/worker_relaxed_simd_loader.js"), "worker_relaxed_simd");
        assert_eq!(part_of("dist/models/samples/cat.png"), "models");
    }
}

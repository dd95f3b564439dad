//! The floors: a module imports only from lower ones, and files stay small enough to read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The folders of the library's sources: what is compiled for speed, and all above it.
const LIBRARY: [&str; 2] = ["kernels/src", "src"];

/// The modules of the package that is compiled for speed.
const KERNELS_PACKAGE: &[&str] = &["tensor", "quant", "operator", "kernels"];

/// Every module of the library and its floor. This is the one place where the floors are written
/// down for the machine; ARCHITECTURE.md says why.
const FLOORS: &[(&str, u8)] = &[
    ("tensor", 0),
    ("quant", 0),
    ("order", 0),
    ("error_line", 0),
    ("plan", 1),
    ("operator", 1),
    ("preprocess", 1),
    ("model", 1),
    ("kernels", 2),
    ("graph", 2),
    ("schedule", 3),
    ("exec", 4),
    ("handover", 4),
    ("report", 5),
    ("card", 5),
    ("session", 6),
    ("text", 6),
    ("protocol", 6),
    ("worker", 7),
    ("ui", 7),
];

/// Modules that the page may name: reports, the protocol and what their fields are made of.
const PAGE_MAY_NAME: &[&str] =
    &["tensor", "order", "error_line", "preprocess", "card", "report", "text", "protocol", "ui"];

/// The longest that a source file may be.
const MAX_LINES: usize = 700;

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The source files below `folder`, with their text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join(folder), &mut files);
    files.sort();
    let relative = |path: PathBuf| (path.strip_prefix(root).unwrap().to_owned(), path);
    let files = files.into_iter().map(relative);
    files.map(|(name, path)| (name, fs::read_to_string(path).unwrap())).collect()
}

/// The module that a file of the library belongs to; `None` for `lib.rs` and the binaries.
fn module_of(path: &Path) -> Option<String> {
    let folder = LIBRARY.into_iter().find_map(|folder| path.strip_prefix(folder).ok())?;
    let mut parts = folder.components().map(|part| part.as_os_str().to_string_lossy());
    let first = parts.next()?.into_owned();
    (first != "bin" && first != "lib.rs").then(|| first.trim_end_matches(".rs").to_owned())
}

/// The modules that a text names as `crate::module` or in `use crate::{module, ...}`, tests left
/// out: they may look anywhere.
fn named_modules(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut names = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let behind = &code[at + found.len()..];
        if let Some(list) = behind.strip_prefix('{') {
            names.extend(top_level_names(list));
        } else {
            names.push(first_word(behind));
        }
    }
    names
}

/// The first words of a use list's entries, which end at the matching brace.
fn top_level_names(list: &str) -> Vec<String> {
    let (mut depth, mut start, mut names) = (0i32, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(first_word(list[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(first_word(list[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn modules_import_from_lower_floors_only() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let (mut faults, mut imports) = (Vec::new(), 0);
    for (path, text) in LIBRARY.into_iter().flat_map(sources) {
        let Some(module) = module_of(&path) else { continue };
        let floor = *floors.get(module.as_str()).unwrap_or_else(|| {
            panic!("{}: `{module}` has no floor: add it to the table", path.display())
        });
        for named in named_modules(&text) {
            let Some(&other) = floors.get(named.as_str()) else { continue };
            imports += 1;
            if named != module && other >= floor {
                let path = path.display();
                faults.push(format!("{path}: `{module}` ({floor}) imports `{named}` ({other})"));
            }
            if module == "ui" && !PAGE_MAY_NAME.contains(&named.as_str()) {
                faults.push(format!("{}: the page names `{named}`", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(imports > 100, "only {imports} imports were seen: does this test still read them?");
}

#[test]
fn the_reader_of_imports_sees_what_it_must() {
    let text = "use crate::{\n    graph::{self, Graph},\n    plan,\n};\nlet x = crate::exec::run();\n\
                // crate::comment\n#[cfg(test)]\nmod tests { use crate::session::S; }";
    assert_eq!(named_modules(text), ["graph", "plan", "exec"]);
}

/// Other modules name those of the kernels' package as if they were beside them, so that the floors
/// hold for them as well.
#[test]
fn the_kernels_package_holds_what_it_must_and_is_named_once() {
    let mut seen = BTreeSet::new();
    for (path, text) in sources("kernels/src") {
        seen.extend(module_of(&path));
        assert!(!text.contains("tinyml_playground"), "{} names the package above", path.display());
    }
    let expected: BTreeSet<String> = KERNELS_PACKAGE.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(seen, expected);
    for (path, text) in sources("src") {
        let names = text.contains("tinyml_kernels");
        assert_eq!(names, path == Path::new("src/lib.rs"), "{}", path.display());
    }
}

#[test]
fn the_core_knows_no_browser() {
    let browser = ["web_sys", "js_sys", "wasm_bindgen", "gloo", "yew", "plotters_canvas"];
    for (path, text) in LIBRARY.into_iter().flat_map(sources) {
        let module = module_of(&path);
        if matches!(module.as_deref(), None | Some("ui" | "worker")) {
            continue;
        }
        // The kernels' suite is tests alone, which run in a browser too: their harness is none of the core.
        let is_suite = path.starts_with("kernels/src/kernels/suite");
        let text = if is_suite { text.replace("wasm_bindgen_test", "") } else { text };
        for name in browser {
            assert!(!text.contains(name), "{} names {name}", path.display());
        }
        for clock in ["Instant::now", "SystemTime"] {
            assert!(!text.contains(clock), "{} has a clock of its own", path.display());
        }
    }
}

#[test]
fn files_are_small_enough_to_read() {
    let folders = ["src", "kernels/src", "tests", "xtask/src"];
    for (path, text) in folders.into_iter().flat_map(sources) {
        let lines = text.lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines", path.display());
    }
}

//! What happens to every build of the page after trunk: scripts and styles without comments, offsets folded in the workers ([`crate::fold`]),
//! short names between modules and scripts ([`crate::names`]), versions for their files, a content security policy
//! without what only `trunk serve` needs, the list of samples that are kept for visits without a network, and the
//! first sight in the page's HTML.
//!
//! Trunk hashes the names of the page's files but not those of a worker, so a browser could start
//! yesterday's worker from its cache under today's page. Here every address inside the chain from
//! page to worker gets `?v=` and a hash of the worker's bytes. Trunk runs this as a hook.

use crate::{
    Failure, Outcome, commands::Call, fold::fold_file, names::shorten_files, sizes::collect,
};
use std::{env, fs, path::Path};

/// The workers, one for each set of kernels; index.html names them as well.
pub const WORKERS: [&str; 3] = ["worker_portable", "worker_simd128", "worker_relaxed_simd"];

/// The word that `trunk serve` replaces by a nonce; Trunk.toml and index.html name it as well.
const NONCE: &str = "serve-time-nonce";

/// The attribute that names what keeps copies of the page; Trunk.toml names it as well.
const OFFLINE: &str = " data-offline=\"offline.js\"";

/// Seals the folder that trunk is about to publish as dist/.
pub fn seal() -> Outcome {
    let staging = env::var("TRUNK_STAGING_DIR")
        .map_err(|_| Failure::new("`seal` is a hook: run `trunk build`, which calls it"))?;
    let staging = Path::new(&staging);
    strip(staging)?;
    shorten(staging)?;
    for worker in WORKERS {
        fold_file(&staging.join(format!("{worker}_bg.wasm")))?;
        let version = worker_version(staging, worker)?;
        let loader = format!("{worker}_loader.js");
        edit(&staging.join(&loader), |text| version_loader(&text, worker, &version))?;
        edit(&staging.join("index.html"), |text| version_page(&text, worker, &version))?;
    }
    edit(&staging.join("index.html"), |text| drop_nonce(&text))?;
    let (samples, version) = samples(staging)?;
    edit(&staging.join("offline.js"), |text| list_samples(&text, &samples, &version))?;
    prerender(&staging.join("index.html"))
}

/// Puts what the page shows at first sight into its HTML. A program of its own: it is the page, compiled natively.
fn prerender(page: &Path) -> Outcome {
    let program = ["run", "--quiet", "--locked", "--profile", "prerender"];
    let page = page.to_string_lossy();
    Call::new("cargo").args(program).args(["--package", "tinyml-prerender", "--", &page]).run()
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) -> Outcome {
    let failed = |e| Failure::new(format!("{}: {e}", path.display()));
    let text = fs::read_to_string(path).map_err(failed)?;
    fs::write(path, change(text)).map_err(failed)
}

/// A hash of the two files of a worker, or of the page, in hexadecimal.
fn worker_version(staging: &Path, worker: &str) -> Result<String, Failure> {
    let mut hash = FNV_START;
    for ending in [".js", "_bg.wasm"] {
        let path = staging.join(format!("{worker}{ending}"));
        let bytes =
            fs::read(&path).map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
        hash = fnv1a(hash, &bytes);
    }
    Ok(format!("{hash:016x}"))
}

/// The sample models and their inputs, by their paths in the folder, and a hash of all their bytes.
fn samples(staging: &Path) -> Result<(Vec<String>, String), Failure> {
    let mut files = Vec::new();
    collect(&staging.join("models"), &mut files)?;
    files.retain(|file| [".tflite", ".png", ".wav"].iter().any(|end| file.ends_with(end)));
    files.sort();
    let mut hash = FNV_START;
    for file in &files {
        let bytes = fs::read(file).map_err(|e| Failure::new(format!("{file}: {e}")))?;
        hash = fnv1a(hash, &bytes);
    }
    let folder = format!("{}/", staging.to_string_lossy().replace('\\', "/"));
    let short = |file: &String| file.strip_prefix(&folder).unwrap_or(file).to_owned();
    Ok((files.iter().map(short).collect(), format!("{hash:016x}")))
}

/// The script that keeps copies, with what it is to keep of samples.
fn list_samples(text: &str, samples: &[String], version: &str) -> String {
    let names = format!("const SAMPLES = \"{}\".split(\" \");", samples.join(" "));
    text.replace("const SAMPLES = [];", &names)
        .replace("-samples-0\"", &format!("-samples-{version}\""))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// The 64-bit FNV-1a hash: no defence against forgery, and none is needed here.
fn fnv1a(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Trunk's loader is `import init from './worker.js';await init();`; the WebAssembly file's name
/// is implied there and has to be spelt out to carry a version. What a module rejects with while it
/// is evaluated is not told to the page; what is thrown from a task is.
fn version_loader(text: &str, worker: &str, version: &str) -> String {
    let module = format!("{worker}_bg.wasm?v={version}");
    let start = format!(
        "init({{module_or_path:new URL('{module}',import.meta.url)}})\
         .catch((error)=>setTimeout(()=>{{throw error}}))"
    );
    text.replace(&format!("'./{worker}.js'"), &format!("'./{worker}.js?v={version}'"))
        .replace("await init()", &start)
}

fn version_page(text: &str, worker: &str, version: &str) -> String {
    let loader = format!("\"{worker}_loader.js\"");
    text.replace(&loader, &format!("\"{worker}_loader.js?v={version}\""))
}

/// Trunk adds an inline script only for its own server.
fn is_served_by_trunk(page: &str) -> bool {
    page.contains("{{__TRUNK_ADDRESS__}}")
}

fn drop_nonce(text: &str) -> String {
    if is_served_by_trunk(text) {
        // Nor does whoever works on the page want copies of it kept.
        return text.replace(OFFLINE, "");
    }
    text.replace(&format!(" 'nonce-{NONCE}'"), "").replace(&format!(" nonce=\"{NONCE}\""), "")
}

/// Takes what nobody downloads from all scripts and styles: before anything is made of their bytes.
fn strip(staging: &Path) -> Outcome {
    let failed = |e| Failure::new(format!("{}: {e}", staging.display()));
    for entry in fs::read_dir(staging).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|end| end == "js" || end == "css") {
            edit(&path, |text| without_comments(&text))?;
        }
    }
    Ok(())
}

/// Short names between every module and its script, but where trunk serves: a debugger knows the long ones.
fn shorten(staging: &Path) -> Outcome {
    let failed = |e| Failure::new(format!("{}: {e}", staging.display()));
    if is_served_by_trunk(&fs::read_to_string(staging.join("index.html")).map_err(failed)?) {
        return Ok(());
    }
    for entry in fs::read_dir(staging).map_err(failed)? {
        let module = entry.map_err(failed)?.path();
        let name = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix("_bg.wasm") {
            shorten_files(&module, &staging.join(format!("{name}.js")))?;
            // Trunk's hashes in the names are of what the files were before.
            if !WORKERS.contains(&name) {
                let version = worker_version(staging, name)?;
                edit(&staging.join("index.html"), |text| version_app(&text, name, &version))?;
            }
        }
    }
    Ok(())
}

/// The page with the version of its own two files behind each of their addresses.
fn version_app(text: &str, name: &str, version: &str) -> String {
    [".js", "_bg.wasm"].iter().fold(text.to_owned(), |text, end| {
        text.replace(&format!("{name}{end}"), &format!("{name}{end}?v={version}"))
    })
}

/// A script or style without its indentation and the lines that are comments: nobody downloads those for reading.
fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    // Whatever of a longer comment stays is no fault, a part of it would be.
    let is_comment = |line: &str| {
        line.is_empty()
            || line.starts_with("//")
            || (line.starts_with("/*") && line.ends_with("*/") && line.matches("/*").count() == 1)
    };
    let kept = lines.filter(|line| !is_comment(line));
    kept.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_the_published_one() {
        assert_eq!(fnv1a(FNV_START, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(FNV_START, b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_page_is_versioned_wherever_it_is_named() {
        let page = "<link href=\"./app-1.js\"/><script data-js=\"./app-1.js\" data-wasm=\"./app-1_bg.wasm\">";
        let expected = "<link href=\"./app-1.js?v=7\"/><script data-js=\"./app-1.js?v=7\" \
                        data-wasm=\"./app-1_bg.wasm?v=7\">";
        assert_eq!(version_app(page, "app-1", "7"), expected);
    }

    #[test]
    fn scripts_lose_their_comments_alone() {
        let script = "// What.\n() => {\n  /** Which. */\n  const a = \"https://b\"; // c\n};\n";
        assert_eq!(without_comments(script), "() => {\nconst a = \"https://b\"; // c\n};\n");
        let long = "/**\n* Two.\n*/\nlet a;\n";
        assert_eq!(without_comments(long), long);
        let style = "/* Cards. */\n.card {\n  margin: 0; /* none */\n}\n\n";
        assert_eq!(without_comments(style), ".card {\nmargin: 0; /* none */\n}\n");
    }

    #[test]
    fn samples_and_their_version_reach_the_script_that_keeps_them() {
        let script = include_str!("../../assets/offline.js");
        let names = ["models/a.tflite", "models/samples/b/0.png"].map(str::to_owned);
        let told = list_samples(script, &names, "07");
        let list = "const SAMPLES = \"models/a.tflite models/samples/b/0.png\".split(\" \");";
        assert!(told.contains(list), "{told}");
        assert!(told.contains("const SAMPLES_CACHE = \"tinyml-playground-samples-07\";"), "{told}");
    }

    #[test]
    fn loader_and_page_carry_the_version() {
        let loader = "import init from './worker_simd128.js';await init();";
        assert_eq!(
            version_loader(loader, "worker_simd128", "7"),
            "import init from './worker_simd128.js?v=7';\
             init({module_or_path:new URL('worker_simd128_bg.wasm?v=7',import.meta.url)})\
             .catch((error)=>setTimeout(()=>{throw error}));"
        );
        let page = "<meta content=\"worker_a_loader.js\"><meta content=\"worker_b_loader.js\">";
        assert_eq!(
            version_page(page, "worker_b", "7"),
            "<meta content=\"worker_a_loader.js\"><meta content=\"worker_b_loader.js?v=7\">"
        );
    }

    #[test]
    fn nonce_survives_only_under_trunk_serve() {
        let page = "script-src 'self' 'nonce-serve-time-nonce'; <link nonce=\"serve-time-nonce\">";
        assert_eq!(drop_nonce(page), "script-src 'self'; <link>");
        let served = format!("{page}<script>'{{{{__TRUNK_ADDRESS__}}}}'</script>");
        assert_eq!(drop_nonce(&served), served);
    }

    #[test]
    fn copies_are_kept_of_every_page_but_that_of_trunk_serve() {
        let page = "<script src=\"boot.js\" data-offline=\"offline.js\"></script>";
        assert_eq!(drop_nonce(page), page);
        let served = format!("{page}'{{{{__TRUNK_ADDRESS__}}}}'");
        assert_eq!(drop_nonce(&served), "<script src=\"boot.js\"></script>'{{__TRUNK_ADDRESS__}}'");
    }
}

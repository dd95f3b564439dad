//! What happens to every build of the page after trunk: versions for the worker's files, and a
//! content security policy without what only `trunk serve` needs.
//!
//! Trunk hashes the names of the page's files but not those of a worker, so a browser could start
//! yesterday's worker from its cache under today's page. Here every address inside the chain from
//! page to worker gets `?v=` and a hash of the worker's bytes. Trunk runs this as a hook.

use crate::{Failure, Outcome};
use std::{env, fs, path::Path};

/// The word that `trunk serve` replaces by a nonce; Trunk.toml and index.html name it as well.
const NONCE: &str = "serve-time-nonce";

/// Seals the folder that trunk is about to publish as dist/.
pub fn seal() -> Outcome {
    let staging = env::var("TRUNK_STAGING_DIR")
        .map_err(|_| Failure::new("`seal` is a hook: run `trunk build`, which calls it"))?;
    let staging = Path::new(&staging);
    let version = worker_version(staging)?;
    edit(&staging.join("worker_loader.js"), |text| version_loader(&text, &version))?;
    edit(&staging.join("index.html"), |text| seal_page(&text, &version))
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) -> Outcome {
    let failed = |e| Failure::new(format!("{}: {e}", path.display()));
    let text = fs::read_to_string(path).map_err(failed)?;
    fs::write(path, change(text)).map_err(failed)
}

/// A hash of the worker's two files, in hexadecimal.
fn worker_version(staging: &Path) -> Result<String, Failure> {
    let mut hash = FNV_START;
    for name in ["worker.js", "worker_bg.wasm"] {
        let path = staging.join(name);
        let bytes =
            fs::read(&path).map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
        hash = fnv1a(hash, &bytes);
    }
    Ok(format!("{hash:016x}"))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// The 64-bit FNV-1a hash: no defence against forgery, and none is needed here.
fn fnv1a(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Trunk's loader is `import init from './worker.js';await init();`; the WebAssembly file's name
/// is implied there and has to be spelt out to carry a version.
fn version_loader(text: &str, version: &str) -> String {
    text.replace("'./worker.js'", &format!("'./worker.js?v={version}'")).replace(
        "init()",
        &format!("init({{module_or_path:new URL('worker_bg.wasm?v={version}',import.meta.url)}})"),
    )
}

fn seal_page(text: &str, version: &str) -> String {
    let page = text.replace("\"worker_loader.js\"", &format!("\"worker_loader.js?v={version}\""));
    // Trunk adds an inline script only for its own server.
    let served_by_trunk = page.contains("{{__TRUNK_ADDRESS__}}");
    if served_by_trunk {
        return page;
    }
    page.replace(&format!(" 'nonce-{NONCE}'"), "").replace(&format!(" nonce=\"{NONCE}\""), "")
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
    fn loader_and_page_carry_the_version() {
        assert_eq!(
            version_loader("import init from './worker.js';await init();", "7"),
            "import init from './worker.js?v=7';\
             await init({module_or_path:new URL('worker_bg.wasm?v=7',import.meta.url)});"
        );
        assert_eq!(
            seal_page("<meta name=\"worker\" content=\"worker_loader.js\">", "7"),
            "<meta name=\"worker\" content=\"worker_loader.js?v=7\">"
        );
    }

    #[test]
    fn nonce_survives_only_under_trunk_serve() {
        let page = "script-src 'self' 'nonce-serve-time-nonce'; <link nonce=\"serve-time-nonce\">";
        assert_eq!(seal_page(page, "7"), "script-src 'self'; <link>");
        let served = format!("{page}<script>'{{{{__TRUNK_ADDRESS__}}}}'</script>");
        assert_eq!(seal_page(&served, "7"), served);
    }
}

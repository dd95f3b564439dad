//! Which instructions the built modules need: a browser refuses a module for a single one that it
//! does not know, whether it would run or not.

use crate::{server::Site, visit::Checked};
use std::fs;
use wasmparser::{Validator, WasmFeatures};

/// Whether a module validates where only these features are known.
fn validates(module: &[u8], features: WasmFeatures) -> bool {
    Validator::new_with_features(features).validate_all(module).is_ok()
}

#[test]
fn every_module_needs_the_instructions_of_its_name_and_no_others() -> Checked {
    let relaxed_simd = WasmFeatures::WASM2 | WasmFeatures::RELAXED_SIMD;
    let simd128 = WasmFeatures::WASM2;
    let plain = WasmFeatures::WASM2 & !WasmFeatures::SIMD;
    let site = Site::dist()?;
    let mut checked = Vec::new();
    for entry in fs::read_dir(site.file(""))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with("_bg.wasm") {
            continue;
        }
        let module = fs::read(&path)?;
        let takes = [plain, simd128, relaxed_simd].map(|features| validates(&module, features));
        let expected = match name.trim_end_matches("_bg.wasm") {
            "worker_relaxed_simd" => [false, false, true],
            "worker_simd128" => [false, true, true],
            // The page itself, and the worker that runs where nothing else does.
            _ => [true, true, true],
        };
        assert_eq!(takes, expected, "{name}: without SIMD, with it, with relaxed SIMD");
        checked.push(name);
    }
    assert_eq!(checked.len(), 4, "the page and three workers: {checked:?}");
    Ok(())
}

//! The engine alone as a page, to be compared with other engines in one browser.

use crate::{
    Failure, Outcome,
    commands::Call,
    fold::fold_file,
    say,
    setup::{self, Purpose},
};
use std::{env, fs, path::PathBuf};

/// Where the page is built.
const FOLDER: &str = "target/engine";

/// Builds the page with the kernels that are named, or those that most browsers take.
pub fn build(arguments: &[String]) -> Outcome {
    let features: &[&str] = match arguments {
        [] => &[],
        [set] if set == "simd128" => &[],
        [set] if set == "relaxed-simd" => &["--features", "relaxed-simd"],
        _ => {
            return Err(Failure::new(
                "bench-page takes one set of kernels: simd128 or relaxed-simd",
            ));
        }
    };
    setup::prepare(Purpose::Page)?;
    let target = "wasm32-unknown-unknown";
    Call::new("cargo")
        .args(["build", "--locked", "--profile", "web", "--target", target])
        .args(["--package", "tinyml-workers", "--bin", "engine"])
        .args(features)
        .run()?;
    let built =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let module = built.join(target).join("web/engine.wasm");
    Call::new("wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-dir", FOLDER])
        .arg(module)
        .run()?;
    fold_file(&PathBuf::from(FOLDER).join("engine_bg.wasm"))?;
    let page = PathBuf::from(FOLDER).join("engine.html");
    fs::copy("assets/engine.html", &page)
        .map_err(|e| Failure::new(format!("{}: {e}", page.display())))?;
    say(&format!("{FOLDER}/engine.html is there; its files can be served from any address"));
    Ok(())
}

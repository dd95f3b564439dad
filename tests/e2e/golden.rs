//! Every set's own worker, as it is built, against TensorFlow Lite Micro's bytes of every operator.
//!
//! The bundled model's are the project's own; those of the golden folder are compared where there
//! is one.

use crate::{
    browser::{Page, Window},
    files::support::golden::golden_dir,
    server::Site,
    visit::{Checked, Console, is_left_out, visit, visit_with},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// The sets of kernels, by the names of their workers in the page.
const SETS: [&str; 3] = ["portable", "simd128", "relaxed-simd"];

/// Opens a model in a worker of the set, runs it layer by layer, and returns the hash of every
/// operator's output, null where it is not int8.
const HASHES: &str = r#"async ({ set, model, input, seed }) => {
    const bytes = async (path) => (await fetch(new URL(path, document.baseURI))).arrayBuffer();
    const loader = document.querySelector(`meta[name=worker][data-kernels=${set}]`).content;
    const worker = new Worker(new URL(loader, document.baseURI), { type: "module" });
    const waiting = new Map();
    let jobs = 0;
    const answered = (job) => new Promise((resolve, reject) => {
        waiting.set(job, resolve);
        worker.onerror = (event) => reject(new Error(event.message));
    });
    worker.onmessage = ({ data: [header] }) => {
        const { job, answer } = JSON.parse(header);
        if (!answer.progress) waiting.get(job)?.(answer);
    };
    const ask = (request, buffers = []) => {
        jobs += 1;
        worker.postMessage([JSON.stringify({ job: jobs, request }), ...buffers], buffers);
        return answered(jobs);
    };
    const sure = (answer, name) => {
        if (!answer[name]) throw new Error(JSON.stringify(answer));
        return answer[name];
    };
    const ready = sure(await answered(0), "ready");
    if (ready.kernels !== set) throw new Error(`${set} runs ${ready.kernels}`);
    const passes = { float_boundary: true, fold_pad: true };
    const opened = sure(await ask({ open: { passes } }, [await bytes(model)]), "opened");
    const asked = input ? ask("set_inputs", [await bytes(input)]) : ask({ set_noise: { seed } });
    sure(await asked, "input_set");
    sure(await ask({ run: { choice: { kind: "layerwise" } } }), "ran");
    const hashes = {};
    for (const { index, removed_by } of opened.model.operators) {
        if (removed_by) continue;
        const answer = await ask({ activation: { operator: index } });
        hashes[index] = answer.activation?.activation.sha256 ?? null;
    }
    worker.terminate();
    return hashes;
}"#;

/// Compares the hashes with those that `expected` names; how many were compared.
fn compare(hashes: &Value, expected: impl Fn(usize) -> Value, what: &str) -> Checked<usize> {
    let mut compared = 0;
    for (index, hash) in hashes.as_object().ok_or("no hashes")? {
        if !hash.is_null() {
            assert_eq!(hash, &expected(index.parse()?), "{what}, operator #{index}");
            compared += 1;
        }
    }
    Ok(compared)
}

#[tokio::test]
async fn every_worker_gives_the_recorded_bytes_of_the_bundled_model() -> Checked {
    visit("golden_bundled", Window::DESKTOP, async |page: &Page| {
        let golden = include_str!("../it/data/mobilenet_v2_035_96.golden.json");
        let golden: Value = serde_json::from_str(golden)?;
        let case = &golden["cases"][0];
        for set in SETS {
            let argument = json!({
                "set": set,
                "model": "models/mobilenet_v2_035_96.tflite",
                "seed": case["input"]["seed"],
            });
            let hashes = page.call(HASHES, argument).await?;
            let expected = |index: usize| case["operators"][index][3].clone();
            assert_eq!(compare(&hashes, expected, set)?, 64, "{set}: {hashes}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_worker_gives_the_golden_bytes_of_every_model() -> Checked {
    let Some(golden) = golden_dir() else { return Ok(()) };
    if is_left_out("golden_models") {
        return Ok(());
    }
    let site = Site::dist()?.with_folder("golden", golden.clone());
    let console = Console::HoldsNoErrors;
    visit_with("golden_models", Window::DESKTOP, site, console, async |page: &Page| {
        let mut compared = 0;
        for (id, case, input) in cases(&golden)? {
            let path = golden.join(format!("golden/{id}/layer_hashes.json"));
            let layers: Value = serde_json::from_slice(&fs::read(path)?)?;
            for set in SETS {
                let argument = json!({
                    "set": set,
                    "model": format!("golden/models/{id}.tflite"),
                    "input": format!("golden/golden/{id}/{input}"),
                });
                let hashes = page.call(HASHES, argument).await?;
                let expected = |index: usize| layers["hashes"][&case]["canonical"][index].clone();
                compared += compare(&hashes, expected, &format!("{id}, {case}, {set}"))?;
            }
        }
        eprintln!("{compared} operator outputs equal");
        assert!(compared >= 3 * 250, "{compared}");
        Ok(())
    })
    .await
}

/// For each golden model one case: its id, the case's name and the file of its int8 input.
fn cases(golden: &Path) -> Checked<Vec<(String, String, String)>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(golden.join("golden"))? {
        let folder = entry?.path();
        let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let layers: Value = serde_json::from_slice(&fs::read(folder.join("layer_hashes.json"))?)?;
        let names = layers["hashes"].as_object().ok_or("no hashes")?;
        let case = names.keys().next().ok_or("no case")?.clone();
        let files = [format!("in0_{case}_int8.bin"), format!("in0_{case}.bin")];
        let input = files.into_iter().find(|file| folder.join(file).exists()).ok_or("no input")?;
        cases.push((id, case, input));
    }
    cases.sort();
    Ok(cases)
}

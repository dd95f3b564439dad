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
use tinyml_playground::{
    protocol::{self, Answer, Ask, JobId, Reply, Request},
    report::{Passes, PlanChoice},
};

/// The sets of kernels, by the names of their workers in the page.
const SETS: [&str; 3] = ["portable", "simd128", "relaxed-simd"];

/// Starts a worker of the set in place of the one before. What it says is queued, header by header.
const START: &str = r#"async ({ set }) => {
    const loader = document.querySelector(`meta[name=worker][data-kernels=${set}]`).content;
    window.asked?.worker.terminate();
    const asked = { worker: new Worker(new URL(loader, document.baseURI), { type: "module" }) };
    asked.heard = [];
    asked.hear = () => {};
    asked.worker.onmessage = ({ data: [header] }) => {
        asked.heard.push([...new Uint8Array(header)]);
        asked.hear();
    };
    asked.worker.onerror = (event) => asked.hear(new Error(event.message));
    window.asked = asked;
}"#;

/// Says something to the worker, with files as attachments.
const SAY: &str = r#"async ({ header, files }) => {
    const fetched = files.map(async (file) => (await fetch(new URL(file, document.baseURI))).arrayBuffer());
    const buffers = [new Uint8Array(header).buffer, ...await Promise.all(fetched)];
    window.asked.worker.postMessage(buffers, buffers);
}"#;

/// The next header of the worker.
const HEAR: &str = r#"async () => {
    const asked = window.asked;
    if (asked.heard.length === 0) {
        await new Promise((resolve, reject) => {
            asked.hear = (error) => error ? reject(error) : resolve();
        });
    }
    return asked.heard.shift();
}"#;

/// The worker of a set, asked as the page asks it.
struct Asked<'a> {
    page: &'a Page,
    jobs: u32,
}

impl<'a> Asked<'a> {
    async fn start(page: &'a Page, set: &str) -> Checked<Self> {
        page.call(START, json!({ "set": set })).await?;
        let mut asked = Self { page, jobs: 0 };
        match asked.answer().await? {
            Answer::Ready { kernels } if kernels == set => Ok(asked),
            other => Err(format!("the worker of {set} says {other:?}").into()),
        }
    }

    async fn ask(&mut self, request: Request, files: &[&str]) -> Checked<Answer> {
        self.jobs += 1;
        let header = protocol::write(&Ask { job: JobId(self.jobs), request })?;
        self.page.call(SAY, json!({ "header": header, "files": files })).await?;
        self.answer().await
    }

    /// The answer to the last job, after what is told before it.
    async fn answer(&mut self) -> Checked<Answer> {
        loop {
            let header: Vec<u8> = serde_json::from_value(self.page.call(HEAR, json!({})).await?)?;
            let reply: Reply = protocol::read(&header)?;
            if !matches!(reply.answer, Answer::Progress { .. }) {
                assert_eq!(reply.job, JobId(self.jobs));
                return Ok(reply.answer);
            }
        }
    }
}

/// What a network is fed.
enum Input<'a> {
    /// A file of its bytes.
    File(&'a str),
    /// Seeded noise.
    Noise(u32),
}

/// Opens a model in a worker of the set, runs it layer by layer, and returns the hash of every
/// operator's output, null where it is not int8.
async fn hashes(page: &Page, set: &str, model: &str, input: Input<'_>) -> Checked<Value> {
    let mut worker = Asked::start(page, set).await?;
    let open = Request::Open { passes: Passes::default() };
    let Answer::Opened { model, .. } = worker.ask(open, &[model]).await? else {
        return Err("no model".into());
    };
    let set = match input {
        Input::File(file) => worker.ask(Request::SetInputs, &[file]).await?,
        Input::Noise(seed) => worker.ask(Request::SetNoise { seed }, &[]).await?,
    };
    assert!(matches!(set, Answer::InputSet { .. }), "{set:?}");
    let run = worker.ask(Request::Run { choice: PlanChoice::default() }, &[]).await?;
    assert!(matches!(run, Answer::Ran { .. }), "{run:?}");
    let mut hashes = serde_json::Map::new();
    for operator in model.operators.iter().filter(|operator| operator.removed_by.is_none()) {
        let ask = Request::Activation { operator: Some(operator.index) };
        let hash = match worker.ask(ask, &[]).await? {
            Answer::Activation { activation } => activation.sha256.into(),
            _ => Value::Null,
        };
        hashes.insert(operator.index.to_string(), hash);
    }
    Ok(Value::Object(hashes))
}

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
            let seed = u32::try_from(case["input"]["seed"].as_u64().ok_or("no seed")?)?;
            let model = "models/mobilenet_v2_035_96.tflite";
            let hashes = hashes(page, set, model, Input::Noise(seed)).await?;
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
                let model = format!("golden/models/{id}.tflite");
                let input = format!("golden/golden/{id}/{input}");
                let hashes = hashes(page, set, &model, Input::File(&input)).await?;
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

//! Real models, where the machine has them.

use super::read;
use crate::support::{
    golden::{golden_dir, golden_models},
    random::Random,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs};
use tinyml_playground::{
    model::{Model, ModelError},
    tensor::TensorId,
};

#[test]
fn real_models_are_read_as_their_inventory_says() {
    let Some(dir) = golden_dir() else { return };
    let inventory = fs::read(dir.join("models.json")).unwrap();
    let inventory: Vec<Value> = serde_json::from_slice(&inventory).unwrap();
    for (id, bytes) in golden_models() {
        let facts = inventory.iter().find(|facts| facts["id"] == id.as_str());
        let facts = facts.unwrap_or_else(|| panic!("{id} is not in models.json"));
        let model = read(&bytes).unwrap();
        assert_eq!(facts["schema_version"], model.schema_version, "{id}");
        assert_eq!(facts["description"], model.description, "{id}");
        assert_eq!(facts["num_ops"], model.operators.len(), "{id}");
        assert_eq!(facts["num_tensors"], model.tensors.len(), "{id}");
        assert_eq!(model.warnings, [], "{id}");
        check_ends(&model, &model.inputs, &facts["inputs"]);
        check_ends(&model, &model.outputs, &facts["outputs"]);
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for operator in &model.operators {
            *kinds.entry(&operator.kind).or_default() += 1;
            let versions = facts["op_versions"][&operator.kind].as_array().unwrap();
            assert!(versions.contains(&operator.version.into()), "{id}: {}", operator.kind);
        }
        assert_eq!(facts["ops"], serde_json::to_value(kinds).unwrap(), "{id}");
    }
}

/// Names, shapes, types and quantization of a network's inputs or outputs.
#[track_caller]
fn check_ends(model: &Model, ends: &[TensorId], facts: &Value) {
    let facts = facts.as_array().unwrap();
    assert_eq!(ends.len(), facts.len());
    for (id, facts) in ends.iter().zip(facts) {
        let tensor = &model.tensors[id.index()];
        assert_eq!(facts["index"], id.0);
        assert_eq!(facts["name"], tensor.name);
        assert_eq!(facts["shape"], serde_json::to_value(tensor.shape.dims()).unwrap());
        assert_eq!(facts["dtype"], tensor.data_type.name().to_uppercase());
        let quantization = tensor.quantization.clone();
        let (scales, zero_points) = quantization.map_or_else(Default::default, |quantization| {
            (quantization.scales, quantization.zero_points)
        });
        let scales: Vec<f64> = scales.into_iter().map(f64::from).collect();
        assert_eq!(facts["scale"], serde_json::to_value(scales).unwrap());
        assert_eq!(facts["zero_point"], serde_json::to_value(zero_points).unwrap());
    }
}

#[test]
fn truncated_real_models_are_refused() {
    for (id, bytes) in golden_models() {
        let end = bytes.len();
        let lens = (0..end).step_by(997).chain(end.saturating_sub(200)..end);
        for len in lens {
            // A string's closing zero and those that fill its last word are missed by nobody.
            let is_padding = end - len <= 4 && bytes[len..].iter().all(|&byte| byte == 0);
            let cut = read(&bytes[..len]);
            assert!(cut.is_err() || is_padding, "{id}: {len} of {end} bytes");
        }
        let cut = read(&bytes[..end / 2]).unwrap_err();
        assert!(matches!(cut, ModelError::OutOfBounds { .. }), "{id}: {cut}");
    }
}

#[test]
fn mutated_real_models_are_answered() {
    let mut random = Random::new(997);
    for (_, bytes) in golden_models() {
        // Each read copies the file: fewer of the large ones.
        for _ in 0..(100_000_000 / bytes.len()).min(1_000) {
            let mut mutant = bytes.clone();
            for _ in 0..=random.below(16) {
                let at = random.below(mutant.len());
                mutant[at] = random.byte();
            }
            let _ = read(&mutant);
        }
    }
}

//! Runs inside a headless browser: arithmetic that the machine's WebAssembly must do as the host does.
//!
//! `cargo test --target wasm32-unknown-unknown --test web`, with chromedriver on the PATH.

#![cfg(target_arch = "wasm32")]

use tinyml_playground::quant::Multiplier;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn multipliers_round_as_they_do_natively() {
    let half = Multiplier::from_real(0.5).unwrap();
    assert_eq!(half, Multiplier { fixed: 1 << 30, shift: 0 });
    assert_eq!([-3, -1, 1, 3].map(|value| half.apply(value)), [-1, 0, 1, 2]);
    let small = Multiplier::from_real(0.003_921_568_627_450_98).unwrap();
    assert_eq!(
        [i32::MIN, -255, 255, i32::MAX].map(|v| small.apply(v)),
        [-8_421_505, -1, 1, 8_421_504]
    );
    assert_eq!(Multiplier::from_real(f64::NAN), None);
}

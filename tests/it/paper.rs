//! The figures of the MCUNetV2 paper for MobileNetV2-1.0 at 224, from the graph that the project's
//! script makes.
//!
//! Source: Lin et al. 2021 (MCUNetV2), figure 1 and table 1; KiB where the paper prints kB.

use crate::support::runs::open;
use std::io::Read as _;
use tinyml_playground::{
    kernels::Reference,
    report::{InputImage, ScheduleChoice},
    session::Session,
    text::kib,
};

fn mobilenet_v2_224() -> Session<Reference> {
    let packed: &[u8] = include_bytes!("../../models/mobilenet_v2_100_224.graph.tflite.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    open(&bytes)
}

#[test]
fn layer_by_layer() {
    let session = mobilenet_v2_224();
    let report = session.report();
    assert_eq!(kib(report.operators[0].live_bytes), "539.0 KiB", "the first convolution");
    assert_eq!(kib(report.peak_bytes), "1470.0 KiB");
    assert_eq!(report.peak_operator, 4);
    assert_eq!(kib(report.depthwise_in_place_peak_bytes), "1372.0 KiB");
    assert_eq!(report.macs / 100_000, 3_007, "300.8 M MACs without the classifier's share");
    assert_eq!(report.arena_bytes, report.peak_bytes);
}

#[test]
fn stem_and_four_blocks_in_patches() {
    let session = mobilenet_v2_224();
    let choice = ScheduleChoice::Patched {
        stage_end: 12,
        rows: 4,
        columns: 4,
        input_image: InputImage::Streamed,
    };
    let plan = session.plan_report(&session.plan(choice).unwrap());
    assert_eq!(kib(plan.stage_peak_bytes.unwrap()), "166.4 KiB");
    assert_eq!(kib(plan.tail_peak_bytes.unwrap()), "318.5 KiB");
    assert_eq!(plan.arena_bytes, 326_144, "318.5 KiB: the plan meets the peak");
    let recompute = plan.macs as f64 / plan.macs_layerwise as f64 - 1.0;
    assert_eq!(format!("{:.1}", recompute * 100.0), "9.3");
}

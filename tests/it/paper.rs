//! The figures of the MCUNetV2 paper for MobileNetV2-1.0 at 224, from the graph that the project's
//! script makes.
//!
//! Source: Lin et al. 2021 (MCUNetV2), figure 1 and table 1; KiB where the paper prints kB.

use crate::support::{golden::golden_dir, networks::Network, runs::open};
use std::io::Read as _;
use tinyml_playground::{
    kernels::Reference,
    report::{
        BlockReport, BlockRole, InPlace, InputImage, PaperReport, PlanChoice, PlanReport,
        ScheduleChoice,
    },
    session::Session,
    text::{accounting, kib},
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

fn depthwise(choice: ScheduleChoice) -> PlanChoice {
    PlanChoice::from(choice).with_in_place(InPlace::Depthwise)
}

/// `None` where the grid is finer than the map.
fn counted(session: &Session<Reference>, choice: PlanChoice) -> Option<(PaperReport, PlanReport)> {
    let planned = session.plan(choice).ok()?;
    Some((session.paper_report(&planned.schedule), session.plan_report(&planned)))
}

#[test]
fn the_arena_is_told_apart_at_its_fullest_step() {
    let session = mobilenet_v2_224();
    let patches =
        |input_image| ScheduleChoice::Patched { stage_end: 12, rows: 4, columns: 4, input_image };
    let told = |choice| {
        let (paper, plan) = counted(&session, depthwise(choice)).unwrap();
        (kib(paper.peak_bytes()), accounting::paper_to_arena(&paper, &plan))
    };
    assert_eq!(
        told(ScheduleChoice::Layerwise),
        ("1372.0 KiB".to_owned(), "at #3: 1,404,928 as the paper counts = 1,404,928 B".to_owned())
    );
    // 171.5 KiB either way; strictly, with the residual's operand, 196.0.
    let streamed = told(patches(InputImage::Streamed));
    assert_eq!(streamed.0, "171.5 KiB");
    assert_eq!(
        streamed.1,
        "at #15: 175,616 as the paper counts + 25,088 for what waits for a residual or another reader = \
         200,704 B"
    );
    let resident = told(patches(InputImage::Resident));
    assert_eq!(resident.0, "171.5 KiB");
    assert_eq!(
        resident.1,
        "at #3: 162,288 as the paper counts there + 150,528 for the input image = 312,816 B"
    );
}

/// A network of TinyEngine's whose arena is fullest where its image is gone, streamed or not.
#[test]
fn what_is_not_there_at_the_fullest_step_costs_nothing() {
    let Some(golden) = golden_dir() else { return };
    let bytes = std::fs::read(golden.join("models/tinyengine_mcunetv2_large.tflite")).unwrap();
    let session = open(&bytes);
    let told = [InputImage::Resident, InputImage::Streamed].map(|input_image| {
        let choice = ScheduleChoice::Patched { stage_end: 7, rows: 3, columns: 3, input_image };
        let (paper, plan) = counted(&session, depthwise(choice)).unwrap();
        assert_eq!((plan.arena_bytes, paper.at_peak.operator), (407_920, Some(20)));
        assert_eq!((paper.at_peak.input_bytes, paper.at_peak.waiting_bytes), (0, 31_360));
        accounting::paper_sentence(&paper, &plan)
    });
    assert_eq!(told[0], told[1]);
    assert!(!told[0].contains("image"), "{}", told[0]);
}

#[test]
fn what_was_published_is_what_is_counted() {
    let session = mobilenet_v2_224();
    let input_image = InputImage::Streamed;
    let choice = ScheduleChoice::Patched { stage_end: 12, rows: 4, columns: 4, input_image };
    let (paper, _) = counted(&session, depthwise(choice)).unwrap();
    let (whole, patched) = (paper.layerwise_bytes, paper.peak_bytes());
    for figure in [
        format!("{} kB layer by layer", whole.div_ceil(1024)),
        format!("{} kB,", patched.div_ceil(1024)),
        format!("{:.1} times less", whole as f64 / patched as f64),
    ] {
        assert!(accounting::PAPER_PUBLISHED.contains(&figure), "{figure}");
    }
}

#[test]
fn the_parts_of_the_fullest_step_are_all_that_it_needs() {
    let mut with_image = 0;
    for seed in 0..40 {
        let session = open(&Network::build(seed));
        let stage_end = session.report().stage_ends.last().copied();
        let patches = stage_end.map(|stage_end| {
            let input_image = InputImage::Resident;
            ScheduleChoice::Patched { stage_end, rows: 2, columns: 2, input_image }
        });
        for choice in std::iter::once(ScheduleChoice::Layerwise).chain(patches) {
            for in_place in [InPlace::None, InPlace::Depthwise, InPlace::All] {
                let choice = PlanChoice::from(choice).with_in_place(in_place);
                let Some((paper, plan)) = counted(&session, choice) else { continue };
                let at = paper.at_peak;
                let (step, needed) = plan.neediest().unwrap();
                assert_eq!(at.operator, needed.operator, "seed {seed}");
                assert_eq!(at.needed_bytes(), needed.needed_bytes(), "seed {seed}, step {step}");
                assert_eq!(at.scratch_bytes, needed.scratch_bytes, "seed {seed}");
                assert!(at.counted_bytes <= paper.peak_bytes(), "seed {seed}");
                with_image += u32::from(at.input_bytes > 0);
                let is_live = |block: &&BlockReport| {
                    block.role == BlockRole::Input
                        && (block.first_step..block.end_step).contains(&step)
                };
                let image: u64 = plan.blocks.iter().filter(is_live).map(|one| one.bytes).sum();
                assert!(at.input_bytes <= image, "seed {seed}");
                if plan.steps[step as usize].patch.is_some() {
                    assert_eq!(at.input_bytes, image, "seed {seed}");
                }
                check_sum(&accounting::paper_to_arena(&paper, &plan), plan.arena_bytes);
            }
        }
    }
    assert!(with_image > 5, "{with_image}");
}

/// Adds up what a formula says.
fn check_sum(formula: &str, arena_bytes: u64) {
    let (_, sum) = formula.split_once(": ").unwrap();
    let (sum, arena) = sum.rsplit_once(" = ").unwrap();
    let bytes =
        |words: &str| words.split(' ').next().unwrap().replace(',', "").parse::<i64>().unwrap();
    let term = |term: &str| match term.split_once(" − ") {
        Some((one, less)) => bytes(one) - bytes(less),
        None => bytes(term),
    };
    assert_eq!(sum.split(" + ").map(term).sum::<i64>(), bytes(arena), "{formula}");
    assert_eq!(bytes(arena), i64::try_from(arena_bytes).unwrap());
}

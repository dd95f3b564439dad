use super::*;
use crate::{
    error_line::{MAX_MESSAGES, read},
    graph::Removal,
    text::sample,
};

/// The sample model needs 704 bytes for activations and about 544 that stay.
fn known<'a>(model: &'a ModelReport, plans: &'a [PlannedArena]) -> Known<'a> {
    Known { model, sram_bytes: Some(1024), plans, boards: &[("small", 1024), ("large", 4096)] }
}

fn explained(text: &str) -> Explanation {
    explained_with(text, &[])
}

#[track_caller]
fn explained_with(text: &str, plans: &[PlannedArena]) -> Explanation {
    let messages = read(text);
    assert_eq!(messages.len(), 1, "{messages:?}");
    explain(&messages[0], &known(&sample::model(), plans))
}

#[track_caller]
fn says(lines: &[String], words: &str) {
    assert!(lines.iter().any(|line| line.contains(words)), "no `{words}` in {lines:#?}");
}

fn patched(arena_bytes: u64) -> PlannedArena {
    let choice = sample::patched_plan(2, 2).choice;
    PlannedArena { choice, arena_bytes, macs: 1330, macs_layerwise: 1000 }
}

#[test]
fn a_plan_without_room_has_three_numbers_twice() {
    let line = "Failed to resize buffer. Requested: 704, available 500, missing: 204";
    let told = explained_with(line, &[patched(600), patched(480)]);
    assert_eq!(told.title, "No room for the activations");
    let step = &told.balances[0];
    assert_eq!(
        (step.needed_bytes, step.available_bytes, step.difference_bytes),
        (Some(704), Some(500), Some(204))
    );
    let whole = &told.balances[1];
    assert_eq!(whole.words(), ["1.2 KiB (1,248 bytes)", "1.0 KiB (1,044 bytes)", "204 bytes"]);
    says(&told.sentences, "exactly what this model's activations take");
    says(&told.advice, "kTensorArenaSize = 2 * 1024;");
    says(&told.advice, "at least 204 B more than now");
    says(&told.advice, "needs 480 B for activations, which fits the 500 B");
    says(&told.advice, "+33 %");
    says(&told.advice, "TensorFlow Lite Micro itself cannot run patches");
    says(
        &told.advice,
        "The target chosen here (1.0 KiB) is too small for the 1.2 KiB that this model needs (224 bytes over).",
    );
    says(&told.advice, "large, 4.0 KiB");
    assert_eq!(told.operators, [0], "where most is live");
}

#[test]
fn the_older_line_is_balanced_as_well() {
    let line = "Arena size is too small for all buffers. Needed 800 but only 500 was available.";
    let told = explained(line);
    assert_eq!(told.balances[0].difference_bytes, Some(300));
    assert_eq!(told.balances[1].needed_bytes, Some(1344), "with what the line asks for");
    says(&told.sentences, "96 bytes more than this model's activations");
    says(&told.sentences, "CMSIS-NN");
}

#[test]
fn a_line_of_another_model_is_told_from_this_models() {
    let line = "Failed to resize buffer. Requested: 640, available 500, missing: 140";
    let told = explained(line);
    says(
        &told.sentences,
        "64 bytes less than this model's activations take: the line is of another",
    );
    assert_eq!(told.balances[1].available_bytes, None, "nothing is made of another model's line");
    says(&told.advice, "kTensorArenaSize = 2 * 1024;");
}

#[test]
fn of_two_numbers_the_third_is_told_as_well() {
    let told = |figures| {
        let Balance { needed_bytes, available_bytes, difference_bytes, .. } =
            Balance::of("Region", figures);
        [needed_bytes, available_bytes, difference_bytes]
    };
    let all = [Some(704), Some(500), Some(204)];
    for missing in 0..3 {
        let mut known = all;
        known[missing] = None;
        assert_eq!(told(known), all);
    }
    assert_eq!(told([Some(1), Some(2), None]), [Some(1), Some(2), None], "none is missing");
    assert_eq!(told([None, Some(u64::MAX), Some(1)])[0], None);
}

#[test]
fn what_stays_is_told_from_the_whole() {
    let line = "Failed to allocate tail memory. Requested: 60, available 12, missing: 48";
    let told = explained(line);
    says(&told.sentences, "not of the model");
    let whole = &told.balances[1];
    assert_eq!((whole.needed_bytes, whole.available_bytes), (Some(1248), None));
    assert_eq!(whole.words()[2], "not in this line");
    assert!(!told.advice.iter().any(|line| line.contains("more than now")), "{:?}", told.advice);
}

#[test]
fn sizes_below_zero_balance_nothing() {
    let line =
        "Arena size is too small for all buffers. Needed 4294960256 but only 81 was available.";
    let told = explained(line);
    says(&told.sentences, "4,294,960,256 is -7,040 printed without its sign");
    assert_eq!(told.balances[0].words(), ["not in this line", "81 bytes", "not in this line"]);
    assert_eq!(told.balances[1].needed_bytes, Some(1248), "the model's own need stays");
    says(&told.advice, "kTensorArenaSize = 2 * 1024;");
}

#[test]
fn no_arena_is_told_that_is_smaller_than_the_one_there() {
    let told = explained("Needed 4294960256 but only 191120 was available");
    assert_eq!(told.balances[0].available_bytes, Some(191_120));
    says(&told.advice, "Leave the arena as it is: 191,120 bytes are left of it there");
    assert!(!told.advice.iter().any(|line| line.contains("kTensorArenaSize")), "{told:#?}");
    // Of the 1,248 bytes of the whole arena 544 stay, which are taken already.
    let close = explained("Needed 4294960256 but only 900 was available");
    says(&close.advice, "900 bytes are left of it there, and this model needs 704 bytes of that");
    let moment =
        "Failed to allocate temp memory. Requested: 99576, available 77308, missing: 22268";
    says(
        &explained(moment).advice,
        "The line may be of another model; if it is of this one: Write constexpr int \
         kTensorArenaSize = 98 * 1024;",
    );
}

#[test]
fn an_arena_that_was_overdrawn_is_short_of_that_as_well() {
    let told = explained("Needed 55296 but only 4294960256 was available.");
    says(
        &told.sentences,
        "4,294,960,256 is -7,040 printed without its sign: the arena was overdrawn by 7,040 bytes \
         before this step already, so with this step it is 62,336 bytes short.",
    );
    assert!(!told.sentences.iter().any(|line| line.contains("says nothing")), "{told:#?}");
    assert_eq!(
        told.balances[0].words(),
        ["54.0 KiB (55,296 bytes)", "-7,040 bytes", "60.9 KiB (62,336 bytes)"]
    );
    // 62,336 are missing, whatever is there.
    says(&told.advice, "kTensorArenaSize = 61 * 1024;");
    says(&told.advice, "at least 60.9 KiB more than now");
    says(&told.advice, "Another plan of the activations alone does not help");
}

#[test]
fn a_line_far_from_this_model_is_told_with_a_condition() {
    let line = "Failed to resize buffer. Requested: 3000, available 2000, missing: 1000";
    let told = explained(line);
    says(&told.sentences, "the line may be of another model");
    says(&told.advice, "The line may be of another model; if it is of this one: Write constexpr");
    says(&told.advice, "is too small for the 3.5 KiB that this line asks for (");
    says(&told.advice, "is too small for the 1.2 KiB that this model needs (");
    let near = explained("Failed to resize buffer. Requested: 800, available 500, missing: 300");
    assert!(near.advice[0].starts_with("Write"), "{:?}", near.advice);
}

#[test]
fn only_what_tflm_can_follow_is_offered_for_it() {
    let line = "Failed to resize buffer. Requested: 704, available 500, missing: 204";
    let planned = |choice| PlannedArena { choice, arena_bytes: 480, macs: 9, macs_layerwise: 9 };
    let advice = |model: &ModelReport, choice| {
        let plans = [planned(choice)];
        explain(&read(line)[0], &known(model, &plans)).advice.join("\n")
    };
    let saved = "can be saved inside the model for TensorFlow Lite Micro";
    let mut model = sample::model();
    let exact = advice(&model, PlanChoice::TFLM);
    assert!(exact.contains(&format!("{saved}.")), "{exact}");
    let loose = advice(&model, PlanChoice::default());
    assert!(loose.contains(&format!("{saved}, aligned to 16 bytes")), "{loose}");
    let reordered = PlanChoice::TFLM.with_schedule(ScheduleChoice::Reordered);
    for other in [reordered, PlanChoice::TFLM.with_in_place(InPlace::All), patched(480).choice] {
        let told = advice(&model, other);
        assert!(!told.contains(saved) && told.contains("another engine"), "{told}");
    }
    model.operators[0].removed_by = Some(Removal::FoldedPad);
    let told = advice(&model, PlanChoice::TFLM);
    assert!(!told.contains(saved), "{told}");
    assert!(told.contains("runs the file as stored, and here passes take 1 of its"), "{told}");
}

#[test]
fn patches_are_told_to_be_for_another_engine_wherever_they_may_be_tried() {
    for line in [
        "Failed to resize buffer. Requested: 704, available 500, missing: 204",
        "Failed to allocate tail memory. Requested: 60, available 12, missing: 48",
        "Needed 55296 but only 4294960256 was available.",
        "Needed 4294960256 but only 191120 was available.",
        "AllocateTensors() failed",
        "region `RAM' overflowed by 204 bytes",
        "region `RAM' overflowed by 20400 bytes",
        "DRAM segment data does not fit.",
    ] {
        for plans in [&[][..], &[patched(480)]] {
            let advice = explained_with(line, plans).advice;
            let told = advice.iter().filter(|one| one.contains("itself cannot run patches"));
            assert_eq!(told.count(), 1, "{line}: {advice:#?}");
        }
    }
}

#[test]
fn an_overflow_can_be_freed_elsewhere_and_the_arena_is_an_estimate() {
    let told = explained_with("region `RAM' overflowed by 204 bytes", &[patched(480)]);
    says(&told.advice, "about 1.2 KiB (1,248 bytes) are enough for this model, by an estimate");
    says(&told.advice, "kernels of CMSIS-NN or ESP-NN need scratch on top");
    says(&told.advice, "or free at least 204 bytes elsewhere (heap, stack, other buffers).");
    says(
        &told.advice,
        "which fits the 500 B that are left for activations if the arena has 1.2 KiB now",
    );
    says(
        &told.advice,
        "If the target is the one chosen here (1.0 KiB), the program needs 1.2 KiB. The smallest",
    );
}

#[test]
fn a_section_outside_its_region_is_told_with_its_address() {
    let told = explained("address 0x20021c24 of app.elf section `.bss' is not within region `RAM'");
    assert_eq!(told.title, "The program's variables do not fit the RAM");
    says(&told.sentences, "Section .bss reaches to address 0x20021c24, outside RAM.");
    says(&told.sentences, "does not tell how much is over");
    assert!(told.balances.is_empty(), "{told:#?}");
    says(&told.advice, "about 1.2 KiB");
}

#[test]
fn missing_operators_come_with_the_lines_that_add_them() {
    let told = explained("Didn't find op for builtin opcode 'CONV_2D' version '3'");
    let model = sample::model();
    let convolutions: Vec<u32> =
        model.operators.iter().filter(|one| one.kind == "CONV_2D").map(|one| one.index).collect();
    assert_eq!(told.operators, convolutions);
    says(&told.advice, "resolver.AddConv2D();");
    says(&told.advice, "older than version 3");
    says(&told.advice, "AddDepthwiseConv2D");
    let other = explained("Didn't find op for builtin opcode 'SVDF' version '1'");
    says(&other.sentences, "This model has no SVDF: the line is of another model.");
    let full = explained("Couldn't register builtin op #3, resolver size is too small (1).");
    says(&full.sentences, "the resolver 1 places");
}

/// Names as tflite-micro's `micro_mutable_op_resolver.h` spells them.
#[test]
fn methods_are_spelt_as_the_resolver_has_them() {
    for (kind, method) in [
        ("ADD", "AddAdd"),
        ("ADD_N", "AddAddN"),
        ("ARG_MAX", "AddArgMax"),
        ("AVERAGE_POOL_2D", "AddAveragePool2D"),
        ("BATCH_MATMUL", "AddBatchMatMul"),
        ("BATCH_TO_SPACE_ND", "AddBatchToSpaceNd"),
        ("CUMSUM", "AddCumSum"),
        ("DEPTHWISE_CONV_2D", "AddDepthwiseConv2D"),
        ("FULLY_CONNECTED", "AddFullyConnected"),
        ("GATHER_ND", "AddGatherNd"),
        ("HARD_SWISH", "AddHardSwish"),
        ("L2_NORMALIZATION", "AddL2Normalization"),
        ("L2_POOL_2D", "AddL2Pool2D"),
        ("PADV2", "AddPadV2"),
        ("RELU6", "AddRelu6"),
        ("RESIZE_NEAREST_NEIGHBOR", "AddResizeNearestNeighbor"),
        ("REVERSE_V2", "AddReverseV2"),
        ("SPLIT_V", "AddSplitV"),
        ("SVDF", "AddSvdf"),
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", "AddUnidirectionalSequenceLSTM"),
    ] {
        assert_eq!(operators::method(kind).as_deref(), Some(method));
    }
    assert_eq!(operators::method("CUSTOM:mine").as_deref(), Some("AddCustom"));
    assert_eq!(operators::method("_"), None);
    let mut model = sample::model();
    for (operator, kind) in model.operators.iter_mut().zip(["CUSTOM:a", "CUSTOM:b", "GELU"]) {
        operator.kind = kind.to_owned();
    }
    let known = Known { model: &model, sram_bytes: None, plans: &[], boards: &[] };
    let full = &read("Didn't find op for builtin opcode 'SOFTMAX' version '1'")[0];
    let told = explain(full, &known).advice;
    says(&told, "MicroMutableOpResolver<5> with AddCustom, AddFullyConnected, AddSoftmax.");
    says(&told, "It is not known to have GELU.");
    let none = explained("Didn't find op for builtin opcode 'GELU' version '1'");
    says(&none.advice, "is not known to have GELU");
}

#[test]
fn operators_that_fail_are_found_in_the_model() {
    let model = sample::model();
    let (index, kind) = (model.operators[1].index, &model.operators[1].kind);
    let line = format!("Node {kind} (number {index}f) failed to prepare with status 1");
    let told = explained(&line);
    assert_eq!(told.operators, [index]);
    says(&told.sentences, "of this model");
    let other = explained("Node SVDF (number 1f) failed to prepare with status 1");
    says(&other.sentences, "not SVDF: the line is of another model");
    assert_eq!(other.operators, [0u32; 0]);
    let none = explained("Node SVDF (number 4294967296) failed to invoke with status 1");
    says(&none.sentences, "none with that number");
}

#[test]
fn types_and_versions_are_looked_up_in_the_model() {
    says(&explained("Hybrid models are not supported").sentences, "another model");
    let told = explained("Input type: INT8 with filter type : INT8 not supported.");
    assert!(!told.operators.is_empty());
    let told = explained("Model provided is schema version 0 not equal to supported version 3.");
    says(&told.advice, "4,096 bytes");
}

#[test]
fn regions_that_overflow_ask_for_less_or_for_another_target() {
    let told = explained_with("region `RAM' overflowed by 204 bytes", &[patched(480)]);
    assert_eq!(told.title, "The program's variables do not fit the RAM");
    assert_eq!(told.balances[0].words(), ["not in this line", "not in this line", "204 bytes"]);
    says(&told.advice, "which fits the 500 B");
    let told = explained_with("region `RAM' overflowed by 404 bytes", &[patched(480)]);
    says(&told.advice, "still 180 B too much");
    let far = explained("region `dram0_0_seg' overflowed by 363232 bytes");
    says(&far.sentences, "Even without any arena");
    let flash = explained("region `FLASH' overflowed by 4 bytes");
    assert_eq!(flash.title, "Code and constants do not fit the Flash");
    assert!(!flash.is_about_memory);
    let code = explained("region `iram0_0_seg' overflowed by 84 bytes");
    says(&code.sentences, "Neither the arena nor the weights");
}

#[test]
fn every_family_is_explained_with_something_to_do() {
    for text in [
        "Failed to allocate temp memory. Requested: 60, available 12, missing: 48",
        "AllocateTensors() failed",
        "DRAM segment data does not fit.",
        "Error: L6407E: Sections of aggregate size 0x96e4 bytes could not fit into .ANY selector(s).",
        "Error: L6220E: Execution region RW_IRAM1 size (70000 bytes) exceeds limit (65536 bytes).",
        "with a total estimated minimum size of 0x3f55c bytes (max align 0x20) in \
         <[0x24000000-0x2404ffff]> (total uncommitted space 0x392ac).",
        "Global variables use 337208 bytes (128%) of dynamic memory, leaving -75064 bytes for local \
         variables. Maximum is 262144 bytes.",
    ] {
        let told = explained(text);
        assert!(!told.title.is_empty() && !told.sentences.is_empty(), "{text}");
        assert!(!told.advice.is_empty(), "{text}");
        for line in told.sentences.iter().chain(&told.advice) {
            assert!(line.ends_with('.') && !line.contains("  "), "{line}");
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Numbers as large as they get overflow nothing.
        #[test]
        fn any_numbers_are_explained(
            one in any::<i64>(), two in any::<i64>(), three in any::<i64>(), arena in any::<u64>(),
        ) {
            let text = format!(
                "Failed to resize buffer. Requested: {one}, available {two}, missing: {three}\n\
                 Failed to allocate tail memory. Requested: {two}, available {three}, missing: {one}\n\
                 Node ADD (number {three}) failed to prepare with status 1\n\
                 region `RAM' overflowed by {two} bytes\n\
                 region X size ({one} bytes) exceeds limit ({two} bytes)\n"
            );
            let mut model = sample::model();
            model.tflm_arena_bytes = arena;
            let plans = [patched(480)];
            let messages = read(&text);
            prop_assert!(messages.len() <= MAX_MESSAGES);
            for message in &messages {
                let told = explain(message, &known(&model, &plans));
                prop_assert!(!told.title.is_empty());
            }
        }
    }
}

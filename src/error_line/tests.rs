use super::{Message, Phase, Step, *};

#[track_caller]
fn one(text: &str) -> Message {
    let mut messages = read(text);
    assert_eq!(messages.len(), 1, "{text}: {messages:?}");
    messages.remove(0)
}

fn refused(step: Step, numbers: [i64; 3]) -> Message {
    let [requested, available, missing] = numbers.map(Figure);
    Message::Refused { step, requested, available: Some(available), missing: Some(missing) }
}

fn overflowed(region: &str, over: i64) -> Message {
    Message::Overflowed { region: region.to_owned(), over: Figure(over) }
}

/// tflite-micro, `arena_allocator/single_arena_buffer_allocator.cc`.
#[test]
fn requests_of_the_arena_have_three_numbers() {
    let head = "Failed to resize buffer. Requested: 159744, available 152920, missing: 6824";
    assert_eq!(one(head), refused(Step::Head, [159_744, 152_920, 6_824]));
    let tail = "Failed to allocate tail memory. Requested: 60, available 12, missing: 48";
    assert_eq!(one(tail), refused(Step::Tail, [60, 12, 48]));
    let moment =
        "Failed to allocate temp memory. Requested: 99576, available 77308, missing: 22268";
    assert_eq!(one(moment), refused(Step::Temporary, [99_576, 77_308, 22_268]));
    // Printed piece by piece, as ports to Arduino's Serial do.
    let pieces =
        "Failed to allocate tail memory. Requested: \r\n816, available: 8, missing:808\r\n";
    assert_eq!(one(pieces), refused(Step::Tail, [816, 8, 808]));
}

/// tflite-micro, `micro_allocator.cc` of 2020 to 2021, and `micro_allocation_info.cc`.
#[test]
fn the_planner_of_older_releases_says_needed_and_available() {
    let old =
        "Arena size is too small for all buffers. Needed 351408 but only 269040 was available.";
    let expected = Message::Refused {
        step: Step::Plan,
        requested: Figure(351_408),
        available: Some(Figure(269_040)),
        missing: None,
    };
    assert_eq!(one(old), expected);
    let older = "Arena size is too small for activation buffers. Needed 351408 but only 269040 was available.";
    assert_eq!(one(older), expected);
    let stays = "Failed to allocate memory. Requested: 60, available 12, missing: 48";
    assert_eq!(one(stays), refused(Step::Tail, [60, 12, 48]));
    let planning = "Failed to allocate memory for memory planning, 340 bytes required";
    assert!(matches!(
        one(planning),
        Message::Refused { step: Step::Temporary, requested: Figure(340), available: None, .. }
    ));
}

/// As people quote it.
#[test]
fn needed_and_available_are_read_without_what_stood_before() {
    let quoted = Message::Refused {
        step: Step::Plan,
        requested: Figure(212_064),
        available: Some(Figure(191_120)),
        missing: None,
    };
    assert_eq!(one("Needed 212064, available 191120"), quoted);
    let Message::Refused { requested, available: None, .. } = one("Needed 4294960256") else {
        panic!("another kind")
    };
    assert_eq!(requested.signed(), -7_040);
    assert!(read("Needed 3").is_empty() && read("needed").is_empty(), "says nothing");
}

#[test]
fn a_size_below_zero_is_told_from_a_size() {
    let line =
        "Arena size is too small for all buffers. Needed 4294960256 but only 81 was available.";
    let Message::Refused { requested, .. } = one(line) else { panic!("another kind") };
    assert_eq!((requested.bytes(), requested.signed()), (None, -7_040));
    assert_eq!(requested.printed(), 4_294_960_256);
    assert_eq!(Figure(2_147_483_647).bytes(), Some(2_147_483_647));
    assert_eq!(Figure(-7).bytes(), None);
}

/// tflite-micro, `micro_op_resolver` and `micro_allocator.cc`; the version stands in older releases.
#[test]
fn operators_that_are_not_registered_are_named_once() {
    let both = "Didn't find op for builtin opcode 'EXPAND_DIMS' version '1'. An older version of this \
                builtin might be supported. Are you using an old TFLite binary with a newer model?\n\n\
                Failed to get registration from op code EXPAND_DIMS\n \nAllocateTensors() failed";
    let expected =
        Message::MissingOperator { operator: "EXPAND_DIMS".to_owned(), version: Some(1) };
    assert_eq!(one(both), expected);
    let new = "Didn\u{2019}t find op for builtin opcode \u{2018}SHAPE\u{2019}";
    assert_eq!(one(new), Message::MissingOperator { operator: "SHAPE".to_owned(), version: None });
    let full = "Couldn't register builtin op #22, resolver size \nis too small (5).";
    assert_eq!(one(full), Message::ResolverFull { places: 5 });
}

/// tflite-micro, `micro_interpreter_graph.cc`: `%df` in its format gives `4f`.
#[test]
fn operators_that_fail_are_named_with_their_number() {
    let line = "Node FULLY_CONNECTED (number 4f) failed to prepare with status 1";
    let failed = |operator: &str, number, phase| Message::OperatorFailed {
        operator: operator.to_owned(),
        number,
        phase,
    };
    assert_eq!(one(line), failed("FULLY_CONNECTED", 4, Phase::Prepare));
    let line = "E (1234) tflite: Node CONV_2D (number 12) failed to invoke with status 1";
    assert_eq!(one(line), failed("CONV_2D", 12, Phase::Invoke));
}

/// tflite-micro's examples and `kernels/cmsis_nn/conv.cc`.
#[test]
fn versions_and_types_are_read() {
    let line = "Model provided is schema version 0, not equal to supported version 3.";
    assert_eq!(one(line), Message::SchemaVersion { found: 0, supported: 3 });
    let line = "Given model is schema version 925 not equal to supported version 3";
    assert_eq!(one(line), Message::SchemaVersion { found: 925, supported: 3 });
    let line = "Input type: FLOAT32 with filter type : INT8 not supported.";
    let expected = |input: &str, filter: Option<&str>| Message::TypesRefused {
        input: input.to_owned(),
        filter: filter.map(str::to_owned),
    };
    assert_eq!(one(line), expected("FLOAT32", Some("INT8")));
    assert_eq!(one("Type INT16 (7) not supported."), expected("INT16", None));
    assert_eq!(one("Hybrid models are not supported on TFLite Micro."), Message::Hybrid);
    assert_eq!(one("[E] AllocateTensors() failed\n"), Message::AllocationFailed);
    assert_eq!(one("AllocateTensors failed"), Message::AllocationFailed);
}

/// GNU ld and LLD, alone, under ESP-IDF and under Zephyr.
#[test]
fn regions_that_overflow_are_read_of_every_linker() {
    let gnu = "/opt/bin/ld: /tmp/x/firmware.elf section `.bss' will not fit in region `RAM'\n\
               /opt/bin/ld: region `RAM' overflowed by 1401328 bytes\ncollect2: error: ld returned 1";
    assert_eq!(one(gnu), overflowed("RAM", 1_401_328));
    let lld = "rust-lld: error: section '.eh_frame' will not fit in region 'BRAM': overflowed by 88 bytes";
    assert_eq!(one(lld), overflowed("BRAM", 88));
    let idf = "esp-miner.elf section `.noinit' will not fit in region `dram0_0_seg'\n\
               DRAM segment data does not fit.\nregion `dram0_0_seg' overflowed by 363232 bytes";
    assert_eq!(one(idf), overflowed("dram0_0_seg", 363_232));
    let docs = "region 'iram0_0_seg' overflowed by 84-bytes";
    assert_eq!(one(docs), overflowed("iram0_0_seg", 84));
    let zephyr = "ld.bfd: zephyr/zephyr_pre0.elf section `noinit' will not fit in region `SRAM'";
    let section = |section: Option<&str>, region: &str| Message::SectionTooLarge {
        section: section.map(str::to_owned),
        region: region.to_owned(),
    };
    assert_eq!(one(zephyr), section(Some("noinit"), "SRAM"));
    let short = ".dram0.bss will not fit in region dram0_0_seg\nDRAM segment data does not fit";
    assert_eq!(one(short), section(Some(".dram0.bss"), "dram0_0_seg"));
    assert_eq!(one("DRAM segment data does not fit."), section(None, "dram0_0_seg"));
}

/// GNU ld's `ldlang.c`; on hosts of 64 bits the address has 16 digits.
#[test]
fn sections_that_reach_out_of_their_region_are_read() {
    let outside = |address| Message::OutsideRegion {
        section: Some(".bss".to_owned()),
        region: "RAM".to_owned(),
        address,
    };
    let gnu =
        "/opt/bin/ld: address 0x20021c24 of app.elf section `.bss' is not within region `RAM'";
    assert_eq!(one(gnu), outside(0x2002_1c24));
    assert_eq!(one(&gnu.replace("0x2002", "0x000000002002")), outside(0x2002_1c24));
    let both = format!("{gnu}\nld: region `RAM' overflowed by 7204 bytes");
    assert_eq!(one(&both), overflowed("RAM", 7_204), "which says how much");
    assert_eq!(read("address many of x section `.bss' is not within region `RAM'"), []);
}

/// armlink L6406E, L6407E and L6220E, IAR Lp011, Arduino's builder.
#[test]
fn sizes_of_other_linkers_are_read() {
    let arm = "x.axf: Error: L6406E: No space in execution regions with .ANY selector matching heap_4.o(.bss).\n\
               x.axf: Error: L6407E: Sections of aggregate size 0x96e4 bytes could not fit into .ANY selector(s).";
    assert_eq!(one(arm), Message::Unplaced { bytes: Figure(0x96e4) });
    let small = |region: &str, needed, available| Message::RegionTooSmall {
        region: region.to_owned(),
        needed: Figure(needed),
        available: Figure(available),
    };
    let arm =
        "Error: L6220E: Execution region RW_IRAM1 size (70000 bytes) exceeds limit (65536 bytes).";
    assert_eq!(one(arm), small("RW_IRAM1", 70_000, 65_536));
    let iar = "Error[Lp011]: section placement failed\n    unable to allocate space for sections/blocks \
               with a total estimated\n    minimum size of 0xb'591d bytes (max align 0x100) in \
               <[0x8000'0000-0x8000'ffff]>\n (total uncommitted space 0xffb2).";
    assert_eq!(one(iar), small("[0x8000'0000-0x8000'ffff]", 0xb591d, 0xffb2));
    let arduino = "Global variables use 337208 bytes (128%) of dynamic memory, leaving -75064 bytes for \
                   local variables. Maximum is 262144 bytes.";
    assert_eq!(one(arduino), small("dynamic memory", 337_208, 262_144));
    let fits = arduino.replace("337208", "37208");
    assert_eq!(read(&fits), [], "what fits is no error");
}

#[test]
fn several_messages_keep_their_order() {
    let text = "Failed to resize buffer. Requested: 1076720, available 515080, missing: 561640\n\
                Didn't find op for builtin opcode 'PAD' version '1'.\n";
    let messages = read(text);
    assert_eq!(messages.len(), 2);
    assert!(matches!(messages[0], Message::Refused { .. }), "{messages:?}");
}

#[test]
fn what_stands_around_a_message_is_skipped() {
    let text = "\u{1b}[0;31mE (1234) \u{1b}[1mtflite: Failed to resize\t buffer. Requested: 64, \
                available 32, missing: 32\u{1b}[0m\u{feff}";
    assert_eq!(one(text), refused(Step::Head, [64, 32, 32]));
}

#[test]
fn what_is_not_known_is_no_message() {
    for text in [
        "",
        "Segmentation fault (core dumped)",
        "A RenderFlex overflowed by 99728 pixels on the right",
        "Failed to resize buffer.",
        "Failed to resize buffer. Requested: many",
        "region `RAM' overflowed by 99999999999999999999 bytes",
        "Node (number ) failed to prepare with status",
        "\u{1b}[",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of messages and of what breaks them.
    fn pieces() -> impl Strategy<Value = String> {
        let phrases = tflm::PHRASES.iter().chain(linker::PHRASES).map(|(phrase, _)| *phrase);
        let mut pieces: Vec<&'static str> = phrases.collect();
        pieces.extend([
            "requested: ",
            "missing",
            "(",
            "0x",
            "'",
            "-",
            "\u{1b}[",
            "\u{e9}",
            "region ",
        ]);
        let piece = prop_oneof![
            prop::sample::select(pieces).prop_map(str::to_owned),
            any::<u64>().prop_map(|number| number.to_string()),
            ".{0,12}",
        ];
        prop::collection::vec(piece, 0..24).prop_map(|all| all.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_read_within_bounds(text in pieces()) {
            let messages = read(&text);
            prop_assert!(messages.len() <= MAX_MESSAGES);
            prop_assert_eq!(read(&text), messages);
        }

        #[test]
        fn numbers_survive_what_stands_around(
            requested in 0i64..1 << 31, available in 0i64..1 << 31, missing in 0i64..1 << 31,
            before in "[a-z0-9 :>./-]{0,40}", behind in "[a-z0-9 :>./-]{0,40}",
        ) {
            let text = format!(
                "{before}Failed to allocate tail memory. Requested: {requested}, available \
                 {available}, missing: {missing}\n{behind}"
            );
            prop_assert_eq!(
                &read(&text)[0],
                &refused(Step::Tail, [requested, available, missing])
            );
        }
    }

    #[test]
    fn a_text_without_end_is_cut() {
        let long =
            "Failed to resize buffer. Requested: 1, available 2, missing: 3\n".repeat(100_000);
        assert_eq!(read(&long).len(), 1, "the same message again and again");
        let far = format!("{}AllocateTensors() failed", "x".repeat(MAX_BYTES));
        assert_eq!(read(&far), []);
    }
}

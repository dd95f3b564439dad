//! Programs that do not fit the target's memory.

use super::{
    Balance, Explanation, Known, below_zero, board_for_model, board_with, exact_bytes, kib,
    kib_and_bytes, no_patches, other_plan, whole_bytes, whole_words,
};
use crate::error_line::Figure;

/// What a region holds, by its name.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Region {
    /// Variables, the arena among them.
    Ram,
    /// Code and constants, the weights among them.
    Flash,
    /// Code that runs from RAM.
    Code,
    /// The name does not say.
    Unknown,
}

fn meaning(region: &str) -> Region {
    let name = region.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // A range of addresses: Cortex-M has SRAM from 0x2000'0000 on, and code below.
    if name.starts_with("[0x2") || has(&["dram", "rw_iram", "dtcm", "dynamic memory", "bss"]) {
        Region::Ram
    } else if has(&["flash", "rom", "text"]) || name.starts_with("[0x0") {
        Region::Flash
    } else if has(&["iram", "itcm"]) {
        Region::Code
    } else if has(&["ram"]) {
        Region::Ram
    } else {
        Region::Unknown
    }
}

/// By so much a region is exceeded.
pub(super) fn overflowed(region: &str, over: Figure, known: &Known<'_>) -> Explanation {
    let balance = [None, None, over.bytes()];
    explained(region, balance, &[over], known)
}

/// A section does not fit, and nothing says by how much.
pub(super) fn section(section: Option<&str>, region: &str, known: &Known<'_>) -> Explanation {
    let mut explanation = explained(region, [None; 3], &[], known);
    let what = section.map_or_else(|| "A section".to_owned(), |name| format!("Section {name}"));
    let whose = match region {
        "" => "in any region".to_owned(),
        name => format!("in {name}"),
    };
    let words = format!(
        "{what} finds no room {whose}; by how much the linker says in another line: paste that as well."
    );
    explanation.sentences.insert(0, words);
    explanation
}

/// A section reaches to an address outside its region, and nothing says by how much.
pub(super) fn outside(
    section: Option<&str>,
    region: &str,
    address: u64,
    known: &Known<'_>,
) -> Explanation {
    let mut explanation = explained(region, [None; 3], &[], known);
    let what = section.map_or_else(|| "A section".to_owned(), |name| format!("Section {name}"));
    let words = format!(
        "{what} reaches to address 0x{address:x}, outside {region}. The line does not tell how much is \
         over: it is that address less the region's end, ORIGIN + LENGTH in the linker script."
    );
    explanation.sentences.insert(0, words);
    explanation
}

/// Sections of so many bytes found no place.
pub(super) fn unplaced(bytes: Figure, known: &Known<'_>) -> Explanation {
    let mut explanation = explained("", [bytes.bytes(), None, None], &[bytes], known);
    let words = "These sections found no place at all. The lines before name them: .bss and .data are \
                 variables, .text and .constdata code and constants.";
    explanation.sentences.insert(0, words.to_owned());
    explanation
}

/// A region is too small, with both numbers.
pub(super) fn too_small(
    region: &str,
    needed: Figure,
    available: Figure,
    known: &Known<'_>,
) -> Explanation {
    let over = needed.bytes().zip(available.bytes());
    let over = over.and_then(|(needed, available)| needed.checked_sub(available));
    explained(region, [needed.bytes(), available.bytes(), over], &[needed, available], known)
}

fn explained(
    region: &str,
    [needed_bytes, available_bytes, difference_bytes]: [Option<u64>; 3],
    printed: &[Figure],
    known: &Known<'_>,
) -> Explanation {
    let meaning = meaning(region);
    let title = match meaning {
        Region::Ram => "The program's variables do not fit the RAM",
        Region::Flash => "Code and constants do not fit the Flash",
        Region::Code => "Code does not fit the RAM that is set apart for it",
        Region::Unknown => "The program does not fit the target",
    };
    let balance = Balance::of("Region", [needed_bytes, available_bytes, difference_bytes]);
    let is_told = needed_bytes.or(difference_bytes).is_some();
    let mut explanation = Explanation {
        title: title.to_owned(),
        balances: is_told.then_some(balance).into_iter().collect(),
        sentences: below_zero(printed).into_iter().collect(),
        ..Explanation::default()
    };
    if matches!(meaning, Region::Ram | Region::Unknown) {
        variables(&mut explanation, difference_bytes, known);
    }
    if matches!(meaning, Region::Flash | Region::Unknown) {
        constants(&mut explanation, known);
    }
    if meaning == Region::Code {
        explanation.sentences.push(
            "Neither the arena nor the weights lie there, so no other plan of the model helps."
                .to_owned(),
        );
        explanation.advice.push(
            "Let less code run from RAM (kernels or drivers that are placed there for speed)."
                .to_owned(),
        );
    }
    explanation
}

/// The arena among the program's variables.
fn variables(explanation: &mut Explanation, over_bytes: Option<u64>, known: &Known<'_>) {
    let model = known.model;
    let whole = whole_bytes(model);
    explanation.is_about_memory = true;
    explanation.sentences.push(
        "An arena that is an array lies in .bss, among all other variables; the linker counts them \
         together."
            .to_owned(),
    );
    explanation.sentences.push(whole_words(model));
    let estimate = format!(
        "Check the arena's size: about {} are enough for this model, by an estimate: what stays is not \
         measured on targets of 32 bits, and kernels of CMSIS-NN or ESP-NN need scratch on top. Where \
         it is larger, make it smaller",
        kib_and_bytes(whole)
    );
    explanation.advice.push(match over_bytes {
        Some(over) => format!(
            "{estimate}, or free at least {} elsewhere (heap, stack, other buffers).",
            exact_bytes(over)
        ),
        None => format!("{estimate}."),
    });
    match over_bytes {
        Some(over) if over >= whole => {
            explanation.sentences.push(format!(
                "Even without any arena of this model {} would be too much: other variables need \
                 less, or the arena is larger than this model needs.",
                kib(over - whole)
            ));
            explanation.advice.extend(no_patches(model));
        }
        Some(over) => {
            let room = model.tflm_arena_bytes.saturating_sub(over);
            let condition = format!(" if the arena has {} now", kib(whole));
            explanation.advice.extend(other_plan(room, &condition, known));
        }
        None => explanation.advice.extend(no_patches(model)),
    }
    explanation.advice.push(match over_bytes.zip(known.sram_bytes) {
        Some((over, sram)) => {
            let wanted = sram.saturating_add(over);
            format!(
                "If the target is the one chosen here ({}), the program needs {}. {}",
                kib(sram),
                kib(wanted),
                board_with(wanted, known)
            )
        }
        None => board_for_model(known),
    });
}

/// The weights among constants.
fn constants(explanation: &mut Explanation, known: &Known<'_>) {
    let model = known.model;
    explanation.sentences.push(format!(
        "The model's file takes {} of the Flash, {} of it weights; kernels and the program come on \
         top. The arena takes none, so no other plan helps there.",
        kib_and_bytes(model.file_bytes),
        kib(model.flash_bytes)
    ));
    explanation.advice.push(
        "In Flash: register only the operators that the model has (MicroMutableOpResolver instead of \
         AllOpsResolver), optimise for size, strip the file's metadata."
            .to_owned(),
    );
}

//! A link that carries numbers: what the pictures of one plan need, without weights.
//!
//! The key `n` of a link holds bytes as base64url. They begin with a version; then follow the file's
//! name, hash and sizes, tensors, operators, blocks and steps, as variable-length numbers and mostly as
//! changes from the one before. Everything else (target, own blocks, what is counted, which plan) stands
//! in the link's other keys.
//!
//! Whoever sends such a link may write anything into it. A reader makes no more values than the link has
//! bytes, refuses figures above 2^44 and indices of what is not there, and never panics.

mod bytes;
mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode;

use crate::report::{ModelReport, PlanReport};

/// The longest value of the key, in letters: browsers and chat programs cut longer links.
pub const MOST_LETTERS: usize = 16 * 1024;

/// The version that is written. Those before it are read as well.
const VERSION: u8 = 3;

/// The names of element types; others are left without a name.
const TYPES: [&str; 6] = ["", "int8", "uint8", "int16", "int32", "float32"];

/// The longest name of a file or a kind of operators, in bytes.
const LONGEST_NAME: usize = 120;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// The file's name.
    pub file_name: String,
    /// The model, as far as pictures need it: no constants, names, options or quantization.
    pub model: ModelReport,
    /// The shown plan; its `choice` is in the link's other keys.
    pub plan: PlanReport,
}

/// Why numbers cannot be read from a link, or written into one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NumbersError {
    /// More letters than [`MOST_LETTERS`].
    #[error("the numbers take {0} letters, more than links may have here ({MOST_LETTERS})")]
    TooLong(usize),
    /// A letter that is none of base64url.
    #[error("the link holds a letter that no such link has")]
    Letter,
    /// Written by another version.
    #[error("the numbers are of version {0}; versions 1 to {VERSION} are read")]
    Version(u8),
    /// It ends too early.
    #[error("the link ends too early")]
    Truncated,
    /// A figure above 2^44, or an index of what is not there.
    #[error("a figure of the link is out of range")]
    Range,
    /// An alias of what is an alias itself.
    #[error("a tensor of the link is an alias of an alias")]
    Alias,
    /// A name of more bytes than are read.
    #[error("a name of the link has {0} bytes, more than the {LONGEST_NAME} that are read")]
    LongName(usize),
    /// A name that is no UTF-8.
    #[error("a name of the link is no text")]
    Text,
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::{
        report::{BlockReport, BlockRole, StepReport, TensorReport, TensorRole},
        tensor::TensorId,
        text::{sample, step_formula, table::operators_table, why_needed},
        ui::{
            charts::{BarsChart, LIGHT, arena_svg, bars_svg},
            sheet::{Facts, report},
            state::Settings,
        },
    };
    use proptest::prelude::*;

    /// Everything that is shown of numbers, as text.
    fn shown(numbers: &Numbers) -> Vec<String> {
        let Numbers { file_name, model, plan } = numbers;
        let mut shown = vec![
            arena_svg(model, plan, 600, (640, 300), &LIGHT),
            bars_svg(&BarsChart::new(model, plan, None, 600), LIGHT, (640, 300)).unwrap(),
            operators_table(model, plan, None).csv(),
            report(&Facts {
                file_name,
                model,
                plan,
                behind: None,
                versus: None,
                run: None,
                settings: &Settings::default(),
                address: "",
                date: "",
                is_numbers_only: true,
            }),
        ];
        let steps = u32::try_from(plan.steps.len()).unwrap();
        shown.extend((0..steps.min(200)).map(|step| step_formula(model, plan, step)));
        shown
    }

    /// What numbers can be made of: the sample, layer by layer or in patches, with scratch and in place.
    fn numbers(rows: u32, columns: u32) -> Numbers {
        let mut plan = if rows == 0 { sample::plan() } else { sample::patched_plan(rows, columns) };
        let choice = plan.choice;
        let last = plan.blocks.len() - 1;
        plan.blocks[last].takes_place_of = Some(0);
        plan.blocks[last].role = BlockRole::Scratch;
        plan.choice = choice.schedule.into();
        Numbers { file_name: "größer.tflite".to_owned(), model: sample::model(), plan }
    }

    fn written(numbers: &Numbers) -> String {
        encode(&numbers.file_name, &numbers.model, &numbers.plan).unwrap()
    }

    #[test]
    fn what_is_shown_survives_the_link() {
        for (rows, columns) in [(0, 0), (1, 1), (2, 2), (4, 4)] {
            let before = numbers(rows, columns);
            let text = written(&before);
            let mut after = decode(&text).unwrap();
            after.plan.choice = before.plan.choice;
            assert_eq!(after.file_name, before.file_name);
            assert_eq!(after.model.sha256, before.model.sha256);
            assert_eq!(after.plan.arena_bytes, before.plan.arena_bytes);
            assert_eq!(after.plan.lower_bound_bytes, before.plan.lower_bound_bytes);
            assert_eq!(after.plan.macs, before.plan.macs);
            assert_eq!(after.model.flash_bytes, before.model.flash_bytes);
            assert!(before.model.tflm_arena().is_some());
            assert_eq!(after.model.tflm_arena(), before.model.tflm_arena());
            // The estimate is of the file, and constants are not in the link.
            let shown_before = shown(&before);
            for (one, other) in shown(&after).iter().zip(&shown_before) {
                let cut = |text: &str| text.split("Estimated: ").next().unwrap().to_owned();
                assert_eq!(cut(one), cut(other), "{rows}x{columns}");
            }
            assert!(after.model.tensors.iter().all(|one| one.role != TensorRole::Constant));
            let again = encode(&after.file_name, &after.model, &after.plan).unwrap();
            assert_eq!(again, text, "written once more it is the same");
        }
    }

    /// Written by the program as it was before the second version.
    const FIRST_VERSION: &str = "AQ9ncsO2w59lci50ZmxpdGUBI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN74Ag9AOAf8AFwAWAf4B_BgEA\
         BAEICAMBAQQBCAgIAQIEAQQECAECAgGAAQEEAgEKAQUCAQoFB0NPTlZfMkQRREVQVEhXSVNFX0NPTlZfMkQHUkVT\
         SEFQRQ9GVUxMWV9DT05ORUNURUQHU09GVE1BWAUAIAMDAQEBAAEBBAEICAiAbMAFZAEhAwMCAgEBAQIEAQQECIAJ\
         gAVkAgQBAgEDAgGAAQCAAWQDAwEDAQQCAQqACooBZAQDAQQBBQIBCgAUZAUBAIAEwAEAAQkBAACABAACCQIBgASA\
         AQIDCQQDAAoEAk0FBAeAAQoCAQUBAgCA2AHABQACAIASgAUAAgAAgAEAAgCAFIoBAAIAABQA";

    /// The same, before the third.
    const SECOND_VERSION: &str = "Ag9ncsO2w59lci50ZmxpdGUBI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN74Ag9AOAf8AFwAWAf4B_wAWgBAYB\
         AAQBCAgDAQEEAQgICAECBAEEBAgBAgIBgAEBBAIBCgEFAgEKBQdDT05WXzJEEURFUFRIV0lTRV9DT05WXzJEB1JF\
         U0hBUEUPRlVMTFlfQ09OTkVDVEVEB1NPRlRNQVgFACADAwEBAQABAQQBCAgIgGzABWQBIQMDAgIBAQECBAEEBAiA\
         CYAFZAIEAQIBAwIBgAEAgAFkAwMBAwEEAgEKgAqKAWQEAwEEAQUCAQoAFGQFAQCABMABAAEJAQAAgAQAAgkCAYAE\
         gAECAwkEAwAKBAJNBQQHgAEKAgEFAQIAgNgBwAUAAgCAEoAFAAIAAIABAAIAgBSKAQACAAAUAA";

    #[test]
    fn links_of_earlier_versions_are_read() {
        let (old, now) = (decode(FIRST_VERSION).unwrap(), numbers(0, 0));
        assert_eq!((&old.file_name, &old.model.sha256), (&now.file_name, &now.model.sha256));
        assert_eq!(old.plan.arena_bytes, now.plan.arena_bytes);
        assert_eq!(old.plan.blocks, decode(&written(&now)).unwrap().plan.blocks);
        assert_eq!(old.model.tflm_arena(), None, "which it does not tell");
        assert!(matches!(
            decode(&FIRST_VERSION.replacen("AQ", "BA", 1)),
            Err(NumbersError::Version(4))
        ));
        let (second, now) = (decode(SECOND_VERSION).unwrap(), decode(&written(&now)).unwrap());
        assert_eq!(second.plan, now.plan);
        let [tflm, now] = [&second, &now].map(|numbers| numbers.model.tflm_arena().unwrap());
        assert_eq!((tflm.head_bytes, tflm.tail_bytes), (now.head_bytes, now.tail_bytes));
        assert_eq!(tflm.start_bytes, 0, "of the start it does not tell");
    }

    #[test]
    fn what_does_not_fit_into_a_link_is_refused() {
        let mut numbers = numbers(0, 0);
        let block = numbers.plan.blocks[0];
        numbers.plan.blocks.extend(std::iter::repeat_n(block, 3000));
        let refused = encode(&numbers.file_name, &numbers.model, &numbers.plan);
        assert!(matches!(refused, Err(NumbersError::TooLong(letters)) if letters > MOST_LETTERS));
        assert_eq!(
            decode(&"A".repeat(MOST_LETTERS + 1)),
            Err(NumbersError::TooLong(MOST_LETTERS + 1))
        );
        assert_eq!(decode(""), Err(NumbersError::Truncated));
        assert_eq!(decode("_w"), Err(NumbersError::Version(255)));
    }

    #[test]
    fn aliases_of_aliases_are_refused() {
        for aliases in [[Some(1), Some(0)], [None, Some(0)], [Some(1), None]] {
            let mut numbers = numbers(0, 0);
            let last = numbers.model.tensors.len() - 1;
            for tensor in &mut numbers.model.tensors {
                tensor.role = TensorRole::Activation;
                tensor.alias_of = None;
            }
            for (place, alias) in aliases.into_iter().enumerate() {
                numbers.model.tensors[place].alias_of = alias.map(TensorId);
            }
            // Of an earlier one, of a later one, and both of each other.
            let is_cycle = aliases.iter().all(Option::is_some);
            let read = decode(&written(&numbers)).map(|_| ());
            assert_eq!(read, if is_cycle { Err(NumbersError::Alias) } else { Ok(()) });
            // A chain.
            numbers.model.tensors[last].alias_of = Some(TensorId(0));
            numbers.model.tensors[0].alias_of = Some(TensorId(1));
            assert_eq!(decode(&written(&numbers)), Err(NumbersError::Alias));
        }
    }

    #[test]
    fn a_large_link_is_shown_at_once() {
        let mut numbers = numbers(0, 0);
        let Numbers { model, plan, .. } = &mut numbers;
        let (tensor, block, step) = (model.tensors[0].clone(), plan.blocks[0], plan.steps[0]);
        model.tensors = (0..600)
            .map(|index| TensorReport {
                index: TensorId(index),
                role: TensorRole::Activation,
                alias_of: (index > 300).then_some(TensorId(300)),
                shape: Vec::new(),
                ..tensor.clone()
            })
            .collect();
        model.operators.truncate(1);
        model.operators[0].inputs = (0..1500).map(|index| TensorId(300 + index % 300)).collect();
        let block =
            BlockReport { role: BlockRole::Activation, first_step: 0, end_step: 600, ..block };
        plan.blocks =
            (0..250).map(|index| BlockReport { tensor: TensorId(index), ..block }).collect();
        plan.steps = vec![StepReport { operator: Some(0), patch: None, ..step }; 600];
        let text = written(&numbers);
        let start = std::time::Instant::now();
        let Numbers { model, plan, .. } = decode(&text).unwrap();
        for step in 0..20 {
            assert!(step_formula(&model, &plan, step).contains(" + kept "));
            assert!(!why_needed(&model, &plan, step).is_empty());
        }
        let took = start.elapsed();
        assert!(took.as_millis() < 900, "{took:?} for {} letters", text.len());
    }

    #[test]
    fn long_names_are_cut_to_what_is_read() {
        let mut numbers = numbers(0, 0);
        numbers.file_name = "x".repeat(LONGEST_NAME + 1);
        numbers.model.operators[0].kind = "ö".repeat(LONGEST_NAME);
        let read = decode(&written(&numbers)).unwrap();
        assert_eq!(read.file_name.len(), LONGEST_NAME);
        assert_eq!(read.model.operators[0].kind, "ö".repeat(LONGEST_NAME / 2));
    }

    proptest! {
        #[test]
        fn any_letters_are_numbers_or_an_error(
            version in prop_oneof![Just("AQ"), Just("Ag"), Just("Aw")],
            text in "[A-Za-z0-9_-]{0,400}",
        ) {
            if let Ok(numbers) = decode(&[version, &text].concat()) {
                prop_assert!(!shown(&numbers).is_empty());
            }
        }

        #[test]
        fn changed_links_are_numbers_or_an_error(
            (rows, columns) in prop_oneof![Just((0, 0)), Just((2, 2))],
            at in any::<prop::sample::Index>(),
            letter in "[A-Za-z0-9_-]",
            cut in proptest::option::of(any::<prop::sample::Index>()),
        ) {
            let mut text = written(&numbers(rows, columns));
            let place = at.index(text.len());
            text.replace_range(place..=place, &letter);
            if let Some(cut) = cut {
                text.truncate(cut.index(text.len()));
            }
            if let Ok(numbers) = decode(&text) {
                prop_assert!(!shown(&numbers).is_empty());
            }
        }
    }
}

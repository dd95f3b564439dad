//! The page's settings as a URL fragment: `#v=1&m=…&ram=131072&plan=patch&grid=4x4&sel=5`.
//!
//! Fragments never reach a server. Keys that are not known are passed over: they are of another version.
//! Values that make no sense leave what is usual, and [`read`] tells which they are.

mod reading;

pub use reading::{Misread, decode, read};

use super::state::{ChosenPlan, ModelLink, PatchSettings, PlanKind, Settings, Target, Theme};
use crate::{
    preprocess::{ChannelOrder, Fit, ValueRange},
    report::{InputImage, PlanChoice, ScheduleChoice},
    text::accounting::{ALIGNMENT_CHOICES, IN_PLACE_CHOICES, PLANNER_CHOICES, SCRATCH_CHOICES},
};

/// The fragment for these settings, without `#`.
#[must_use]
pub fn encode(settings: &Settings) -> String {
    let mut pairs: Vec<(&str, String)> = vec![("v", "1".to_owned())];
    pairs.push(("m", model_key(&settings.model)));
    match settings.target {
        Target::Budget => {}
        Target::Board(board) => pairs.push(("board", board.name.replace(' ', "+"))),
        Target::Own { .. } => pairs.push(("board", "own".to_owned())),
    }
    pairs.push(("ram", settings.target.sram_bytes().to_string()));
    if let Target::Own { flash_bytes: Some(flash), .. } = settings.target {
        pairs.push(("flash", flash.to_string()));
    }
    pairs.push(("plan", kind(settings.plan)));
    push_patches(settings.patches, &mut pairs);
    if let Some(selected) = settings.selected {
        pairs.push(("sel", selected.to_string()));
    }
    push_rare(settings, &mut pairs);
    let mut words: Vec<String> =
        pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    if let Some(kept) = &settings.kept {
        let pairs = kept_pairs(kept, &settings.model);
        words.extend(pairs.into_iter().map(|(key, value)| format!("{KEPT}{key}={value}")));
    }
    words.join("&")
}

/// Before the keys of the plan that is kept, which are those of the page's own plan.
const KEPT: &str = "a.";

/// What tells the kept plan from the usual one of the model that the link is about.
fn kept_pairs(kept: &ChosenPlan, model: &ModelLink) -> Vec<(&'static str, String)> {
    let mut of = Settings {
        passes: kept.passes,
        accounting: kept.choice.with_schedule(ScheduleChoice::Layerwise),
        ..Settings::default()
    };
    of.apply(kept.choice.schedule);
    let mut pairs = vec![("plan", kind(of.plan))];
    if kept.model != *model {
        pairs.push(("m", model_key(&kept.model)));
    }
    if of.plan == PlanKind::Patched {
        push_patches(of.patches, &mut pairs);
    }
    push_planning(&of, &mut pairs);
    pairs
}

fn kind(plan: PlanKind) -> String {
    match plan {
        PlanKind::Layerwise => "layer",
        PlanKind::Patched => "patch",
    }
    .to_owned()
}

fn model_key(model: &ModelLink) -> String {
    match model {
        ModelLink::Bundled(bundled) => bundled.key.to_owned(),
        ModelLink::Own { sha256 } => format!("sha256:{sha256}"),
        ModelLink::Unknown { key } => escaped(key),
    }
}

fn push_patches(patches: PatchSettings, pairs: &mut Vec<(&str, String)>) {
    if let Some(stage) = patches.stage_end {
        pairs.push(("stage", stage.to_string()));
    }
    pairs.push(("grid", format!("{}x{}", patches.rows, patches.columns)));
    let input = match patches.input_image {
        InputImage::Resident => "resident",
        InputImage::Streamed => "streamed",
    };
    pairs.push(("in", input.to_owned()));
}

/// The fragment for these settings, with the numbers of a plan where there are some.
#[must_use]
pub fn with_numbers(settings: &Settings, numbers: Option<&str>) -> String {
    let mut fragment = encode(settings);
    if let Some(numbers) = numbers {
        fragment.push_str("&n=");
        fragment.push_str(numbers);
    }
    fragment
}

/// The numbers of a plan that a fragment carries, as they were written.
#[must_use]
pub fn numbers(fragment: &str) -> Option<&str> {
    let mut pairs = fragment.trim_start_matches('#').split('&');
    pairs.find_map(|pair| pair.strip_prefix("n="))
}

/// A fragment as this page writes it: two that mean the same become equal.
#[must_use]
pub fn rewritten(fragment: &str) -> String {
    with_numbers(&decode(fragment), numbers(fragment))
}

/// What is left out of a link while it has its usual value.
fn push_rare(settings: &Settings, pairs: &mut Vec<(&str, String)>) {
    push_planning(settings, pairs);
    let mut push = |key, value: &str| pairs.push((key, value.to_owned()));
    match settings.theme {
        Theme::System => {}
        Theme::Light => push("theme", "light"),
        Theme::Dark => push("theme", "dark"),
    }
    if let Some(kernels) = settings.kernels {
        push("kernels", kernels.key());
    }
    match settings.preprocessing.fit {
        // Drawings are normalised by themselves; it is no choice.
        Fit::Crop | Fit::Drawing { .. } => {}
        Fit::Stretch => push("fit", "stretch"),
        Fit::Letterbox => push("fit", "letterbox"),
    }
    match settings.preprocessing.range {
        _ if !settings.is_range_chosen => {}
        ValueRange::MinusOneToOne => push("range", "signed"),
        ValueRange::ZeroToOne => push("range", "unit"),
        ValueRange::Bytes => push("range", "bytes"),
    }
    if settings.preprocessing.order == ChannelOrder::Bgr {
        push("order", "bgr");
    }
    if settings.preprocessing.is_inverted {
        push("light", "inverted");
    }
    if settings.is_paper {
        push("count", "paper");
    }
    if settings.are_letters_off {
        push("keys", "off");
    }
    for block in &settings.blocks {
        push("block", &format!("{}:{}", escaped(&block.name), block.bytes));
    }
}

/// How is counted and planned, beside the schedule.
fn push_planning(settings: &Settings, pairs: &mut Vec<(&str, String)>) {
    let mut push = |key, value: &str| pairs.push((key, value.to_owned()));
    if !settings.passes.float_boundary {
        push("float", "counted");
    }
    if !settings.passes.fold_pad {
        push("pad", "counted");
    }
    let (now, usual) = (settings.accounting, PlanChoice::default());
    if now.in_place != usual.in_place {
        push("inplace", key_of(&IN_PLACE_CHOICES, now.in_place));
    }
    if now.planner != usual.planner {
        push("planner", key_of(&PLANNER_CHOICES, now.planner));
    }
    if now.alignment != usual.alignment {
        push("align", key_of(&ALIGNMENT_CHOICES, now.alignment));
    }
    if now.scratch != usual.scratch {
        push("scratch", key_of(&SCRATCH_CHOICES, now.scratch));
    }
    if settings.is_reordered {
        push("ops", "leastpeak");
    }
}

/// The key of a choice in links.
fn key_of<T: Copy + PartialEq>(choices: &[(T, &'static str, &str)], now: T) -> &'static str {
    choices.iter().find(|(choice, ..)| *choice == now).map_or("", |(_, key, _)| *key)
}

/// A name as links carry it: letters, digits and hyphens stay, every other byte becomes `%XX`.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// The keys of a link.
const KEYS: &[&str] = &[
    "v", "m", "board", "ram", "flash", "plan", "stage", "grid", "in", "sel", "theme", "float",
    "pad", "fit", "range", "order", "inplace", "planner", "align", "scratch", "ops", "count",
    "keys", "block", "kernels", "light", "n",
];

/// Whether a fragment is a link to settings: places within the page are not.
#[must_use]
pub fn is_link(fragment: &str) -> bool {
    let pairs = fragment.trim_start_matches('#').split('&');
    pairs.filter_map(|pair| pair.split_once('=')).any(|(key, _)| KEYS.contains(&key))
}

/// Whether two fragments that [`encode`] wrote name different models; an empty one names none.
#[must_use]
pub fn names_other_model(one: &str, other: &str) -> bool {
    let model = |fragment: &str| {
        let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == "m").map(|(_, value)| value.to_owned())
    };
    !one.is_empty() && !other.is_empty() && model(one) != model(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        preprocess::Preprocessing,
        report::Passes,
        text::page::LARGEST_SIDE,
        ui::{
            boards,
            kernel_set::KernelSet,
            state::{BUNDLED, OwnBlock},
        },
    };
    use proptest::prelude::*;

    fn any_target() -> impl Strategy<Value = Target> {
        prop_oneof![
            Just(Target::Budget),
            proptest::sample::select(boards::BOARDS)
                .prop_map(|board| { Target::Board(boards::board(board.name).unwrap()) }),
            (1..u64::MAX, proptest::option::of(any::<u64>()))
                .prop_map(|(sram_bytes, flash_bytes)| Target::Own { sram_bytes, flash_bytes }),
        ]
    }

    fn any_model() -> impl Strategy<Value = ModelLink> {
        prop_oneof![
            (0..BUNDLED.len()).prop_map(|one| ModelLink::Bundled(&BUNDLED[one])),
            "[0-9a-f]{1,16}".prop_map(|sha256| ModelLink::Own { sha256 }),
            "no[a-zé %+&=<:#]{0,50}".prop_map(|key| ModelLink::Unknown { key }),
        ]
    }

    /// Any plan of the model that the link is about, or of another one.
    fn any_kept() -> impl Strategy<Value = (Option<ModelLink>, Passes, PlanChoice)> {
        let sides = (1..=LARGEST_SIDE, 1..=LARGEST_SIDE, any::<bool>());
        let schedule = prop_oneof![
            Just(ScheduleChoice::Layerwise),
            Just(ScheduleChoice::Reordered),
            (any::<u32>(), sides).prop_map(|(stage_end, (rows, columns, is_streamed))| {
                let input_image =
                    if is_streamed { InputImage::Streamed } else { InputImage::Resident };
                ScheduleChoice::Patched { stage_end, rows, columns, input_image }
            }),
        ];
        let passes = any::<[bool; 2]>()
            .prop_map(|[float_boundary, fold_pad]| Passes { float_boundary, fold_pad });
        (proptest::option::of(any_model()), passes, any_counting(), schedule).prop_map(
            |(model, passes, counting, schedule)| {
                (model, passes, counting.0.with_schedule(schedule))
            },
        )
    }

    fn any_settings() -> impl Strategy<Value = Settings> {
        let model = any_model();
        let plan = prop_oneof![Just(PlanKind::Layerwise), Just(PlanKind::Patched)];
        let input = prop_oneof![Just(InputImage::Resident), Just(InputImage::Streamed)];
        let patches =
            (proptest::option::of(any::<u32>()), 1..=LARGEST_SIDE, 1..=LARGEST_SIDE, input)
                .prop_map(|(stage_end, rows, columns, input_image)| PatchSettings {
                    stage_end,
                    rows,
                    columns,
                    input_image,
                });
        let theme = prop_oneof![Just(Theme::System), Just(Theme::Light), Just(Theme::Dark)];
        let passes = any::<(bool, bool)>()
            .prop_map(|(float_boundary, fold_pad)| Passes { float_boundary, fold_pad });
        let fit = prop_oneof![Just(Fit::Crop), Just(Fit::Stretch), Just(Fit::Letterbox)];
        let range = prop_oneof![
            Just(ValueRange::MinusOneToOne),
            Just(ValueRange::ZeroToOne),
            Just(ValueRange::Bytes)
        ];
        let order = prop_oneof![Just(ChannelOrder::Rgb), Just(ChannelOrder::Bgr)];
        let preprocessing =
            (fit, range, order, any::<bool>()).prop_map(|(fit, range, order, is_inverted)| {
                Preprocessing { fit, range, order, is_inverted }
            });
        let selected = proptest::option::of(any::<u32>());
        let kernels = proptest::option::of(proptest::sample::select(&KernelSet::ALL[..]));
        let shown = (model, any_target(), plan, patches, passes, selected, theme, preprocessing);
        (shown, any_counting(), kernels, proptest::option::of(any_kept())).prop_map(
            |(
                (model, target, plan, patches, passes, selected, theme, preprocessing),
                counting,
                kernels,
                kept,
            )| {
                let kept = kept.map(|(of, passes, choice)| {
                    let model = of.unwrap_or_else(|| model.clone());
                    ChosenPlan { model, passes, choice }
                });
                let is_range_chosen = preprocessing.range != ValueRange::default();
                let (accounting, blocks, [is_reordered, is_paper, are_letters_off]) = counting;
                Settings {
                    model,
                    target,
                    plan,
                    patches,
                    passes,
                    selected,
                    theme,
                    kernels,
                    preprocessing,
                    is_range_chosen,
                    accounting,
                    blocks,
                    is_reordered,
                    is_paper,
                    kept,
                    are_letters_off,
                }
            },
        )
    }

    type Counting = (PlanChoice, Vec<OwnBlock>, [bool; 3]);

    fn any_counting() -> impl Strategy<Value = Counting> {
        use proptest::sample::select;
        let parts = (
            select(&IN_PLACE_CHOICES[..]),
            select(&PLANNER_CHOICES[..]),
            select(&ALIGNMENT_CHOICES[..]),
            select(&SCRATCH_CHOICES[..]),
        );
        let accounting = parts.prop_map(|(in_place, planner, alignment, scratch)| PlanChoice {
            in_place: in_place.0,
            planner: planner.0,
            alignment: alignment.0,
            scratch: scratch.0,
            ..PlanChoice::default()
        });
        let block = (".{1,60}", 1..OwnBlock::MOST_BYTES)
            .prop_filter_map("no name", |(name, bytes)| OwnBlock::new(&name, bytes));
        (accounting, proptest::collection::vec(block, 0..=OwnBlock::MOST), any::<[bool; 3]>())
    }

    proptest! {
        #[test]
        fn every_setting_survives_the_link(settings in any_settings()) {
            let fragment = encode(&settings);
            prop_assert!(fragment.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(is_link(&fragment));
            prop_assert_eq!(read(&fragment), (settings.clone(), Vec::new()));
            prop_assert_eq!(decode(&format!("#{fragment}&later=key")), settings);
        }

        #[test]
        fn any_text_is_some_link(text in ".{0,200}") {
            let settings = decode(&text);
            prop_assert_eq!(read(&encode(&settings)), (settings, Vec::new()));
        }
    }

    #[test]
    fn numbers_stand_beside_the_settings() {
        let settings = Settings::default();
        let fragment = with_numbers(&settings, Some("AQx_-"));
        assert_eq!(numbers(&fragment), Some("AQx_-"));
        assert_eq!(numbers(&format!("#{fragment}&later=1")), Some("AQx_-"));
        assert_eq!(numbers(&with_numbers(&settings, None)), None);
        assert_eq!(decode(&fragment), settings);
    }

    #[test]
    fn places_within_the_page_are_no_links() {
        assert!(!is_link("#main") && !is_link("") && !is_link("#a=b"));
        assert!(is_link("#sel=3"));
    }

    #[test]
    fn another_model_is_another_entry_of_the_history_and_nothing_else_is() {
        let first = encode(&Settings::default());
        let target = Target::Own { sram_bytes: 4096, flash_bytes: None };
        let settings = encode(&Settings { target, selected: Some(3), ..Settings::default() });
        let model = ModelLink::Bundled(&BUNDLED[1]);
        let other = encode(&Settings { model, ..Settings::default() });
        assert!(!names_other_model("", &first), "the page's own first address");
        assert!(!names_other_model(&first, &first) && !names_other_model(&first, &settings));
        assert!(names_other_model(&first, &other) && names_other_model(&other, &settings));
    }

    #[test]
    fn a_model_that_is_not_here_keeps_its_name() {
        let unknown = |key: &str| ModelLink::Unknown { key: key.to_owned() };
        assert_eq!(decode("#m=emoji97&ram=1024").model, unknown("emoji97"));
        assert_eq!(decode("#m=a%20b%0A%3Cc").model, unknown("a b<c"));
        assert_eq!(decode("#m=sha256:xyz").model, unknown("sha256:xyz"));
        let long = decode(&format!("#m={}", "x".repeat(1000))).model;
        assert_eq!(long, unknown(&"x".repeat(reading::LONGEST_KEY)));
        assert_eq!(decode("#m=").model, Settings::default().model);
    }

    #[test]
    fn a_plan_that_is_kept_has_the_usual_keys_with_a_prefix() {
        let kept = decode("#m=emoji96&plan=layer&a.plan=patch&a.stage=12&a.grid=4x4").kept.unwrap();
        assert_eq!(kept.model, decode("#m=emoji96").model);
        let patches = ScheduleChoice::Patched {
            stage_end: 12,
            rows: 4,
            columns: 4,
            input_image: InputImage::Resident,
        };
        assert_eq!(kept.choice, patches.into());
        let link = encode(&Settings { kept: Some(kept), ..Settings::default() });
        assert!(link.ends_with("&a.plan=patch&a.stage=12&a.grid=4x4&a.in=resident"), "{link}");
        // What makes no sense is passed over, and patches without an end are no plan.
        assert_eq!(decode("#plan=patch&a.plan=patch&a.stage=-1").kept, None);
        assert_eq!(decode("#a.m=emoji96").kept, None);
        assert_eq!(decode("#m=emoji96&a.later=1&a.stage=3").kept, None, "a later version's key");
        let kept = decode("#a.plan=sideways&a.planner=best&a.ram=9&a.a.plan=patch&a.=&a.m=").kept;
        let model = Settings::default().model;
        let usual = ChosenPlan { model, passes: Passes::default(), choice: PlanChoice::default() };
        assert_eq!(kept, Some(usual));
        assert_eq!(
            decode("#a.plan=layer&a.m=later").kept.unwrap().model,
            ModelLink::Unknown { key: "later".to_owned() }
        );
    }

    #[test]
    fn an_own_file_is_the_same_by_more_digits() {
        let sha256 = "0123456789ABCDEF".repeat(4);
        let settings = decode(&format!("#m=sha256:{sha256}&a.plan=layer&a.m=sha256:{sha256}"));
        let own = ModelLink::own("0123456789abcdef");
        assert_eq!((&settings.model, &settings.kept.unwrap().model), (&own, &own));
        assert_eq!(decode("#m=sha256:01ab").model, ModelLink::own("01ab"));
    }

    #[test]
    fn a_link_of_the_first_version_still_opens() {
        let settings = decode("#v=1&ram=131072&plan=patch&stage=16&grid=4x4&in=resident&sel=5");
        assert_eq!(settings.target, Target::Budget);
        assert_eq!(settings.patches.stage_end, Some(16));
        assert_eq!(settings.selected, Some(5));
        assert_eq!(decode("#v=1&board=SiFive%20FE310").target.sram_bytes(), 16 * 1024);
        assert_eq!(decode("ram=0&grid=0x9&plan=sideways"), Settings::default());
        assert_eq!(
            decode("block=x:0&block=%FF:3&block=:9&block=a&planner=best"),
            Settings::default()
        );
        let blocks = decode("block=camera+frame:153600").blocks;
        assert_eq!((blocks[0].name.as_str(), blocks[0].bytes), ("camera frame", 153_600));
    }
}

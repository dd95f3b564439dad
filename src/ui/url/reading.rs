//! What a fragment asks for, and what of it makes no sense.

use super::KEPT;
use crate::{
    preprocess::{ChannelOrder, Fit, ValueRange},
    report::InputImage,
    text::{
        accounting::{ALIGNMENT_CHOICES, IN_PLACE_CHOICES, PLANNER_CHOICES, SCRATCH_CHOICES},
        link,
        page::LARGEST_SIDE,
    },
    ui::{
        boards,
        kernel_set::KernelSet,
        state::{
            BUDGET_BYTES, BUNDLED, Bundled, ModelLink, OwnBlock, PlanKind, Settings, Target, Theme,
        },
    },
};

/// The longest piece of a hash that a link may carry; [`ModelLink::own`] keeps its beginning.
const HASH_DIGITS: usize = 64;

/// The longest key of a sample, in letters; more than any hash with its prefix.
pub(super) const LONGEST_KEY: usize = 80;

/// A part of a link that makes no sense here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Misread {
    /// Key and value as the link has them, shortened.
    pub said: String,
    /// What is shown instead.
    pub instead: String,
}

/// The settings that a fragment asks for, with or without its `#`.
#[must_use]
pub fn decode(fragment: &str) -> Settings {
    read(fragment).0
}

/// The same, and the values of known keys that make no sense.
#[must_use]
pub fn read(fragment: &str) -> (Settings, Vec<Misread>) {
    let mut settings = Settings::default();
    let (mut board, mut ram, mut flash) = (None, None, None);
    let (mut kept, mut kept_model, mut is_kept) = (Settings::default(), None, false);
    let mut wrong = Vec::new();
    for pair in fragment.trim_start_matches('#').split('&') {
        let Some((key, value)) = pair.split_once('=') else { continue };
        let read = match key {
            "m" => model(value).map(|model| settings.model = model),
            "board" => {
                let name = value.replace("%20", " ").replace('+', " ");
                let is_known = name == OWN || boards::board(&name).is_some();
                board = Some(name);
                is_known.then_some(())
            }
            "ram" => number(value).filter(|&bytes| bytes > 0).map(|bytes| ram = Some(bytes)),
            "flash" => number(value).map(|bytes| flash = Some(bytes)),
            "sel" => value.parse().ok().map(|operator| settings.selected = Some(operator)),
            key => match key.strip_prefix(KEPT) {
                Some("m") => model(value).map(|model| kept_model = Some(model)),
                Some(key) => {
                    is_kept |= key == "plan";
                    planning(&mut kept, key, value)
                }
                None => planning(&mut settings, key, value),
            },
        };
        if read.is_none() {
            wrong.push((key, pair));
        }
    }
    settings.target = target(board.as_deref(), ram, flash);
    if is_kept {
        let model = kept_model.unwrap_or_else(|| settings.model.clone());
        settings.kept = kept.chosen(model);
    }
    let misread =
        |(key, pair)| Misread { said: link::shortened(pair), instead: instead(key, &settings) };
    let misread = wrong.into_iter().map(misread).collect();
    (settings, misread)
}

/// What is shown where the value of a key makes no sense.
fn instead(key: &str, settings: &Settings) -> String {
    let usual = match key {
        "m" => BUNDLED[0].file_name,
        "board" | "ram" => return link::sram(settings.target.sram_bytes()),
        "grid" => return link::grid(settings.patches.rows, settings.patches.columns),
        "flash" => link::NO_FLASH,
        "stage" => link::OWN_CHOICE,
        "sel" => link::PEAK,
        "block" => link::LEFT_OUT,
        key if key.starts_with(KEPT) && settings.kept.is_none() => link::NO_A,
        _ => link::USUAL,
    };
    usual.to_owned()
}

/// The board's key where there is none of the table.
const OWN: &str = "own";

fn number(value: &str) -> Option<u64> {
    value.parse().ok()
}

/// Takes what a key says; `None` where its value makes no sense. Keys that are not known make any.
fn planning(settings: &mut Settings, key: &str, value: &str) -> Option<()> {
    let patches = &mut settings.patches;
    match key {
        "plan" => {
            settings.plan =
                word(value, &[("layer", PlanKind::Layerwise), ("patch", PlanKind::Patched)])?;
        }
        "stage" => patches.stage_end = Some(value.parse().ok()?),
        "grid" => (patches.rows, patches.columns) = grid(value)?,
        "in" => {
            let words = [("resident", InputImage::Resident), ("streamed", InputImage::Streamed)];
            patches.input_image = word(value, &words)?;
        }
        _ => return rare(settings, key, value),
    }
    Some(())
}

fn rare(settings: &mut Settings, key: &str, value: &str) -> Option<()> {
    let accounting = &mut settings.accounting;
    let preprocessing = &mut settings.preprocessing;
    match key {
        "inplace" => accounting.in_place = choice_of(&IN_PLACE_CHOICES, value)?,
        "planner" => accounting.planner = choice_of(&PLANNER_CHOICES, value)?,
        "align" => accounting.alignment = choice_of(&ALIGNMENT_CHOICES, value)?,
        "scratch" => accounting.scratch = choice_of(&SCRATCH_CHOICES, value)?,
        "ops" => settings.is_reordered = word(value, &[("leastpeak", true)])?,
        "count" => settings.is_paper = word(value, &[("paper", true)])?,
        "keys" => settings.are_letters_off = word(value, &[("off", true)])?,
        "block" => {
            let has_room = settings.blocks.len() < OwnBlock::MOST;
            settings.blocks.push(block(value).filter(|_| has_room)?);
        }
        "theme" => {
            let words = [("system", Theme::System), ("light", Theme::Light), ("dark", Theme::Dark)];
            settings.theme = word(value, &words)?;
        }
        "kernels" => settings.kernels = Some(KernelSet::of_key(value)?),
        "float" => settings.passes.float_boundary = word(value, &[("counted", false)])?,
        "pad" => settings.passes.fold_pad = word(value, &[("counted", false)])?,
        "fit" => {
            let words =
                [("crop", Fit::Crop), ("stretch", Fit::Stretch), ("letterbox", Fit::Letterbox)];
            preprocessing.fit = word(value, &words)?;
        }
        "range" => {
            let words = [
                ("signed", ValueRange::MinusOneToOne),
                ("unit", ValueRange::ZeroToOne),
                ("bytes", ValueRange::Bytes),
            ];
            preprocessing.range = word(value, &words)?;
            settings.is_range_chosen = true;
        }
        "order" => {
            preprocessing.order =
                word(value, &[("rgb", ChannelOrder::Rgb), ("bgr", ChannelOrder::Bgr)])?;
        }
        "light" => preprocessing.is_inverted = word(value, &[("inverted", true)])?,
        _ => {}
    }
    Some(())
}

/// What a word stands for.
fn word<T: Copy>(value: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(word, _)| *word == value).map(|&(_, meant)| meant)
}

/// The choice with that key.
fn choice_of<T: Copy>(choices: &[(T, &str, &str)], key: &str) -> Option<T> {
    choices.iter().find(|(_, known, _)| *known == key).map(|(choice, ..)| *choice)
}

/// The name that was escaped so.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            b'+' => b' ',
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn block(value: &str) -> Option<OwnBlock> {
    let (name, bytes) = value.rsplit_once(':')?;
    OwnBlock::new(&unescaped(name)?, number(bytes)?)
}

/// The model that a link names; none where it names nothing.
fn model(value: &str) -> Option<ModelLink> {
    let key = unescaped(value).unwrap_or_else(|| value.to_owned());
    let key: String = key.chars().filter(|one| !one.is_control()).take(LONGEST_KEY).collect();
    let is_hash = |hash: &&str| {
        !hash.is_empty()
            && hash.len() <= HASH_DIGITS
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if let Some(hash) = key.strip_prefix("sha256:").filter(is_hash) {
        return Some(ModelLink::own(&hash.to_ascii_lowercase()));
    }
    match Bundled::of_key(&key) {
        Some(bundled) => Some(ModelLink::Bundled(bundled)),
        None => (!key.is_empty()).then_some(ModelLink::Unknown { key }),
    }
}

fn grid(value: &str) -> Option<(u32, u32)> {
    let (rows, columns) = value.split_once('x')?;
    let side = |text: &str| text.parse().ok().filter(|side| (1..=LARGEST_SIDE).contains(side));
    Some((side(rows)?, side(columns)?))
}

fn target(board: Option<&str>, ram: Option<u64>, flash: Option<u64>) -> Target {
    match (board.and_then(boards::board), ram) {
        (Some(board), _) => Target::Board(board),
        (None, Some(BUDGET_BYTES)) if flash.is_none() && board != Some(OWN) => Target::Budget,
        (None, Some(sram_bytes)) => Target::Own { sram_bytes, flash_bytes: flash },
        (None, None) => Target::Budget,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(fragment: &str) -> Vec<(String, String)> {
        read(fragment).1.into_iter().map(|one| (one.said, one.instead)).collect()
    }

    #[track_caller]
    fn check(fragment: &str, instead: &str) {
        assert_eq!(wrong(fragment), [(fragment.to_owned(), instead.to_owned())]);
    }

    #[test]
    fn every_key_with_a_value_that_makes_no_sense_is_named() {
        check("m=", "emoji96.tflite");
        check("board=Arduino", "128.0 KiB of SRAM");
        for value in ["", "0", "-1", "64k", "99999999999999999999", "1e5"] {
            check(&format!("ram={value}"), "128.0 KiB of SRAM");
        }
        check("flash=much", "no Flash given");
        check("sel=first", "the peak");
        check("stage=-1", "the page's own choice");
        for value in ["0x9", "4", "4x", "axb", "1x99999"] {
            check(&format!("grid={value}"), "4x4");
        }
        check("block=x:0", "left out");
        for rest in [
            "plan=sideways",
            "in=air",
            "planner=best",
            "align=3",
            "scratch=a",
            "inplace=a",
            "ops=a",
            "count=a",
            "keys=a",
            "theme=a",
            "kernels=a",
            "float=a",
            "pad=a",
            "fit=a",
            "range=a",
            "order=a",
            "light=a",
        ] {
            check(rest, "as usual");
        }
    }

    #[test]
    fn what_is_shown_instead_is_what_the_rest_of_the_link_says() {
        assert_eq!(wrong("ram=lots&board=SiFive+FE310")[0].1, "16.0 KiB of SRAM");
        assert_eq!(wrong("board=Later+One&ram=4096")[0].1, "4.0 KiB of SRAM");
        assert_eq!(wrong("grid=2x3&grid=9999x1")[0].1, "2x3");
        let blocks = "block=a:1&".repeat(OwnBlock::MOST + 1);
        assert_eq!(wrong(&blocks), [("block=a:1".to_owned(), "left out".to_owned())]);
    }

    #[test]
    fn a_kept_plan_that_makes_no_sense_is_named_as_well() {
        let told = wrong("a.plan=patch&a.stage=x");
        assert_eq!(told, [("a.stage=x".to_owned(), "no plan A".to_owned())]);
        assert_eq!(wrong("a.plan=layer&a.planner=best")[0].1, "as usual");
        assert_eq!(wrong("a.plan=layer&a.m=")[0].0, "a.m=");
    }

    #[test]
    fn keys_and_versions_that_are_not_known_are_harmless() {
        assert_eq!(wrong("#v=2&m=emoji96&later=key&a.later=1&main&a.a.plan=x&theme=system"), []);
    }

    #[test]
    fn what_is_told_of_a_link_is_short_and_plain() {
        let told = wrong(&format!("ram={}\u{202e}\n", "9".repeat(1000)));
        assert_eq!(told[0].0, format!("ram={}…", "9".repeat(36)));
        assert_eq!(wrong("ram=1\n2\u{7}")[0].0, "ram=12");
    }
}

//! What linkers print when a program does not fit.

use super::{
    Figure, Message,
    scan::{Pasted, count, figure, find, name, number},
};

/// A phrase in small letters, and what reads around it.
type Phrase = (&'static str, fn(&Pasted<'_>) -> Option<Message>);

pub(super) const PHRASES: &[Phrase] = &[
    ("overflowed by", overflowed),
    ("will not fit in region", |text| {
        let section = text.since("section ").and_then(name);
        // Where the section has no word before it, the last word is its name.
        let section = section.or_else(|| text.word_before());
        Some(Message::SectionTooLarge { section, region: name(text.behind)? })
    }),
    // GNU ld, of sections whose address the script sets: "address 0x20021c24 of app.elf section
    // `.bss' is not within region `RAM'".
    ("is not within region", |text| {
        let address = count(text.since("address ")?)?;
        let section = text.since("section ").and_then(name);
        Some(Message::OutsideRegion { section, region: name(text.behind)?, address })
    }),
    // ESP-IDF's linker scripts: "DRAM segment data does not fit."
    ("segment data does not fit", |text| {
        let region = text.word_before()?;
        Some(Message::SectionTooLarge { section: None, region: segment(&region).to_owned() })
    }),
    // armlink, L6406E.
    ("no space in execution regions", |text| {
        let section = name(text.after("matching")?);
        Some(Message::SectionTooLarge { section, region: String::new() })
    }),
    // armlink, L6407E.
    ("sections of aggregate size", |text| Some(Message::Unplaced { bytes: figure(text.behind)? })),
    // armlink, L6220E.
    ("bytes) exceeds limit", |text| {
        let needed = figure(text.since(" size (")?)?;
        let region = name(text.since("region ")?)?;
        Some(Message::RegionTooSmall { region, needed, available: figure(text.behind)? })
    }),
    // IAR, Lp011.
    ("total estimated minimum size of", |text| {
        let addresses = text.after("<")?;
        let region = addresses[..find(addresses, ">", 0)?].to_owned();
        let available = text.bytes_after("uncommitted space")?;
        Some(Message::RegionTooSmall { region, needed: figure(text.behind)?, available })
    }),
    // Arduino.
    ("global variables use", |text| {
        let (needed, available) = (figure(text.behind)?, text.bytes_after("maximum is")?);
        let is_over = needed.signed() > available.signed();
        let region = "dynamic memory".to_owned();
        is_over.then_some(Message::RegionTooSmall { region, needed, available })
    }),
];

/// GNU ld: "region `RAM' overflowed by 64 bytes"; LLD: "section '.bss' will not fit in region 'RAM':
/// overflowed by 64 bytes".
fn overflowed(text: &Pasted<'_>) -> Option<Message> {
    let (over, unit) = number(text.behind)?;
    if !(unit.starts_with(" byte") || unit.starts_with("-byte")) {
        return None;
    }
    Some(Message::Overflowed { region: name(text.since("region ")?)?, over: Figure::new(over) })
}

/// The region that ESP-IDF's name of a segment means.
fn segment(name: &str) -> &str {
    match name {
        "DRAM" => "dram0_0_seg",
        "IRAM0" | "IRAM" => "iram0_0_seg",
        other => other,
    }
}

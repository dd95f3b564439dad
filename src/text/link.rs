//! What must be said of a link that the page cannot follow as it is.

use super::kib;

/// So much of a hash is told.
const HASH_DIGITS: usize = 12;
/// So much of a key with its value is told, in letters.
const MOST_LETTERS: usize = 40;
/// So many of them are told.
const MOST_TOLD: usize = 4;

/// In place of a Flash.
pub const NO_FLASH: &str = "no Flash given";
/// In place of a stage end.
pub const OWN_CHOICE: &str = "the page's own choice";
/// In place of an operator.
pub const PEAK: &str = "the peak";
/// In place of a block of memory.
pub const LEFT_OUT: &str = "left out";
/// In place of a plan to compare with.
pub const NO_A: &str = "no plan A";
/// In place of all else.
pub const USUAL: &str = "as usual";
/// In place of patches of a model that has none.
pub const LAYERWISE: &str = "layer by layer";

/// In place of a memory.
#[must_use]
pub fn sram(bytes: u64) -> String {
    kib(bytes) + " of SRAM"
}

/// In place of a grid.
#[must_use]
pub fn grid(rows: u32, columns: u32) -> String {
    format!("{rows}x{columns}")
}

/// In place of a stage end that the model does not have.
#[must_use]
pub fn stage(end: u32) -> String {
    format!("up to #{end}")
}

/// A part of a link as it is told: no longer than a glance takes, and nothing that cannot be seen.
#[must_use]
pub fn shortened(part: &str) -> String {
    let mut letters = part.chars().filter(|one| one.is_ascii_graphic());
    let mut told: String = letters.by_ref().take(MOST_LETTERS).collect();
    if letters.next().is_some() {
        told.push('…');
    }
    told
}

/// Which parts of a link make no sense here, each with what is shown instead.
#[must_use]
pub fn misread<'a>(parts: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> String {
    let more = parts.len().saturating_sub(MOST_TOLD);
    let told = parts.take(MOST_TOLD).map(|(said, instead)| format!("{said} (shown: {instead})"));
    let mut told: Vec<String> = told.collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    format!("Not understood in this link: {}.", told.join(", "))
}

/// The note where a link names a model that is not here, and the sample `shown` stands in for it. `a` is what it
/// is compared with: the hash where
/// that is of a file of its own as well.
#[must_use]
pub fn needs_file(sha256: &str, shown: Option<&str>, a: Option<Option<&str>>) -> String {
    let short = |sha256: &str| sha256.chars().take(HASH_DIGITS).collect::<String>();
    let shown = shown.map(|name| {
        format!(" Until then the sample {name} is shown: what is said below is of it.")
    });
    let shown = shown.unwrap_or_default();
    let comparison = match a {
        None => String::new(),
        Some(None) => " The plan A that it is compared with comes back then.".to_owned(),
        Some(Some(a)) => format!(
            " It is compared with plan A of another file (sha256 {}…): open that one first.",
            short(a)
        ),
    };
    format!(
        "This link was made with a model of its own, which links never carry: open the file with sha256 \
         {}… to see the same.{shown}{comparison}",
        short(sha256)
    )
}

/// The note where another file was opened than a link asks for.
#[must_use]
pub fn another_file(sha256: &str) -> String {
    let short: String = sha256.chars().take(HASH_DIGITS).collect();
    format!(
        "This file is not the one that the link was made with (sha256 {short}…): what is shown is not what \
         was shared. Open the right one to see that."
    )
}

/// The note where a link names a sample that is not here.
#[must_use]
pub fn unknown_sample(key: &str, shown: &str) -> String {
    format!(
        "This link names a sample \"{key}\" that this version does not have; {shown} is shown instead. \
         All there are stand under Samples."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_make_no_sense_are_named_with_what_is_shown() {
        let parts = [("ram=abc", "128.0 KiB of SRAM"), ("grid=0x9", "4x4")];
        assert_eq!(
            misread(parts.into_iter()),
            "Not understood in this link: ram=abc (shown: 128.0 KiB of SRAM), grid=0x9 (shown: 4x4)."
        );
        let many = misread([("fit=a", USUAL); 9].into_iter());
        assert!(many.ends_with("fit=a (shown: as usual), 5 more."), "{many}");
    }

    #[test]
    fn a_file_that_is_needed_is_known_by_its_hash() {
        let sha256 = "0123456789abcdef".repeat(4);
        let words = needs_file(&sha256, Some("net.tflite"), None);
        assert!(words.contains("sha256 0123456789ab…") && !words.contains("plan A"), "{words}");
        let words = needs_file(&sha256, None, Some(None));
        assert!(words.ends_with("plan A that it is compared with comes back then."), "{words}");
        let words = needs_file(&sha256, Some("net.tflite"), Some(Some("feed")));
        assert!(words.ends_with("another file (sha256 feed…): open that one first."), "{words}");
    }
}

//! Names from a hostile file as text that no format mistakes for syntax.

/// The most letters of a name that are kept: files may have names of megabytes.
const MOST_LETTERS: usize = 80;

/// The same of macros, of which compilers need only tell the first 63 letters apart.
const MOST_PREFIX_LETTERS: usize = 40;

/// What a model without a name is called.
const NAMELESS: &str = "model";

/// A name as printable ASCII without quotes, commas, backslashes, comment marks or colons, which
/// separate the parts of an id; anything else becomes `_`.
pub(super) fn plain(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "/_-.+#()[]".contains(c);
    let mut text = String::new();
    for letter in name.chars().take(MOST_LETTERS) {
        let letter = if kept(letter) { letter } else { '_' };
        // `//` and `/*` open comments, and `*` is none of the letters that are kept.
        let twice = letter == '/' && text.ends_with('/');
        text.push(if twice { '_' } else { letter });
    }
    text
}

/// A name for a file, without ending: letters, digits, `-`, `_` and inner dots.
pub(super) fn file_stem(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let letters = name.chars().take(MOST_LETTERS).map(|c| if kept(c) { c } else { '_' });
    let stem: String = letters.collect();
    let stem = stem.trim_matches('.');
    if stem.is_empty() { NAMELESS.to_owned() } else { stem.to_owned() }
}

/// A name as the front of C macros: `MOBILENET_V2_035_96`.
pub(super) fn macro_prefix(name: &str) -> String {
    let stem = file_stem(name).to_ascii_uppercase();
    let letters = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let prefix: String = letters.take(MOST_PREFIX_LETTERS).collect();
    let prefix = prefix.trim_matches('_');
    match prefix.chars().next() {
        None => NAMELESS.to_ascii_uppercase(),
        Some(first) if first.is_ascii_digit() => format!("M_{prefix}"),
        Some(_) => prefix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_lose_what_is_syntax() {
        assert_eq!(plain("a*/ b,\"c\"\n\\"), "a_/_b__c___");
        assert_eq!(plain("http://x:1"), "http_/_x_1");
        assert_eq!(plain("gr\u{f6}\u{202e}sse"), "gr__sse");
        assert_eq!(plain(&"x".repeat(1000)).len(), MOST_LETTERS);
    }

    #[test]
    fn file_names_stay_in_their_folder() {
        assert_eq!(file_stem("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(file_stem("mobilenet_v2_035_96"), "mobilenet_v2_035_96");
        assert_eq!(file_stem(".."), "model");
    }

    #[test]
    fn macros_begin_with_a_letter() {
        assert_eq!(macro_prefix("mobilenet-v2 0.35"), "MOBILENET_V2_0_35");
        assert_eq!(macro_prefix("2nd"), "M_2ND");
        assert_eq!(macro_prefix("___"), "MODEL");
        assert_eq!(macro_prefix(&"x".repeat(1000)).len(), MOST_PREFIX_LETTERS);
    }
}

//! A pasted text made plain, and what stands around a phrase in it.
//!
//! The page carries this code, so it is loops over bytes instead of the standard library's searchers.

use super::{Figure, MAX_BYTES};

/// How far around a phrase its numbers and names may stand.
const WINDOW_BYTES: usize = 400;

/// How other messages begin.
const NEXT: [&str; 3] = ["failed to ", "didn't find", "error:"];

/// The longest name that is read.
const MAX_NAME_BYTES: usize = 64;

/// The most digits of a number: all such numbers fit.
const MAX_DIGITS: u32 = 15;

/// The text as one line of ASCII: colours of terminals are left out, white space is one space,
/// every kind of quotation mark is `'`, and what else is no ASCII is `?`.
pub(super) fn flatten(text: &str) -> String {
    let mut flat = String::new();
    let (mut is_escaped, mut was_space) = (false, false);
    for letter in text.chars().take(MAX_BYTES) {
        if is_escaped {
            // A control sequence ends with its first letter.
            is_escaped = !letter.is_ascii_alphabetic();
            continue;
        }
        let plain = match letter {
            '\u{1b}' => {
                is_escaped = true;
                continue;
            }
            '`' | '"' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => '\'',
            '\0'..=' ' | '\u{7f}' | '\u{a0}' => ' ',
            '!'..='~' => letter,
            _ => '?',
        };
        if plain != ' ' || !was_space {
            flat.push(plain);
        }
        was_space = plain == ' ';
    }
    flat
}

/// Where `word` begins in `text`, from `from` on.
pub(super) fn find(text: &str, word: &str, from: usize) -> Option<usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let mut at = from;
    while text.len() >= at + word.len() {
        if text[at..].starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where `word` begins last in `text`.
fn find_last(text: &str, word: &str) -> Option<usize> {
    let (mut last, mut from) = (None, 0);
    while let Some(at) = find(text, word, from) {
        (last, from) = (Some(at), at + 1);
    }
    last
}

/// What stands before and behind a phrase, in its letters and in small ones.
pub(super) struct Pasted<'a> {
    /// As written.
    pub(super) before: &'a str,
    /// As written.
    pub(super) behind: &'a str,
    lower_before: &'a str,
    lower_behind: &'a str,
}

impl<'a> Pasted<'a> {
    /// The phrase lies from `start` to `end` of both texts, which are ASCII.
    pub(super) fn around(flat: &'a str, lower: &'a str, start: usize, end: usize) -> Self {
        let from = start.saturating_sub(WINDOW_BYTES);
        let mut to = (end + WINDOW_BYTES).min(flat.len());
        // The numbers of the next message are not those of this one.
        for phrase in NEXT {
            to = find(&lower[..to], phrase, end).unwrap_or(to);
        }
        Self {
            before: &flat[from..start],
            behind: &flat[end..to],
            lower_before: &lower[from..start],
            lower_behind: &lower[end..to],
        }
    }

    /// What is behind the first `word` behind the phrase; `word` in small letters.
    pub(super) fn after(&self, word: &str) -> Option<&'a str> {
        Some(&self.behind[find(self.lower_behind, word, 0)? + word.len()..])
    }

    /// What is behind the last `word` before the phrase; `word` in small letters.
    pub(super) fn since(&self, word: &str) -> Option<&'a str> {
        Some(&self.before[find_last(self.lower_before, word)? + word.len()..])
    }

    /// The last word before the phrase.
    pub(super) fn word_before(&self) -> Option<String> {
        let mut end = self.before.len();
        if self.before.ends_with(' ') {
            end -= 1;
        }
        let words = &self.before[..end];
        name(&words[find_last(words, " ").map_or(0, |at| at + 1)..])
    }

    /// The bytes behind a word behind the phrase.
    pub(super) fn bytes_after(&self, word: &str) -> Option<Figure> {
        figure(self.after(word)?)
    }
}

/// The text behind the marks that it begins with.
fn behind_marks<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    let mut at = 0;
    while text.as_bytes().get(at).is_some_and(|byte| marks.contains(byte)) {
        at += 1;
    }
    &text[at..]
}

/// The number that a text begins with, after blanks and marks, and what is behind it: decimal or
/// `0x`, with `'` between groups of digits as IAR writes them. `None` where it is longer than any
/// size.
pub(super) fn number(text: &str) -> Option<(i64, &str)> {
    let mut text = behind_marks(text, b" :'(#=");
    let is_negative = text.as_bytes().first() == Some(&b'-');
    text = &text[usize::from(is_negative)..];
    let is_hexadecimal = matches!(text.as_bytes(), [b'0', b'x' | b'X', ..]);
    let radix = if is_hexadecimal { 16 } else { 10 };
    text = &text[if is_hexadecimal { 2 } else { 0 }..];
    let (mut value, mut digits, mut at, mut is_number) = (0i64, 0, 0, false);
    for &byte in text.as_bytes() {
        match char::from(byte).to_digit(radix) {
            Some(digit) => {
                is_number = true;
                // Zeros before it, as addresses have them, make no number longer.
                digits += u32::from(value != 0 || digit != 0);
                if digits > MAX_DIGITS {
                    return None;
                }
                value = value * i64::from(radix) + i64::from(digit);
            }
            None if byte == b'\'' && is_hexadecimal => {}
            None => break,
        }
        at += 1;
    }
    let value = if is_negative { -value } else { value };
    is_number.then_some((value, &text[at..]))
}

/// The bytes that a text begins with.
pub(super) fn figure(text: &str) -> Option<Figure> {
    number(text).map(|(value, _)| Figure::new(value))
}

/// The number that a text begins with, where it counts something.
pub(super) fn count(text: &str) -> Option<u64> {
    u64::try_from(number(text)?.0).ok()
}

/// The name that a text begins with, quoted or not.
pub(super) fn name(text: &str) -> Option<String> {
    let text = behind_marks(text, b" :'");
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < MAX_NAME_BYTES
        && bytes
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_.$-/*()".contains(byte))
    {
        end += 1;
    }
    // A full stop ends the sentence.
    while end > 0 && b".-(".contains(&bytes[end - 1]) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}

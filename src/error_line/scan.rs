//! A pasted text made plain, and what stands around a phrase in it.

use super::{Figure, MAX_BYTES};

/// How far around a phrase its numbers and names may stand.
const WINDOW_BYTES: usize = 400;

/// How other messages begin.
const NEXT: [&str; 3] = ["failed to ", "didn't find", "error:"];

/// The longest name that is read.
const MAX_NAME_BYTES: usize = 64;

/// The text as one line of ASCII: colours of terminals are left out, white space is one space,
/// every kind of quotation mark is `'`, and what else is no ASCII is `?`.
pub(super) fn flatten(text: &str) -> String {
    let mut flat = String::new();
    let mut letters = text.chars().take(MAX_BYTES).peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // A control sequence ends with its first letter.
            if letters.next_if_eq(&'[').is_some() {
                while letters.next().is_some_and(|one| !one.is_ascii_alphabetic()) {}
            }
            continue;
        }
        let plain = match letter {
            '`' | '"' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => '\'',
            _ if letter.is_whitespace() || letter.is_control() => ' ',
            _ if letter.is_ascii() => letter,
            _ => '?',
        };
        if plain != ' ' || !flat.ends_with(' ') {
            flat.push(plain);
        }
    }
    flat
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
        let to = (end + WINDOW_BYTES).min(flat.len());
        // The numbers of the next message are not those of this one.
        let behind = lower.get(end..to).unwrap_or_default();
        let next = NEXT.iter().filter_map(|phrase| behind.find(phrase)).min();
        let to = next.map_or(to, |next| end + next);
        let part = |text: &'a str, from: usize, to: usize| text.get(from..to).unwrap_or_default();
        Self {
            before: part(flat, from, start),
            behind: part(flat, end, to),
            lower_before: part(lower, from, start),
            lower_behind: part(lower, end, to),
        }
    }

    /// What is behind the first `word` behind the phrase; `word` in small letters.
    pub(super) fn after(&self, word: &str) -> Option<&'a str> {
        let at = self.lower_behind.find(word)? + word.len();
        self.behind.get(at..)
    }

    /// What is behind the last `word` before the phrase; `word` in small letters.
    pub(super) fn since(&self, word: &str) -> Option<&'a str> {
        let at = self.lower_before.rfind(word)? + word.len();
        self.before.get(at..)
    }

    /// The bytes behind a word behind the phrase.
    pub(super) fn bytes_after(&self, word: &str) -> Option<Figure> {
        figure(self.after(word)?)
    }
}

/// The number that a text begins with, after blanks and marks: decimal or `0x`, with `'` between
/// groups of digits as IAR writes them. `None` where it has more than 18 digits.
pub(super) fn number(text: &str) -> Option<i64> {
    let text = text.trim_start_matches([' ', ':', '\'', '(', '#', '=']);
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (radix, text) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(rest) => (16, rest),
        None => (10, text),
    };
    let is_of_number = |c: &char| c.is_digit(radix) || (radix == 16 && *c == '\'');
    let digits: String = text.chars().take_while(is_of_number).filter(|c| *c != '\'').collect();
    if digits.len() > 18 {
        return None;
    }
    let value = i64::from_str_radix(&digits, radix).ok()?;
    Some(if is_negative { -value } else { value })
}

/// The bytes that a text begins with.
pub(super) fn figure(text: &str) -> Option<Figure> {
    number(text).map(Figure::new)
}

/// The number that a text begins with, where it counts something.
pub(super) fn count(text: &str) -> Option<u64> {
    u64::try_from(number(text)?).ok()
}

/// The name that a text begins with, quoted or not.
pub(super) fn name(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', ':', '\'']);
    let is_of_name = |c: &char| c.is_ascii_alphanumeric() || "_.$-/*()".contains(*c);
    let name: String = text.chars().take_while(is_of_name).take(MAX_NAME_BYTES).collect();
    let name = name.trim_end_matches(['.', '-', '(']);
    (!name.is_empty()).then(|| name.to_owned())
}

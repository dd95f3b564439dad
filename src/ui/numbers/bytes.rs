//! Numbers as bytes, bytes as letters that links may hold.

use super::{LONGEST_NAME, NumbersError};

/// No figure of a link is larger: sums of all of them stay far from the end of 64 bits.
const MOST: u64 = 1 << 44;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes that grow at their end.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the least first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    pub(super) fn index(&mut self, index: usize) {
        self.number(index as u64);
    }

    /// What must be added to one number for another: small ones of either sign are short.
    pub(super) fn change(&mut self, from: u64, to: u64) {
        self.number(if to >= from { (to - from) << 1 } else { ((from - to) << 1) - 1 });
    }

    /// The text, or as much of it as is read again.
    pub(super) fn text(&mut self, text: &str) {
        let text = &text[..text.floor_char_boundary(LONGEST_NAME)];
        self.index(text.len());
        self.bytes(text.as_bytes());
    }

    /// As letters, digits, `-` and `_` (base64url without padding).
    pub(super) fn into_letters(self) -> String {
        let mut text = String::with_capacity(self.0.len().div_ceil(3) * 4);
        for triple in self.0.chunks(3) {
            let mut bits = 0;
            for place in 0..3 {
                bits = bits << 8 | usize::from(triple.get(place).copied().unwrap_or(0));
            }
            for place in 0..=triple.len() {
                let sextet = bits >> (18 - 6 * place) & 63;
                text.push(char::from(LETTERS[sextet]));
            }
        }
        text
    }
}

/// The bytes behind letters.
pub(super) fn from_letters(text: &str) -> Result<Vec<u8>, NumbersError> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for letter in four {
            let sextet = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return Err(NumbersError::Letter),
            };
            bits = bits << 6 | u32::from(sextet);
        }
        let shift = 6 * (4 - u32::try_from(four.len()).unwrap_or(4));
        let whole = (bits << shift).to_be_bytes();
        // Two letters hold a byte, three hold two; one alone holds none.
        if four.len() == 1 {
            return Err(NumbersError::Truncated);
        }
        bytes.extend_from_slice(&whole[1..four.len()]);
    }
    Ok(bytes)
}

/// Bytes that are read from their start.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Result<u8, NumbersError> {
        let (&byte, rest) = self.0.split_first().ok_or(NumbersError::Truncated)?;
        self.0 = rest;
        Ok(byte)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], NumbersError> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(NumbersError::Truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn number(&mut self) -> Result<u64, NumbersError> {
        let mut number = 0;
        for shift in (0..49).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if number <= MOST { Ok(number) } else { Err(NumbersError::Range) };
            }
        }
        Err(NumbersError::Range)
    }

    /// A number of 32 bits.
    pub(super) fn small(&mut self) -> Result<u32, NumbersError> {
        u32::try_from(self.number()?).ok().ok_or(NumbersError::Range)
    }

    /// An index below `count`.
    pub(super) fn below(&mut self, count: usize) -> Result<usize, NumbersError> {
        let index = usize::try_from(self.number()?).ok().ok_or(NumbersError::Range)?;
        if index < count { Ok(index) } else { Err(NumbersError::Range) }
    }

    /// How many follow, each of which takes a byte at least.
    pub(super) fn count(&mut self) -> Result<usize, NumbersError> {
        let count = usize::try_from(self.number()?).ok().ok_or(NumbersError::Range)?;
        if count <= self.0.len() { Ok(count) } else { Err(NumbersError::Truncated) }
    }

    pub(super) fn changed(&mut self, from: u64) -> Result<u64, NumbersError> {
        let change = self.number()?;
        let half = change.div_ceil(2);
        let to = if change % 2 == 0 { from.checked_add(half) } else { from.checked_sub(half) };
        to.filter(|&to| to <= MOST).ok_or(NumbersError::Range)
    }

    pub(super) fn text(&mut self) -> Result<String, NumbersError> {
        let length = self.count()?;
        if length > LONGEST_NAME {
            return Err(NumbersError::LongName(length));
        }
        let text = std::str::from_utf8(self.bytes(length)?).ok().ok_or(NumbersError::Text)?;
        // Neither controls, nor what would turn the words around it.
        let is_plain = |letter: &char| {
            !letter.is_control()
                && !matches!(
                    letter,
                    '\u{61c}' | '\u{200e}' | '\u{200f}'
                        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
                )
        };
        Ok(text.chars().filter(is_plain).collect())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_survive_as_letters(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            let mut writer = Writer::default();
            writer.bytes(&bytes);
            let text = writer.into_letters();
            prop_assert!(text.bytes().all(|one| one.is_ascii_alphanumeric() || b"-_".contains(&one)));
            prop_assert_eq!(from_letters(&text).unwrap(), bytes);
        }

        #[test]
        fn any_figure_survives(numbers in proptest::collection::vec(0..=MOST / 2, 1..9)) {
            let mut writer = Writer::default();
            let mut last = 0;
            for &number in &numbers {
                writer.number(number);
                writer.change(last, number);
                last = number;
            }
            let mut reader = Reader(&writer.0);
            last = 0;
            for &number in &numbers {
                prop_assert_eq!(reader.number().unwrap(), number);
                last = reader.changed(last).unwrap();
                prop_assert_eq!(last, number);
            }
            prop_assert!(reader.0.is_empty());
        }
    }

    #[test]
    fn names_are_short_and_turn_no_words_around() {
        let read = |text: &str| {
            let mut bytes = vec![u8::try_from(text.len()).unwrap()];
            // Up to 127 bytes the length takes one.
            assert!(text.len() < 128);
            bytes.extend_from_slice(text.as_bytes());
            Reader(&bytes).text()
        };
        assert_eq!(
            read("a\u{200e}b\u{200f}c\u{61c}d\u{202e}e\u{2066}f\n"),
            Ok("abcdef".to_owned())
        );
        assert_eq!(read(&"x".repeat(LONGEST_NAME)), Ok("x".repeat(LONGEST_NAME)));
        let long = read(&"x".repeat(LONGEST_NAME + 1));
        assert_eq!(long, Err(NumbersError::LongName(LONGEST_NAME + 1)));
    }

    #[test]
    fn what_is_no_figure_is_refused() {
        assert_eq!(Reader(&[0xff; 20]).number(), Err(NumbersError::Range));
        assert_eq!(Reader(&[0x80]).number(), Err(NumbersError::Truncated));
        assert_eq!(Reader(&[9, 1]).count(), Err(NumbersError::Truncated));
        assert_eq!(from_letters("AA=="), Err(NumbersError::Letter));
        assert_eq!(from_letters("AAAAA"), Err(NumbersError::Truncated));
    }
}

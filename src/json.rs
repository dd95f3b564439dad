//! JSON as the worker needs it: a reader for requests, a writer for answers and files.
//!
//! Both are here for what they leave out. Requests have no numbers that need a table of powers, and
//! the writer prints float with the standard library, which sentences do as well.

use serde::Serialize;
use std::{fmt::Write, io};

/// How deep a text may nest; requests do by five.
const DEEPEST: u32 = 16;

/// A value as read.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object, in the text's order.
    Map(Vec<(String, Self)>),
}

/// A number as it is written: `digits * 10^power`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Number {
    /// Whether a minus is before it.
    pub is_negative: bool,
    /// Its digits without the point.
    pub digits: u64,
    /// What ten is raised to.
    pub power: i32,
}

impl Number {
    /// The number if it is written as an integer of 64 bits without a sign.
    #[must_use]
    pub fn integer(self) -> Option<u64> {
        (self.power == 0 && !self.is_negative).then_some(self.digits)
    }

    /// The number, off by some units of the last place where it has more than 15 digits.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "said so")]
    pub fn float(self) -> f64 {
        let digits = self.digits as f64;
        let power = 10f64.powi(self.power.abs());
        let magnitude = if self.power < 0 { digits / power } else { digits * power };
        if self.is_negative { -magnitude } else { magnitude }
    }
}

impl Json {
    /// Reads a text; `None` for one that is no JSON, nests deeper than 16, or has a number of more
    /// digits than 64 bits hold.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let value = reader.value(DEEPEST)?;
        reader.skip_space();
        reader.rest.is_empty().then_some(value)
    }

    /// The value of a field; `None` where this is no object or has no such field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Map(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Takes `word` if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next_char(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        self.skip_space();
        match self.rest.as_bytes().first()? {
            b'"' => self.text().map(Json::Text),
            b'{' => self.map(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'-' | b'0'..=b'9' => self.number().map(Json::Number),
            _ if self.take("null") => Some(Json::Null),
            _ if self.take("true") => Some(Json::Bool(true)),
            _ if self.take("false") => Some(Json::Bool(false)),
            _ => None,
        }
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        let mut items = Vec::new();
        self.items(["[", "]"], &mut |reader| {
            items.push(reader.value(depth)?);
            Some(())
        })?;
        Some(Json::List(items))
    }

    fn map(&mut self, depth: u32) -> Option<Json> {
        let mut fields = Vec::new();
        self.items(["{", "}"], &mut |reader| {
            reader.skip_space();
            let name = reader.text()?;
            reader.skip_space();
            if !reader.take(":") {
                return None;
            }
            fields.push((name, reader.value(depth)?));
            Some(())
        })?;
        Some(Json::Map(fields))
    }

    /// What stands between two brackets, with commas between.
    fn items(
        &mut self,
        [open, close]: [&str; 2],
        item: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if !self.take(open) {
            return None;
        }
        self.skip_space();
        if self.take(close) {
            return Some(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.take(close) {
                return Some(());
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        if !self.take("\"") {
            return None;
        }
        let mut text = String::new();
        loop {
            match self.next_char()? {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                '\0'..='\x1f' => return None,
                plain => text.push(plain),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next_char()? {
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.code_unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                let second = self.take("\\u").then(|| self.code_unit())??;
                let low = second.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low);
            }
            same @ ('"' | '\\' | '/') => same,
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn code_unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | self.next_char()?.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Number> {
        let is_negative = self.take("-");
        let starts_with_zero = self.rest.starts_with('0');
        let (whole, count) = self.digits(0)?;
        let (mut digits, mut power) = (whole, 0);
        if count == 0 || (starts_with_zero && count > 1) {
            return None;
        }
        if self.take(".") {
            let (all, count) = self.digits(digits)?;
            if count == 0 {
                return None;
            }
            (digits, power) = (all, -count);
        }
        if self.take("e") || self.take("E") {
            let sign = if self.take("-") { -1 } else { 1 };
            if sign == 1 {
                self.take("+");
            }
            let (exponent, count) = self.digits(0)?;
            if count == 0 {
                return None;
            }
            let exponent = i32::try_from(exponent).ok().filter(|&exponent| exponent < 10_000)?;
            power += sign * exponent;
        }
        Some(Number { is_negative, digits, power })
    }

    /// Digits, appended to those before, and how many they are.
    fn digits(&mut self, before: u64) -> Option<(u64, i32)> {
        let (mut digits, mut count) = (before, 0);
        while let Some(&digit @ b'0'..=b'9') = self.rest.as_bytes().first() {
            digits = digits.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            count += 1;
            self.rest = &self.rest[1..];
        }
        Some((digits, count))
    }
}

/// A value as JSON.
///
/// # Errors
/// Those of the value's own [`Serialize`], such as a map whose keys are no strings.
pub fn write(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Shortest))?;
    Ok(text)
}

/// An object, written field by field.
#[derive(Debug)]
pub struct Object {
    text: String,
}

impl Object {
    /// Without fields yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "one name for it is enough")]
    pub fn new() -> Self {
        Self { text: String::new() }
    }

    /// A field whose value is JSON already.
    fn json(mut self, name: &str, value: &str) -> Self {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        push_text(&mut self.text, name);
        self.text.push(':');
        self.text.push_str(value);
        self
    }

    /// Adds a string.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        let mut text = String::new();
        push_text(&mut text, value);
        self.json(name, &text)
    }

    /// Adds an integer.
    #[must_use]
    pub fn number(self, name: &str, value: u64) -> Self {
        self.json(name, &value.to_string())
    }

    /// Adds an integer, or `null`.
    #[must_use]
    pub fn number_or_null(self, name: &str, value: Option<u64>) -> Self {
        match value {
            Some(value) => self.number(name, value),
            None => self.null(name),
        }
    }

    /// Adds integers.
    #[must_use]
    pub fn numbers(self, name: &str, values: &[u64]) -> Self {
        let values: Vec<String> = values.iter().map(u64::to_string).collect();
        self.json(name, &format!("[{}]", values.join(",")))
    }

    /// Adds a number; `null` for what is none.
    #[must_use]
    pub fn float(self, name: &str, value: f64) -> Self {
        if value.is_finite() { self.json(name, &shortest(&value)) } else { self.null(name) }
    }

    /// Adds `null`.
    #[must_use]
    pub fn null(self, name: &str) -> Self {
        self.json(name, "null")
    }

    /// Adds an object.
    #[must_use]
    pub fn object(self, name: &str, value: Self) -> Self {
        self.json(name, &value.end())
    }

    /// The whole object.
    #[must_use]
    pub fn end(mut self) -> String {
        self.text.push_str(if self.text.is_empty() { "{}" } else { "}" });
        self.text
    }
}

/// Adds a string in quotes.
fn push_text(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\0'..='\x1f' => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

/// Floats with as few digits as tell them apart, by the standard library.
#[derive(Clone, Copy, Debug)]
struct Shortest;

impl serde_json::ser::Formatter for Shortest {
    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        writer.write_all(shortest(&value).as_bytes())
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(shortest(&value).as_bytes())
    }
}

fn shortest(value: &dyn std::fmt::Debug) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _infallible = write!(text, "{value:?}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// The same as the other reader has it.
    fn value(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => (*value).into(),
            Json::Number(number) => number.integer().map_or_else(
                || number.float().into(),
                |integer| if number.is_negative { Value::Null } else { integer.into() },
            ),
            Json::Text(text) => text.as_str().into(),
            Json::List(items) => items.iter().map(value).collect(),
            Json::Map(fields) => Value::Object(
                fields.iter().map(|(name, json)| (name.clone(), value(json))).collect(),
            ),
        }
    }

    #[test]
    fn texts_are_read_as_another_reader_does() {
        let texts = [
            r#" { "a" : [ 1 , 2.5, 0.125, 1e3, 25E-2, -0.5, 0 ] , "b":{}, "c":[], "":null } "#,
            r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 plain \u0000""#,
            "true",
            "[false,18446744073709551615]",
        ];
        for text in texts {
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(Json::read(text).map(|json| value(&json)), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let texts = [
            "",
            " ",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "{",
            "{1:2}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "nul",
            "truefalse",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\n\"",
            "1 2",
        ];
        for text in texts {
            assert_eq!(Json::read(text), None, "{text}");
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
        assert_eq!(Json::read("18446744073709551616"), None, "more than 64 bits");
        assert!(Json::read(&"[".repeat(100_000)).is_none(), "as deep as you like");
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::read(&nested(16)).is_some() && Json::read(&nested(17)).is_none());
    }

    #[test]
    fn numbers_that_are_none_are_written_as_null() {
        let text = write(&[f64::NAN, f64::INFINITY, -0.0, 1e300]).unwrap();
        assert_eq!(text, b"[null,null,-0.0,1e300]");
        assert_eq!(write(&[0.1f32, f32::MIN_POSITIVE]).unwrap(), b"[0.1,1.1754944e-38]");
    }

    #[test]
    fn objects_are_written_field_by_field() {
        let text = Object::new()
            .text("a\"", "\\\n\u{e9}")
            .number("b", u64::MAX)
            .number_or_null("c", None)
            .numbers("d", &[1, 2])
            .numbers("e", &[])
            .float("f", 0.1)
            .float("g", f64::NAN)
            .object("h", Object::new())
            .object("i", Object::new().number("j", 0))
            .end();
        let expected = serde_json::json!({
            "a\"": "\\\n\u{e9}", "b": u64::MAX, "c": null, "d": [1, 2], "e": [], "f": 0.1, "g": null,
            "h": {}, "i": { "j": 0 },
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn strings_come_back(text in any::<String>()) {
            let written = String::from_utf8(write(&text).unwrap()).unwrap();
            prop_assert_eq!(Json::read(&written), Some(Json::Text(text)));
        }

        #[test]
        fn floats_are_written_exactly(value in any::<f64>(), single in any::<f32>()) {
            prop_assume!(value.is_finite() && single.is_finite());
            let written = String::from_utf8(write(&(value, single)).unwrap()).unwrap();
            let (back, back_single) = written[1..written.len() - 1].split_once(',').unwrap();
            prop_assert_eq!(back.parse::<f64>().unwrap().to_bits(), value.to_bits());
            prop_assert_eq!(back_single.parse::<f32>().unwrap().to_bits(), single.to_bits());
            prop_assert!(serde_json::from_str::<Value>(&written).is_ok());
        }

        #[test]
        fn no_text_is_read_that_is_no_json(letters in any::<[u8; 12]>(), length in 0usize..12) {
            let alphabet = br#"[]{}"",,:0123456789eE+-.\untrel "#;
            let letters = letters.iter().map(|&at| alphabet[usize::from(at) % alphabet.len()]);
            let text: String = letters.take(length).map(char::from).collect();
            let is_json = serde_json::from_str::<Value>(&text).is_ok();
            prop_assert!(Json::read(&text).is_none() || is_json, "{}", text);
        }
    }
}

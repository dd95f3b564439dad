//! What a file that is no `.tflite` looks like instead.

/// A guess from the first bytes, for advice only.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Content {
    /// A ZIP, which `.keras` files and many downloads are.
    Zip,
    /// A gzip, often a `.tar.gz`.
    Gzip,
    /// HDF5: Keras' older format.
    Hdf5,
    /// A web page, often an error page or a log-in.
    WebPage,
    /// The text that stands for a large file in a Git repository.
    GitLfsPointer,
    /// Other text: JSON, a C array, a log.
    Text,
    /// None of these.
    Unknown,
}

/// How many bytes the guess looks at.
const WINDOW_BYTES: usize = 512;

impl Content {
    /// Guesses from the first bytes.
    #[must_use]
    pub fn guess(bytes: &[u8]) -> Self {
        let head = bytes.get(..WINDOW_BYTES).unwrap_or(bytes);
        if head.starts_with(b"PK\x03\x04") {
            return Self::Zip;
        }
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if head.starts_with(b"\x89HDF\r\n\x1a\n") {
            return Self::Hdf5;
        }
        if head.is_empty() || head.iter().any(|byte| is_no_text(*byte)) {
            return Self::Unknown;
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let text = text.to_ascii_lowercase();
        if [&b"<!doctype"[..], b"<html", b"<head", b"<?xml"].iter().any(|tag| text.starts_with(tag))
        {
            Self::WebPage
        } else if text.starts_with(b"version https://git-lfs") {
            Self::GitLfsPointer
        } else {
            Self::Text
        }
    }

    /// What to do with such a file.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Zip => {
                "It looks like a ZIP: unpack it and open the .tflite inside. A .keras file has to \
                 be converted to TensorFlow Lite first."
            }
            Self::Gzip => "It looks like a gzip: unpack it and open the .tflite inside.",
            Self::Hdf5 => {
                "It looks like a Keras model in HDF5: convert it to TensorFlow Lite with int8 \
                 quantization first."
            }
            Self::WebPage => {
                "It looks like a web page: the download was probably not the file itself."
            }
            Self::GitLfsPointer => {
                "It looks like a Git LFS pointer: run `git lfs pull`, or download the file itself."
            }
            Self::Text => {
                "It looks like text: open the binary .tflite file, not JSON or a C array made from \
                 it."
            }
            Self::Unknown => "Choose a .tflite file, as the TensorFlow Lite converter writes it.",
        }
    }
}

/// Control bytes that no text holds. Bytes from 128 on may be UTF-8, cut at the window's end.
fn is_no_text(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Content) {
        assert_eq!(Content::guess(bytes), expected);
    }

    #[test]
    fn common_mistakes_are_recognised() {
        check(b"PK\x03\x04\x14\0\0\0", Content::Zip);
        check(b"\x1f\x8b\x08\0", Content::Gzip);
        check(b"\x89HDF\r\n\x1a\n\0\0", Content::Hdf5);
        check(b"\n <!DOCTYPE html><html>", Content::WebPage);
        check(b"\xef\xbb\xbf<html>", Content::WebPage);
        check(b"version https://git-lfs.github.com/spec/v1\n", Content::GitLfsPointer);
        check(b"{\"format\": \"layers-model\"}", Content::Text);
        check(b"const unsigned char model[] = {0x1c", Content::Text);
        check(b"\x1c\0\0\0TFL2", Content::Unknown);
        check(b"", Content::Unknown);
    }
}

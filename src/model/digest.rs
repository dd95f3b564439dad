//! Files and outputs by their hash.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The SHA-256 of bytes as lower-case hexadecimal digits.
#[must_use]
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let mut text = String::new();
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

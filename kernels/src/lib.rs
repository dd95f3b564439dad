//! The lowest floors: shapes, quantization, operators as plain data, and the kernels that compute them.
//!
//! A package of its own because it is compiled for speed and everything above it for size
//! (`Cargo.toml`, `[profile.web]`). So nothing hot may be generic here and left to the caller's
//! package to compile: the sets of kernels ([`kernels::Portable`] and the others) are plain types.

pub mod kernels;
pub mod operator;
pub mod quant;
pub mod tensor;

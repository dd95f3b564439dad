//! What several tests share.

#![allow(dead_code, reason = "each test module uses a part")]

pub mod flatbuffer_writer;
pub mod golden;
pub mod random;
pub mod tflite_writer;

//! What several tests share.

#![allow(dead_code, reason = "each test module uses a part")]
#![allow(unreachable_pub, reason = "public is what other test modules use")]

pub mod alone;
pub mod busy;
pub mod deep;
pub mod flatbuffer_writer;
pub mod golden;
pub mod graphs;
pub mod networks;
pub mod random;
pub mod runs;
pub mod tflite_writer;

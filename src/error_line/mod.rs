//! Error lines of other programs as typed values: what TensorFlow Lite Micro prints while it
//! prepares a model, and what linkers print when a program does not fit.
//!
//! A line may come with whatever stands around it on a terminal (times, tags, paths, colours), and
//! broken where the terminal broke it: all that is pasted is read as one text, and known phrases are
//! looked for in it. Nothing is guessed: a text without a known phrase is no [`Message`]. Whatever
//! the text, the work is bounded by [`MAX_BYTES`].
//!
//! Sources: tflite-micro (`arena_allocator/*.cc`, `micro_allocator.cc`, `micro_interpreter_graph.cc`,
//! `micro_mutable_op_resolver.h`, kernels), and its older releases; GNU ld and LLD, ESP-IDF's linker
//! scripts, armlink, IAR's ILINK, Arduino's builder.

mod linker;
mod scan;
mod tflm;

use scan::{Pasted, find, flatten};
use serde::Serialize;

/// The most bytes of a text that are looked at.
pub const MAX_BYTES: usize = 64 << 10;

/// The most messages that are read from one text.
pub const MAX_MESSAGES: usize = 8;

/// What a program said, with the meaning of its numbers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// TensorFlow Lite Micro's arena has no room for what one step asks of it.
    Refused {
        /// Which step.
        step: Step,
        /// What it asks for.
        requested: Figure,
        /// What is left of the arena there.
        available: Option<Figure>,
        /// By how much that is too little.
        missing: Option<Figure>,
    },
    /// The program did not register the operator.
    MissingOperator {
        /// The schema's name.
        operator: String,
        /// The version that the model wants, where the line says so.
        version: Option<u64>,
    },
    /// The resolver has fewer places than operators are added to it.
    ResolverFull {
        /// Its places.
        places: u64,
    },
    /// An operator's kernel refused.
    OperatorFailed {
        /// The schema's name.
        operator: String,
        /// Its position in the file, from 0.
        number: u64,
        /// When.
        phase: Phase,
    },
    /// The bytes that were given as a model have another schema version.
    SchemaVersion {
        /// That version.
        found: u64,
        /// The one that the program knows.
        supported: u64,
    },
    /// A kernel has no code for a type, or for a pair of types.
    TypesRefused {
        /// Of the input.
        input: String,
        /// Of the weights, where the line tells them.
        filter: Option<String>,
    },
    /// Weights of int8 with activations of float32.
    Hybrid,
    /// `AllocateTensors()` failed, and no line says why.
    AllocationFailed,
    /// A region of the target's memory is too small, with the excess.
    Overflowed {
        /// Its name in the linker script.
        region: String,
        /// By how many bytes.
        over: Figure,
    },
    /// A section does not fit its region; how much is missing is not said.
    SectionTooLarge {
        /// The section, where it is named.
        section: Option<String>,
        /// The region; empty where it is not named.
        region: String,
    },
    /// A section reaches out of its region; how much is over is not said.
    OutsideRegion {
        /// The section, where it is named.
        section: Option<String>,
        /// The region.
        region: String,
        /// The address that is outside.
        address: u64,
    },
    /// Sections found no place, with their size.
    Unplaced {
        /// Bytes of all of them.
        bytes: Figure,
    },
    /// A region is too small, with what is needed and what is there.
    RegionTooSmall {
        /// Its name or its addresses.
        region: String,
        /// What is needed.
        needed: Figure,
        /// What is there.
        available: Figure,
    },
}

/// A step of TensorFlow Lite Micro's preparation that takes of its arena.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Placing all activations and scratch ("head"), as older releases told it.
    Plan,
    /// The same, or the room for it, as newer releases tell it.
    Head,
    /// Something that stays ("tail"): structs of the interpreter, data of kernels.
    Tail,
    /// Something that a kernel or the planner needs for a moment.
    Temporary,
}

/// When a kernel refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// While `AllocateTensors()` prepared it.
    Prepare,
    /// While it ran.
    Invoke,
}

/// A number of bytes as it was printed.
///
/// Programs print sizes as unsigned numbers of 32 bits, also where the size went below zero before:
/// 4294960256 is -7040. No microcontroller has 2 GiB, so such numbers are taken as negative.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Figure(i64);

impl Figure {
    /// A printed number.
    #[must_use]
    pub(crate) const fn new(printed: i64) -> Self {
        Self(printed)
    }

    /// The bytes; `None` where the number is negative.
    #[must_use]
    pub fn bytes(self) -> Option<u64> {
        u64::try_from(self.signed()).ok()
    }

    /// The number as it was meant, which may be negative.
    #[must_use]
    pub const fn signed(self) -> i64 {
        match self.0 {
            0x8000_0000..=0xffff_ffff => self.0 - 0x1_0000_0000,
            other => other,
        }
    }

    /// The number as it was printed.
    #[must_use]
    pub const fn printed(self) -> i64 {
        self.0
    }
}

/// The messages in a text, in its order; of several about the same thing the ones that say most.
#[must_use]
pub fn read(text: &str) -> Vec<Message> {
    let flat = flatten(text);
    let lower = flat.to_ascii_lowercase();
    let mut found: Vec<(usize, Message)> = Vec::new();
    for (phrase, reader) in tflm::PHRASES.iter().chain(linker::PHRASES) {
        let (mut from, mut left) = (0, MAX_MESSAGES);
        while let Some(at) = find(&lower, phrase, from).filter(|_| left > 0) {
            (from, left) = (at + phrase.len(), left - 1);
            let message = reader(&Pasted::around(&flat, &lower, at, from));
            let Some(message) = message else { continue };
            if !found.iter().any(|(_, other)| *other == message) {
                // Few: each goes where it belongs.
                let place = found.iter().position(|(other, _)| *other > at);
                found.insert(place.unwrap_or(found.len()), (at, message));
            }
        }
    }
    let is_told = |message: &Message| found.iter().any(|(_, other)| says_more(other, message));
    let told: Vec<bool> = found.iter().map(|(_, message)| is_told(message)).collect();
    let kept = found.into_iter().zip(told).filter(|(_, is_told)| !is_told);
    kept.map(|((_, message), _)| message).take(MAX_MESSAGES).collect()
}

/// Whether `other` is about the same as `message` and says more.
fn says_more(other: &Message, message: &Message) -> bool {
    use Message::{
        AllocationFailed, MissingOperator, OutsideRegion, Overflowed, SectionTooLarge, Unplaced,
    };
    match (message, other) {
        (
            SectionTooLarge { region, .. } | OutsideRegion { region, .. },
            Overflowed { region: of, .. },
        ) => region == of,
        (SectionTooLarge { region, .. }, OutsideRegion { region: of, .. }) => region == of,
        (SectionTooLarge { region, .. }, Unplaced { .. }) => region.is_empty(),
        (
            SectionTooLarge { section: None, region },
            SectionTooLarge { section: Some(_), region: of },
        ) => region == of,
        (
            MissingOperator { operator, version: None },
            MissingOperator { operator: of, version: Some(_) },
        ) => operator == of,
        (AllocationFailed, other) => *other != AllocationFailed,
        _ => false,
    }
}

#[cfg(test)]
mod tests;

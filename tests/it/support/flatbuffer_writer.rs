//! Writes FlatBuffers, well-formed or not, from a tree of nodes.
//!
//! Shares no code with the reader, so that the two check each other. Parents come before children,
//! each table after its own vtable, and the file ends with the last byte of the last child.

use std::{iter::StepBy, ops::Range};

/// A table, vector or string: what an offset points to.
#[derive(Clone, Debug)]
pub enum Node {
    /// A table: slots and what they hold. Slots not named are left out.
    Table(Vec<(u16, Slot)>),
    /// A vector of numbers.
    Numbers {
        /// What the vector claims to hold, which need not be true.
        len: u32,
        /// Size and alignment of one.
        width: usize,
        /// The numbers, little-endian.
        bytes: Vec<u8>,
    },
    /// A vector of tables (or strings).
    Nodes(Vec<Self>),
    /// A vector of tables of which all are the same one: `count` offsets to a single node.
    Repeated(u32, Box<Self>),
    /// A string, with the zero byte that C++ readers want behind it.
    Text(Vec<u8>),
}

/// What a slot of a table holds.
#[derive(Clone, Debug)]
pub enum Slot {
    /// A number, little-endian, aligned to its size.
    Number(Vec<u8>),
    /// An offset to something else.
    Node(Node),
}

/// Numbers as a slot or as a vector.
pub trait Number: Copy {
    /// Little-endian bytes.
    fn bytes(self) -> Vec<u8>;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn bytes(self) -> Vec<u8> {
                self.to_le_bytes().to_vec()
            }
        }
    )*};
}

numbers!(i8, u8, i32, u32, f32, i64, u64);

/// A slot that holds a number.
pub fn number(value: impl Number) -> Slot {
    Slot::Number(value.bytes())
}

/// A slot that holds a vector of numbers.
pub fn numbers<T: Number>(values: &[T]) -> Slot {
    let bytes = values.iter().flat_map(|value| value.bytes()).collect();
    let len = u32::try_from(values.len()).unwrap();
    Slot::Node(Node::Numbers { len, width: size_of::<T>(), bytes })
}

/// A slot that holds a string.
pub fn text(value: &str) -> Slot {
    Slot::Node(Node::Text(value.as_bytes().to_vec()))
}

/// A slot that holds a vector of tables.
pub fn nodes(children: Vec<Node>) -> Slot {
    Slot::Node(Node::Nodes(children))
}

/// The file: root offset, identifier, then everything.
pub fn write(identifier: [u8; 4], root: &Node) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(identifier);
    let position = put(&mut bytes, root);
    point(&mut bytes, 0, position);
    bytes
}

/// Writes a node and all below it; returns its position.
fn put(bytes: &mut Vec<u8>, node: &Node) -> usize {
    match node {
        Node::Table(slots) => put_table(bytes, slots),
        Node::Numbers { len, width, bytes: data } => {
            // The elements, behind the 4 bytes of the length, are what has to be aligned.
            while !(bytes.len() + 4).is_multiple_of((*width).max(4)) {
                bytes.push(0);
            }
            put_bytes(bytes, *len, data)
        }
        Node::Text(text) => {
            align(bytes, 4);
            let position = put_bytes(bytes, u32::try_from(text.len()).unwrap(), text);
            bytes.push(0);
            position
        }
        Node::Nodes(children) => {
            let (position, offsets) = put_offsets(bytes, u32::try_from(children.len()).unwrap());
            for (at, child) in offsets.zip(children) {
                let child = put(bytes, child);
                point(bytes, at, child);
            }
            position
        }
        Node::Repeated(count, child) => {
            let (position, offsets) = put_offsets(bytes, *count);
            let child = put(bytes, child);
            for at in offsets {
                point(bytes, at, child);
            }
            position
        }
    }
}

fn put_bytes(bytes: &mut Vec<u8>, len: u32, data: &[u8]) -> usize {
    let position = bytes.len();
    bytes.extend(len.to_le_bytes());
    bytes.extend(data);
    position
}

/// A vector of `count` offsets yet to be pointed: its position and those of the offsets.
fn put_offsets(bytes: &mut Vec<u8>, count: u32) -> (usize, StepBy<Range<usize>>) {
    align(bytes, 4);
    let position = put_bytes(bytes, count, &[]);
    let first = bytes.len();
    bytes.resize(first + 4 * count as usize, 0);
    (position, (first..bytes.len()).step_by(4))
}

fn put_table(bytes: &mut Vec<u8>, slots: &[(u16, Slot)]) -> usize {
    align(bytes, 4);
    let n_slots = slots.iter().map(|(slot, _)| slot + 1).max().unwrap_or(0);
    let vtable = bytes.len();
    bytes.resize(vtable + 4 + 2 * usize::from(n_slots), 0);
    // 8, as the largest numbers have 8 bytes.
    align(bytes, 8);
    let position = bytes.len();
    bytes.extend(u32::try_from(position - vtable).unwrap().to_le_bytes());
    let mut pending = Vec::new();
    for (slot, value) in slots {
        align(bytes, if let Slot::Number(number) = value { number.len() } else { 4 });
        let at = bytes.len();
        put_u16(bytes, vtable + 4 + 2 * usize::from(*slot), at - position);
        match value {
            Slot::Number(number) => bytes.extend(number),
            Slot::Node(node) => {
                bytes.extend([0; 4]);
                pending.push((at, node));
            }
        }
    }
    put_u16(bytes, vtable, 4 + 2 * usize::from(n_slots));
    let table_bytes = bytes.len() - position;
    put_u16(bytes, vtable + 2, table_bytes);
    for (at, node) in pending {
        let child = put(bytes, node);
        point(bytes, at, child);
    }
    position
}

fn align(bytes: &mut Vec<u8>, alignment: usize) {
    bytes.resize(bytes.len().next_multiple_of(alignment), 0);
}

fn put_u16(bytes: &mut [u8], at: usize, value: usize) {
    bytes[at..at + 2].copy_from_slice(&u16::try_from(value).unwrap().to_le_bytes());
}

/// Makes the offset at `at` lead to `position`.
fn point(bytes: &mut [u8], at: usize, position: usize) {
    bytes[at..at + 4].copy_from_slice(&u32::try_from(position - at).unwrap().to_le_bytes());
}

//! Named metadata of a file: reading an entry, and writing one without touching the rest.
//!
//! A FlatBuffer's offsets lead forwards from where they stand, so a whole file stays valid wherever
//! it lies as long as its alignment is kept. A new root table with the two lists that grow (the
//! buffers and the metadata) is therefore put *before* the old file, whose bytes follow unchanged:
//! nothing is serialised anew, and what this program does not know survives. Positions counted from
//! the file's start would not: a file that has any is refused.
//!
//! Source: `schema.fbs` of TensorFlow Lite, version 3; "FlatBuffer Internals".

use super::{
    Model, ModelError,
    flatbuffer::{FlatBuffer, Table},
    schema,
};
use std::ops::Range;

/// What the data of every buffer is aligned to, as the schema asks.
const DATA_ALIGNMENT_BYTES: usize = 16;
/// Readers keep offsets in signed 32-bit numbers: no FlatBuffer is longer.
const MOST_BYTES: usize = i32::MAX as usize;

/// Why metadata cannot be written into a file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MetadataError {
    /// A part of the file that only now is looked at is broken.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The root table has a field that is not known here, so it cannot be written anew.
    #[error("the model has a field in slot {slot}, which is newer than the schema known here")]
    LaterField {
        /// Its slot.
        slot: u16,
    },
    /// The file has more subgraphs than the one that is read.
    #[error("the file has {0} subgraphs, and metadata is written for one only")]
    Subgraphs(u32),
    /// The file has no list of buffers, of which the first must stay empty.
    #[error("the file has no buffers")]
    NoBuffers,
    /// A buffer's data lies behind the FlatBuffer, at a position counted from the file's start.
    #[error("the data of buffer {buffer} lies behind the FlatBuffer")]
    DataBehind {
        /// The buffer.
        buffer: u32,
    },
    /// A custom operator's options lie behind the FlatBuffer.
    #[error("the options of operator #{operator} lie behind the FlatBuffer")]
    OptionsBehind {
        /// The operator.
        operator: u32,
    },
    /// The file would be too large for a FlatBuffer.
    #[error("the file would have more than {MOST_BYTES} bytes")]
    TooLarge,
}

impl MetadataError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Model(error) => error.advice(),
            Self::LaterField { .. } => "Convert the model with an older TensorFlow Lite converter.",
            Self::Subgraphs(_) => "Use a model of one subgraph.",
            Self::NoBuffers => "Convert the model anew: every converter writes buffers.",
            Self::DataBehind { .. } | Self::OptionsBehind { .. } | Self::TooLarge => {
                "Use a model of less than 2 GB, all of it inside the FlatBuffer."
            }
        }
    }
}

/// Where the data of a metadata entry lies in the file; `None` where no entry has this name.
///
/// # Errors
/// [`ModelError`] where the file's list of metadata is broken.
pub fn metadata(model: &Model, name: &str) -> Result<Option<Range<usize>>, ModelError> {
    let file = FlatBuffer::new(&model.bytes);
    let root = file.root()?;
    for entry in root.tables(schema::MODEL_METADATA)?.iter() {
        let entry = entry?;
        if entry.string(schema::METADATA_NAME)? != name {
            continue;
        }
        let index = entry.scalar(schema::METADATA_BUFFER, 0u32)?;
        let buffer = root.tables(schema::MODEL_BUFFERS)?.get(index)?;
        return buffer.map(|buffer| buffer.byte_range(schema::BUFFER_DATA)).transpose();
    }
    Ok(None)
}

/// The file with one metadata entry more, or with this one in the place of all of the same name.
///
/// What is read from the new file is what was read from the old one, but that constants lie further
/// behind by a multiple of 16 bytes. The data of an entry that is replaced stays as a buffer that
/// nothing names, so that every buffer keeps its number.
///
/// # Errors
/// [`MetadataError`] where the old file does not stay valid behind a new root.
pub fn with_metadata(model: &Model, name: &str, data: &[u8]) -> Result<Vec<u8>, MetadataError> {
    let file = FlatBuffer::new(&model.bytes);
    let root = file.root()?;
    check_movable(root)?;
    let mut front = Front::default();
    let buffers = put_root(&mut front, root)?;
    put_buffers(&mut front, root)?;
    put_entries(&mut front, root, name)?;
    put_new_entry(&mut front, name, buffers)?;
    put_new_buffer(&mut front, data)?;
    front.before(&model.bytes)
}

/// Refuses what counts positions from the file's start, and what is not known here.
fn check_movable(root: Table<'_>) -> Result<(), MetadataError> {
    if let Some(slot) = root.first_stored_from(schema::MODEL_LATER_SLOT)? {
        return Err(MetadataError::LaterField { slot });
    }
    let subgraphs = root.tables(schema::MODEL_SUBGRAPHS)?;
    if subgraphs.len() != 1 {
        return Err(MetadataError::Subgraphs(subgraphs.len()));
    }
    let buffers = root.tables(schema::MODEL_BUFFERS)?;
    if buffers.len() == 0 {
        return Err(MetadataError::NoBuffers);
    }
    for (buffer, table) in (0u32..).zip(buffers.iter()) {
        let table = table?;
        // Writers put 1 where nothing lies behind.
        if table.scalar(schema::BUFFER_OFFSET, 0u64)? > 1
            && table.scalar(schema::BUFFER_SIZE, 0u64)? > 0
        {
            return Err(MetadataError::DataBehind { buffer });
        }
    }
    let Some(subgraph) = subgraphs.get(0)? else { return Ok(()) };
    for (operator, table) in (0u32..).zip(subgraph.tables(schema::SUBGRAPH_OPERATORS)?.iter()) {
        if table?.scalar(schema::OPERATOR_LARGE_OPTIONS_OFFSET, 0u64)? > 1 {
            return Err(MetadataError::OptionsBehind { operator });
        }
    }
    Ok(())
}

/// Writes the root table; answers how many buffers the old file has.
fn put_root(front: &mut Front, root: Table<'_>) -> Result<u32, MetadataError> {
    const SLOTS: u16 = schema::MODEL_LATER_SLOT;
    const VTABLE_BYTES: u16 = 4 + 2 * SLOTS;
    let version = root.scalar(schema::MODEL_VERSION, 0u32)?;
    let kept = |field| root.target(field).map(|target| target.map(Target::Old));
    let fields: [Option<Target>; SLOTS as usize] = [
        Some(Target::Number(version)),
        kept(schema::MODEL_OPERATOR_CODES)?,
        kept(schema::MODEL_SUBGRAPHS)?,
        kept(schema::MODEL_DESCRIPTION)?,
        Some(Target::New(Part::Buffers)),
        kept(schema::MODEL_METADATA_BUFFER)?,
        Some(Target::New(Part::Entries)),
        kept(schema::MODEL_SIGNATURE_DEFS)?,
    ];
    front.put(Target::New(Part::Root));
    front.bytes.extend(schema::IDENTIFIER);
    // The list of fields, then the table, whose fields lie in the slots' order without a gap.
    front.put_u16(VTABLE_BYTES);
    let stored = fields.iter().flatten().count();
    front.put_u16(u16::try_from(stored).unwrap_or(SLOTS).saturating_add(1).saturating_mul(4));
    let mut at: u16 = 4;
    for field in &fields {
        front.put_u16(if field.is_some() { at } else { 0 });
        at = at.saturating_add(if field.is_some() { 4 } else { 0 });
    }
    front.begin(Part::Root);
    front.put(Target::Number(VTABLE_BYTES.into()));
    fields.into_iter().flatten().for_each(|field| front.put(field));
    Ok(root.tables(schema::MODEL_BUFFERS)?.len())
}

/// Writes the list of buffers: the old ones, and the new one behind them.
fn put_buffers(front: &mut Front, root: Table<'_>) -> Result<(), MetadataError> {
    let buffers = root.tables(schema::MODEL_BUFFERS)?;
    let count = buffers.len().checked_add(1).ok_or(MetadataError::TooLarge)?;
    front.begin(Part::Buffers);
    front.put(Target::Number(count));
    for index in 0..buffers.len() {
        let old = buffers.target(index)?.ok_or(MetadataError::TooLarge)?;
        front.put(Target::Old(old));
    }
    front.put(Target::New(Part::Buffer));
    Ok(())
}

/// Writes the list of metadata: the old entries of other names, and the new one behind them.
fn put_entries(front: &mut Front, root: Table<'_>, name: &str) -> Result<(), MetadataError> {
    let entries = root.tables(schema::MODEL_METADATA)?;
    let mut kept = Vec::new();
    for (index, entry) in (0u32..).zip(entries.iter()) {
        if entry?.string(schema::METADATA_NAME)? != name {
            kept.extend(entries.target(index)?.map(Target::Old));
        }
    }
    kept.push(Target::New(Part::Entry));
    front.begin(Part::Entries);
    front.put(Target::Number(u32::try_from(kept.len()).unwrap_or(u32::MAX)));
    kept.into_iter().for_each(|entry| front.put(entry));
    Ok(())
}

/// Writes the new entry with its name.
fn put_new_entry(front: &mut Front, name: &str, buffer: u32) -> Result<(), MetadataError> {
    [8, 12, 4, 8].into_iter().for_each(|word| front.put_u16(word));
    front.begin(Part::Entry);
    [Target::Number(8), Target::New(Part::Name), Target::Number(buffer)]
        .into_iter()
        .for_each(|field| front.put(field));
    front.begin(Part::Name);
    front.put_vector(name.as_bytes())?;
    // The zero byte that readers in C++ want behind a string.
    front.bytes.push(0);
    front.align(4, 0);
    Ok(())
}

/// Writes the new buffer with its data.
fn put_new_buffer(front: &mut Front, data: &[u8]) -> Result<(), MetadataError> {
    // The two bytes without a meaning keep the table behind the list at a multiple of four.
    [6, 8, 4, 0].into_iter().for_each(|word| front.put_u16(word));
    front.begin(Part::Buffer);
    front.put(Target::Number(8));
    front.put(Target::New(Part::Data));
    front.align(DATA_ALIGNMENT_BYTES, 4);
    front.begin(Part::Data);
    front.put_vector(data)
}

/// A part of the front that offsets lead to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Root,
    Buffers,
    Entries,
    Entry,
    Name,
    Buffer,
    Data,
}

/// Four bytes of the front.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// A number, or the distance of a table from its list of fields.
    Number(u32),
    /// An offset to a part of the front.
    New(Part),
    /// An offset to a position in the old file.
    Old(u64),
}

/// What is put before the old file.
#[derive(Debug, Default)]
struct Front {
    bytes: Vec<u8>,
    /// Where parts begin.
    parts: Vec<(Part, usize)>,
    /// Offsets, by where they stand; written when all positions are known.
    links: Vec<(usize, Target)>,
}

impl Front {
    fn begin(&mut self, part: Part) {
        self.parts.push((part, self.bytes.len()));
    }

    fn put(&mut self, word: Target) {
        let number = match word {
            Target::Number(number) => number,
            Target::New(_) | Target::Old(_) => {
                self.links.push((self.bytes.len(), word));
                0
            }
        };
        self.bytes.extend(number.to_le_bytes());
    }

    fn put_u16(&mut self, number: u16) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn put_vector(&mut self, data: &[u8]) -> Result<(), MetadataError> {
        let len = u32::try_from(data.len()).map_err(|_length| MetadataError::TooLarge)?;
        self.put(Target::Number(len));
        self.bytes.extend(data);
        Ok(())
    }

    /// Fills up so that what comes `ahead` bytes further on is aligned.
    fn align(&mut self, alignment: usize, ahead: usize) {
        let at = self.bytes.len().saturating_add(ahead).next_multiple_of(alignment);
        self.bytes.resize(at.saturating_sub(ahead), 0);
    }

    /// The new file.
    fn before(mut self, old: &[u8]) -> Result<Vec<u8>, MetadataError> {
        self.align(DATA_ALIGNMENT_BYTES, 0);
        let shift = self.bytes.len();
        if shift.saturating_add(old.len()) > MOST_BYTES {
            return Err(MetadataError::TooLarge);
        }
        for (at, target) in std::mem::take(&mut self.links) {
            let to = match target {
                Target::Number(_) => continue,
                Target::Old(position) => position.saturating_add(shift as u64),
                Target::New(part) => self.position(part) as u64,
            };
            let offset = u32::try_from(to.saturating_sub(at as u64));
            let offset = offset.map_err(|_offset| MetadataError::TooLarge)?;
            let place = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
            *place.ok_or(MetadataError::TooLarge)? = offset.to_le_bytes();
        }
        self.bytes.extend_from_slice(old);
        Ok(self.bytes)
    }

    fn position(&self, part: Part) -> usize {
        let found = self.parts.iter().find(|(name, _)| *name == part);
        found.map_or(0, |(_, position)| *position)
    }
}

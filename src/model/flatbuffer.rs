//! Reading FlatBuffers that may be hostile: every access is checked against the file's end.
//!
//! A FlatBuffer is a graph of tables, vectors and strings that point at each other by relative
//! offsets. Nothing here follows an offset before the caller asks, so a circle of tables is as
//! harmless as a missing one: the caller asks for a fixed path. Positions are `u64`, in which no
//! sum of a position in the file and a 32-bit offset or length can overflow.
//!
//! Lists and names may overlap in a hostile file, many of them pointing at the same large area;
//! what is copied out of the file is therefore counted against [`FlatBuffer::copy_limit_bytes`].
//!
//! Source: "FlatBuffer Internals" of the FlatBuffers documentation.

use super::{
    ModelError,
    error::Place,
    schema::{Field, ROOT},
};
use std::{cell::Cell, ops::Range};

/// The most bytes of lists and names that are copied out of a file, however large it is.
const COPY_LIMIT_BYTES: usize = 64 << 20;
/// What may be copied beyond the file's own size: real files share an odd list among tables.
const SHARED_BYTES: usize = 1 << 20;

/// A file of one root table.
#[derive(Debug)]
pub(super) struct FlatBuffer<'a> {
    bytes: &'a [u8],
    copied_bytes: Cell<usize>,
}

impl<'a> FlatBuffer<'a> {
    /// Wraps the bytes; nothing is read yet.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, copied_bytes: Cell::new(0) }
    }

    /// The root table.
    pub(super) fn root(&self) -> Result<Table<'_>, ModelError> {
        self.table_behind(0, ROOT)
    }

    /// The range `[start, start + len)` if it lies in the file. `place` says who refers to it.
    pub(super) fn range(
        &self,
        start: u64,
        len: u64,
        place: Place,
    ) -> Result<Range<usize>, ModelError> {
        let end = start.saturating_add(len);
        match (usize::try_from(start), usize::try_from(end)) {
            (Ok(start), Ok(end)) if end <= self.bytes.len() => Ok(start..end),
            _ => {
                let file_bytes = self.bytes.len();
                Err(ModelError::OutOfBounds { place, refers_to: end, file_bytes })
            }
        }
    }

    /// How many bytes of lists and names may be copied in all.
    fn copy_limit_bytes(&self) -> usize {
        self.bytes.len().saturating_add(SHARED_BYTES).min(COPY_LIMIT_BYTES)
    }

    /// Counts bytes that are about to be copied.
    fn count_copy(&self, bytes: usize, place: Place) -> Result<(), ModelError> {
        let (copied, limit_bytes) =
            (self.copied_bytes.get().saturating_add(bytes), self.copy_limit_bytes());
        if copied > limit_bytes {
            return Err(ModelError::Overlap { place, limit_bytes });
        }
        self.copied_bytes.set(copied);
        Ok(())
    }

    fn slice(&self, start: u64, len: u64, place: Place) -> Result<&'a [u8], ModelError> {
        Ok(self.bytes.get(self.range(start, len, place)?).unwrap_or_default())
    }

    fn scalar<T: Scalar>(&self, at: u64, field: Field) -> Result<T, ModelError> {
        let place = Place::new(field.name, at);
        let bytes = self.slice(at, T::BYTES, place)?;
        T::from_bytes(bytes).ok_or(ModelError::OutOfBounds {
            place,
            refers_to: at.saturating_add(T::BYTES),
            file_bytes: self.bytes.len(),
        })
    }

    /// Where the offset stored at `at` leads.
    fn target(&self, at: u64, field: Field) -> Result<u64, ModelError> {
        let offset: u32 = self.scalar(at, field)?;
        Ok(at.saturating_add(u64::from(offset)))
    }

    fn table_behind(&self, at: u64, field: Field) -> Result<Table<'_>, ModelError> {
        let position = self.target(at, field)?;
        let place = Place::new(field.name, at);
        self.range(position, 4, place)?;
        let back: i32 = self.scalar(position, field)?;
        let vtable = position
            .checked_add_signed(i64::from(back).saturating_neg())
            .ok_or(ModelError::Vtable { place, position })?;
        self.range(vtable, 4, place)?;
        let vtable_bytes: u16 = self.scalar(vtable, field)?;
        let table_bytes: u16 = self.scalar(vtable.saturating_add(2), field)?;
        if vtable_bytes < 4 || !vtable_bytes.is_multiple_of(2) || table_bytes < 4 {
            return Err(ModelError::Vtable { place, position });
        }
        self.range(vtable, vtable_bytes.into(), place)?;
        self.range(position, table_bytes.into(), place)?;
        Ok(Table { file: self, position, vtable, vtable_bytes, table_bytes })
    }

    fn vector_behind(
        &self,
        at: u64,
        element_bytes: u64,
        field: Field,
    ) -> Result<Vector, ModelError> {
        let position = self.target(at, field)?;
        let place = Place::new(field.name, at);
        self.range(position, 4, place)?;
        let len: u32 = self.scalar(position, field)?;
        let start = position.saturating_add(4);
        let bytes = u64::from(len).saturating_mul(element_bytes);
        self.range(start, bytes, place)?;
        Ok(Vector { start, len, bytes, place })
    }
}

/// A vector whose elements lie in the file.
#[derive(Clone, Copy, Debug)]
struct Vector {
    start: u64,
    len: u32,
    bytes: u64,
    place: Place,
}

/// A table: fields found by the slots of its vtable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    file: &'a FlatBuffer<'a>,
    position: u64,
    vtable: u64,
    vtable_bytes: u16,
    table_bytes: u16,
}

impl<'a> Table<'a> {
    /// Where a stored field lies, or `None` where the file leaves it at its default.
    fn position(&self, field: Field, bytes: u64) -> Result<Option<u64>, ModelError> {
        let entry = u64::from(field.slot).saturating_mul(2).saturating_add(4);
        if entry.saturating_add(2) > u64::from(self.vtable_bytes) {
            return Ok(None);
        }
        let offset: u16 = self.file.scalar(self.vtable.saturating_add(entry), field)?;
        if offset == 0 {
            return Ok(None);
        }
        let end = u64::from(offset).saturating_add(bytes);
        if offset < 4 || end > u64::from(self.table_bytes) {
            let place = Place::new(field.name, self.position);
            return Err(ModelError::Vtable { place, position: self.position });
        }
        Ok(Some(self.position.saturating_add(u64::from(offset))))
    }

    /// The place of a field for messages: the table's, as the field itself may be left out.
    pub(super) fn place(&self, field: Field) -> Place {
        Place::new(field.name, self.position)
    }

    /// A number, or the schema's default where it is left out.
    pub(super) fn scalar<T: Scalar>(&self, field: Field, default: T) -> Result<T, ModelError> {
        match self.position(field, T::BYTES)? {
            Some(at) => self.file.scalar(at, field),
            None => Ok(default),
        }
    }

    /// A boolean whose default is false, as all in the schema are.
    pub(super) fn flag(&self, field: Field) -> Result<bool, ModelError> {
        Ok(self.scalar(field, 0u8)? != 0)
    }

    /// Where an offset field leads, or `None` where it is left out. What lies there is not read.
    pub(super) fn target(&self, field: Field) -> Result<Option<u64>, ModelError> {
        self.position(field, 4)?.map(|at| self.file.target(at, field)).transpose()
    }

    /// The first slot from `from` on that is stored, if any.
    pub(super) fn first_stored_from(&self, from: u16) -> Result<Option<u16>, ModelError> {
        let slots = self.vtable_bytes.saturating_sub(4) / 2;
        for slot in from..slots {
            if self.position(Field { name: "a later field", slot }, 1)?.is_some() {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// A table, or `None` where it is left out.
    pub(super) fn table(&self, field: Field) -> Result<Option<Self>, ModelError> {
        self.position(field, 4)?.map(|at| self.file.table_behind(at, field)).transpose()
    }

    /// A vector of tables; one that is left out is empty. No table is read yet.
    pub(super) fn tables(&self, field: Field) -> Result<Tables<'a>, ModelError> {
        let (start, len) = match self.vector(field, 4)? {
            Some(vector) => (vector.start, vector.len),
            None => (0, 0),
        };
        Ok(Tables { file: self.file, field, start, len })
    }

    /// A vector of numbers; one that is left out is empty.
    pub(super) fn list<T: Scalar>(&self, field: Field) -> Result<Vec<T>, ModelError> {
        let Some(vector) = self.vector(field, T::BYTES)? else { return Ok(Vec::new()) };
        let bytes = self.copied(vector)?;
        Ok(bytes.chunks_exact(size_of::<T>()).filter_map(T::from_bytes).collect())
    }

    /// A string; one that is left out is empty, and bytes that are no UTF-8 are replaced.
    pub(super) fn string(&self, field: Field) -> Result<String, ModelError> {
        let Some(vector) = self.vector(field, 1)? else { return Ok(String::new()) };
        Ok(String::from_utf8_lossy(self.copied(vector)?).into_owned())
    }

    /// Where a vector of bytes lies, without copying it; one that is left out is empty.
    pub(super) fn byte_range(&self, field: Field) -> Result<Range<usize>, ModelError> {
        match self.vector(field, 1)? {
            Some(vector) => self.file.range(vector.start, vector.bytes, vector.place),
            None => Ok(0..0),
        }
    }

    fn vector(&self, field: Field, element_bytes: u64) -> Result<Option<Vector>, ModelError> {
        self.position(field, 4)?
            .map(|at| self.file.vector_behind(at, element_bytes, field))
            .transpose()
    }

    /// The vector's bytes, counted as copied.
    fn copied(&self, vector: Vector) -> Result<&'a [u8], ModelError> {
        let bytes = self.file.slice(vector.start, vector.bytes, vector.place)?;
        self.file.count_copy(bytes.len(), vector.place)?;
        Ok(bytes)
    }
}

/// A vector of tables that are read one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables<'a> {
    file: &'a FlatBuffer<'a>,
    field: Field,
    start: u64,
    len: u32,
}

impl<'a> Tables<'a> {
    /// How many the file claims, all of whose offsets lie in the file.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The table at an index, or `None` past the end.
    pub(super) fn get(&self, index: u32) -> Result<Option<Table<'a>>, ModelError> {
        if index >= self.len {
            return Ok(None);
        }
        let at = self.start.saturating_add(u64::from(index).saturating_mul(4));
        self.file.table_behind(at, self.field).map(Some)
    }

    /// Where the offset at an index leads, or `None` past the end.
    pub(super) fn target(&self, index: u32) -> Result<Option<u64>, ModelError> {
        if index >= self.len {
            return Ok(None);
        }
        let at = self.start.saturating_add(u64::from(index).saturating_mul(4));
        self.file.target(at, self.field).map(Some)
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Result<Table<'a>, ModelError>> {
        (0..self.len).map_while(|index| self.get(index).transpose())
    }
}

/// A little-endian number.
pub(super) trait Scalar: Copy {
    /// Its size.
    const BYTES: u64;
    /// The number in the first bytes, or `None` where there are too few.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

macro_rules! scalars {
    ($($number:ty: $bytes:literal),*) => {$(
        impl Scalar for $number {
            const BYTES: u64 = $bytes;
            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                bytes.first_chunk().map(|bytes| Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

scalars!(i8: 1, u8: 1, u16: 2, i32: 4, u32: 4, f32: 4, i64: 8, u64: 8);

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "tests may panic")]
mod tests {
    use super::*;

    const NUMBER: Field = Field { name: "T.number", slot: 0 };
    const LIST: Field = Field { name: "T.list", slot: 1 };
    const ABSENT: Field = Field { name: "T.absent", slot: 2 };

    /// A vtable at 4, its table at 12 (number 7, a list), the list [1, 2] at 24.
    fn file() -> Vec<u8> {
        let words: [u32; 9] = [
            12,             // root
            8 | (12 << 16), // vtable: 8 bytes, table of 12
            4 | (8 << 16),  // number at 4, list at 8
            12 - 4,         // back to the vtable
            7,              // number
            4,              // list, 4 bytes further on
            2,
            1,
            2,
        ];
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn patched(at: usize, word: u32) -> Vec<u8> {
        let mut bytes = file();
        bytes.splice(at..at + 4, word.to_le_bytes());
        bytes
    }

    #[track_caller]
    fn check_list(bytes: &[u8], expected: Result<Vec<i32>, ModelError>) {
        let file = FlatBuffer::new(bytes);
        assert_eq!(file.root().and_then(|root| root.list::<i32>(LIST)), expected);
    }

    #[test]
    fn fields_are_found_by_slot_and_default_where_left_out() {
        let bytes = file();
        let file = FlatBuffer::new(&bytes);
        let root = file.root().unwrap();
        assert_eq!(root.scalar(NUMBER, 0u32), Ok(7));
        assert_eq!(root.scalar(ABSENT, 42u32), Ok(42));
        assert_eq!(root.list::<i32>(LIST), Ok(vec![1, 2]));
        assert_eq!(root.byte_range(LIST), Ok(28..30));
        assert!(root.table(ABSENT).unwrap().is_none());
        assert_eq!(root.tables(ABSENT).unwrap().len(), 0);
    }

    #[test]
    fn every_truncation_is_out_of_bounds() {
        let bytes = file();
        for len in 0..bytes.len() {
            let file = FlatBuffer::new(&bytes[..len]);
            let list = file.root().and_then(|root| root.list::<i32>(LIST));
            assert!(matches!(list, Err(ModelError::OutOfBounds { .. })), "{len}: {list:?}");
        }
    }

    #[test]
    fn a_vector_longer_than_the_file_names_both_ends() {
        let place = Place { field: "T.list", at: 20 };
        let refers_to = 28 + 4 * u64::from(u32::MAX);
        let error = ModelError::OutOfBounds { place, refers_to, file_bytes: 36 };
        check_list(&patched(24, u32::MAX), Err(error));
    }

    #[test]
    fn a_vtable_before_the_file_or_too_small_is_malformed() {
        let root = Place { field: "Model", at: 0 };
        let error = ModelError::Vtable { place: root, position: 12 };
        check_list(&patched(12, 13), Err(error.clone()));
        check_list(&patched(4, 2 | (12 << 16)), Err(error.clone()));
        check_list(&patched(4, 8), Err(error));
        let outside = ModelError::Vtable { place: Place { field: "T.list", at: 12 }, position: 12 };
        check_list(&patched(8, 4 | (9 << 16)), Err(outside));
    }

    #[test]
    fn a_table_that_points_at_itself_ends_the_walk() {
        let bytes = patched(20, 0);
        let file = FlatBuffer::new(&bytes);
        // The list's offset leads to itself: a list of no elements, and no table.
        assert_eq!(file.root().unwrap().list::<i32>(LIST), Ok(vec![]));
        assert!(file.root().unwrap().table(LIST).is_err());
    }

    #[test]
    fn copies_beyond_the_files_size_are_refused() {
        let bytes = file();
        let file = FlatBuffer::new(&bytes);
        let root = file.root().unwrap();
        let allowed = (bytes.len() + SHARED_BYTES) / 8;
        for _ in 0..allowed {
            assert_eq!(root.list::<i32>(LIST), Ok(vec![1, 2]));
        }
        let refused = root.list::<i32>(LIST);
        assert!(matches!(refused, Err(ModelError::Overlap { .. })), "{refused:?}");
    }
}

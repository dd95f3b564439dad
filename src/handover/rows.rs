//! The buffers of a plan with the names that people know: operator, tensor, patch.

use super::{Source, label::plain};
use crate::{
    order::sorted_positions,
    schedule::{Action, Buffer, Extent, Role},
    tensor::Region,
};

/// A buffer of the plan.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// Unique in the plan: `t5:#2:Conv/Relu6:patch3`, numbers from 0 as everywhere else.
    pub(super) id: String,
    /// The buffer.
    pub(super) buffer: &'a Buffer,
    /// Its first address.
    pub(super) offset_bytes: u64,
    /// The operator that writes it (index in the file); `None` for inputs.
    pub(super) operator: Option<usize>,
    /// The tensor's name, made plain.
    pub(super) tensor: String,
    /// Rows, columns and channels where a part of the map lies there, else the tensor's dimensions.
    pub(super) shape: String,
}

impl Row<'_> {
    /// The part of the map that it holds; `None` for all of it.
    pub(super) fn region(&self) -> Option<Region> {
        match self.buffer.extent {
            Extent::Whole => None,
            Extent::Window(region) => Some(region),
        }
    }
}

/// What a buffer is for, in one word.
pub(super) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Input => "input",
        Role::Activation => "activation",
        Role::Split => "split",
        Role::Output => "output",
        Role::Scratch => "scratch",
    }
}

/// All buffers, in the schedule's order.
pub(super) fn rows<'a>(source: &Source<'a>) -> Vec<Row<'a>> {
    let operators = writers(source);
    let placed = source.schedule.buffers.iter().zip(&source.solution.offsets).zip(operators);
    let mut rows: Vec<Row<'_>> = placed
        .map(|((buffer, &offset_bytes), operator)| row(source, buffer, offset_bytes, operator))
        .collect();
    number_equals(&mut rows);
    rows
}

fn row<'a>(
    source: &Source<'a>,
    buffer: &'a Buffer,
    offset_bytes: u64,
    operator: Option<usize>,
) -> Row<'a> {
    let stored = source.model.tensors.get(buffer.tensor.index());
    let tensor = plain(stored.map_or("", |tensor| &tensor.name));
    let dims = stored.map(|tensor| tensor.shape.dims()).unwrap_or_default();
    let sides = |sides: &[usize]| {
        let sides: Vec<String> = sides.iter().map(usize::to_string).collect();
        sides.join("x")
    };
    let shape = match (buffer.extent, buffer.role) {
        (_, Role::Scratch) => "scratch".to_owned(),
        (Extent::Whole, _) => sides(dims),
        (Extent::Window(part), _) => {
            let channels = dims.last().copied().unwrap_or(1);
            sides(&[part.rows.len(), part.columns.len(), channels])
        }
    };
    let is_scratch = buffer.role == Role::Scratch;
    let writer = match operator {
        Some(operator) => format!("#{operator}"),
        // Scratch that all kernels share.
        None if is_scratch => "all".to_owned(),
        None => "input".to_owned(),
    };
    let scratch = if is_scratch { ":scratch" } else { "" };
    let patch = buffer.patch.map(|patch| format!(":patch{patch}")).unwrap_or_default();
    let id = format!("t{}:{writer}:{tensor}{scratch}{patch}", buffer.tensor.0);
    Row { id, buffer, offset_bytes, operator, tensor, shape }
}

/// Two buffers of one tensor in one patch would have one name: the later ones get a number.
fn number_equals(rows: &mut [Row<'_>]) {
    let order = sorted_positions(rows.len(), &|one, other| rows[one].id.cmp(&rows[other].id));
    let mut last = String::new();
    let mut times = 0u32;
    for at in order {
        let id = &mut rows[at].id;
        if *id == last {
            times += 1;
            *id = format!("{id}:{times}");
        } else {
            last.clone_from(id);
            times = 1;
        }
    }
}

/// For each buffer the operator that first writes it; `None` for what lies there from the start or
/// is delivered.
fn writers(source: &Source<'_>) -> Vec<Option<usize>> {
    let schedule = source.schedule;
    let mut writers = vec![None; schedule.buffers.len()];
    for step in &schedule.steps {
        let Action::Compute(position) = step.action else { continue };
        let operator = source.graph.nodes.get(position).map(|node| node.index);
        for written in step.outputs.iter().chain(&step.scratch) {
            let writer = &mut writers[written.index()];
            *writer = writer.or(operator);
        }
    }
    for input in schedule.inputs.iter().flatten() {
        writers[input.index()] = None;
    }
    writers
}

//! The plan over time, in the Chrome Trace Event format that Perfetto and `chrome://tracing` open.
//!
//! Two processes: the operators, one slice a step, with counters of live bytes and of the height
//! that is in use; and the arena, one slice a buffer. Slices of one track must nest, and buffers do
//! not: each buffer lies on the first lane that is free while it lives.
//!
//! The axis is measured time where step times are given, else a step is a microsecond.
//!
//! Source: "Trace Event Format", Google.

use super::{
    Source,
    label::plain,
    rows::{Row, role_word, rows},
};
use crate::{
    json::Object,
    order::sorted_positions,
    plan::live_bytes,
    schedule::{Action, Role, Step, part_of, problem},
    tensor::{Region, Span},
};

const OPERATORS: u32 = 1;
const ARENA: u32 = 2;

/// Makes the trace as JSON.
pub(super) fn trace(source: &Source<'_>) -> Vec<u8> {
    let (rows, axis) = (rows(source), Axis::of(source));
    let about = Object::new()
        .text("model", &plain(source.name))
        .number("arena_bytes", source.solution.height_bytes)
        .text("time", axis.words());
    let mut events = Events::begin(about);
    events.add(named("process_name", OPERATORS, 0, "Operators"));
    events.add(named("thread_name", OPERATORS, 1, "steps"));
    events.add(named("process_name", ARENA, 0, "Arena"));
    for (position, step) in source.schedule.steps.iter().enumerate() {
        events.add(step_slice(source, &axis, position, step));
    }
    add_counters(source, &axis, &mut events);
    let (lanes, count) = lanes(&rows);
    for lane in 1..=count {
        events.add(named("thread_name", ARENA, lane, &lane_name(lane)));
    }
    for (row, lane) in rows.iter().zip(lanes) {
        events.add(buffer_slice(&axis, row, lane));
    }
    events.end()
}

/// The file while it is made: each event is text as soon as it is known, since a tree of all of them
/// would be many times as large.
struct Events {
    text: String,
    is_first: bool,
}

impl Events {
    fn begin(about: Object) -> Self {
        let about = about.end();
        let text = format!("{{\"displayTimeUnit\":\"ms\",\"otherData\":{about},\"traceEvents\":[");
        Self { text, is_first: true }
    }

    fn add(&mut self, event: Object) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.text.push(',');
        }
        self.text.push_str(&event.end());
    }

    fn end(mut self) -> Vec<u8> {
        self.text.push_str("]}");
        self.text.into_bytes()
    }
}

/// When steps begin.
struct Axis {
    /// Microseconds at which each step begins, and at which the last one ends.
    begins_us: Vec<f64>,
    is_measured: bool,
}

impl Axis {
    fn of(source: &Source<'_>) -> Self {
        let steps = source.schedule.steps.len();
        let measured = source.step_ms.filter(|times| times.len() == steps);
        let step_us = |step: usize| match measured {
            // A clock that jumps gives no time, not a negative one.
            Some(times) => times.get(step).map_or(0.0, |ms| (ms * 1e3).max(0.0)),
            None => 1.0,
        };
        let mut begins_us = vec![0.0];
        let mut now_us = 0.0;
        for step in 0..steps {
            now_us += step_us(step);
            begins_us.push(now_us);
        }
        Self { begins_us, is_measured: measured.is_some() }
    }

    /// When a step begins; one past the last step, when everything ends.
    fn begin_us(&self, step: usize) -> f64 {
        let last = self.begins_us.last().copied().unwrap_or(0.0);
        self.begins_us.get(step).copied().unwrap_or(last)
    }

    /// How long the steps `[from, to)` take together.
    fn duration_us(&self, from: usize, to: usize) -> f64 {
        self.begin_us(to) - self.begin_us(from)
    }

    const fn words(&self) -> &'static str {
        if self.is_measured { "measured" } else { "one step is one microsecond" }
    }
}

/// An event of a kind (`ph`), in a process.
fn event(kind: &str, name: &str, process: u32) -> Object {
    Object::new().text("ph", kind).text("name", name).number("pid", process.into())
}

/// An event that names a process or a track.
fn named(kind: &str, process: u32, track: u32, name: &str) -> Object {
    let args = Object::new().text("name", name);
    event("M", kind, process).number("tid", track.into()).object("args", args)
}

fn step_slice(source: &Source<'_>, axis: &Axis, position: usize, step: &Step) -> Object {
    let (name, operator) = match step.action {
        Action::Compute(node) => {
            let index = source.graph.nodes.get(node).map(|node| node.index);
            let stored = index.and_then(|index| source.model.operators.get(index));
            let kind = plain(stored.map_or("", |operator| &operator.kind));
            (format!("#{} {kind}", index.unwrap_or(0)), index)
        }
        Action::Deliver(input) => (format!("deliver input {input}"), None),
    };
    let args = Object::new()
        .number("step", position as u64)
        .number_or_null("operator", operator.map(|operator| operator as u64))
        .number_or_null("patch", step.patch.map(u64::from));
    let args = with_region(args, step.region).number("macs", step.macs);
    event("X", &name, OPERATORS)
        .text("cat", "step")
        .number("tid", 1)
        .float("ts", axis.begin_us(position))
        .float("dur", axis.duration_us(position, position + 1))
        .object("args", args)
}

fn with_region(object: Object, region: Region) -> Object {
    let ends = |span: Span| [span.start as u64, span.end as u64];
    object.numbers("rows", &ends(region.rows)).numbers("columns", &ends(region.columns))
}

fn buffer_slice(axis: &Axis, row: &Row<'_>, lane: u32) -> Object {
    let life = &row.buffer.lifespan;
    let role = role_word(row.buffer.role);
    let args = Object::new()
        .number("offset_bytes", row.offset_bytes)
        .number("bytes", row.buffer.bytes as u64)
        .text("shape", &row.shape)
        .text("role", role)
        .number("tensor", row.buffer.tensor.0.into())
        .number_or_null("operator", row.operator.map(|operator| operator as u64))
        .number_or_null("patch", row.buffer.patch.map(u64::from));
    let args = match row.region() {
        Some(region) => args.object("region", with_region(Object::new(), region)),
        None => args.null("region"),
    };
    let args = args.number("first_step", life.start as u64).number("end_step", life.end as u64);
    event("X", &row.id, ARENA)
        .text("cat", role)
        .number("tid", lane.into())
        .float("ts", axis.begin_us(life.start))
        .float("dur", axis.duration_us(life.start, life.end))
        .object("args", args)
}

/// What is live at each step, and how high the live buffers reach; nothing after the last.
fn add_counters(source: &Source<'_>, axis: &Axis, events: &mut Events) {
    let steps = source.schedule.steps.len();
    let sum = |is_counted: fn(Role) -> bool| {
        live_bytes(&part_of(source.schedule, is_counted).buffers, steps)
    };
    let activations = sum(|role| role != Role::Scratch);
    let scratch = sum(|role| role == Role::Scratch);
    let heights = heights(source, steps);
    let counter = |name: &str, step: usize, values: Object| {
        event("C", name, OPERATORS).float("ts", axis.begin_us(step)).object("args", values)
    };
    let of = |values: &[u64], step: usize| values.get(step).copied().unwrap_or(0);
    for step in 0..=steps {
        let live = Object::new()
            .number("activations", of(&activations, step))
            .number("scratch", of(&scratch, step));
        let height = Object::new().number("in use", of(&heights, step));
        events.add(counter("live bytes", step, live));
        events.add(counter("arena height, bytes", step, height));
    }
}

/// For each step the greatest end of a live buffer, rounded up where the plan is aligned.
fn heights(source: &Source<'_>, steps: usize) -> Vec<u64> {
    let mut heights = vec![0; steps];
    let planned = problem(source.schedule).buffers;
    let placed = source.schedule.buffers.iter().zip(planned).zip(&source.solution.offsets);
    for ((buffer, planned), offset) in placed {
        let end = offset + planned.size_bytes;
        let life = buffer.lifespan.start.min(steps)..buffer.lifespan.end.min(steps);
        for height in heights.get_mut(life).into_iter().flatten() {
            *height = end.max(*height);
        }
    }
    heights
}

fn lane_name(lane: u32) -> String {
    format!("buffers, lane {lane}")
}

/// For each buffer its lane, from 1, and how many lanes there are.
fn lanes(rows: &[Row<'_>]) -> (Vec<u32>, u32) {
    let key = |at: usize| (rows[at].buffer.lifespan.start, rows[at].offset_bytes);
    let order = sorted_positions(rows.len(), &|one, other| key(one).cmp(&key(other)));
    let mut free_from: Vec<usize> = Vec::new();
    let mut lanes = vec![0; rows.len()];
    for at in order {
        let life = &rows[at].buffer.lifespan;
        let free = free_from.iter().position(|&from| from <= life.start);
        let lane = free.unwrap_or_else(|| {
            free_from.push(0);
            free_from.len() - 1
        });
        free_from[lane] = life.end;
        lanes[at] = u32::try_from(lane + 1).unwrap_or(u32::MAX);
    }
    (lanes, u32::try_from(free_from.len()).unwrap_or(u32::MAX))
}

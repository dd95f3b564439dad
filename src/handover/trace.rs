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
    order::sorted_positions,
    plan::live_bytes,
    schedule::{Action, Role, Step, part_of, problem},
    tensor::Region,
};

const OPERATORS: u32 = 1;
const ARENA: u32 = 2;

/// No step takes longer: three weeks in microseconds.
const MOST_US: f64 = 2e12;

/// Makes the trace as JSON. Every name in it is [`plain`], so that nothing needs to be escaped.
pub(super) fn trace(source: &Source<'_>) -> Vec<u8> {
    let (rows, axis) = (rows(source), Axis::of(source));
    let (name, arena_bytes) = (plain(source.name), source.solution.height_bytes);
    let mut events = Events::begin(&format!(
        r#"{{"model":"{name}","arena_bytes":{arena_bytes},"time":"{}"}}"#,
        axis.words()
    ));
    events.name("process", OPERATORS, 0, "Operators");
    events.name("thread", OPERATORS, 1, "steps");
    events.name("process", ARENA, 0, "Arena");
    for (position, step) in source.schedule.steps.iter().enumerate() {
        add_step(&mut events, source, &axis, (position, step));
    }
    add_counters(source, &axis, &mut events);
    let (lanes, count) = lanes(&rows);
    for lane in 1..=count {
        events.name("thread", ARENA, lane, &format!("buffers, lane {lane}"));
    }
    for (row, lane) in rows.iter().zip(lanes) {
        add_buffer(&mut events, &axis, row, lane);
    }
    events.end()
}

/// The file while it is made: each event is text as soon as it is known, since a tree of all of them
/// would be many times as large, and so would the code that writes any tree.
struct Events(String);

impl Events {
    fn begin(about: &str) -> Self {
        let named = r#"{"displayTimeUnit":"ms","otherData":"#;
        Self([named, about, r#","traceEvents":["#].concat())
    }

    /// Adds an event from its members.
    fn add(&mut self, members: &str) {
        if !self.0.ends_with('[') {
            self.0.push(',');
        }
        for part in ["{", members, "}"] {
            self.0.push_str(part);
        }
    }

    /// Names a process or a track.
    fn name(&mut self, of: &str, process: u32, track: u32, name: &str) {
        self.add(&format!(
            r#""ph":"M","name":"{of}_name","pid":{process},"tid":{track},"args":{{"name":"{name}"}}"#
        ));
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push_str("]}");
        self.0.into_bytes()
    }
}

/// A number, or JSON's word for none.
fn or_null(number: Option<usize>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

/// Rows and columns as members.
fn sides(Region { rows, columns }: Region) -> String {
    let (top, bottom, left, right) = (rows.start, rows.end, columns.start, columns.end);
    format!(r#""rows":[{top},{bottom}],"columns":[{left},{right}]"#)
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
            // A clock that jumps gives no time, not a negative one, nor one without end.
            Some(times) => {
                let ms = times.get(step).filter(|ms| ms.is_finite());
                ms.map_or(0.0, |ms| (ms * 1e3).clamp(0.0, MOST_US))
            }
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

fn add_step(
    events: &mut Events,
    source: &Source<'_>,
    axis: &Axis,
    (position, step): (usize, &Step),
) {
    let (name, operator) = match step.action {
        Action::Compute(node) => {
            let index = source.graph.nodes.get(node).map(|node| node.index);
            let stored = index.and_then(|index| source.model.operators.get(index));
            let kind = plain(stored.map_or("", |operator| &operator.kind));
            (format!("#{} {kind}", index.unwrap_or(0)), index)
        }
        Action::Deliver(input) => (format!("deliver input {input}"), None),
    };
    let (begin, duration) = (axis.begin_us(position), axis.duration_us(position, position + 1));
    let (operator, patch) = (or_null(operator), or_null(step.patch.map(|patch| patch as usize)));
    let (sides, macs) = (sides(step.region), step.macs);
    events.add(&format!(
        r#""ph":"X","cat":"step","name":"{name}","pid":{OPERATORS},"tid":1,"ts":{begin},"dur":{duration},"args":{{"step":{position},"operator":{operator},"patch":{patch},{sides},"macs":{macs}}}"#
    ));
}

fn add_buffer(events: &mut Events, axis: &Axis, row: &Row<'_>, lane: u32) {
    let Row { id, buffer, offset_bytes, shape, .. } = row;
    let life = &buffer.lifespan;
    let (begin, duration) = (axis.begin_us(life.start), axis.duration_us(life.start, life.end));
    let (role, bytes, tensor) = (role_word(buffer.role), buffer.bytes, buffer.tensor.0);
    let (operator, patch) = (or_null(row.operator), or_null(buffer.patch.map(|one| one as usize)));
    let region = row.region().map(|part| ["{", &sides(part), "}"].concat());
    let region = region.unwrap_or_else(|| "null".to_owned());
    let (first, end) = (life.start, life.end);
    events.add(&format!(
        r#""ph":"X","cat":"{role}","name":"{id}","pid":{ARENA},"tid":{lane},"ts":{begin},"dur":{duration},"args":{{"offset_bytes":{offset_bytes},"bytes":{bytes},"shape":"{shape}","role":"{role}","tensor":{tensor},"operator":{operator},"patch":{patch},"region":{region},"first_step":{first},"end_step":{end}}}"#
    ));
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
    let mut counter = |name: &str, step: usize, values: &str| {
        let begin = axis.begin_us(step);
        events.add(&format!(
            r#""ph":"C","name":"{name}","pid":{OPERATORS},"ts":{begin},"args":{{{values}}}"#
        ));
    };
    let of = |values: &[u64], step: usize| values.get(step).copied().unwrap_or(0);
    for step in 0..=steps {
        let (activations, scratch) = (of(&activations, step), of(&scratch, step));
        let live = format!(r#""activations":{activations},"scratch":{scratch}"#);
        counter("live bytes", step, &live);
        let height = format!(r#""in use":{}"#, of(&heights, step));
        counter("arena height, bytes", step, &height);
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

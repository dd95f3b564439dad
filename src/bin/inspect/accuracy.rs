//! The `accuracy` command: how often a classifier names what its inputs show.

use crate::{
    arguments::{KernelSet, ModelArguments},
    commands::{Outcome, json_text, open},
    failure::Failure,
    files, sounds,
};
use serde_json::json;
use std::{fs, path::PathBuf, process::ExitCode};
use tinyml_playground::{
    kernels::{Kernels, Native, Portable, Reference},
    schedule::ScheduleChoice,
    session::{Recorder, Session},
    tensor::DataType,
    text::thousands,
};

/// The most bytes that are read of the inputs: some thousand pictures.
const INPUT_BYTES: usize = 1 << 30;

/// The most labels that are read.
const LABELS: usize = 1 << 24;

/// How many of the first answers count as near.
const NEAR: usize = 3;

/// What a network is given.
pub(crate) enum Inputs {
    /// A file of tensors.
    Tensors(PathBuf),
    /// A file of pictures.
    Pictures(PathBuf),
    /// A folder of sounds.
    Sounds(PathBuf),
}

/// The `accuracy` command.
pub(crate) struct Accuracy {
    pub(crate) model: ModelArguments,
    pub(crate) inputs: Inputs,
    pub(crate) labels: PathBuf,
    pub(crate) answers: Option<PathBuf>,
}

/// How many were named right.
#[derive(Debug, Default, Eq, PartialEq)]
struct Score {
    first: usize,
    near: usize,
}

impl Score {
    fn add(&mut self, answer: &[u8], label: u8) {
        if let Some(rank) = rank(answer, label) {
            self.first += usize::from(rank == 0);
            self.near += usize::from(rank < NEAR);
        }
    }
}

impl Accuracy {
    pub(crate) fn execute_with(self, kernels: KernelSet) -> Outcome {
        match kernels {
            KernelSet::Native => self.execute::<Native>(),
            KernelSet::Portable => self.execute::<Portable>(),
            KernelSet::Reference => self.execute::<Reference>(),
        }
    }

    fn execute<K: Kernels>(self) -> Outcome {
        let session = open::<K>(&self.model)?;
        session.check_runs()?;
        let labels = files::read(&self.labels, LABELS)?;
        let (input_bytes, classes) = sizes(&session)?;
        let inputs = self.inputs.open(labels.len(), input_bytes)?;
        if let Some(label) = labels.iter().find(|&&label| usize::from(label) >= classes) {
            let message = format!("Label {label}, and the model has {classes} classes.");
            return Err(Failure::new(message, "Labels are positions in the answer, from 0."));
        }
        let planned = session.plan(ScheduleChoice::Layerwise)?;
        let mut arena = Session::<K>::arena(&planned)?;
        let (mut score, mut answers) = (Score::default(), Vec::new());
        for (number, &label) in labels.iter().enumerate() {
            let input = inputs.tensor(&session, number, input_bytes)?;
            let mut recorder = Recorder::new(session.graph());
            let trace = session.run(&planned, &[&input], &mut arena, &mut recorder)?;
            for answer in trace.outputs.iter().take(1) {
                score.add(answer, label);
                answers.extend_from_slice(answer);
            }
        }
        if let Some(path) = &self.answers {
            fs::write(path, answers).map_err(|error| Failure::file(path, &error))?;
        }
        files::print(&self.told(&score, labels.len()), ExitCode::SUCCESS)
    }

    fn told(&self, score: &Score, samples: usize) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = |right: usize| right as f64 / samples as f64;
        if self.model.json {
            return json_text(&json!({
                "samples": samples,
                "right": score.first,
                "right_in_three": score.near,
                "top1": share(score.first),
                "top3": share(score.near),
            }));
        }
        format!(
            "{} inputs: {:.2} % named right, {:.2} % among the first three answers\n",
            thousands(samples as u64),
            share(score.first) * 100.0,
            share(score.near) * 100.0
        )
    }
}

/// Inputs that are at hand.
enum Opened {
    Tensors(Vec<u8>),
    Pictures(Vec<u8>),
    Sounds(Vec<PathBuf>),
}

impl Inputs {
    /// Reads the inputs, or only their names, and checks that there is one for each label.
    fn open(&self, labels: usize, input_bytes: usize) -> Result<Opened, Failure> {
        let advice = "Give one byte of label for each input.";
        let read = |path: &PathBuf| {
            let bytes = files::read(path, INPUT_BYTES)?;
            if labels > 0 && bytes.len() == labels.saturating_mul(input_bytes) {
                return Ok(bytes);
            }
            let found = bytes.len();
            let message = format!(
                "{found} bytes of inputs for {labels} labels; an input of this model has {input_bytes}."
            );
            Err(Failure::new(message, advice))
        };
        Ok(match self {
            Self::Tensors(path) => Opened::Tensors(read(path)?),
            Self::Pictures(path) => Opened::Pictures(read(path)?),
            Self::Sounds(folder) => {
                let found = sounds::of_folder(folder)?;
                if labels == 0 || found.len() != labels {
                    let message = format!("{} WAV files for {labels} labels.", found.len());
                    return Err(Failure::new(message, advice));
                }
                Opened::Sounds(found)
            }
        })
    }
}

impl Opened {
    /// The tensor of an input.
    fn tensor<K: Kernels>(
        &self,
        session: &Session<K>,
        number: usize,
        input_bytes: usize,
    ) -> Result<Vec<u8>, Failure> {
        let part = |bytes: &[u8]| bytes.chunks_exact(input_bytes).nth(number).map(<[u8]>::to_vec);
        match self {
            Self::Tensors(bytes) => Ok(part(bytes).unwrap_or_default()),
            Self::Pictures(bytes) => of_picture(session, &part(bytes).unwrap_or_default()),
            Self::Sounds(paths) => match paths.get(number) {
                Some(path) => sounds::input(session, path),
                None => Ok(Vec::new()),
            },
        }
    }
}

/// The input that the page makes of a picture of its size, given by its levels.
fn of_picture<K: Kernels>(session: &Session<K>, levels: &[u8]) -> Result<Vec<u8>, Failure> {
    let map = session.graph().inputs.first().map(|&id| session.graph().tensor(id).shape.map());
    let size = map.and_then(|map| Some([map.width.try_into().ok()?, map.height.try_into().ok()?]));
    let (Some(map), Some(size)) = (map, size) else {
        return Err(Failure::new("The model has no input.", "Give a classifier of pictures."));
    };
    let rgba: Vec<u8> = match map.channels {
        1 => levels.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect(),
        _ => levels.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
    };
    Ok(session.input_from_picture(&rgba, size, sounds::choices(session))?)
}

/// Bytes of the only int8 input, and of the only int8 output: a class each.
fn sizes<K: Kernels>(session: &Session<K>) -> Result<(usize, usize), Failure> {
    let graph = session.graph();
    let is_int8 = |id| graph.tensor(id).data_type == DataType::Int8;
    match (&graph.inputs[..], &graph.outputs[..]) {
        (&[input], &[output]) if is_int8(input) && is_int8(output) => {
            Ok((graph.tensor(input).bytes, graph.tensor(output).bytes))
        }
        _ => Err(Failure::new(
            "The model is no classifier with one int8 input and one int8 output.",
            "Give a classifier whose input and output are int8.",
        )),
    }
}

/// How many classes come before `label`: those with a greater answer, and of equal ones the earlier.
fn rank(answer: &[u8], label: u8) -> Option<usize> {
    let own = answer.get(usize::from(label))?.cast_signed();
    let is_before = |(class, value): (usize, &u8)| {
        let value = value.cast_signed();
        value > own || (value == own && class < usize::from(label))
    };
    Some(answer.iter().enumerate().filter(|&entry| is_before(entry)).count())
}

#[cfg(test)]
mod tests {
    use super::{Score, rank};

    #[test]
    fn answers_are_signed_and_the_earlier_of_equals_comes_first() {
        let answer = [-128, 5, 127, 5].map(i8::cast_unsigned);
        assert_eq!([0, 1, 2, 3].map(|label| rank(&answer, label)), [3, 1, 0, 2].map(Some));
        assert_eq!(rank(&answer, 4), None);
    }

    #[test]
    fn the_first_answer_and_the_first_three_are_counted() {
        let answer = [-128, 5, 127, 5].map(i8::cast_unsigned);
        let mut score = Score::default();
        for label in [0, 1, 2, 3, 2] {
            score.add(&answer, label);
        }
        assert_eq!(score, Score { first: 2, near: 4 });
    }
}

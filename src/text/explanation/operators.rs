//! Operators, types and versions that were refused.

use super::{Explanation, exact_bytes};
use crate::{
    error_line::Phase,
    model::registration,
    order::sorted_positions,
    report::{ModelReport, OperatorReport},
    text::operator_label,
};

/// The most operators that are listed.
const MAX_LISTED: usize = 8;

/// The resolver does not know an operator.
pub(super) fn missing(operator: &str, version: Option<u64>, model: &ModelReport) -> Explanation {
    let operators = numbers(model, |one| kind(one) == operator);
    let mut sentences =
        vec![format!("The program's resolver has no {operator}, so the model cannot be prepared.")];
    sentences.push(match operators.is_empty() {
        true => format!("This model has no {operator}: the line is of another model."),
        false => format!("In this model: {}.", listed(&operators)),
    });
    let mut advice = vec![match (operator, method(operator)) {
        ("CUSTOM", _) => {
            "Add it with AddCustom() under the name that the model has for it.".to_owned()
        }
        (_, Some(method)) => {
            let lead = if operators.is_empty() { "To run that other model: add" } else { "Add" };
            format!("{lead} resolver.{method}(); where the others are.")
        }
        (_, None) => format!(
            "TensorFlow Lite Micro's resolver is not known to have {operator}: convert the model without it, or \
             see whether your release has grown a kernel for it."
        ),
    }];
    if let Some(version) = version.filter(|&version| version > 1) {
        advice.push(format!(
            "Where that line is there already, the library is older than version {version} of the \
             operator: take a newer library, or convert for an older one."
        ));
    }
    advice.push(resolver(model));
    Explanation {
        title: format!("{operator} is not registered"),
        sentences,
        advice,
        operators,
        ..Explanation::default()
    }
}

/// The resolver has too few places.
pub(super) fn resolver_full(places: u64, model: &ModelReport) -> Explanation {
    let count = kinds(model).len();
    let of_model = match count as u64 > places {
        true => format!("This model has {count} kinds of operators, the resolver {places} places."),
        false => format!(
            "The resolver has {places} places. This model's {count} kinds of operators would fit: \
             more are added than it has."
        ),
    };
    Explanation {
        title: "The resolver has too few places".to_owned(),
        sentences: vec![of_model],
        advice: vec![resolver(model)],
        ..Explanation::default()
    }
}

/// A kernel refused.
pub(super) fn failed(
    operator: &str,
    number: u64,
    phase: Phase,
    model: &ModelReport,
) -> Explanation {
    let found = usize::try_from(number).ok().and_then(|number| model.operators.get(number));
    let when = match phase {
        Phase::Prepare => "while AllocateTensors() prepared it",
        Phase::Invoke => "while it ran",
    };
    let same = found.filter(|one| kind(one) == operator);
    let of_model = match (same, found) {
        (Some(one), _) => format!("That is {} of this model.", operator_label(one)),
        (None, Some(one)) => format!(
            "In this model #{number} is {}, not {operator}: the line is of another model.",
            kind(one)
        ),
        (None, None) => format!(
            "This model has {} operators, none with that number: the line is of another model.",
            model.operators.len()
        ),
    };
    let mut sentences =
        vec![format!("Operator #{number}, {operator}, was refused {when}."), of_model];
    if let Some(problem) = same.and_then(|one| one.refusal.as_ref()) {
        sentences.push(format!("Here it cannot run either. {}", problem.message));
    }
    let mut advice = vec![
        "The reason stands in the line before it: paste that as well. Most often it is a type that \
         the kernel does not take, or an arena without room for the kernel's data."
            .to_owned(),
    ];
    advice.extend(same.and_then(|one| one.refusal.as_ref()).map(|one| one.advice.clone()));
    Explanation {
        title: format!("#{number} {operator} was refused"),
        sentences,
        advice,
        operators: same.map(|one| one.index).into_iter().collect(),
        ..Explanation::default()
    }
}

/// The bytes are of another version.
pub(super) fn schema(found: u64, supported: u64, model: &ModelReport) -> Explanation {
    Explanation {
        title: "The bytes are of another schema version".to_owned(),
        sentences: vec![format!(
            "The program reads version {found} where it knows {supported}. All .tflite files have \
             version 3, so with another number it does not read such a file at all."
        )],
        advice: vec![format!(
            "Check that the array holds all {} of the file, is declared alignas(16), and that the \
             pointer is to its first byte.",
            exact_bytes(model.file_bytes)
        )],
        ..Explanation::default()
    }
}

/// A kernel does not take the types.
pub(super) fn types(input: &str, filter: Option<&str>, model: &ModelReport) -> Explanation {
    let is = |one: &OperatorReport, position: usize, wanted: &str| {
        let tensor = one.inputs.get(position).and_then(|id| model.tensors.get(id.index()));
        tensor.is_some_and(|tensor| tensor.data_type.eq_ignore_ascii_case(wanted))
    };
    let operators =
        numbers(model, |one| is(one, 0, input) && filter.is_none_or(|filter| is(one, 1, filter)));
    let of_model = match operators.is_empty() {
        true => "No operator of this model reads that: the line is of another model.".to_owned(),
        false => format!("In this model: {}.", listed(&operators)),
    };
    Explanation {
        title: match filter {
            Some(filter) => format!("No kernel for {input} with weights of {filter}"),
            None => format!("No kernel for {input}"),
        },
        sentences: vec![
            match filter {
                Some(_) => {
                    "Weights and activations are quantized differently; TensorFlow Lite Micro has kernels \
                     for int8 with int8, int16 with int8 and float32 with float32."
                }
                None => "A kernel of this build has no code for that type.",
            }
            .to_owned(),
            of_model,
        ],
        advice: vec![
            "Convert with full integer quantization: a representative_dataset, and \
             TFLITE_BUILTINS_INT8 as the only supported_ops."
                .to_owned(),
        ],
        operators,
        ..Explanation::default()
    }
}

/// An operator's kind as the schema names it, without a custom one's own name.
fn kind(operator: &OperatorReport) -> &str {
    if operator.kind.starts_with("CUSTOM") { "CUSTOM" } else { &operator.kind }
}

fn numbers(model: &ModelReport, is_meant: impl Fn(&OperatorReport) -> bool) -> Vec<u32> {
    model.operators.iter().filter(|one| is_meant(one)).map(|one| one.index).collect()
}

/// `#1, #4 and 3 more`
fn listed(operators: &[u32]) -> String {
    let first = operators.iter().take(MAX_LISTED).map(|index| format!("#{index}"));
    let words = first.collect::<Vec<_>>().join(", ");
    match operators.len().saturating_sub(MAX_LISTED) {
        0 => words,
        more => format!("{words} and {more} more"),
    }
}

/// The kinds of a model's operators by name, each once: a custom operator is a kind of its own.
fn kinds(model: &ModelReport) -> Vec<&str> {
    let operators = &model.operators;
    let by_kind = |one: usize, other: usize| operators[one].kind.cmp(&operators[other].kind);
    let sorted = sorted_positions(operators.len(), &by_kind).into_iter();
    let mut kinds: Vec<&str> = sorted.map(|at| operators[at].kind.as_str()).collect();
    kinds.dedup();
    kinds
}

/// The whole resolver for a model.
fn resolver(model: &ModelReport) -> String {
    let kinds = kinds(model);
    let mut methods: Vec<String> = kinds.iter().filter_map(|kind| method(kind)).collect();
    methods.dedup();
    let without: Vec<&str> = kinds.iter().filter(|kind| method(kind).is_none()).copied().collect();
    let without = match without.is_empty() {
        true => String::new(),
        false => format!(" It is not known to have {}.", without.join(", ")),
    };
    format!(
        "All that this model needs: MicroMutableOpResolver<{}> with {}.{without}",
        kinds.len(),
        methods.join(", ")
    )
}

/// The resolver's method that adds a kind: `AddDepthwiseConv2D` of `DEPTHWISE_CONV_2D`; `None` where it is not known to
/// have one.
pub(super) fn method(kind: &str) -> Option<String> {
    let own = kind.starts_with("CUSTOM").then_some("Custom");
    Some(["Add", registration(kind).or(own)?].concat())
}

//! What TensorFlow Lite Micro prints.

use super::{
    Message, Phase, Step,
    scan::{Pasted, count, name},
};

/// A phrase in small letters, and what reads around it.
type Phrase = (&'static str, fn(&Pasted<'_>) -> Option<Message>);

pub(super) const PHRASES: &[Phrase] = &[
    ("arena size is too small for", plan),
    ("needed", bare),
    ("failed to allocate memory. requested", older),
    ("failed to resize buffer", |text| refused(text, Step::Head)),
    ("failed to allocate tail memory", |text| refused(text, Step::Tail)),
    ("failed to allocate temp memory", |text| refused(text, Step::Temporary)),
    ("failed to allocate memory for memory planning", planning),
    // "builtin opcode", and "builtincode" in copies by hand.
    ("didn't find op for builtin", |text| {
        let version = text.after("version").and_then(count);
        let operator = name(text.after("code")?)?;
        Some(Message::MissingOperator { operator, version })
    }),
    ("failed to get registration from op code", |text| {
        Some(Message::MissingOperator { operator: name(text.behind)?, version: None })
    }),
    ("resolver size is too small", |text| {
        Some(Message::ResolverFull { places: count(text.after("(")?)? })
    }),
    ("failed to prepare with status", |text| failed(text, Phase::Prepare)),
    ("failed to invoke with status", |text| failed(text, Phase::Invoke)),
    ("not equal to supported version", |text| {
        let found = count(text.since("version")?)?;
        Some(Message::SchemaVersion { found, supported: count(text.behind)? })
    }),
    ("with filter type", |text| {
        Some(Message::TypesRefused {
            input: name(text.since("input type")?)?,
            filter: Some(name(text.behind)?),
        })
    }),
    ("hybrid models are not supported", |_| Some(Message::Hybrid)),
    // "Type %s (%d) not supported."
    (") not supported", |text| {
        Some(Message::TypesRefused { input: name(text.since("type ")?)?, filter: None })
    }),
    ("allocatetensors() failed", |_| Some(Message::AllocationFailed)),
    ("allocatetensors failed", |_| Some(Message::AllocationFailed)),
];

fn plan(text: &Pasted<'_>) -> Option<Message> {
    let requested = text.bytes_after("needed")?;
    let available = text.bytes_after("only")?;
    Some(Message::Refused {
        step: Step::Plan,
        requested,
        available: Some(available),
        missing: None,
    })
}

/// "Needed 212064, available 191120", as it is quoted; without the second number only where the first one
/// is below zero, which nothing else is.
fn bare(text: &Pasted<'_>) -> Option<Message> {
    let requested = text.bytes_after("")?;
    let available = text.bytes_after("only").or_else(|| text.bytes_after("available"));
    (available.is_some() || requested.bytes().is_none()).then_some(Message::Refused {
        step: Step::Plan,
        requested,
        available,
        missing: None,
    })
}

/// "Failed to allocate memory. Requested: %u, available %u, missing: %u", which older releases said of what stays.
fn older(text: &Pasted<'_>) -> Option<Message> {
    let requested = text.bytes_after("")?;
    let (available, missing) = (text.bytes_after("available"), text.bytes_after("missing"));
    Some(Message::Refused { step: Step::Tail, requested, available, missing })
}

fn refused(text: &Pasted<'_>, step: Step) -> Option<Message> {
    let requested = text.bytes_after("requested")?;
    let (available, missing) = (text.bytes_after("available"), text.bytes_after("missing"));
    Some(Message::Refused { step, requested, available, missing })
}

/// "..., %d bytes required"
fn planning(text: &Pasted<'_>) -> Option<Message> {
    let requested = text.bytes_after(",")?;
    Some(Message::Refused { step: Step::Temporary, requested, available: None, missing: None })
}

/// "Node CONV_2D (number 4f)": the `f` is of the format that some releases print.
fn failed(text: &Pasted<'_>, phase: Phase) -> Option<Message> {
    let operator = name(text.since("node ")?)?;
    Some(Message::OperatorFailed { operator, number: count(text.since("(number ")?)?, phase })
}

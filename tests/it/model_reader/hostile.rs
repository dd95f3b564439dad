//! Bytes made to break the reader: it has to answer all of them, soon and in little memory.

use super::{all_kinds, error, read, small};
use crate::support::{
    flatbuffer_writer::{Node, Slot, nodes, number, numbers, text, write},
    random::Random,
    tflite_writer::{TensorSpec, build, tensor},
};
use proptest::prelude::*;
use std::sync::Arc;
use tinyml_playground::model::{self, Content, ErrorSort, Limits, ModelError};

/// What a hostile word may say: nothing, almost nothing, and the ends of signed and unsigned.
const WORDS: [u32; 8] = [0, 1, 4, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFC, u32::MAX];

fn content(bytes: &[u8]) -> Content {
    match error(bytes) {
        ModelError::TooShort { content, .. } | ModelError::NotTflite { content, .. } => content,
        other => panic!("{other}"),
    }
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(error(&[]), ModelError::Empty);
    assert_eq!(content(b"PK"), Content::Text);
    assert_eq!(content(b"\x1c\0\0\0TFL"), Content::Unknown);
    assert_eq!(content(b"PK\x03\x04\x14\0\x08\0\x08\0model.tflite"), Content::Zip);
    assert_eq!(content(b"\x1f\x8b\x08\0\0\0\0\0\0\x03"), Content::Gzip);
    assert_eq!(content(b"\x89HDF\r\n\x1a\n\0\0"), Content::Hdf5);
    assert_eq!(content(b"<!DOCTYPE html>\n<html lang=\"en\">"), Content::WebPage);
    assert_eq!(content(b"unsigned char g_model[] = {"), Content::Text);
    let html = error(b"<!doctype html>");
    assert_eq!(
        html.to_string(),
        "this is not a .tflite file: bytes 4 to 7 read `ctyp`, expected `TFL3`"
    );
    assert!(html.advice().contains("web page"));
    assert_eq!(html.sort(), ErrorSort::Malformed);
}

#[test]
fn every_truncation_is_an_error() {
    for spec in [all_kinds(), small()] {
        let bytes = build(&spec);
        assert!(read(&bytes).is_ok());
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_err(), "{len} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn truncation_names_both_ends() {
    let bytes = build(&all_kinds());
    let cut = error(&bytes[..bytes.len() - 1]);
    assert!(matches!(cut, ModelError::OutOfBounds { .. }));
    assert!(cut.advice().starts_with("Download it again"));
}

#[test]
fn no_word_of_a_model_can_be_abused() {
    let good = build(&all_kinds());
    for at in (0..good.len() - 3).step_by(2) {
        for word in WORDS.into_iter().chain([u32::try_from(at).unwrap().wrapping_neg()]) {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
            // Whether this is still a model is not the point: it has to return.
            let _ = read(&bytes);
        }
    }
}

#[test]
fn mutated_models_are_answered() {
    let mut random = Random::new(0x7F13);
    let good = build(&all_kinds());
    let mut refused = 0;
    for _ in 0..5_000 {
        let mut bytes = good.clone();
        for _ in 0..=random.below(8) {
            let at = random.below(bytes.len());
            bytes[at] = random.byte();
        }
        refused += usize::from(read(&bytes).is_err());
    }
    assert!(refused > 1_000, "only {refused} mutants were noticed");
}

#[test]
fn random_bytes_behind_the_identifier_are_answered() {
    let mut random = Random::new(1);
    for _ in 0..5_000 {
        let len = random.below(300);
        let mut bytes = random.bytes(8 + len);
        bytes[..8].copy_from_slice(b"\x10\0\0\0TFL3");
        let _ = read(&bytes);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }
}

#[test]
fn a_root_that_points_at_itself_or_outside_is_refused() {
    let mut bytes = build(&small());
    for offset in [0, u32::MAX, u32::try_from(bytes.len()).unwrap()] {
        bytes[..4].copy_from_slice(&offset.to_le_bytes());
        let _ = error(&bytes);
    }
}

/// A model whose only subgraph has these slots.
fn model_of(subgraph: Vec<(u16, Slot)>, mut others: Vec<(u16, Slot)>) -> Vec<u8> {
    others.push((2, nodes(vec![Node::Table(subgraph)])));
    write(*b"TFL3", &Node::Table(others))
}

#[test]
fn vectors_that_claim_four_billion_elements_are_refused() {
    let claim = |width| Slot::Node(Node::Numbers { len: u32::MAX, width, bytes: vec![0; 64] });
    let refused = |bytes: &[u8]| {
        let refused = error(bytes);
        assert!(matches!(refused, ModelError::OutOfBounds { .. }), "{refused}");
    };
    for slot in 0..5 {
        refused(&model_of(vec![(slot, claim(4))], Vec::new()));
    }
    let operator = |slots: Vec<(u16, Slot)>| {
        let codes = (1, nodes(vec![Node::Table(Vec::new())]));
        model_of(vec![(3, nodes(vec![Node::Table(slots)]))], vec![codes])
    };
    refused(&operator(vec![(1, claim(4))]));
    refused(&operator(vec![(2, claim(4))]));
    let tensor = |slots| model_of(vec![(0, nodes(vec![Node::Table(slots)]))], Vec::new());
    refused(&tensor(vec![(0, claim(4))]));
    refused(&tensor(vec![(3, claim(1))]));
    let quantization = Node::Table(vec![(2, numbers(&[1f32])), (3, claim(8))]);
    refused(&tensor(vec![(4, Slot::Node(quantization))]));
    for slot in [1, 3, 4] {
        refused(&model_of(Vec::new(), vec![(slot, claim(4))]));
    }
    refused(&write(*b"TFL3", &Node::Table(vec![(2, claim(4))])));
}

#[test]
fn counts_over_the_limits_are_refused_before_they_are_read() {
    let empty = || Box::new(Node::Table(Vec::new()));
    let limits = Limits { tensors: 10, operators: 10, file_bytes: 1_000, ..Limits::default() };
    let refused = |subgraph| {
        let bytes = model_of(subgraph, Vec::new());
        model::read(Arc::from(bytes), &limits).unwrap_err()
    };
    let tensors = refused(vec![(0, Slot::Node(Node::Repeated(11, empty())))]);
    assert_eq!(tensors, ModelError::TooManyTensors { count: 11, limit: 10 });
    let operators = refused(vec![(3, Slot::Node(Node::Repeated(11, empty())))]);
    assert_eq!(operators, ModelError::TooManyOperators { count: 11, limit: 10 });
    let file = refused(vec![(4, text(&"x".repeat(1_000)))]);
    assert!(matches!(file, ModelError::FileTooLarge { limit_bytes: 1_000, .. }));
    for error in [tensors, operators, file] {
        assert_eq!(error.sort(), ErrorSort::Limit);
    }
}

#[test]
fn many_tensors_with_one_huge_name_do_not_multiply_it() {
    // 16,000 tensors share one table with a name of 1 MB: 16 GB, were each to get its copy.
    let shared = tensor(&TensorSpec::int8(&"n".repeat(1 << 20), &[1]), 0);
    let shared = Node::Repeated(16_000, Box::new(shared));
    let overlap = error(&model_of(vec![(0, Slot::Node(shared))], Vec::new()));
    assert!(matches!(overlap, ModelError::Overlap { .. }), "{overlap}");
    assert_eq!(overlap.sort(), ErrorSort::Limit);
}

#[test]
fn many_operators_with_one_huge_list_do_not_multiply_it() {
    let shared = Node::Table(vec![(1, numbers(&vec![-1i32; 1 << 18]))]);
    let codes = (1, nodes(vec![Node::Table(vec![(0, number(22i8))])]));
    let shared = Slot::Node(Node::Repeated(8_000, Box::new(shared)));
    let overlap = error(&model_of(vec![(3, shared)], vec![codes]));
    assert!(matches!(overlap, ModelError::Overlap { .. }), "{overlap}");
}

#[test]
fn many_operators_with_one_huge_custom_code_do_not_multiply_it() {
    let code = Node::Table(vec![(0, number(32i8)), (1, text(&"c".repeat(1 << 20)))]);
    let shared = Slot::Node(Node::Repeated(8_000, Box::new(Node::Table(Vec::new()))));
    let overlap = error(&model_of(vec![(3, shared)], vec![(1, nodes(vec![code]))]));
    assert!(matches!(overlap, ModelError::Overlap { .. }), "{overlap}");
}

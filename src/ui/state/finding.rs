//! Finding operators by number, kind, shape or the name of a tensor.

use crate::{
    report::{ModelReport, OperatorReport},
    text::compact_shape,
};

/// A text in small letters, also others than English ones.
#[must_use]
pub fn in_small_letters(text: &str) -> String {
    // The browser has the table of letters already: that of the standard library is thousands of bytes.
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// What is searched of an operator, in small letters.
fn line(model: &ModelReport, one: &OperatorReport) -> String {
    let shape = compact_shape(&one.output_shape);
    let mut line = format!("#{} {} {shape}", one.index, one.kind);
    for id in one.outputs.iter().chain(&one.inputs) {
        if let Some(tensor) = model.tensors.get(id.index()) {
            line.push('\n');
            line.push_str(&tensor.name);
        }
    }
    in_small_letters(&line)
}

/// The places, in `order`, of the operators that match: a `#` and digits mean that number, all else
/// any part of number, kind or shape or, where no operator has such, of the name of a tensor. Nothing matches an empty query.
#[must_use]
pub fn matches(model: &ModelReport, order: &[u32], query: &str) -> Vec<usize> {
    let query = in_small_letters(query.trim());
    let number = query.strip_prefix('#').and_then(|digits| digits.parse::<u32>().ok());
    let is_meant =
        |operator: u32, has_tensors: bool| match (number, model.operators.get(operator as usize)) {
            (Some(number), _) => operator == number,
            (None, Some(one)) => {
                let line = line(model, one);
                let own = line.split('\n').next().unwrap_or_default();
                if has_tensors { line.contains(&query) } else { own.contains(&query) }
            }
            (None, None) => false,
        };
    let find = |has_tensors: bool| {
        let mut found = Vec::new();
        for (place, &operator) in order.iter().enumerate().filter(|_| !query.is_empty()) {
            if is_meant(operator, has_tensors) {
                found.push(place);
            }
        }
        found
    };
    // Exporters name tensors after many operators: those count where nothing is called so itself.
    let own = find(false);
    if own.is_empty() { find(true) } else { own }
}

/// The match after a place, or before it; from the other end where there is no more.
#[must_use]
pub fn next(found: &[usize], place: usize, is_back: bool) -> Option<usize> {
    let after = found.partition_point(|&one| one <= place);
    let before = found.partition_point(|&one| one < place);
    if is_back {
        before.checked_sub(1).and_then(|at| found.get(at)).or(found.last()).copied()
    } else {
        found.get(after).or(found.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn operators_are_found_by_number_kind_shape_and_tensor() {
        let model = sample::model();
        let found = |query: &str| matches(&model, &[0, 1, 2, 3, 4], query);
        assert_eq!(found("#4"), [4]);
        assert_eq!(found("conv"), [0, 1]);
        assert_eq!(found(" DepthWise "), [1]);
        assert_eq!(found("4x4x8"), [1]);
        assert_eq!(found("tensor 2"), [1, 2], "who writes it and who reads it");
        assert!(found("#44").is_empty());
        assert!(found("\n").is_empty(), "only what people can type");
        assert!(found("").is_empty());
        assert_eq!(matches(&model, &[4, 1, 0], "conv"), [1, 2], "places, not numbers");
        let mut model = model;
        model.tensors[2].name = "Größe/Ελληνικά".to_owned();
        let found = |query: &str| matches(&model, &[0, 1, 2, 3, 4], query);
        assert_eq!((found("GRÖ"), found("ΕΛΛΗΝΙΚΆ")), (vec![1, 2], vec![1, 2]));
    }

    #[test]
    fn the_next_one_comes_after_the_last_one_from_the_start() {
        let found = [2, 5, 9];
        let on = [0, 2, 5, 9].map(|place| next(&found, place, false));
        assert_eq!(on, [Some(2), Some(5), Some(9), Some(2)]);
        let back = [0, 2, 6, 9].map(|place| next(&found, place, true));
        assert_eq!(back, [Some(9), Some(9), Some(5), Some(5)]);
        assert_eq!(next(&[], 0, false), None);
    }
}

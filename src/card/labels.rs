//! Labels of one's own: a text with one a line.

/// The longest that a label may be.
pub const MOST_LABEL_BYTES: usize = 200;

/// Why a text does not label a model's answers.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LabelsError {
    /// It has more or fewer lines than the model has classes.
    #[error("{found} labels, and the model has {classes} classes")]
    Count {
        /// Its lines.
        found: usize,
        /// The model's classes.
        classes: usize,
    },
    /// A line is too long to be a label.
    #[error("line {line} has {bytes} bytes; a label has at most {MOST_LABEL_BYTES}")]
    TooLong {
        /// Its number, from 1.
        line: usize,
        /// Its length.
        bytes: usize,
    },
    /// A line holds what is no text.
    #[error("line {line} is no text")]
    NoText {
        /// Its number, from 1.
        line: usize,
    },
}

/// The labels of `classes` classes: the lines of a text, without blanks around them. Blank lines at
/// the end do not count, others are empty labels.
///
/// # Errors
/// [`LabelsError`] where there are more or fewer, or a line is no label.
pub fn read_labels(text: &str, classes: usize) -> Result<Vec<String>, LabelsError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end();
    let found = if text.is_empty() { 0 } else { text.lines().count() };
    if found != classes {
        return Err(LabelsError::Count { found, classes });
    }
    let label = |(index, line): (usize, &str)| {
        let (line, number) = (line.trim(), index + 1);
        if line.len() > MOST_LABEL_BYTES {
            return Err(LabelsError::TooLong { line: number, bytes: line.len() });
        }
        if line.contains(char::is_control) {
            return Err(LabelsError::NoText { line: number });
        }
        Ok(line.to_owned())
    };
    text.lines().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_line() {
        let expected = ["cat", "", "Hühnerhund"].map(str::to_owned).to_vec();
        assert_eq!(read_labels("\u{feff}cat\r\n\r\n Hühnerhund\t\r\n\n", 3), Ok(expected));
        assert_eq!(read_labels("", 0), Ok(Vec::new()));
    }

    #[test]
    fn what_labels_nothing_is_told_plainly() {
        let refused = read_labels("a\nb\n", 3).unwrap_err();
        assert_eq!(refused.to_string(), "2 labels, and the model has 3 classes");
        assert_eq!(read_labels("a\nb", 1), Err(LabelsError::Count { found: 2, classes: 1 }));
        assert_eq!(read_labels(" \n", 1), Err(LabelsError::Count { found: 0, classes: 1 }));
        let long = "x".repeat(MOST_LABEL_BYTES + 1);
        let refused = read_labels(&format!("a\n{long}"), 2);
        assert_eq!(refused, Err(LabelsError::TooLong { line: 2, bytes: MOST_LABEL_BYTES + 1 }));
        assert_eq!(read_labels("a\0b", 1), Err(LabelsError::NoText { line: 1 }));
    }
}

//! Terms of the page, one meaning each.

/// A term and its meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Term {
    /// The word.
    pub word: &'static str,
    /// What it means here.
    pub meaning: &'static str,
}

/// All terms that the page explains.
pub const GLOSSARY: &[Term] = &[
    Term {
        word: "Arena",
        meaning: "The one piece of RAM in which all activations of a run live. What TensorFlow Lite \
                  Micro is to be given holds its own structures as well: To allocate.",
    },
    Term {
        word: "Live",
        meaning: "A tensor is live from the step that writes it until its last reader is done. \
                  The input is live from the start, outputs until the end; weights never are.",
    },
    Term {
        word: "Peak",
        meaning: "The most bytes that are live at once; no arena without overlap can be smaller.",
    },
    Term {
        word: "Available",
        meaning: "The SRAM of the target. What own blocks leave of it is left for the arena.",
    },
    Term {
        word: "Lower bound",
        meaning: "What no plan of this schedule can go below: the peak with scratch, or what a \
                  search has proven.",
    },
    Term {
        word: "Scratch, in place",
        meaning: "Scratch: what a kernel needs beside its tensors while it runs. In place: an \
                  operator writes its output over its input.",
    },
    Term {
        word: "Passes",
        meaning: "What is taken out of the file's graph before it is planned: conversions at its \
                  ends, and PADs that convolutions can do themselves.",
    },
    Term {
        word: "Patch stage",
        meaning: "The first operators, run for one part of the picture after the other, so that \
                  their large maps never exist as a whole.",
    },
    Term {
        word: "Halo",
        meaning: "The rim of a patch that its neighbours compute as well, because convolutions \
                  look over the edge: the price of patches.",
    },
    Term {
        word: "Stage end",
        meaning: "The last operator that runs in patches; its output, the split tensor, is put \
                  together whole.",
    },
    Term {
        word: "Resident, streamed",
        meaning: "Resident: the whole input lies in the arena. Streamed: each patch's part is \
                  delivered when its turn comes, as a camera would.",
    },
    Term {
        word: "MAC",
        meaning: "One multiplication and one addition, the unit of work of a network.",
    },
    Term { word: "Zero point", meaning: "The int8 value that stands for the real number 0." },
    Term { word: "KiB", meaning: "1024 bytes." },
];

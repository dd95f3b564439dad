//! Why a well-formed file holds no graph.

/// What makes no sense about a graph.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are operators and tensors by their index in the file")]
pub enum GraphError {
    /// The file has no operator.
    #[error("the model has no operators")]
    NoOperators,
    /// The file has no input or no output.
    #[error("the model has no {0}")]
    NoBoundary(&'static str),
    /// An operator reads what a later one (or itself) writes: the order of the file is no order of
    /// execution, or there is a cycle.
    #[error(
        "operator #{reader} reads tensor {tensor}, which operator #{writer} writes only afterwards: \
         the graph has a cycle or its operators are out of order"
    )]
    ReadBeforeWrite { reader: usize, tensor: u32, writer: usize },
    /// An operator reads a tensor that nothing writes.
    #[error("operator #{reader} reads tensor {tensor}, which nothing writes")]
    NeverWritten { reader: usize, tensor: u32 },
    /// Two operators write one tensor.
    #[error("operators #{first} and #{second} both write tensor {tensor}")]
    WrittenTwice { tensor: u32, first: usize, second: usize },
    /// An operator writes a constant or an input.
    #[error("operator #{writer} writes tensor {tensor}, which is {what}")]
    NotWritable { writer: usize, tensor: u32, what: &'static str },
    /// A constant is given to the caller, or asked of it.
    #[error("{what} tensor {tensor} is a constant")]
    ConstantBoundary { what: &'static str, tensor: u32 },
    /// The caller is to read what nothing writes.
    #[error("output tensor {tensor} is written by no operator")]
    OutputNeverWritten { tensor: u32 },
}

impl GraphError {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        "The file is damaged or was edited by hand: convert the model again."
    }
}

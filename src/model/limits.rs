//! How much of a hostile file is believed.

/// Upper bounds for what a file may ask; beyond them reading stops with an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Tensors of the subgraph.
    pub tensors: usize,
    /// Operators of the subgraph.
    pub operators: usize,
    /// Bytes of one activation tensor.
    pub tensor_bytes: usize,
    /// Bytes of all activation tensors together, for a model that is to run.
    pub activation_bytes: u64,
    /// Element reads (MACs, or reads where there are none) of one whole inference.
    pub work: u64,
}

impl Default for Limits {
    /// Generous for networks on microcontrollers, small beside a browser tab's memory.
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            tensors: 16_384,
            operators: 8_192,
            tensor_bytes: 256 << 20,
            activation_bytes: 1 << 30,
            work: 100_000_000_000,
        }
    }
}

//! The integration tests, linked once.

mod kernel_vectors;

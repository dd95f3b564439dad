//! Filling the model's inputs: from files, pictures and seeded noise.

use super::{Error, Session};
use crate::{
    graph::Tensor,
    kernels::Kernels,
    preprocess::{self, Preprocessing, Target},
    quant::QuantParams,
    tensor::{DataType, Map, TensorId},
};

impl<K: Kernels> Session<K> {
    /// The bytes of input `position` of the graph, from the raw little-endian bytes of the file's
    /// tensor. Behind a float boundary the float32 tensor is quantized here, and bytes of int8
    /// length are taken as the quantized tensor.
    ///
    /// # Errors
    /// [`Error::InputLength`] where the length fits neither.
    pub fn input_from_bytes(&self, position: usize, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let refused =
            |expected: String| Error::InputLength { input: position, found: bytes.len(), expected };
        let Some(&id) = self.graph.inputs.get(position) else {
            return Err(refused("no such input".to_owned()));
        };
        let tensor = self.graph.tensor(id);
        if bytes.len() == tensor.bytes {
            return Ok(bytes.to_vec());
        }
        let float = self.graph.float_inputs.get(position).copied().flatten();
        match (float, tensor.quantization) {
            (Some(float), Some(params)) if bytes.len() == self.graph.tensor(float).bytes => {
                Ok(K::quantize(bytes, params))
            }
            (Some(float), _) => {
                let float_bytes = self.graph.tensor(float).bytes;
                Err(refused(format!("{float_bytes} (float32) or {} (int8)", tensor.bytes)))
            }
            (None, _) => Err(refused(tensor.bytes.to_string())),
        }
    }

    /// Checks that these are as many tensors as the graph has inputs, of their sizes.
    ///
    /// # Errors
    /// [`Error::InputLength`] for the first that does not fit.
    pub fn check_inputs(&self, inputs: &[Vec<u8>]) -> Result<(), Error> {
        for position in 0..self.graph.inputs.len().max(inputs.len()) {
            let found = inputs.get(position).map_or(0, Vec::len);
            let expected = self.graph.inputs.get(position).map(|&id| self.graph.tensor(id).bytes);
            if expected != Some(found) {
                let expected =
                    expected.map_or("no such input".to_owned(), |bytes| bytes.to_string());
                return Err(Error::InputLength { input: position, found, expected });
            }
        }
        Ok(())
    }

    /// The bytes of the only input, from a decoded picture: `rgba` holds `width` x `height` pixels
    /// of four bytes.
    ///
    /// # Errors
    /// [`Error`] where the input is no int8 map of one or three channels, or the picture has the
    /// wrong length.
    pub fn input_from_picture(
        &self,
        rgba: &[u8],
        [width, height]: [u32; 2],
        choices: Preprocessing,
    ) -> Result<Vec<u8>, Error> {
        let (_, tensor, params) = self.int8_input()?;
        let map = tensor.shape.map();
        let Map { height: rows, width: columns, channels } = map;
        let target = Target { height: rows, width: columns, channels, params };
        let values = preprocess::picture_to_tensor(rgba, width, height, &target, choices)?;
        Ok(values.into_iter().map(i8::cast_unsigned).collect())
    }

    /// The bytes of every input from a seeded generator, each byte equally likely.
    ///
    /// xorshift64* (Vigna 2016): the eight highest bits of each number; one stream runs through all
    /// inputs.
    #[must_use]
    pub fn inputs_from_noise(&self, seed: u32) -> Vec<Vec<u8>> {
        let mut state = u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).max(1);
        let mut next = move || {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_be_bytes()[0]
        };
        let sizes = self.graph.inputs.iter().map(|&id| self.graph.tensor(id).bytes);
        sizes.map(|bytes| (0..bytes).map(|_| next()).collect()).collect()
    }

    /// The only input, where it is an int8 tensor with scale and zero point.
    pub(super) fn int8_input(&self) -> Result<(TensorId, &Tensor, QuantParams), Error> {
        let &[id] = &self.graph.inputs[..] else {
            let found = format!("{} tensors", self.graph.inputs.len());
            return Err(Error::InputKind { found });
        };
        let tensor = self.graph.tensor(id);
        match tensor.quantization {
            Some(params) if tensor.data_type == DataType::Int8 => Ok((id, tensor, params)),
            _ => Err(Error::InputKind { found: format!("a {} tensor", tensor.data_type.name()) }),
        }
    }
}

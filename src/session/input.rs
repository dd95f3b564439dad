//! Filling the model's inputs: from files, pictures and seeded noise.

use super::{Error, Session};
use crate::{
    graph::{Node, Tensor},
    kernels::Kernels,
    operator::Operator,
    preprocess::{self, Preprocessing, Target},
    quant::{QuantParams, dequantize},
    tensor::{DataType, Map, TensorId},
};

impl<K: Kernels> Session<K> {
    /// The bytes of input `position` of the graph, from the raw little-endian bytes of the file's
    /// tensor. Behind a float boundary the float32 tensor is quantized here, and bytes of int8
    /// length are taken as the quantized tensor; where passes have left the boundary in the graph,
    /// these are made real values, which its QUANTIZE turns into the same bytes again.
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
        if let Some((quantized, params)) = self.kept_boundary(position) {
            let int8_bytes = self.graph.tensor(quantized).bytes;
            if bytes.len() == int8_bytes {
                return Ok(dequantize_all(bytes, params));
            }
            return Err(refused(format!("{} (float32) or {int8_bytes} (int8)", tensor.bytes)));
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

    /// The bytes of input `position` as the network's int8 operators meet them: quantized where
    /// passes have left a float boundary in the graph, else as they are.
    #[must_use]
    pub fn quantized_input(&self, position: usize, bytes: &[u8]) -> Vec<u8> {
        match self.kept_boundary(position) {
            Some((_, params)) => K::quantize(bytes, params),
            None => bytes.to_vec(),
        }
    }

    /// The int8 tensor that a QUANTIZE in the graph makes of a float32 input, with its parameters;
    /// `None` for other inputs, or where several make different ones.
    pub(super) fn kept_boundary(&self, position: usize) -> Option<(TensorId, QuantParams)> {
        let &id = self.graph.inputs.get(position)?;
        if self.graph.tensor(id).data_type != DataType::Float32 {
            return None;
        }
        let mut readers = self.graph.nodes.iter().filter(|node| node.inputs.contains(&id));
        let made = |node: &Node| match (&node.operator, &node.outputs[..]) {
            (Ok(Operator::Quantize(params, _)), &[output]) => Some((output, *params)),
            _ => None,
        };
        let first = made(readers.next()?)?;
        readers.all(|node| made(node).is_some_and(|other| other.1 == first.1)).then_some(first)
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
        let (tensor, params) = self.int8_input()?;
        let map = tensor.shape.map();
        let Map { height: rows, width: columns, channels } = map;
        let target = Target { height: rows, width: columns, channels, params };
        let values = preprocess::picture_to_tensor(rgba, width, height, &target, choices)?;
        let bytes: Vec<u8> = values.into_iter().map(i8::cast_unsigned).collect();
        self.input_from_bytes(0, &bytes)
    }

    /// The bytes of every input from a seeded generator, each byte equally likely; where passes have
    /// left a float boundary in the graph, the real values of such bytes, so that the network meets
    /// the same with and without it.
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
        let inputs = self.graph.inputs.iter().enumerate();
        inputs
            .map(|(position, &id)| match self.kept_boundary(position) {
                Some((quantized, params)) => {
                    let length = self.graph.tensor(quantized).bytes;
                    let bytes: Vec<u8> = (0..length).map(|_| next()).collect();
                    dequantize_all(&bytes, params)
                }
                None => (0..self.graph.tensor(id).bytes).map(|_| next()).collect(),
            })
            .collect()
    }

    /// The only input, where it is an int8 tensor with scale and zero point or becomes one at once.
    fn int8_input(&self) -> Result<(&Tensor, QuantParams), Error> {
        let &[id] = &self.graph.inputs[..] else {
            let found = format!("{} tensors", self.graph.inputs.len());
            return Err(Error::InputKind { found });
        };
        let tensor = self.graph.tensor(id);
        match tensor.quantization {
            Some(params) if tensor.data_type == DataType::Int8 => return Ok((tensor, params)),
            _ => {}
        }
        match self.kept_boundary(0) {
            Some((quantized, params)) => Ok((self.graph.tensor(quantized), params)),
            None => {
                Err(Error::InputKind { found: format!("a {} tensor", tensor.data_type.name()) })
            }
        }
    }
}

/// int8 values to little-endian float32.
fn dequantize_all(bytes: &[u8], params: QuantParams) -> Vec<u8> {
    let real = bytes.iter().map(|byte| dequantize(byte.cast_signed(), params));
    real.flat_map(f32::to_le_bytes).collect()
}

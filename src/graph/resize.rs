//! A model for a smaller input: every shape worked out anew, weights as they are.
//!
//! A network that works on maps of any size up to a pool or mean over the whole map takes other
//! inputs with the same weights. Where an operator fixes a size, that is a [`ResizeError`] that names
//! it. Shapes are only proposed here: the graph that is built of them checks every one.

use crate::{
    model::{Model, Operator, Options, Padding},
    tensor::{Shape, TensorId},
};

/// Why a model takes no input of that size.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ResizeError {
    /// The model has not one input that is a map of batch 1.
    #[error("the model has not one input of shape 1 x height x width x channels")]
    NotAMap,
    /// The sides asked for are none, or larger than the stored ones.
    #[error("inputs from 1x1 to {}x{} can be planned", .most[0], .most[1])]
    Sides {
        /// Height and width of the input in the file.
        most: [usize; 2],
    },
    /// An operator's output has a size that the file fixes, whatever comes in.
    #[error("#{operator} {kind} fixes {}x{}", .sides[0], .sides[1])]
    Fixed {
        /// The operator, by its position in the file.
        operator: usize,
        /// Its kind.
        kind: String,
        /// Height and width of the map that it takes.
        sides: [usize; 2],
    },
}

impl ResizeError {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        "Choose the size before training: the file holds weights for this one alone."
    }
}

/// The same model for an input of these sides, height and width, at most the stored ones.
///
/// Weights and options stay, but for the kernel of a pool that covers its whole map, which goes on
/// covering it. What the model computes is another matter: it was trained for the stored size.
///
/// # Errors
/// [`ResizeError`] where an operator fixes a size, or the sides are none of the possible ones.
pub fn resize(mut model: Model, sides: [usize; 2]) -> Result<Model, ResizeError> {
    let &[input] = &model.inputs[..] else { return Err(ResizeError::NotAMap) };
    let &[1, height, width, channels] = model.tensors[input.index()].shape.dims() else {
        return Err(ResizeError::NotAMap);
    };
    let most = [height, width];
    if (0..2).any(|axis| !(1..=most[axis]).contains(&sides[axis])) {
        return Err(ResizeError::Sides { most });
    }
    let mut operators = std::mem::take(&mut model.operators);
    let mut shapes = Shapes { stored: vec![None; model.tensors.len()], model };
    shapes.replace(input, &[1, sides[0], sides[1], channels]);
    for (index, operator) in operators.iter_mut().enumerate() {
        let &[output] = &operator.outputs[..] else { continue };
        let Some((before, after)) = shapes.changed_input(operator) else { continue };
        let dims = shapes.output_dims(operator, [before.dims(), &after], output);
        if dims.and_then(|dims| shapes.replace(output, &dims)).is_none() {
            let map = before.map();
            let (kind, sides) = (operator.kind.clone(), [map.height, map.width]);
            return Err(ResizeError::Fixed { operator: index, kind, sides });
        }
    }
    shapes.model.operators = operators;
    Ok(shapes.model)
}

/// The model's tensors while they get other shapes.
struct Shapes {
    model: Model,
    /// The shape in the file, of tensors that have another one by now.
    stored: Vec<Option<Shape>>,
}

impl Shapes {
    fn dims(&self, id: TensorId) -> &[usize] {
        self.model.tensors[id.index()].shape.dims()
    }

    /// Gives a tensor another shape; `None` where that is no shape.
    fn replace(&mut self, id: TensorId, dims: &[usize]) -> Option<()> {
        if self.dims(id) != dims {
            let sides: Option<Vec<i32>> = dims.iter().map(|&side| side.try_into().ok()).collect();
            let shape = Shape::try_from_dims(&sides?).ok()?;
            let tensor = &mut self.model.tensors[id.index()];
            let bits = shape.elements() as u64 * tensor.data_type.bits()? as u64;
            tensor.bytes = bits.div_ceil(8).try_into().ok()?;
            self.stored[id.index()] = Some(std::mem::replace(&mut tensor.shape, shape));
        }
        Some(())
    }

    /// The first input of an operator that has another shape than in the file: that one, and the
    /// dimensions it has now.
    fn changed_input(&self, operator: &Operator) -> Option<(Shape, Vec<usize>)> {
        operator.inputs.iter().flatten().find_map(|&id| {
            let before = self.stored[id.index()].clone()?;
            Some((before, self.dims(id).to_vec()))
        })
    }

    /// The dimensions of an operator's output when an input that had dimensions `before` has
    /// `after`; `None` where they are fixed.
    fn output_dims(
        &self,
        operator: &mut Operator,
        [before, after]: [&[usize]; 2],
        output: TensorId,
    ) -> Option<Vec<usize>> {
        let mut dims = self.dims(output).to_vec();
        let (kernel, padding, stride, dilation) = match &mut operator.options {
            Options::Conv2d { padding, stride, dilation, .. }
            | Options::DepthwiseConv2d { padding, stride, dilation, .. } => {
                let weights = self.dims(operator.inputs.get(1).copied()??);
                let &[_, height, width, _] = weights else { return None };
                ([height, width], *padding, *stride, *dilation)
            }
            Options::Pool { padding, stride, kernel, .. } => {
                let sides = [side(kernel[0])?, side(kernel[1])?];
                if *padding == Padding::Valid && before.get(1..3)? == sides {
                    for (kernel, after) in kernel.iter_mut().zip(after.get(1..3)?) {
                        *kernel = (*after).try_into().ok()?;
                    }
                    return Some(dims);
                }
                (sides, *padding, *stride, [1; 2])
            }
            _ => return plain_dims(&operator.kind, [before, after], dims),
        };
        for axis in 0..2 {
            let (size, stride) = (*after.get(axis + 1)?, side(stride[axis])?);
            let reach = kernel[axis].checked_sub(1)?.checked_mul(side(dilation[axis])?)?;
            *dims.get_mut(axis + 1)? = match padding {
                Padding::Same => size.div_ceil(stride),
                Padding::Valid => size.checked_sub(1)?.checked_sub(reach)? / stride + 1,
            };
        }
        Some(dims)
    }
}

/// The same of operators without a window.
fn plain_dims(
    kind: &str,
    [before, after]: [&[usize]; 2],
    mut dims: Vec<usize>,
) -> Option<Vec<usize>> {
    let is_alike = dims.len() == before.len();
    for (axis, dim) in dims.iter_mut().enumerate() {
        match kind {
            // Where it keeps a side that has changed, the graph that is built of this refuses it.
            "MEAN" => {}
            "PAD" if is_alike => *dim = dim.checked_add(after[axis])?.checked_sub(before[axis])?,
            "ADD" | "MUL" | "SOFTMAX" | "QUANTIZE" | "DEQUANTIZE" if is_alike => {
                if *dim == before[axis] {
                    *dim = after[axis];
                }
            }
            _ => return None,
        }
    }
    Some(dims)
}

fn side(value: i32) -> Option<usize> {
    usize::try_from(value).ok().filter(|&value| value > 0)
}

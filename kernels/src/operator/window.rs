//! Operators that slide a window over a map: convolutions, pooling, and the geometry they share.

use crate::{
    quant::Multiplier,
    tensor::{Map, Region, Span},
};
use std::sync::Arc;

/// The geometry of a sliding window, `[vertical, horizontal]` each.
///
/// Output cell `(y, x)` reads input rows `y * stride - padding_before + i * dilation` for `i` in
/// `0..kernel`, columns alike. What lies outside the map reads as the zero point (pooling leaves it
/// out instead).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// The input map.
    pub input: Map,
    /// The output map.
    pub output: Map,
    /// Kernel size in taps, at least 1.
    pub kernel: [usize; 2],
    /// Step between outputs, at least 1.
    pub stride: [usize; 2],
    /// Step between taps, at least 1.
    pub dilation: [usize; 2],
    /// Cells of padding above and to the left.
    pub padding_before: [usize; 2],
}

impl Window {
    /// Taps of the kernel: height times width.
    #[must_use]
    pub const fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// The taps along `axis` (0 vertical, 1 horizontal) that lie in the map for output `index`.
    ///
    /// Tap `i` of them reads input `index * stride + i * dilation - padding_before`: see
    /// [`Window::source`].
    #[must_use]
    pub fn taps_inside(&self, axis: usize, index: usize) -> Span {
        let size = if axis == 0 { self.input.height } else { self.input.width };
        let (start, before) = (index * self.stride[axis], self.padding_before[axis]);
        let taps_until = |position: usize| {
            let taps = position.saturating_sub(start).div_ceil(self.dilation[axis]);
            taps.min(self.kernel[axis])
        };
        Span::new(taps_until(before), taps_until(before + size))
    }

    /// The input row (or column) that tap `tap` reads for output `index` along `axis`; the tap is
    /// one of [`Window::taps_inside`].
    #[must_use]
    pub const fn source(&self, axis: usize, index: usize, tap: usize) -> usize {
        index * self.stride[axis] + tap * self.dilation[axis] - self.padding_before[axis]
    }

    /// The region of the input that a region of the output reads, clipped to the map.
    ///
    /// For outputs `[a, e)` along an axis: `[a*s - b, (e-1)*s - b + (k-1)*d + 1)`. It is empty
    /// where the outputs read padding alone.
    #[must_use]
    pub fn need(&self, output: Region) -> Region {
        Region {
            rows: self.need_along(0, output.rows, self.input.height),
            columns: self.need_along(1, output.columns, self.input.width),
        }
    }

    fn need_along(&self, axis: usize, outputs: Span, size: usize) -> Span {
        if outputs.is_empty() {
            return Span::default();
        }
        let (stride, before) = (self.stride[axis], self.padding_before[axis]);
        let reach = (self.kernel[axis] - 1) * self.dilation[axis] + 1;
        let start = (outputs.start * stride).saturating_sub(before).min(size);
        let end = ((outputs.end - 1) * stride + reach).saturating_sub(before).min(size);
        Span::new(start, end)
    }
}

/// CONV_2D: int8 input and weights, int32 bias, requantized per output channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2d {
    /// Geometry; `output.channels` is the number of filters.
    pub window: Window,
    /// Weights, `[output channel][kernel row][kernel column][input channel]`.
    pub weights: Arc<[i8]>,
    /// One bias for each output channel (zeros where the file has none).
    pub bias: Arc<[i32]>,
    /// `input scale * weight scale / output scale` for each output channel.
    pub multipliers: Arc<[Multiplier]>,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

/// The multiplier of one output channel of a convolution, or `None` where the scales give none:
/// `input * weight / output` in float64.
///
/// Source: TensorFlow Lite `kernel_util.cc`, `PopulateConvolutionQuantizationParams`.
#[must_use]
pub fn conv_multiplier(input: f32, weight: f32, output: f32) -> Option<Multiplier> {
    Multiplier::from_real(f64::from(input) * f64::from(weight) / f64::from(output))
}

/// DEPTHWISE_CONV_2D: each input channel has `multiplier` filters of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthwiseConv2d {
    /// Geometry; `output.channels` = `input.channels * depth_multiplier`.
    pub window: Window,
    /// Output channels for each input channel; output `c * depth_multiplier + m` reads input `c`.
    pub depth_multiplier: usize,
    /// Weights, `[kernel row][kernel column][output channel]`.
    pub weights: Arc<[i8]>,
    /// One bias for each output channel (zeros where the file has none).
    pub bias: Arc<[i32]>,
    /// `input scale * weight scale / output scale` for each output channel.
    pub multipliers: Arc<[Multiplier]>,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

/// Which value of the window a pool keeps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PoolKind {
    /// The mean over the cells inside the map, rounded half away from zero.
    Average,
    /// The greatest.
    Max,
}

/// AVERAGE_POOL_2D or MAX_POOL_2D; input and output have one scale and zero point.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Geometry; channels are equal on both sides, dilation is 1.
    pub window: Window,
    /// Mean or maximum.
    pub kind: PoolKind,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(kernel: usize, stride: usize, dilation: usize, before: usize, size: usize) -> Window {
        let map = Map { height: size, width: size, channels: 1 };
        Window {
            input: map,
            output: map,
            kernel: [kernel; 2],
            stride: [stride; 2],
            dilation: [dilation; 2],
            padding_before: [before; 2],
        }
    }

    #[track_caller]
    fn check(window: Window, outputs: Span, expected: Span) {
        let region = window.need(Region { rows: outputs, columns: outputs });
        assert_eq!(region, Region { rows: expected, columns: expected });
    }

    #[test]
    fn need_grows_by_the_halo_and_stops_at_the_border() {
        check(window(3, 1, 1, 1, 10), Span::new(0, 5), Span::new(0, 6));
        check(window(3, 1, 1, 1, 10), Span::new(5, 10), Span::new(4, 10));
        check(window(3, 2, 1, 0, 10), Span::new(1, 3), Span::new(2, 7));
        check(window(3, 1, 2, 2, 10), Span::new(4, 5), Span::new(2, 7));
    }

    #[test]
    fn taps_inside_are_those_that_read_the_map() {
        for (kernel, stride, dilation, before) in
            [(3, 1, 1, 1), (3, 2, 2, 2), (5, 3, 1, 4), (1, 2, 1, 0), (4, 1, 3, 9)]
        {
            let window = window(kernel, stride, dilation, before, 6);
            for index in 0..6 {
                let inside: Vec<usize> = (0..kernel)
                    .map(|tap| index * stride + tap * dilation)
                    .filter(|&at| at >= before && at < before + 6)
                    .map(|at| at - before)
                    .collect();
                let taps = window.taps_inside(0, index);
                let sources: Vec<usize> =
                    (taps.start..taps.end).map(|tap| window.source(0, index, tap)).collect();
                assert_eq!(sources, inside, "{window:?} {index}");
            }
        }
    }

    #[test]
    fn need_is_empty_where_only_padding_is_read() {
        check(window(2, 1, 1, 5, 4), Span::new(0, 2), Span::new(0, 0));
        check(window(2, 1, 1, 0, 4), Span::new(7, 8), Span::new(4, 4));
        check(window(3, 1, 1, 1, 4), Span::default(), Span::default());
    }
}

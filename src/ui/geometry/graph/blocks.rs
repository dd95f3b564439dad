//! Blocks of operators that belong together, found from who reads whom.

use super::Node;
use crate::report::{Family, ModelReport, OperatorReport};

/// No block is longer.
const MOST_OPERATORS: usize = 16;

/// What makes a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockShape {
    /// Two ways from one tensor that an ADD brings together again.
    Residual,
    /// A 1x1 convolution, a depthwise one, and a 1x1 convolution.
    Bottleneck,
    /// A depthwise convolution and a 1x1 convolution.
    Separable,
}

/// A run of operators on the spine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Block {
    /// The place of its first operator.
    pub first: usize,
    /// The place of its last one.
    pub last: usize,
    /// What makes it one.
    pub shape: BlockShape,
}

/// All blocks from top to bottom: residual ones first of all, then what is free around depthwise
/// convolutions.
pub(super) fn find(model: &ModelReport, nodes: &[Node]) -> Vec<Block> {
    let mut residuals: Vec<Block> = Vec::new();
    for last in 0..nodes.len() {
        let free = residuals.last().map_or(0, |block| block.last + 1);
        residuals.extend(residual(model, nodes, last).filter(|block| block.first >= free));
    }
    let mut blocks: Vec<Block> = Vec::new();
    let (mut free, mut next) = (0, residuals.into_iter().peekable());
    for place in 0..nodes.len() {
        if place < free {
            continue;
        }
        let end = next.peek().map_or(nodes.len(), |block| block.first);
        let found = if place == end { next.next() } else { around(model, nodes, place, free..end) };
        if let Some(block) = found {
            free = block.last + 1;
            blocks.push(block);
        }
    }
    blocks
}

fn operator<'a>(model: &'a ModelReport, nodes: &[Node], place: usize) -> &'a OperatorReport {
    &model.operators[nodes[place].operator as usize]
}

/// The block that an ADD ends: back to the tensor from which both its operands come.
fn residual(model: &ModelReport, nodes: &[Node], last: usize) -> Option<Block> {
    if operator(model, nodes, last).kind != "ADD" || nodes[last].reads.len() < 2 {
        return None;
    }
    // What is still to be followed back, ascending; always its latest first.
    let mut open = nodes[last].reads.clone();
    while let [.., _, latest] = open[..] {
        open.pop();
        if last - latest >= MOST_OPERATORS || nodes[latest].reads.is_empty() {
            return None;
        }
        for &read in &nodes[latest].reads {
            if let Err(at) = open.binary_search(&read) {
                open.insert(at, read);
            }
        }
    }
    let first = open.first()? + 1;
    let computes = |place: usize| {
        !matches!(operator(model, nodes, place).family, Family::ElementWise | Family::Other)
    };
    let is_one = last - first < MOST_OPERATORS && (first..last).any(computes);
    is_one.then_some(Block { first, last, shape: BlockShape::Residual })
}

/// The block around the depthwise convolution at `place`, within the places that are free.
fn around(
    model: &ModelReport,
    nodes: &[Node],
    place: usize,
    free: std::ops::Range<usize>,
) -> Option<Block> {
    if operator(model, nodes, place).family != Family::Depthwise {
        return None;
    }
    let is_pointwise = |at: usize| {
        let one = operator(model, nodes, at);
        one.kind == "CONV_2D" && one.kernel == Some([1, 1])
    };
    // Through what changes no channels: pads, activations of their own, removed ones.
    let is_between = |at: usize| {
        let one = operator(model, nodes, at);
        one.removed_by.is_some()
            || matches!(one.kind.as_str(), "PAD" | "RELU" | "RELU6" | "HARD_SWISH")
    };
    let goes_on =
        |at: usize| operator(model, nodes, at).removed_by.is_some() || nodes[at].before.is_some();
    let mut first = place;
    let expands = loop {
        if first == free.start || !goes_on(first) {
            break false;
        }
        first -= 1;
        if is_pointwise(first) {
            break true;
        }
        if !is_between(first) {
            break false;
        }
    };
    let mut last = place + 1;
    while last < free.end && goes_on(last) && is_between(last) {
        last += 1;
    }
    if last >= free.end || !goes_on(last) || !is_pointwise(last) {
        return None;
    }
    let (first, shape) =
        if expands { (first, BlockShape::Bottleneck) } else { (place, BlockShape::Separable) };
    Some(Block { first, last, shape })
}

#[cfg(test)]
mod tests {
    use super::{super::nets::Net, *};

    fn found(net: Net) -> Vec<(usize, usize, BlockShape)> {
        let blocks = net.spine().blocks;
        blocks.iter().map(|block| (block.first, block.last, block.shape)).collect()
    }

    #[test]
    fn inverted_residuals_and_bottlenecks_are_told_apart() {
        let mut net = Net::default();
        let stem = net.conv(0, 3);
        let first = net.depthwise(stem);
        let thin = net.conv(first, 1);
        let kept = net.bottleneck(thin);
        let sum = net.bottleneck(kept);
        net.add(kept, sum);
        assert_eq!(
            found(net),
            [
                (1, 2, BlockShape::Separable),
                (3, 5, BlockShape::Bottleneck),
                (6, 9, BlockShape::Residual)
            ]
        );
    }

    #[test]
    fn a_shortcut_with_a_convolution_of_its_own_belongs_to_its_block() {
        let mut net = Net::default();
        let stem = net.conv(0, 3);
        let one = net.conv(stem, 3);
        let two = net.conv(one, 3);
        let short = net.conv(stem, 1);
        let sum = net.add(two, short);
        net.conv(sum, 3);
        assert_eq!(found(net), [(1, 4, BlockShape::Residual)]);
    }

    #[test]
    fn pads_before_a_depthwise_convolution_do_not_hide_its_block() {
        let mut net = Net::default();
        let stem = net.conv(0, 3);
        let wide = net.conv(stem, 1);
        let padded = net.pad(wide);
        let deep = net.depthwise(padded);
        net.conv(deep, 1);
        assert_eq!(found(net), [(1, 4, BlockShape::Bottleneck)]);
    }

    #[test]
    fn what_is_no_block_is_none() {
        let mut net = Net::default();
        let (mut last, mut before) = (net.conv(0, 3), 0);
        for _ in 0..10 {
            (last, before) = (net.add(last, before), last);
        }
        assert_eq!(found(net), [], "a chain of additions");
        let mut net = Net::default();
        let start = net.conv(0, 3);
        let mut last = start;
        for _ in 0..MOST_OPERATORS {
            last = net.conv(last, 3);
        }
        net.add(last, start);
        assert_eq!(found(net), [], "too long");
        let mut net = Net::default();
        let deep = net.depthwise(0);
        net.conv(deep, 3);
        assert_eq!(found(net), [], "a 3x3 convolution behind the depthwise one");
    }
}

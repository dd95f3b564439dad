//! Edges beside the spine: outputs that are read further down, each in a lane of its own.

use super::Node;

/// No more lanes are drawn: edges beyond them show with their operator alone.
pub const MOST_LANES: usize = 5;

/// An output that others than the next operator read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edge {
    /// The place of the operator that writes it.
    pub from: usize,
    /// The places of those that read it beside the spine, ascending.
    pub to: Vec<usize>,
    /// Its lane, from 0 next to the spine; `None` where all are taken.
    pub lane: Option<usize>,
}

impl Edge {
    /// The place where it ends.
    #[must_use]
    pub fn last(&self) -> usize {
        self.to.last().copied().unwrap_or(self.from)
    }
}

/// All edges in the order of their ends, and how many lanes they take. Two edges share a lane where
/// one ends at the latest where the other begins.
pub(super) fn beside(nodes: &[Node]) -> (Vec<Edge>, usize) {
    let mut edges: Vec<Edge> = Vec::new();
    // Where the last edge of each lane ends.
    let mut ends: Vec<usize> = Vec::new();
    let far = |from: usize| {
        let readers = nodes[from].readers.iter().copied();
        readers.filter(move |&place| nodes[place].before != Some(from))
    };
    for (place, node) in nodes.iter().enumerate() {
        // By their ends, shorter ones first: so the inner of two nested edges is nearer.
        for &from in node.reads.iter().rev() {
            if far(from).next_back() != Some(place) {
                continue;
            }
            let free = ends.iter().position(|&end| end <= from);
            let lane = free.or((ends.len() < MOST_LANES).then_some(ends.len()));
            match lane {
                Some(lane) if lane == ends.len() => ends.push(place),
                Some(lane) => ends[lane] = place,
                None => {}
            }
            edges.push(Edge { from, to: far(from).collect(), lane });
        }
    }
    (edges, ends.len())
}

#[cfg(test)]
mod tests {
    use super::{super::nets::Net, *};
    use proptest::prelude::*;

    /// Whether any two edges of a lane lie over each other.
    fn check(edges: &[Edge]) {
        for (index, edge) in edges.iter().enumerate() {
            let same = edges[..index].iter().filter(|other| other.lane == edge.lane);
            for other in same.filter(|_| edge.lane.is_some()) {
                let is_apart = other.last() <= edge.from || edge.last() <= other.from;
                assert!(is_apart, "{other:?} and {edge:?}");
            }
        }
    }

    #[test]
    fn residuals_that_follow_each_other_share_a_lane_and_inner_ones_lie_nearer() {
        let mut net = Net::default();
        let mut last = net.conv(0, 3);
        let start = last;
        for _ in 0..3 {
            let wide = net.bottleneck(last);
            last = net.add(last, wide);
        }
        net.add(start, last);
        let spine = net.spine();
        check(&spine.edges);
        // The first output goes to the first ADD and to the last one: one edge, and the outer one.
        assert_eq!(spine.n_lanes, 2);
        let outer = spine.edges.last().unwrap();
        assert_eq!((outer.from, &outer.to[..], outer.lane), (0, &[4, 13][..], Some(1)));
        let inner: Vec<_> = spine.edges[..2].iter().map(|edge| (edge.from, edge.lane)).collect();
        assert_eq!(inner, [(4, Some(0)), (8, Some(0))]);
    }

    #[test]
    fn more_edges_than_lanes_are_kept_without_one() {
        let mut net = Net::default();
        let all: Vec<u32> = (0..12).map(|_| net.conv(0, 3)).collect();
        for one in &all {
            net.add(*one, *one);
        }
        let spine = net.spine();
        check(&spine.edges);
        assert_eq!(spine.n_lanes, MOST_LANES);
        assert!(spine.edges.iter().any(|edge| edge.lane.is_none()));
    }

    proptest! {
        #[test]
        fn no_edge_lies_over_another(reads in proptest::collection::vec((0usize..60, 0usize..60), 1..60)) {
            let mut net = Net::default();
            let mut all = vec![net.conv(0, 3)];
            for (a, b) in reads {
                let sum = net.add(all[a % all.len()], all[b % all.len()]);
                all.push(sum);
            }
            let spine = net.spine();
            check(&spine.edges);
            // Every reader is reached, by the spine or by an edge.
            for (place, node) in spine.nodes.iter().enumerate() {
                for &from in &node.reads {
                    let by_edge = spine.edges.iter().any(|edge| edge.from == from && edge.to.contains(&place));
                    prop_assert!((node.before == Some(from)) != by_edge);
                }
            }
        }
    }
}

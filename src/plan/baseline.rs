//! The two simplest plans, as the measure of all others: no byte used twice, and ping-pong.

use super::{
    Buffer, Lifespan,
    group::{Group, groups},
};
use crate::order::sorted_positions;

/// Every buffer behind the one before: the sum of all sizes.
pub(super) fn no_reuse(buffers: &[Buffer]) -> Vec<u64> {
    let groups = groups(buffers);
    let mut offsets = vec![0; buffers.len()];
    stack(&groups, 0..groups.len(), 0, &mut offsets);
    offsets
}

/// Two ends of one space, taken in turns: in order of life, each buffer lies at the bottom or at the
/// top, whichever the one before did not take, so that operator after operator reads from one end
/// and writes to the other. What finds neither end free while it lives, such as the operand of a
/// residual that outlasts its neighbours, lies above both, in bytes of its own.
///
/// For a chain the height is the greatest sum of two neighbours.
///
/// Source: the two buffers of `TinyMaix`, with the output placed from the other end.
pub(super) fn ping_pong(buffers: &[Buffer]) -> Vec<u64> {
    let groups = groups(buffers);
    let lives: Vec<Lifespan> = groups.iter().map(|group| life(buffers, group)).collect();
    let life_of = |group: usize| (lives[group].first, lives[group].end);
    let order = sorted_positions(groups.len(), &|one, other| life_of(one).cmp(&life_of(other)));
    let mut ends: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    // Groups come in order of their first step: an end is free once the last group there has died.
    let (mut busy_until, mut aside, mut next) = ([0; 2], Vec::new(), 0);
    for group in order {
        let life = lives[group];
        match [next, 1 - next].into_iter().find(|&end| busy_until[end] <= life.first) {
            Some(end) => {
                ends[end].push(group);
                busy_until[end] = busy_until[end].max(life.end);
                next = 1 - end;
            }
            None => aside.push(group),
        }
    }
    let height_bytes = common_height_bytes(&groups, &lives, &ends);
    let mut offsets = vec![0; buffers.len()];
    for &group in &ends[1] {
        let Group { members, size_bytes, alignment_bytes } = &groups[group];
        let offset = (height_bytes - size_bytes) / alignment_bytes * alignment_bytes;
        members.iter().for_each(|&member| offsets[member] = offset);
    }
    stack(&groups, aside, height_bytes, &mut offsets);
    offsets
}

/// The least height at which nothing at the bottom reaches what lives with it at the top.
fn common_height_bytes(groups: &[Group], lives: &[Lifespan], ends: &[Vec<usize>; 2]) -> u64 {
    let size = |group: usize| groups[group].size_bytes;
    // A top buffer may lie lower than the height asks, by less than its alignment.
    let top = |group: usize| size(group) + groups[group].alignment_bytes - 1;
    let alone = ends.iter().flatten().map(|&group| size(group)).max().unwrap_or(0);
    let mut height_bytes = alone;
    let mut from = 0;
    for &upper in &ends[1] {
        // Both ends are in order of life and free of overlaps: what has ended stays behind.
        while ends[0].get(from).is_some_and(|&lower| lives[lower].end <= lives[upper].first) {
            from += 1;
        }
        let meets = ends[0][from..].iter().take_while(|&&g| lives[g].first < lives[upper].end);
        for &lower in meets.filter(|&&g| lives[g].overlaps(lives[upper])) {
            height_bytes = height_bytes.max(size(lower) + top(upper));
        }
    }
    height_bytes
}

/// Puts groups one behind the other, from `offset` on.
fn stack(
    groups: &[Group],
    each: impl IntoIterator<Item = usize>,
    mut offset: u64,
    offsets: &mut [u64],
) {
    for group in each {
        let Group { members, size_bytes, alignment_bytes } = &groups[group];
        if *size_bytes > 0 {
            offset = offset.next_multiple_of(*alignment_bytes);
        }
        let at = if *size_bytes > 0 { offset } else { 0 };
        members.iter().for_each(|&member| offsets[member] = at);
        offset += size_bytes;
    }
}

/// From the first step of a group's first member to the end of its last.
fn life(buffers: &[Buffer], group: &Group) -> Lifespan {
    let lives = group.members.iter().map(|&member| buffers[member].lifespan);
    let lives = lives.filter(|life| !life.is_empty());
    let hull =
        |a: Lifespan, b: Lifespan| Lifespan { first: a.first.min(b.first), end: a.end.max(b.end) };
    lives.reduce(hull).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(first: u64, end: u64, size_bytes: u64) -> Buffer {
        let lifespan = Lifespan { first, end };
        Buffer { size_bytes, alignment_bytes: 1, lifespan, takes_place_of: None }
    }

    #[test]
    fn nothing_is_used_twice() {
        let buffers = [buffer(0, 1, 8), buffer(5, 6, 3), buffer(2, 3, 4)];
        assert_eq!(no_reuse(&buffers), [0, 8, 11]);
    }

    #[test]
    fn a_chain_goes_from_end_to_end() {
        let sizes = [64, 32, 16, 48];
        let buffers: Vec<_> = sizes.iter().zip(0..).map(|(&s, i)| buffer(i, i + 2, s)).collect();
        assert_eq!(ping_pong(&buffers), [0, 64, 0, 48]);
    }

    #[test]
    fn what_outlasts_its_neighbours_lies_above_both_ends() {
        // The first tensor is the operand of a residual and takes the bottom for long; the three
        // that follow have one end between them.
        let buffers = [buffer(0, 4, 10), buffer(1, 3, 6), buffer(2, 4, 5), buffer(3, 5, 4)];
        assert_eq!(ping_pong(&buffers), [0, 10, 16, 12]);
    }
}

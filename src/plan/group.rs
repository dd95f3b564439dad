//! Buffers that have one offset: each takes the place of the one before it.

use super::Buffer;

/// A chain of buffers with one offset, none live at the same time as another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Group {
    /// Positions in the problem, in order of life.
    pub(super) members: Vec<usize>,
    /// The greatest size of a member.
    pub(super) size_bytes: u64,
    /// The least alignment that serves all members.
    pub(super) alignment_bytes: u64,
}

/// The groups of a problem, in order of their first members; most have one member.
pub(super) fn groups(buffers: &[Buffer]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::with_capacity(buffers.len());
    let mut group_of = vec![0; buffers.len()];
    for (position, buffer) in buffers.iter().enumerate() {
        match buffer.takes_place_of.filter(|&other| other < position) {
            Some(other) => {
                let group = &mut groups[group_of[other]];
                group_of[position] = group_of[other];
                group.members.push(position);
                group.size_bytes = group.size_bytes.max(buffer.size_bytes);
                group.alignment_bytes = common(group.alignment_bytes, buffer.alignment_bytes);
            }
            None => {
                group_of[position] = groups.len();
                groups.push(Group {
                    members: vec![position],
                    size_bytes: buffer.size_bytes,
                    alignment_bytes: buffer.alignment_bytes,
                });
            }
        }
    }
    groups
}

/// The least alignment that both divide.
fn common(a: u64, b: u64) -> u64 {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    a / x.max(1) * b
}

#[cfg(test)]
mod tests {
    use super::super::Lifespan;
    use super::*;

    #[test]
    fn chains_become_groups() {
        let buffer = |size_bytes, alignment_bytes, takes_place_of| Buffer {
            size_bytes,
            alignment_bytes,
            lifespan: Lifespan::default(),
            takes_place_of,
        };
        let buffers = [
            buffer(8, 1, None),
            buffer(5, 4, None),
            buffer(4, 1, Some(0)),
            buffer(2, 6, Some(1)),
            buffer(9, 1, Some(2)),
        ];
        let groups = groups(&buffers);
        assert_eq!(groups[0], Group { members: vec![0, 2, 4], size_bytes: 9, alignment_bytes: 1 });
        assert_eq!(groups[1], Group { members: vec![1, 3], size_bytes: 5, alignment_bytes: 12 });
    }
}

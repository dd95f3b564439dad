//! What a legend tells: exactly the sorts of marks that a picture has.

use crate::{
    report::Family,
    text::{family_name, page},
};

/// The families in the order of legends.
pub const FAMILIES: [Family; 5] =
    [Family::Convolution, Family::Depthwise, Family::ElementWise, Family::Dense, Family::Other];

/// A sort of mark.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Key {
    /// The colour and the letter of a family.
    Family(Family),
    /// Stripes: scratch.
    Scratch,
    /// A marked corner: a block in place.
    InPlace,
    /// A hatched ground: what is over the budget.
    Over,
    /// A dotted line: the end of the patch stage.
    StageEnd,
    /// An outline: another plan.
    Outline,
    /// A full point: a schedule that fits.
    Fits,
    /// A hollow point: one that does not.
    Misses,
    /// A ring: the shown plan.
    Shown,
    /// A bar: an arena.
    Arena,
    /// What of it is over the budget.
    Excess,
    /// A mark on a bar: the lower bound.
    Bound,
}

impl Key {
    /// What stands beside its mark.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Family(family) => family_name(family),
            Self::Scratch => page::KEY_SCRATCH,
            Self::InPlace => page::KEY_IN_PLACE,
            Self::Over | Self::Excess => page::KEY_OVER,
            Self::StageEnd => page::KEY_STAGE_END,
            Self::Outline => page::KEY_OUTLINE,
            Self::Fits => page::KEY_FITS,
            Self::Misses => page::KEY_MISSES,
            Self::Shown => page::KEY_SHOWN,
            Self::Arena => page::KEY_ARENA,
            Self::Bound => page::KEY_BOUND,
        }
    }
}

/// The families that occur, in the order of legends, and then what else is drawn.
#[must_use]
pub fn keys(occurs: impl Fn(Family) -> bool, others: &[(bool, Key)]) -> Vec<Key> {
    let families = FAMILIES.into_iter().filter(|&family| occurs(family)).map(Key::Family);
    families.chain(others.iter().filter(|(is_drawn, _)| *is_drawn).map(|&(_, key)| key)).collect()
}

/// The keys of two pictures that have one legend.
#[must_use]
pub fn united(one: &[Key], other: &[Key]) -> Vec<Key> {
    let is_in = |key: &Key| one.contains(key) || other.contains(key);
    let rest = one.iter().chain(other.iter().filter(|key| !one.contains(key)));
    let rest = rest.copied().filter(|key| !matches!(key, Key::Family(_)));
    let families = FAMILIES.into_iter().map(Key::Family).filter(is_in);
    families.chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pictures_have_every_key_once_and_families_first() {
        let one =
            keys(|family| family == Family::Dense, &[(true, Key::Over), (false, Key::InPlace)]);
        assert_eq!(one, [Key::Family(Family::Dense), Key::Over]);
        let other =
            keys(|family| family != Family::Other, &[(true, Key::Scratch), (true, Key::Over)]);
        let both = united(&one, &other);
        let families = FAMILIES[..4].iter().map(|&family| Key::Family(family));
        assert_eq!(both, families.chain([Key::Over, Key::Scratch]).collect::<Vec<_>>());
    }
}

//! Sines and cosines without a library for them, which would be as large as all the rest of this module.

/// Parts of a turn in the table.
pub(super) const PARTS: usize = 512;

/// cos and sin of each 512th part of a turn, to some units in the last place.
pub(super) struct Turns(Vec<[f64; 2]>);

impl Turns {
    pub(super) fn new() -> Self {
        let mut table = vec![[1.0, 0.0], [-1.0, 0.0]];
        // Of each angle there is, half of it, and beyond that the rest: cos(a / 2) = sqrt((1 + cos a) / 2).
        let mut half = [-1.0f64, 0.0];
        while table.len() < PARTS {
            let (cos, sin) = (((1.0 + half[0]) / 2.0).sqrt(), ((1.0 - half[0]) / 2.0).sqrt());
            half = [cos, sin];
            let between = |[c, s]: &[f64; 2]| [c * cos - s * sin, s * cos + c * sin];
            table = table.iter().flat_map(|turn| [*turn, between(turn)]).collect();
        }
        Self(table)
    }

    /// The table: 512 angles from 0 on.
    pub(super) fn all(&self) -> &[[f64; 2]] {
        &self.0
    }

    /// cos and sin of so many turns, between those of the table, off by 2e-5 at most.
    pub(super) fn at(&self, turns: f64) -> [f64; 2] {
        let place = (turns - turns.floor()) * PARTS as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the table"
        )]
        let index = place as usize;
        let share = place - index as f64;
        let [from, to] = [index, index + 1].map(|index| self.0[index % PARTS]);
        [0, 1].map(|part| from[part] + (to[part] - from[part]) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn the_table_holds_every_angle_and_between_them_little_is_lost() {
        let turns = Turns::new();
        assert_eq!(turns.all().len(), PARTS);
        for (part, found) in turns.all().iter().enumerate() {
            let (sin, cos) = (TAU * part as f64 / PARTS as f64).sin_cos();
            assert!((found[0] - cos).abs() < 1e-14 && (found[1] - sin).abs() < 1e-14, "{part}");
        }
        for step in -3000..3000 {
            let turn = f64::from(step) * 0.00137;
            let ((sin, cos), found) = ((TAU * turn).sin_cos(), turns.at(turn));
            assert!((found[0] - cos).abs() < 2e-5 && (found[1] - sin).abs() < 2e-5, "{turn}");
        }
    }
}

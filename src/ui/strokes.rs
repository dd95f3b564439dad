//! A drawing: strokes, and the pixels that they make.

use super::picture::Pixels;

/// The side of the square that is drawn on, in pixels.
pub const SIDE_PX: u16 = 168;
/// Half a stroke's width: with its soft edge about what MNIST's digits have, two to three pixels of 28.
const RADIUS_PX: f32 = 6.5;
/// No drawing has more points; what goes beyond is left out.
const MOST_POINTS: usize = 20_000;

/// Strokes in the order in which they were drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strokes {
    strokes: Vec<Vec<[f32; 2]>>,
}

impl Strokes {
    /// Begins a stroke at a place, as column and row in pixels.
    pub fn begin(&mut self, at: [f32; 2]) {
        self.strokes.push(Vec::new());
        self.go_on(at);
    }

    /// Draws on to a place.
    pub fn go_on(&mut self, at: [f32; 2]) {
        let n_points: usize = self.strokes.iter().map(Vec::len).sum();
        let is_place = at.iter().all(|value| value.is_finite());
        if n_points < MOST_POINTS
            && is_place
            && let Some(stroke) = self.strokes.last_mut()
        {
            stroke.push(at.map(|value| value.clamp(0.0, f32::from(SIDE_PX))));
        }
    }

    /// Takes the last stroke away.
    pub fn undo(&mut self) {
        self.strokes.pop();
    }

    /// Takes all strokes away.
    pub fn clear(&mut self) {
        self.strokes.clear();
    }

    /// Whether nothing is drawn.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    /// White on black, edges a pixel soft.
    #[must_use]
    pub fn pixels(&self) -> Pixels {
        let side = usize::from(SIDE_PX);
        let mut levels = vec![0u8; side * side];
        for stroke in &self.strokes {
            let (first, rest) = match stroke.split_first() {
                Some((first, [])) => (first, std::slice::from_ref(first)),
                Some((first, rest)) => (first, rest),
                None => continue,
            };
            let mut from = *first;
            for &to in rest {
                draw(&mut levels, from, to);
                from = to;
            }
        }
        let rgba = levels.into_iter().flat_map(|level| [level, level, level, 255]).collect();
        Pixels { width: u32::from(SIDE_PX), height: u32::from(SIDE_PX), rgba }
    }
}

/// Draws a line with round ends.
fn draw(levels: &mut [u8], from: [f32; 2], to: [f32; 2]) {
    let range = |axis: usize| {
        let reach = RADIUS_PX + 1.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let whole = |value: f32| value.clamp(0.0, f32::from(SIDE_PX)) as usize;
        whole(from[axis].min(to[axis]) - reach)..whole((from[axis].max(to[axis]) + reach).ceil())
    };
    for y in range(1) {
        for x in range(0) {
            #[expect(clippy::cast_precision_loss, reason = "below the side of the square")]
            let centre = [x as f32 + 0.5, y as f32 + 0.5];
            let cover = (RADIUS_PX + 0.5 - distance(centre, from, to)).clamp(0.0, 1.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level")]
            let level = (cover * 255.0).round() as u8;
            let cell = &mut levels[y * usize::from(SIDE_PX) + x];
            *cell = (*cell).max(level);
        }
    }
}

/// How far a place is from a line.
fn distance(at: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let beside = [at[0] - from[0], at[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let share = if length > 0.0 {
        ((beside[0] * along[0] + beside[1] * along[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (beside[0] - share * along[0]).hypot(beside[1] - share * along[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inked(pixels: &Pixels) -> usize {
        pixels.rgba.as_chunks::<4>().0.iter().filter(|pixel| pixel[0] > 127).count()
    }

    #[test]
    fn a_touch_is_a_dot_and_a_stroke_a_line() {
        let mut strokes = Strokes::default();
        assert_eq!(inked(&strokes.pixels()), 0);
        strokes.begin([84.0, 84.0]);
        let dot = inked(&strokes.pixels());
        let disc = std::f32::consts::PI * RADIUS_PX * RADIUS_PX;
        assert!((dot as f32 - disc).abs() < 0.1 * disc, "{dot} of {disc}");
        strokes.go_on([84.0, 134.0]);
        let line = inked(&strokes.pixels()) - dot;
        assert!((line as f32 - 50.0 * 2.0 * RADIUS_PX).abs() <= 50.0, "{line}");
        strokes.begin([20.0, 20.0]);
        strokes.undo();
        assert_eq!(inked(&strokes.pixels()), dot + line);
        strokes.clear();
        assert!(strokes.is_empty() && inked(&strokes.pixels()) == 0);
    }

    #[test]
    fn whatever_a_pointer_says_stays_on_the_square() {
        let mut strokes = Strokes::default();
        strokes.go_on([1.0, 1.0]);
        assert!(strokes.is_empty(), "no stroke has begun");
        strokes.begin([-1e9, f32::NAN]);
        strokes.go_on([1e9, -5.0]);
        for _ in 0..2 * MOST_POINTS {
            strokes.go_on([3.0, 300.0]);
        }
        assert!(strokes.strokes[0].len() <= MOST_POINTS);
        assert_eq!(strokes.pixels().rgba.len(), usize::from(SIDE_PX).pow(2) * 4);
    }
}

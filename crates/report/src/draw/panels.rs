//! Small multiples: panels of one size, two in a row or as many as asked for, one alone as wide as the picture.

use super::frame::Frame;

/// Width of a picture of panels.
pub const WIDTH: f64 = 720.0;

/// Room between two panels.
const GAP: f64 = 18.0;

/// Room at the left of a panel for the numbers of its scale.
const NUMBERS: f64 = 46.0;

/// Room at the right of a panel for a mark on its edge.
const EDGE: f64 = 8.0;

/// Room below a panel for the numbers and the title of its scale, and before the next.
const BELOW: f64 = 46.0;

/// Where panels stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panels {
    count: usize,
    columns: usize,
    top: f64,
    head: f64,
    height: f64,
}

impl Panels {
    /// `count` panels from `top` on, each with `head` above its marks, which are `height` high.
    pub fn new(count: usize, top: f64, head: f64, height: f64) -> Self {
        Self { count, columns: Self::columns(count), top, head, height }
    }

    /// As [`Panels::new`], but `columns` in a row.
    pub fn in_rows_of(columns: usize, count: usize, top: f64, head: f64, height: f64) -> Self {
        Self { count, columns: columns.max(1), top, head, height }
    }

    /// The width of one of so many, two in a row, with the room for its numbers.
    pub fn width(count: usize) -> f64 {
        Self::width_of(Self::columns(count))
    }

    fn width_of(columns: usize) -> f64 {
        (WIDTH - GAP * (columns - 1) as f64) / columns as f64
    }

    /// The upper left corner of a panel, where its head begins.
    pub fn corner(&self, place: usize) -> (f64, f64) {
        let left = (Self::width_of(self.columns) + GAP) * (place % self.columns) as f64;
        (left, self.top + self.row() * (place / self.columns) as f64)
    }

    /// Where the marks of a panel stand.
    pub fn frame(&self, place: usize) -> Frame {
        let (left, top) = self.corner(place);
        Frame {
            left: left + NUMBERS,
            right: left + Self::width_of(self.columns) - EDGE,
            top: top + self.head,
            bottom: top + self.head + self.height,
        }
    }

    /// The lower end of the last row.
    pub fn bottom(&self) -> f64 {
        self.top + self.row() * self.count.div_ceil(self.columns) as f64
    }

    fn row(&self) -> f64 {
        self.head + self.height + BELOW
    }

    fn columns(count: usize) -> usize {
        count.clamp(1, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fill_rows_of_two_from_the_left() {
        let panels = Panels::new(3, 10.0, 20.0, 100.0);
        assert_eq!([0, 1, 2].map(|place| panels.corner(place)), [(0.0, 10.0), (369.0, 10.0), (0.0, 176.0)]);
        assert_eq!(panels.frame(1), Frame { left: 415.0, right: 712.0, top: 30.0, bottom: 130.0 });
        assert!((panels.bottom() - 342.0).abs() < 1e-9);
        let three = Panels::in_rows_of(3, 3, 0.0, 20.0, 100.0);
        assert_eq!([0, 1, 2].map(|place| three.corner(place)), [(0.0, 0.0), (246.0, 0.0), (492.0, 0.0)]);
        assert_eq!(
            Panels::new(1, 0.0, 0.0, 100.0).frame(0),
            Frame { left: 46.0, right: 712.0, top: 0.0, bottom: 100.0 }
        );
    }
}

//! Arithmetic that several modules share.

/// A count as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "counts of words and turns are far below 2^52")]
pub(crate) const fn to_f64(count: usize) -> f64 {
    count as f64
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a call are far below 2^52")]
pub(crate) const fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

/// A linear ramp: 0 at `from` and before, 1 at `to` and beyond. `from` may be greater than `to`.
pub(crate) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

/// The exponential function, by operations that give the same bits on every machine; exact to about five digits for numbers as
/// they occur here, up to some thirty.
pub(crate) fn exp(value: f64) -> f64 {
    const HALVINGS: i32 = 20;
    let small = 1.0 + value.clamp(-700.0, 700.0) / 2_f64.powi(HALVINGS);
    (0..HALVINGS).fold(small, |power, _| power * power)
}

/// A value rounded to that many decimal places.
pub(crate) fn round_to(value: f64, places: i32) -> f64 {
    let grid = 10_f64.powi(places);
    (value * grid).round() / grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_rise_fall_and_stay_within_zero_and_one() {
        for (value, from, to, expected) in [
            (0.0, 1.0, 3.0, 0.0),
            (2.0, 1.0, 3.0, 0.5),
            (9.0, 1.0, 3.0, 1.0),
            (2.5, 3.0, 1.0, 0.25),
            (4.0, 3.0, 1.0, 0.0),
        ] {
            assert!((ramp(value, from, to) - expected).abs() < 1e-9, "{value} between {from} and {to}");
        }
    }

    #[test]
    fn the_exponential_function_is_the_one_everybody_knows() {
        for value in [-30.0, -3.0, -0.1, 0.0, 0.5, 2.0, 12.0] {
            assert!((exp(value) / f64::exp(value) - 1.0).abs() < 1e-3, "{value}");
        }
        assert!(exp(-1e9) >= 0.0 && exp(1e9).is_finite());
    }

    #[test]
    fn rounding_keeps_the_places_asked_for() {
        assert_eq!(round_to(0.666_66, 2).to_string(), "0.67");
        assert_eq!(round_to(51.25, 1).to_string(), "51.3");
    }
}

//! Random numbers that are the same everywhere and always.
//!
//! In: a seed. Out: numbers. A bench must give the same reports in ten years, which the generators of a crate promise
//! only within a major version.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, good enough to make up text.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The `n`th stream of numbers of `seed`.
    pub fn stream(seed: u64, n: u64) -> Self {
        let mut random = Self(seed ^ n.wrapping_mul(0xD605_1D6A_2F0B_8B2D));
        random.next();
        random
    }

    /// 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 0: its logarithm is a number.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to `end`, without `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // The bias is one in 2^64 / end: of no weight here.
        (self.next() % end.max(1) as u64) as usize
    }

    /// From `from` up to and with `to`.
    pub fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to + 1 - from)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A standard normal deviate (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

//! Whether two runs differ by more than chance.
//!
//! In: the evaluations of two runs over the same judgements. Out: a [`Comparison`]: for each measure the means, their
//! difference, and how often chance alone would give one as large.

use super::judgements::Evaluation;
use super::measures::Measure;
use crate::error::{Error, ErrorKind, Result};

/// A paired randomisation test, two-sided (Fisher; for retrieval: Smucker, Allan and Carterette, 2007).
///
/// If two rankings were equally good, it would be chance which of them got which of a query's two values. So the test
/// swaps the values of each query or not, in all ways, or in many random ones, and counts how often the means then
/// differ at least as much as they do.
///
/// ```
/// use casebook::eval::RandomisationTest;
///
/// let test = RandomisationTest { permutations: 10_000, ..RandomisationTest::default() };
/// assert_eq!(test.seed, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomisationTest {
    /// How many random permutations are tried; all of them, where there are no more than this.
    pub permutations: u32,
    /// Where the random numbers start: the same seed gives the same p.
    pub seed: u64,
}

impl Default for RandomisationTest {
    fn default() -> Self {
        Self { permutations: 100_000, seed: 1 }
    }
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Number of queries that both were measured on.
    pub queries: usize,
    /// For each measure, in the order of [`Measure::ALL`].
    pub measures: Vec<Compared>,
}

/// Two runs by one measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Which measure.
    pub measure: Measure,
    /// The mean of the first run.
    pub first: f64,
    /// The mean of the second run.
    pub second: f64,
    /// The second less the first.
    pub difference: f64,
    /// The share of permutations whose means differ at least as much.
    pub p_value: f64,
    /// Number of queries on which the second is better.
    pub better: usize,
    /// Number of queries on which it is worse.
    pub worse: usize,
    /// All permutations were tried, not a sample of them.
    pub exact: bool,
}

impl RandomisationTest {
    /// Compares two runs.
    ///
    /// ```
    /// use casebook::eval::{Judgements, RandomisationTest, Run};
    ///
    /// let judgements = Judgements::parse("q1 0 nice 1\n")?;
    /// let run = judgements.evaluate(&Run::parse("q1 Q0 nice 1 1.0 mine\n")?);
    /// let comparison = RandomisationTest::default().compare(&run, &run)?;
    /// assert_eq!(comparison.measures[0].p_value, 1.0);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the two were measured on different queries.
    pub fn compare(&self, first: &Evaluation, second: &Evaluation) -> Result<Comparison> {
        let queries = |run: &Evaluation| -> Vec<String> {
            run.queries.iter().map(|scored| scored.query.clone()).collect()
        };
        if queries(first) != queries(second) {
            return Err(Error::new(
                ErrorKind::Input,
                "two runs can be compared only over the same judgements",
            ));
        }
        let compared = |measure: Measure| {
            let pairs = first.queries.iter().zip(&second.queries);
            let differences: Vec<f64> = pairs
                .map(|(one, other)| other.measures.get(measure) - one.measures.get(measure))
                .collect();
            let (p_value, exact) = self.p_value(&differences);
            Compared {
                measure,
                first: first.means.get(measure),
                second: second.means.get(measure),
                difference: second.means.get(measure) - first.means.get(measure),
                p_value,
                better: differences.iter().filter(|difference| **difference > 0.0).count(),
                worse: differences.iter().filter(|difference| **difference < 0.0).count(),
                exact,
            }
        };
        Ok(Comparison {
            queries: first.queries.len(),
            measures: Measure::ALL.into_iter().map(compared).collect(),
        })
    }

    /// The share of sign changes whose sum is as far from 0, and whether all were tried.
    fn p_value(&self, differences: &[f64]) -> (f64, bool) {
        // Queries without a difference have nothing to swap.
        let differences: Vec<f64> =
            differences.iter().copied().filter(|difference| *difference != 0.0).collect();
        let observed = differences.iter().sum::<f64>().abs();
        // Equal sums may differ in their last bits, by the order of the additions.
        let size: f64 = differences.iter().map(|difference| difference.abs()).sum();
        let as_far = |sum: f64| sum.abs() >= observed - 1e-12 * size;

        let ways = u32::try_from(differences.len()).ok().and_then(|n| 1_u32.checked_shl(n));
        if let Some(ways) = ways.filter(|&ways| ways <= self.permutations.max(1)) {
            let extreme = (0..ways).filter(|&signs| as_far(signed_sum(&differences, signs.into())));
            return (extreme.count() as f64 / f64::from(ways), true);
        }
        let mut random = SplitMix64(self.seed);
        let extreme = (0..self.permutations).filter(|_| {
            let parts = differences.chunks(64).map(|part| signed_sum(part, random.next()));
            as_far(parts.sum())
        });
        // What was observed is one of the permutations: p is never 0.
        ((extreme.count() + 1) as f64 / (f64::from(self.permutations) + 1.0), false)
    }
}

/// The sum with the sign of each changed where its bit is set.
fn signed_sum(differences: &[f64], signs: u64) -> f64 {
    let signed = differences.iter().enumerate();
    // Setting the sign bit rather than branching: the bits are random, and no processor could foresee them.
    signed.map(|(i, d)| f64::from_bits(d.to_bits() ^ ((signs >> i & 1) << 63))).sum()
}

/// Steele, Lea and Flood, 2014. The same numbers everywhere and always, which crates promise only within a major
/// version.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Judgements, Run};

    fn p(differences: &[f64]) -> (f64, bool) {
        RandomisationTest::default().p_value(differences)
    }

    #[test]
    fn few_queries_are_tried_in_all_ways() {
        // All of one sign: only that and its mirror image are as far from 0.
        assert_eq!(p(&[0.1; 1]), (1.0, true));
        assert_eq!(p(&[0.1; 2]), (0.5, true));
        assert_eq!(p(&[0.1; 3]), (0.25, true));
        assert_eq!(p(&[-0.1; 10]), (2.0 / 1024.0, true));
        assert_eq!(p(&[0.3; 16]), (2.0 / 65_536.0, true));
        // |±1 ±2 ±4| is 7, 5, 3 or 1, each twice: all eight are at least |1 + 2 - 4| = 1, six at least |1 - 2 + 4| = 3.
        assert_eq!(p(&[1.0, 2.0, -4.0]), (1.0, true));
        assert_eq!(p(&[1.0, -2.0, 4.0]), (0.75, true));
        // Those without a difference do not count.
        assert_eq!(p(&[0.0, 0.1, 0.0, 0.1]), (0.5, true));
    }

    #[test]
    fn without_a_difference_p_is_1() {
        assert_eq!(p(&[]), (1.0, true));
        assert_eq!(p(&[0.0; 500]), (1.0, true));
        let balanced: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { 0.2 } else { -0.2 }).collect();
        assert_eq!(p(&balanced), (1.0, false));
    }

    #[test]
    fn many_queries_are_sampled() {
        let (small, exact) = p(&[0.1; 100]);
        assert!(!exact);
        assert_eq!(small, 1.0 / 100_001.0, "as small as the sample can tell");
        // 60 of 100 for one side: the sign test says 0.0569 (two-sided binomial, n = 100, k = 60).
        let mostly: Vec<f64> = (0..100).map(|i| if i < 60 { 0.1 } else { -0.1 }).collect();
        let (p_value, _) = p(&mostly);
        assert!((p_value - 0.0569).abs() < 0.003, "{p_value}");
    }

    #[test]
    fn a_sample_agrees_with_all_ways() {
        let differences: Vec<f64> = (0..15).map(|i| f64::from(i * 7 % 11) - 3.5).collect();
        let (all, exact) = p(&differences);
        assert!(exact);
        let (sampled, exact) =
            RandomisationTest { permutations: 30_000, seed: 7 }.p_value(&differences);
        assert!(!exact);
        assert!((all - sampled).abs() < 0.01, "{all} {sampled}");
    }

    #[test]
    fn a_seed_repeats() {
        let differences: Vec<f64> = (0..40).map(|i| f64::from(i * 13 % 17) - 7.0).collect();
        let p = |seed| RandomisationTest { permutations: 1_000, seed }.p_value(&differences).0;
        assert_eq!(p(1), p(1));
        assert_ne!(p(1), p(2));
    }

    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix64(1_234_567);
        // The test values of the reference implementation.
        let expected: [u64; 3] =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([random.next(), random.next(), random.next()], expected);
    }

    #[test]
    fn runs_side_by_side() {
        let judgements = Judgements::parse("1 0 a 1\n2 0 a 1\n3 0 a 1\n").unwrap();
        let first = Run::parse("1 Q0 a 1 9 x\n2 Q0 b 1 9 x\n2 Q0 a 2 8 x\n").unwrap();
        let second = Run::parse("1 Q0 b 1 9 y\n2 Q0 a 1 9 y\n3 Q0 a 1 9 y\n").unwrap();
        let (first, second) = (judgements.evaluate(&first), judgements.evaluate(&second));
        let comparison = RandomisationTest::default().compare(&first, &second).unwrap();
        assert_eq!(comparison.queries, 3);
        let mrr = comparison.measures.iter().find(|c| c.measure == Measure::Mrr10).unwrap();
        assert_eq!((mrr.first, mrr.better, mrr.worse), (0.5, 2, 1));
        assert!((mrr.second - 2.0 / 3.0).abs() < 1e-12);
        assert!((mrr.difference - 1.0 / 6.0).abs() < 1e-12);
        // Differences -1, 0.5 and 1: with any signs their sum is at least 0.5 from 0, as it is.
        assert_eq!(mrr.p_value, 1.0);

        let fewer = Judgements::parse("1 0 a 1\n").unwrap().evaluate(&Run::default());
        assert!(RandomisationTest::default().compare(&first, &fewer).is_err());
    }
}

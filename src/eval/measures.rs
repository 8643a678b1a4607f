//! The measures of one ranked list.
//!
//! In: what was ranked, and the grades of what was judged. Out: [`Measures`].

use std::collections::HashMap;

/// A measure of a ranking; each lies between 0 and 1, and more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Normalised discounted cumulative gain of the first ten.
    Ndcg10,
    /// Average precision; its mean over queries is MAP.
    Map,
    /// Reciprocal rank of the first relevant report among ten; its mean over queries is MRR.
    Mrr10,
    /// Share of the relevant reports among the first hundred.
    Recall100,
}

impl Measure {
    /// All measures, in the order of their columns.
    pub const ALL: [Measure; 4] =
        [Measure::Ndcg10, Measure::Map, Measure::Mrr10, Measure::Recall100];

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Ndcg10 => "nDCG@10",
            Measure::Map => "MAP",
            Measure::Mrr10 => "MRR@10",
            Measure::Recall100 => "recall@100",
        }
    }
}

/// The measures of one query's list, or their means over queries.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// [`Measure::Ndcg10`]
    pub ndcg_10: f64,
    /// [`Measure::Map`]
    pub map: f64,
    /// [`Measure::Mrr10`]
    pub mrr_10: f64,
    /// [`Measure::Recall100`]
    pub recall_100: f64,
}

impl Measures {
    /// One of them.
    ///
    /// ```
    /// use casebook::eval::{Measure, Measures};
    ///
    /// let measures = Measures { map: 0.25, ..Measures::default() };
    /// assert_eq!(measures.get(Measure::Map), 0.25);
    /// ```
    pub fn get(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Ndcg10 => self.ndcg_10,
            Measure::Map => self.map,
            Measure::Mrr10 => self.mrr_10,
            Measure::Recall100 => self.recall_100,
        }
    }

    /// Measures one list. Without a relevant report there is nothing to find, and all is 0.
    pub(super) fn of(ranked: &[String], grades: &HashMap<String, u32>) -> Self {
        let grade = |id: &String| grades.get(id).copied().unwrap_or(0);
        let relevant = grades.values().filter(|&&grade| grade > 0).count();
        if relevant == 0 {
            return Self::default();
        }
        let mut best: Vec<u32> = grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let gained = ranked.iter().map(grade);

        let mut found = 0;
        let mut precisions = 0.0;
        let mut first = None;
        let mut found_100 = 0;
        for (i, _) in ranked.iter().enumerate().filter(|(_, id)| grade(id) > 0) {
            let rank = i + 1;
            found += 1;
            precisions += f64::from(found) / rank as f64;
            first = first.or(Some(rank));
            found_100 += u32::from(rank <= 100);
        }
        Self {
            ndcg_10: discounted(gained) / discounted(best),
            map: precisions / relevant as f64,
            mrr_10: first.filter(|&rank| rank <= 10).map_or(0.0, |rank| 1.0 / rank as f64),
            recall_100: f64::from(found_100) / relevant as f64,
        }
    }

    /// The mean of each; 0 over nothing.
    pub(super) fn mean<'a>(all: impl Iterator<Item = &'a Measures>) -> Self {
        let mut sum = Self::default();
        let mut count = 0_u32;
        for measures in all {
            sum.ndcg_10 += measures.ndcg_10;
            sum.map += measures.map;
            sum.mrr_10 += measures.mrr_10;
            sum.recall_100 += measures.recall_100;
            count += 1;
        }
        let count = f64::from(count.max(1));
        Self {
            ndcg_10: sum.ndcg_10 / count,
            map: sum.map / count,
            mrr_10: sum.mrr_10 / count,
            recall_100: sum.recall_100 / count,
        }
    }
}

/// The gain of the first ten, each divided by log2(rank + 1).
fn discounted(grades: impl IntoIterator<Item = u32>) -> f64 {
    let gains = grades.into_iter().take(10).enumerate();
    gains.map(|(i, grade)| f64::from(grade) / (i as f64 + 2.0).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measures a list written as `a b c` against grades written as `a=2 b=0`.
    fn measured(ranked: &str, judged: &str) -> [f64; 4] {
        let ranked: Vec<String> = ranked.split_whitespace().map(Into::into).collect();
        let grades = judged.split_whitespace().map(|pair| {
            let (id, grade) = pair.split_once('=').unwrap();
            (id.to_owned(), grade.parse().unwrap())
        });
        let measures = Measures::of(&ranked, &grades.collect());
        Measure::ALL.map(|measure| measures.get(measure))
    }

    fn assert_near(measured: [f64; 4], expected: [f64; 4], case: &str) {
        for (one, other) in measured.iter().zip(expected) {
            assert!((one - other).abs() < 5e-7, "{case}: {measured:?}, not {expected:?}");
        }
    }

    // By hand, with log2(2) = 1, log2(3) = 1.5849625, log2(4) = 2, log2(5) = 2.3219281, log2(6) = 2.5849625.
    #[test]
    fn hand_computed_lists() {
        for (ranked, judged, expected) in [
            ("a", "a=1", [1.0, 1.0, 1.0, 1.0]),
            // 1/log2(3); one of one at rank 2.
            ("x a", "a=1", [0.6309298, 0.5, 0.5, 1.0]),
            // The same in reverse order of grades: (1 + 3/1.5849625) / (3 + 1/1.5849625) = 2.8927893 / 3.6309298.
            ("b a", "a=3 b=1", [0.7967075, 1.0, 1.0, 1.0]),
            // (3 + 2/2 + 1/2.5849625) / (3 + 2/1.5849625 + 1/2) = 4.3868528 / 4.7618595; (1 + 2/3 + 3/5) / 3.
            ("a x b y c", "a=3 b=2 c=1", [0.9212479, 0.7555556, 1.0, 1.0]),
            // One of three found, at rank 2: (1/1.5849625) / (1 + 1/1.5849625 + 1/2); (1/2) / 3; 1/3.
            ("x a", "a=1 b=1 c=1", [0.2960819, 0.1666667, 0.5, 0.3333333]),
            // Judged as not relevant is as good as not judged.
            ("x a", "a=1 x=0", [0.6309298, 0.5, 0.5, 1.0]),
            ("", "a=1", [0.0; 4]),
            ("x y", "a=1", [0.0; 4]),
            ("a", "a=0", [0.0; 4]),
            ("a", "", [0.0; 4]),
        ] {
            assert_near(measured(ranked, judged), expected, ranked);
        }
    }

    #[test]
    fn equal_grades_may_stand_in_any_order() {
        assert_eq!(measured("a b c", "a=2 b=2 c=1"), measured("b a c", "a=2 b=2 c=1"));
        assert_eq!(measured("a b", "a=2 b=2")[0], 1.0);
    }

    #[test]
    fn each_measure_looks_as_far_as_its_name_says() {
        let list = |others: usize| {
            let others: Vec<_> = (0..others).map(|i| format!("x{i}")).collect();
            format!("{} a", others.join(" "))
        };
        // 1/log2(11) = 0.2890648
        assert_near(measured(&list(9), "a=1"), [0.2890648, 0.1, 0.1, 1.0], "rank 10");
        assert_near(measured(&list(10), "a=1"), [0.0, 0.0909091, 0.0, 1.0], "rank 11");
        assert_near(measured(&list(99), "a=1"), [0.0, 0.01, 0.0, 1.0], "rank 100");
        assert_near(measured(&list(100), "a=1"), [0.0, 0.0099010, 0.0, 0.0], "rank 101");
    }

    #[test]
    fn the_ideal_is_of_ten_too() {
        let judged: Vec<_> = (0..12).map(|i| format!("a{i}=1")).collect();
        let ranked: Vec<_> = (0..10).map(|i| format!("a{i}")).collect();
        let expected = [1.0, 10.0 / 12.0, 1.0, 10.0 / 12.0];
        assert_near(measured(&ranked.join(" "), &judged.join(" ")), expected, "ten of twelve");
    }

    #[test]
    fn means() {
        let one = Measures { ndcg_10: 1.0, map: 0.5, mrr_10: 0.25, recall_100: 0.0 };
        let mean = Measures::mean([one, Measures::default()].iter());
        assert_eq!(mean, Measures { ndcg_10: 0.5, map: 0.25, mrr_10: 0.125, recall_100: 0.0 });
        assert_eq!(Measures::mean([].iter()), Measures::default());
    }
}

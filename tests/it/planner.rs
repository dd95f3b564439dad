//! The planner on problems that other people made, and on random ones.

use crate::support::{golden::golden_dir, random::Random};
use std::{fs, time::Instant};
use tinyml_playground::plan::{
    Buffer, ExactSearch, Lifespan, Problem, Progress, Strategy, csv, lower_bound_bytes, solve,
    validate,
};

#[test]
fn minimallocs_problems_get_valid_plans() {
    let Some(golden) = golden_dir() else { return };
    let mut solved = 0;
    for entry in fs::read_dir(golden.join("minimalloc")).unwrap() {
        let path = entry.unwrap().path();
        let named = csv::read(&fs::read(&path).unwrap()).unwrap();
        let solution = solve(&named.problem, Strategy::default()).unwrap();
        assert_eq!(validate(&named.problem, &solution), Ok(()), "{}", path.display());
        assert!(solution.height_bytes >= solution.lower_bound_bytes);
        println!(
            "{}: height {}, lower bound {}",
            path.file_name().unwrap().display(),
            solution.height_bytes,
            solution.lower_bound_bytes
        );
        solved += 1;
    }
    assert_eq!(solved, 6);
}

const STRATEGIES: [Strategy; 6] = [
    Strategy::NoReuse,
    Strategy::PingPong,
    Strategy::FirstFit,
    Strategy::GreedyBySize,
    Strategy::Refined,
    Strategy::Exact { nodes: 200 },
];

#[test]
fn random_problems_get_valid_plans_within_their_bounds() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let buffers: Vec<Buffer> = (0..random.between(0, 60))
            .map(|_| {
                let first = random.below(40) as u64;
                let size_bytes = random.below(100) as u64;
                let alignment_bytes = [1, 1, 4, 16][random.below(4)];
                let lifespan = Lifespan { first, end: first + random.below(12) as u64 };
                Buffer { size_bytes, alignment_bytes, lifespan, takes_place_of: None }
            })
            .collect();
        let aligned: u64 = buffers.iter().map(|b| b.size_bytes.next_multiple_of(16)).sum();
        let problem = Problem { buffers, capacity_bytes: None };
        let bound = brute_force_bound(&problem.buffers);
        assert_eq!(lower_bound_bytes(&problem.buffers), bound, "seed {seed}");
        for strategy in STRATEGIES {
            let solution = solve(&problem, strategy).unwrap();
            assert_eq!(validate(&problem, &solution), Ok(()), "seed {seed}, {strategy:?}");
            assert!(
                (bound..=aligned).contains(&solution.height_bytes),
                "seed {seed}, {strategy:?}: {} outside {bound}..={aligned}",
                solution.height_bytes
            );
        }
    }
}

/// The greatest live sum, step by step.
fn brute_force_bound(buffers: &[Buffer]) -> u64 {
    let live = |step: u64| {
        let at_step = buffers.iter().filter(|b| b.lifespan.first <= step && step < b.lifespan.end);
        at_step.map(|buffer| buffer.size_bytes).sum()
    };
    (0..60).map(live).max().unwrap_or(0)
}

/// Each of minimalloc's problems keeps within its capacity.
#[test]
fn minimallocs_problems_are_solved_at_their_capacity() {
    let Some(golden) = golden_dir() else { return };
    for name in ["A", "B", "C", "D", "E"] {
        let path = golden.join(format!("minimalloc/{name}.1048576.csv"));
        let mut problem = csv::read(&fs::read(path).unwrap()).unwrap().problem;
        problem.capacity_bytes = Some(1_048_576);
        let started = Instant::now();
        let mut search = ExactSearch::new(problem.clone()).unwrap();
        let progress = search.advance(20_000_000);
        let best = search.best();
        println!(
            "{name}: {progress:?} at {} after {} nodes, {:?}",
            best.height_bytes,
            search.nodes(),
            started.elapsed()
        );
        assert!(matches!(progress, Progress::Fits | Progress::Proven), "{name}");
        assert_eq!(validate(&problem, best), Ok(()), "{name}");
        assert!(best.height_bytes <= 1_048_576);
    }
}

/// A problem whose least height is known, as `tests/problems/make_cut.py` says.
fn cut() -> Problem {
    csv::read(include_bytes!("../problems/cut_60.csv")).unwrap().problem
}

/// A search that pauses after a few nodes, so that it can be stopped, finds what one without
/// pauses finds.
#[test]
fn pauses_change_nothing_of_a_search() {
    let mut whole = ExactSearch::new(cut()).unwrap();
    let mut paused = ExactSearch::new(cut()).unwrap();
    assert_eq!(whole.advance(u64::MAX), Progress::Proven);
    assert_eq!(whole.best().height_bytes, 65_536);
    assert!(whole.nodes() > 10_000, "{} nodes: too easy to tell", whole.nodes());
    while paused.progress() == Progress::Searching {
        let before = paused.nodes();
        paused.advance(7);
        assert!(paused.nodes() <= before + 7, "a slice is no longer than asked for");
    }
    assert_eq!((paused.nodes(), paused.best()), (whole.nodes(), whole.best()));
}

//! The integration tests: one binary, a module a concern, what they share in `harness`, `naive` and `random`.

mod agreement;
mod aliases;
mod cli;
mod crash;
mod embedder;
mod evidence;
mod formats;
mod harness;
mod indicators;
mod languages;
mod layers;
mod library;
mod naive;
mod random;
mod readme;
mod renames;
mod search;
mod sync;
mod watch;

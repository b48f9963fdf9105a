//! How long scoring a call takes, by the length of the call, and how long reading the scorer's model takes. 60 turns are a usual call,
//! 2,000 a very long one; the time should grow in proportion to the length.

use std::hint::black_box;

use bench::input::call;
use bench::pairs;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::{Call, Turn};
use scoring::embedded::{SHIPPED, Scorer, assess, supports};
use scoring::skip_reason;

/// The lengths, in turns.
const LENGTHS: [usize; 4] = [60, 500, 2_000, 8_000];

/// A call of that many turns: the calls of the pairs, one after the other, repeated as needed.
fn of_length(turns: usize) -> Call {
    let calls = pairs::calls().unwrap_or_default();
    let said = calls.iter().flat_map(|one| &one.transcript);
    let mut transcript: Vec<Turn> = said.cycle().take(turns).cloned().collect();
    for (turn, milliseconds) in transcript.iter_mut().zip((0..).step_by(4_000)) {
        (turn.start_ms, turn.end_ms) = (Some(milliseconds), Some(milliseconds + 3_300));
    }
    call(transcript)
}

/// What the generator does with a call: whether it is eligible, and its assessment.
fn score(call: &Call) -> bool {
    let is_scored = skip_reason(call, 0.0).is_none() && supports(call);
    black_box(assess(call));
    is_scored
}

fn lengths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("score a call of so many turns");
    for turns in LENGTHS {
        let call = of_length(turns);
        group.throughput(Throughput::Elements(u64::try_from(turns).unwrap_or(u64::MAX)));
        group.bench_with_input(BenchmarkId::from_parameter(turns), &call, |bencher, call| {
            bencher.iter(|| score(black_box(call)));
        });
    }
    group.finish();
}

/// What the first call of a function pays once.
fn model(criterion: &mut Criterion) {
    criterion.bench_function("read the model", |bencher| bencher.iter(|| black_box(Scorer::parse(black_box(SHIPPED)))));
}

criterion_group!(speed, lengths, model);
criterion_main!(speed);

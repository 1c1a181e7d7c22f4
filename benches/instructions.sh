#!/bin/sh
# Counts instructions under valgrind, which no busy machine changes. First of the lanes alone, by benches/counts.sh: these
# counts are equal every time. Then of a small sweep, on one thread: within one in a thousand, since how many lines share a
# commit depends on time. Valgrind knows no AVX-512, so the lanes run on AVX2 at most.
#
#     benches/instructions.sh [swath [instructions]]     binaries; by default those of the release build
set -eu
cd "$(dirname "$0")/.."
swath=$(realpath "${1:-target/release/swath}")
parts=$(realpath "${2:-target/release/examples/instructions}")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

benches/counts.sh "$parts" > "$folder/parts"
# 4 repetitions of 8 trials: 25 steps of an epoch, 200 rows of an evaluation.
awk 'BEGIN { print "| network | a trial-step of 32 rows | an evaluated row |"; print "|---|---:|---:|" }
    $1 == "train" { step = $3 / (4 * 8 * 25) }
    $1 == "evaluate" { printf "| %s | %.1f | %.1f |\n", $2, step, $3 / (4 * 8 * 200) }' "$folder/parts"
echo

# Rows are few, so that reading them is little of the whole.
head -n 801 data/diamonds.csv > "$folder/diamonds.csv"

# Instructions of the sweep when it trains for so many epochs.
count() {
    sed "s/^epochs = .*/epochs = $1/" benches/instructions.toml > "$folder/sweep.toml"
    valgrind --tool=callgrind --callgrind-out-file="$folder/counts" --log-file="$folder/log" \
        "$swath" run "$folder/sweep.toml" --engine lanes --threads 1 --results "$folder/$1" > /dev/null 2> "$folder/messages" ||
        { cat "$folder/messages" "$folder/log" >&2; exit 1; }
    awk '/^totals:/ { print $2 }' "$folder/counts"
}

short=$(count 10)
long=$(count 30)
# 64 trials, 16 steps of an epoch.
awk -v short="$short" -v long="$long" 'BEGIN {
    printf "A sweep: %.0f instructions for 10 epochs, %.0f for 30\n", short, long
    printf "%.0f a trial-step, validation included\n", (long - short) / (20 * 64 * 16)
    printf "%.0f for all but training\n", short - (long - short) / 2
}'

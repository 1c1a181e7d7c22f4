#!/bin/sh
# Counts the instructions of a small sweep under valgrind, on one thread: unlike times, counts are the same on a busy
# machine, within one in a thousand. Valgrind knows no AVX-512, so the lanes run on AVX2 at most.
#
#     benches/instructions.sh [swath]     the binary; by default that of the release build
set -eu
cd "$(dirname "$0")/.."
swath=$(realpath "${1:-target/release/swath}")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

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
    printf "%.0f instructions for 10 epochs, %.0f for 30\n", short, long
    printf "%.0f a trial-step, validation included\n", (long - short) / (20 * 64 * 16)
    printf "%.0f for all but training\n", short - (long - short) / 2
}'

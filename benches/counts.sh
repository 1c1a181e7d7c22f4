#!/bin/sh
# Counts the instructions of the lanes alone, under valgrind: lines of a name and a number that are equal every time, on
# however busy a machine. Valgrind knows no AVX-512, so it is AVX2's instructions that are counted.
#
#     benches/counts.sh [instructions]     the example of swath-lanes; by default that of the release build
set -eu
parts=$(realpath "${1:-$(dirname "$0")/../target/release/examples/instructions}")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# Instructions of a command. The environment is left out: it would move the stack.
count() {
    env -i "$(command -v valgrind)" --tool=callgrind --callgrind-out-file="$folder/counts" --log-file="$folder/log" "$@" \
        > /dev/null 2> "$folder/messages" || { cat "$folder/messages" "$folder/log" >&2; exit 1; }
    awk '/^totals:/ { print $2 }' "$folder/counts"
}

# Four repetitions for each of 8 trials: six less two, so that preparations fall out.
of_part() {
    short=$(count "$parts" "$1" "$2" 2)
    long=$(count "$parts" "$1" "$2" 6)
    echo "$1 $2 $((long - short))"
}

# 25 steps an epoch, 200 rows an evaluation.
for network in 4-8-4-1 4-16-8-1 4-4-8-8-4-1 4-8-16-16-8-1; do
    of_part train $network
    of_part evaluate $network
done

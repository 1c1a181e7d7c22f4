#!/usr/bin/env bash
# Is the present tree slower than REV? Builds both, counts the instructions of the lanes, and times the sweep alternately.
# Exit code 1: slower, or more instructions. `docs/nightly.md` says how it is judged.
#
#     benches/speed_gate.sh REV [options of `swath speed-gate`, as `--blocks 20`]
#
# PROFILE (release) is what both are built with, SWEEP (sweeps/width_vs_depth.toml) what they are timed on.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/third_party.sh
revision=$(git rev-parse --verify "$1^{commit}")
shift
profile=${PROFILE:-release}
sweep=${SWEEP:-sweeps/width_vs_depth.toml}
place=target/speed-gate
old=$place/old
mkdir -p "$place"

built=$profile
if [ "$profile" = dev ]; then built=debug; fi

# The programs of the sources in $1, built in the target folder $2, kept as $3.
build() {
    CARGO_TARGET_DIR="$2" cargo build --quiet --profile "$profile" --locked --workspace --bin swath \
        --manifest-path "$1/Cargo.toml"
    cp "$2/$built/swath" "$place/swath-$3"
    # A revision from before the example was there has no counts.
    rm -f "$place/instructions-$3"
    if [ -f "$1/crates/lanes/examples/instructions.rs" ]; then
        CARGO_TARGET_DIR="$2" cargo build --quiet --profile "$profile" --locked --workspace --example instructions \
            --manifest-path "$1/Cargo.toml"
        cp "$2/$built/examples/instructions" "$place/instructions-$3"
    fi
}

build . "$PWD/target" new

aside=$PWD/$place/target
share_third_party "target/$built" "$aside/$built"

git worktree remove --force "$old" 2> "$place/messages" || rm -rf "$old"
git worktree prune
git worktree add --quiet --detach "$old" "$revision"
trap 'git worktree remove --force "$old"' EXIT
build "$old" "$aside" old
if cmp --silent "$place/swath-old" "$place/swath-new"; then
    echo "note: both builds are the same bytes" >&2
fi

counts=()
if [ -x "$place/instructions-old" ] && [ -x "$place/instructions-new" ] && command -v valgrind > "$place/messages"; then
    for which in old new; do
        benches/counts.sh "$place/instructions-$which" > "$place/counts-$which"
    done
    counts=(--old-counts "$place/counts-old" --new-counts "$place/counts-new")
fi
"$place/swath-new" speed-gate "$sweep" --old "$place/swath-old" --new "$place/swath-new" --scratch "$place/results" \
    "${counts[@]}" "$@"

#!/usr/bin/env bash
# Proof that the gates catch what they are for: plants each fault of this folder in a copy of the committed source, builds
# it, runs the sweeps of the night with it, and says what the gates answer. Nothing here is part of the normal tests.
#
#     tests/faults/run.sh [FAULT ...]     by default all of them, and first the source as it is
#
# A row of a Markdown table for each. The last column is the gate of speed: instructions of the lanes over those of the source
# as it is; with TIMED=1 also the time, in alternating blocks.
set -euo pipefail
cd "$(dirname "$0")/../.."
profile=${PROFILE:-dev}
. benches/third_party.sh
folder=$profile
if [ "$profile" = dev ]; then folder=debug; fi
place=$PWD/target/faults
source=$place/source
mkdir -p "$place"
share_third_party "target/$folder" "$place/target/$folder"
built=$place/target/$folder
gate=$place/gate
cp "${SWATH:-target/debug/swath}" "$gate"
faults=("$@")
if [ ${#faults[@]} -eq 0 ]; then
    for patch in tests/faults/*.patch; do faults+=("$(basename "$patch" .patch)"); done
fi

git worktree remove --force "$source" 2> "$place/messages" || rm -rf "$source"
git worktree prune
git worktree add --quiet --detach "$source" "${REVISION:-HEAD}"
trap 'git worktree remove --force "$source"' EXIT

build() {
    CARGO_TARGET_DIR="$place/target" cargo build --quiet --profile "$profile" --locked --workspace --bin swath \
        --manifest-path "$source/Cargo.toml" 2> "$place/messages" || { cat "$place/messages" >&2; exit 1; }
    cp "$built/swath" "$place/swath-$1"
    CARGO_TARGET_DIR="$place/target" cargo build --quiet --profile "$profile" --locked --workspace --example instructions \
        --manifest-path "$source/Cargo.toml" 2> "$place/messages" || { cat "$place/messages" >&2; exit 1; }
    cp "$built/examples/instructions" "$place/instructions-$1"
}

# What the gate says of a sweep: the answer, and how many points passed, regressed and cannot be told.
answer() {
    local name=$1 fault=$2 engine=$3 baseline=$4 code=0
    rm -rf "$place/results"
    "$place/swath-$fault" run "$source/sweeps/$name.toml" --engine "$engine" --results "$place/results" --quiet > "$place/messages" 2>&1 ||
        code=$?
    if [ $code -gt 1 ]; then echo "not run ($code)"; return; fi
    "$gate" gate "$place/results/$name" --baseline "$source/results/baselines/$baseline" --format json > "$place/gate.json" || true
    python3 - "$place/gate.json" <<'P'
import collections, json, sys
gate = json.load(open(sys.argv[1]))
if gate["same_bits"]:
    print("passed: the same bits")
else:
    counts = collections.Counter(point["answer"] for point in gate["points"])
    same = sum(point["reason"] == "the same bits" for point in gate["points"])
    print(f"**{gate['answer']}**: {counts['regressed']} regressed, {counts['cannot tell']} not told, {counts['passed']} "
          f"passed ({same} same bits)")
P
}

# How many more instructions the lanes execute than the source as it is, over all that is counted.
instructions() {
    if ! command -v valgrind > "$place/messages"; then echo "not counted"; return; fi
    benches/counts.sh "$place/instructions-$1" > "$place/counts-$1"
    awk -v name="$1" 'NR == FNR { old[$1 $2] = $3; next }
        { share = $3 / old[$1 $2] - 1; if (share > most) most = share }
        END { printf "%s: %.2f %% more instructions", (most > 0.01 ? "**regressed**" : "passed"), 100 * most }' \
        "$place/counts-none" "$place/counts-$1"
}

timed() {
    if [ -z "${TIMED:-}" ]; then return; fi
    "$gate" speed-gate sweeps/width_vs_depth.toml --old "$place/swath-none" --new "$place/swath-$1" --blocks "${BLOCKS:-10}" \
        --scratch "$place/timed" 2> "$place/messages" > "$place/speed-$1.md" || true
    printf '; '
    grep -m 1 'The new build is' "$place/speed-$1.md" | sed 's/^- //' | tr -d '\n'
}

echo "| fault | nightly | nightly, burn | width_vs_depth | digits | speed |"
echo "|---|---|---|---|---|---|"
for fault in none "${faults[@]}"; do
    git -C "$source" checkout --quiet .
    if [ "$fault" != none ]; then git -C "$source" apply "$PWD/tests/faults/$fault.patch"; fi
    build "$fault"
    row="| $fault"
    row="$row | $(answer nightly "$fault" auto nightly)"
    row="$row | $(answer nightly "$fault" burn burn/nightly)"
    row="$row | $(answer width_vs_depth "$fault" auto width_vs_depth)"
    row="$row | $(answer digits "$fault" auto digits)"
    echo "$row | $(instructions "$fault")$(timed "$fault") |"
done

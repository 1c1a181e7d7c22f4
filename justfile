# swath's recipes; `just` lists them. CI calls the same ones.

# List the recipes
default:
    @just --list --unsorted

# Run a sweep: just sweep sweeps/width_vs_depth.toml
sweep FILE *ARGUMENTS:
    cargo run --locked --bin swath -- run {{FILE}} {{ARGUMENTS}}

# Run every test
test:
    cargo test --locked --workspace

# Run the lanes' tests on emulated NEON (Debian: apt-get install qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
neon-test:
    tests/neon/run.sh

# Use the report's page in a headless Chromium, as a reader does (Debian: apt-get install chromium)
browser-test:
    cargo build --locked --workspace --bin swath --example hostile_page
    python3 -m unittest discover --start-directory tests/browser

# Take the README's picture of the main sweep's page
screenshot:
    cargo build --locked --workspace --bin swath
    python3 tests/browser/screenshot.py docs/images/report.png

# Run the sweeps of docs/ideas and renew the pictures of its pages
ideas:
    cargo build --release --locked --workspace --bin swath
    docs/ideas/pictures.sh target/release/swath

# Check formatting, lints and the licences of dependencies
lint:
    cargo fmt --all --check
    cargo clippy --locked --workspace --all-targets -- --deny warnings
    cargo deny --locked check licenses bans sources

# Write the JSON Schema that editors complete sweep files with
schema:
    cargo run --quiet --locked --bin swath -- schema > sweeps/sweep.schema.json

# Run a sweep and keep it as the baseline of its name; shows what changes
baseline FILE *ARGUMENTS:
    cargo run --locked --bin swath -- run {{FILE}} --results target/baseline {{ARGUMENTS}}
    cargo run --locked --bin swath -- baseline target/baseline/{{file_stem(FILE)}}

# Train every sweep that ships, hold each against its baseline, and end with the worst answer
nightly:
    cargo build --locked --workspace --bin swath
    .ci/nightly

# Is the present tree slower than REV? Builds both and runs them alternately: just speed-gate HEAD~1 --blocks 20
speed-gate REV *ARGUMENTS:
    benches/speed_gate.sh {{REV}} {{ARGUMENTS}}

# Plant faults in copies of the source and see which the gate finds: half an hour
faults:
    cargo build --locked --workspace --bin swath
    tests/faults/run.sh

# Count the instructions of training steps, evaluations and a small sweep under valgrind, on however busy a machine
bench-instructions:
    cargo build --release --locked --workspace --bin swath --example instructions
    benches/instructions.sh

# Compare speed with other programs: installs 7 GB of Python packages under target/, then measures for half an hour
bench-peers *ARGUMENTS:
    cargo build --release --locked --workspace --bin swath --example burn_by_hand
    test -x target/peers/venv/bin/python || python3 -m venv target/peers/venv
    target/peers/venv/bin/pip install --quiet --requirement benches/peers/requirements.txt
    target/peers/venv/bin/python benches/peers/run.py {{ARGUMENTS}}

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

# Check formatting, lints and the licences of dependencies
lint:
    cargo fmt --all --check
    cargo clippy --locked --workspace --all-targets -- --deny warnings
    cargo deny --locked check licenses bans sources

# Write the JSON Schema that editors complete sweep files with
schema:
    cargo run --quiet --locked --bin swath -- schema > sweeps/sweep.schema.json
